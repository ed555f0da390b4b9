import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HDNodeWallet } from 'ethers';

import type { Endpoint } from '../../src/chain/agreement.ts';
import { closeEpoch } from '../../src/chain/epoch-steps.ts';
import type { ClosedEvent } from '../../src/chain/events.ts';
import { moment } from '../../src/chain/moment.ts';
import { openEndpoints } from '../../src/cli/options/endpoints.ts';
import { Sender } from '../../src/operator/chain/sender.ts';
import type { SenderEvent } from '../../src/operator/chain/sender-event.ts';
import type { Actor } from '../../src/operator/chain/take.ts';
import { finalBlock } from '../../src/operator/chain/view.ts';
import { parseConfig } from '../../src/operator/config.ts';
import { configPath, reportPath } from '../../src/operator/data-folder.ts';
import { openJournal } from '../../src/operator/journal.ts';
import type { KeeperEvent } from '../../src/operator/keeper-event.ts';
import { Keeper } from '../../src/operator/keeper.ts';
import type { OperatorConfig } from '../../src/operator/operator-config.ts';
import { targetName } from '../../src/operator/publish/targets.ts';
import { openSent } from '../../src/operator/sent-file.ts';
import { operatorSteps } from '../../src/operator/steps/all-steps.ts';
import type { StepOutcome, StepRunner } from '../../src/operator/steps/step.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { writeKeyOf } from './keystore.ts';
import type { RemoteWorld } from './remote-world.ts';
import { startRemoteWorld } from './remote-world.ts';
import { heal } from './rpc-faults.ts';
import type { RpcProxy } from './rpc-proxy.ts';
import { startRpcProxy } from './rpc-proxy.ts';
import type { Settled, Work, World } from './world.ts';
import { accountOf, BEFORE, settleOffChain, storyPreset } from './world.ts';

/** The phrase whose accounts every local node has; the third is the operator's. */
export const PHRASE = 'test test test test test test test test test test test junk';
/** Blocks that lie on top of one that counts. */
export const CONFIRMATIONS = 3;

/** A deployment on a node in another process, two ways to it, and an operator with a data folder. */
export interface StepWorld {
  readonly remote: RemoteWorld;
  readonly world: World;
  readonly proxies: readonly [RpcProxy, RpcProxy];
  readonly endpoints: readonly Endpoint[];
  readonly ask: (method: string, ...params: readonly unknown[]) => Promise<unknown>;
  /** Takes chain and folders back to the beginning; gives the operator. */
  readonly begin: (given?: OperatorOptions) => Promise<StepOperator>;
  /** What an operator with another ledger settles for epoch 0, and how it gets to where this one publishes. */
  readonly othersReport: (closed: ClosedEvent) => Promise<Settled & { publish: (data: string) => Promise<void> }>;
  readonly close: () => Promise<void>;
}

export interface OperatorOptions {
  /** Who signs, by the number of the node's account. */
  readonly account?: number;
  readonly maxFeePerGas?: bigint | null;
}

/** One who runs steps; each run as if the process were a new one. */
export interface StepOperator {
  readonly data: string;
  readonly config: OperatorConfig;
  readonly account: string;
  /** What the sender told, of all runs. */
  readonly said: SenderEvent[];
  /** Runs a step at the newest block that counts, by a sender that knows only what stands on the disk. */
  readonly run: (
    step: (actor: Actor) => StepRunner,
    epoch: number,
    options?: { dryRun?: boolean; keyless?: boolean },
  ) => Promise<StepOutcome>;
  /** The same until it no longer waits for a block to be final; blocks are mined in between. */
  readonly until: (step: (actor: Actor) => StepRunner, epoch: number) => Promise<StepOutcome>;
  /** A keeper as a new process would begin it, and what it tells. */
  readonly keeper: (given?: {
    readonly dryRun?: boolean;
    readonly clock?: () => number;
    readonly config?: OperatorConfig;
  }) => Promise<{ keeper: Keeper; told: KeeperEvent[] }>;
  /** Puts a settled and published report of the epoch into the data folder. */
  readonly settle: (closed: ClosedEvent, before?: Settled) => Promise<Settled>;
}

/** Starts a node, deploys the story's preset to it, and puts two honest proxies before it. */
async function startStepWorld(): Promise<StepWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lode-steps-'));
  const book = join(folder, 'addresses.json');
  const start = Math.floor(Date.now() / 1000) + 7_200;
  const remote = await startRemoteWorld(book, { start, preset: storyPreset() });
  const { node, world } = remote;
  const proxies = [await startRpcProxy(node.url), await startRpcProxy(node.url)] as const;
  const { addressBook } = world.chain;
  const { endpoints, close } = await openEndpoints(
    addressBook,
    proxies.map(({ url }) => url),
  );
  const ask = node.request;
  let base = String(await ask('evm_snapshot'));
  let count = 0;

  const begin = async ({ account = 2, maxFeePerGas = null }: OperatorOptions = {}): Promise<StepOperator> => {
    for (const proxy of proxies) heal(proxy);
    await ask('evm_setAutomine', true);
    await ask('evm_revert', base);
    base = String(await ask('evm_snapshot'));
    const data = join(folder, `data-${count++}`);
    await mkdir(data);
    const wallet = HDNodeWallet.fromPhrase(PHRASE, undefined, `m/44'/60'/0'/0/${account}`);
    const { keystore, passwordFile } = await writeKeyOf(wallet, join(data, 'key'));
    const settings = {
      ...{ format: 'lode-operator-v1', addresses: book, rpc: proxies.map(({ url }) => url) },
      ...{ finality: { confirmations: CONFIRMATIONS }, ledger: { contributions: ['rows.csv'], graceSeconds: 60 } },
      ...{ publish: { targets: [{ kind: 'directory', path: 'published' }] }, signer: { keystore, passwordFile } },
      keeper: { pollSeconds: 0.1 },
    };
    const text = JSON.stringify(settings);
    await mkdir(join(data, 'published'));
    await writeFile(join(data, 'rows.csv'), ledgerText(world));
    await writeFile(configPath(data), text);
    const config = parseConfig(text, configPath(data));
    const own = wallet.address.toLowerCase() as `0x${string}`;
    const said: SenderEvent[] = [];
    const { chainId, contracts } = addressBook;
    const actorOf = async (): Promise<Actor> => ({
      account: own as Actor['account'],
      sender: new Sender({
        ...{ endpoints, signer: wallet, account: own as NonNullable<Actor['account']>, maxFeePerGas, wait: 60 },
        memory: await openSent(data, { chainId, distributor: contracts.distributor, account: own }),
        say: (event) => said.push(event),
      }),
    });
    const run: StepOperator['run'] = async (step, epoch, { dryRun = false, keyless = false } = {}) => {
      const actor = keyless ? { account: null, sender: null } : await actorOf();
      const block = await finalBlock(endpoints, config.finality);
      if (!dryRun) await actor.sender?.follow(block);
      const context = { data, config, epoch, endpoints, block, dryRun, say: () => undefined };
      return await step(actor)({ ...context, journal: await openJournal(data, epoch) });
    };
    return {
      ...{ data, config, account: own, said, run },
      until: async (step, epoch) => {
        for (let times = 0; times < 12; times++) {
          const outcome = await run(step, epoch);
          if (outcome.state !== 'waiting') return outcome;
          await ask('evm_mine');
        }
        throw new Error('it waits for ever');
      },
      keeper: async ({ dryRun = false, ...clock } = {}) => {
        const told: KeeperEvent[] = [];
        const actor = await actorOf();
        const say = (event: KeeperEvent): number => told.push(event);
        const keeper = new Keeper({
          data,
          config,
          endpoints,
          actor,
          dryRun,
          say,
          steps: operatorSteps(actor),
          ...clock,
        });
        return { keeper, told };
      },
      settle: async (closed, before) => {
        const settled = await settleOffChain(world, before?.next ?? BEFORE, closed, workOf(world));
        await writeFiles(reportPath(data, closed.epoch), settled.files);
        const manifest = sha256Hex(settled.files.get('manifest.json') ?? new Uint8Array());
        const journal = await openJournal(data, closed.epoch);
        const { cid } = contentIdFrom(hexToBytes(settled.reportCid));
        await journal.finish('settle', { inputs: {}, outputs: {}, facts: { cid } });
        const places = config.publish.targets.map((target) => [targetName(target), 'of a test'] as const);
        const outputs = Object.fromEntries(places);
        await journal.finish('publish', { inputs: { 'report/manifest.json': manifest }, outputs, facts: {} });
        return settled;
      },
    };
  };

  return {
    ...{ remote, world, proxies, endpoints, ask, begin },
    othersReport: async (closed) => {
      const settled = await settleOffChain(world, BEFORE, closed, workOf(world));
      const { cid } = contentIdFrom(hexToBytes(settled.reportCid));
      return { ...settled, publish: (data) => writeFiles(join(data, 'published', cid), settled.files) };
    },
    close: async () => {
      await close();
      for (const proxy of proxies) await proxy.close();
      await remote.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * One such world for the tests of a suite: before each of them the chain is taken back, and an operator begins anew. Call it inside
 * `describe`; world and operator are there from the first test on, and the operator is always the newest.
 */
export function stepWorld(): {
  readonly stage: StepWorld;
  readonly operator: StepOperator;
  /** Begins once more within a test. */
  readonly anew: (given?: OperatorOptions) => Promise<void>;
} {
  const [stage, operator] = [{} as StepWorld, {} as StepOperator]; // filled before any test
  const anew = async (given?: OperatorOptions): Promise<void> => {
    Object.assign(operator, await stage.begin(given));
  };
  before(async () => {
    Object.assign(stage, await startStepWorld());
  });
  beforeEach(async () => {
    await anew();
  });
  after(async () => {
    await stage.close();
  });
  return { stage, operator, anew };
}

/** What happened in every epoch. */
function workOf({ actors: { alice, bob, carol } }: World): Work {
  const scores = [alice, bob, carol].map((who, n) => ({
    account: accountOf(who),
    task: n + 1,
    score: 10n + BigInt(n),
  }));
  return { scores };
}

const EPOCHS = 5;
const TASKS = ['corpus', 'curation', 'translation', 'validation'];

/** A ledger of the first weeks: every miner works in each. */
function ledgerText({ actors, parameters: { economy } }: World): string {
  const miners = [actors.alice, actors.bob, actors.carol];
  const rows = Array.from({ length: EPOCHS }, (_, epoch) =>
    miners.map((who, n) => {
      const time = moment(economy.start + epoch * economy.epochLength + (n + 1) * 3_600);
      return `c${epoch}-${n},${accountOf(who)},${time},${TASKS[n] ?? ''},en,${5 + epoch + n}`;
    }),
  );
  return ['id,account,time,task,language,units', ...rows.flat(), ''].join('\n');
}

/** Ends the epoch that is next, and closes it as somebody else. */
export async function closedByOthers({ remote, world }: StepWorld): Promise<ClosedEvent> {
  await endOf({ remote, world });
  return await closeEpoch(world.chain, world.actors.alice);
}

/** Travels behind the end of so many epochs that are not closed yet. */
export async function endOf({ remote, world }: Pick<StepWorld, 'remote' | 'world'>, epochs = 1): Promise<void> {
  const { curve, distributor } = world.chain.contracts;
  const last = Number(await distributor.nextToClose()) + epochs - 1;
  await remote.node.travelTo(Number(await curve.endOf(last)) + 1);
}

/** Mines so many blocks, one by one: of those that the node mines at once it does not always know the state. */
export async function mine({ ask }: Pick<StepWorld, 'ask'>, blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) await ask('evm_mine');
}

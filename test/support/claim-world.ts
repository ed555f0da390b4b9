import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { allotCall } from '../../src/chain/unit-pool-calls.ts';
import { run } from '../../src/cli/run.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { hexToBytes } from '../../src/protocol/words.ts';
import { contentIdFrom } from '../../src/settlement/report/content-id.ts';
import type { ErrorDocument } from '../cli/run-lode.ts';
import { advanceOperation } from './advance-operation.ts';
import type { KeyFiles } from './keystore.ts';
import { writeKey } from './keystore.ts';
import type { RemoteWorld } from './remote-world.ts';
import { startRemoteWorld } from './remote-world.ts';
import type { ReportServer } from './report-server.ts';
import { publishAt, startReportServer } from './report-server.ts';
import { heal } from './rpc-faults.ts';
import type { RpcProxy } from './rpc-proxy.ts';
import { startRpcProxy } from './rpc-proxy.ts';
import { stepsOfScores } from './steps-of-scores.ts';
import type { Settled, World } from './world.ts';
import {
  accountOf,
  BEFORE,
  closeNext,
  finalise,
  propose,
  settleOffChain,
  storyPreset,
  travelTo,
  withUnitPool,
} from './world.ts';

const DAY = 86_400;
const ONE_COIN = '0xde0b6b3a7640000';
const START = 2_000_000_000;

/** What a token is worth in epoch 1, wad; before and after it there is no price. */
export const PRICE = 25n * 10n ** 16n;

/** How a command ended. */
export interface MinerRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A deployment on a node in another process with final epochs, published reports, and people who are paid. */
export interface ClaimWorld {
  readonly remote: RemoteWorld;
  readonly world: World;
  readonly folder: string;
  /** Final epochs, oldest first; whoever turns the chain back takes the last ones off. */
  readonly settled: Settled[];
  readonly reports: ReportServer;
  /** Where the reports are, as `--reports` takes it. */
  readonly place: string;
  /** Two ways to the same node, each of which can be made to lie. */
  readonly endpoints: readonly [RpcProxy, RpcProxy];
  /** Miners with keys of their own and without a coin. */
  readonly keys: readonly KeyFiles[];
  /** Somebody with coins and without rewards. */
  readonly relayer: KeyFiles;
  /** All who earned something. */
  readonly miners: readonly Address[];
  /** Has another epoch become final. */
  readonly nextEpoch: () => Promise<Settled>;
  /** Runs a command in this process, by both ways to the node, looking at its newest block. */
  readonly run: (command: string, ...more: readonly string[]) => Promise<MinerRun>;
  /** The same with `--json`, its document. */
  readonly done: <T>(command: string, ...more: readonly string[]) => Promise<T>;
  /** The same, its error. */
  readonly fails: (exitCode: number, command: string, ...more: readonly string[]) => Promise<ErrorDocument>;
  readonly close: () => Promise<void>;
}

/**
 * Starts a node, deploys to it, sells units to alice and the first key, and has two epochs become final in which alice to dave and the
 * keys work; epoch 1 has a price.
 */
export async function startClaimWorld(): Promise<ClaimWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lode-claims-'));
  const sold = withUnitPool(storyPreset());
  const terms = { allocation: 100_000_000n * 10n ** 18n, units: 10_000 };
  const preset = { ...sold, unitPool: { ...terms, saleLasts: 8 * DAY, releaseOver: 300 * DAY } };
  const book = join(folder, 'addresses.json');
  const remote = await startRemoteWorld(book, { start: START, preset });
  const { world, node } = remote;
  const endpoints = [await startRpcProxy(node.url), await startRpcProxy(node.url)] as const;
  const reports = await startReportServer();
  const [kim, lee, relayer] = [
    await writeKey(join(folder, 'kim')),
    await writeKey(join(folder, 'lee')),
    await writeKey(join(folder, 'relayer')),
  ];
  await node.request('hardhat_setBalance', relayer.address, ONE_COIN);
  const { alice, bob, carol, dave } = world.actors;
  const keys = [kim, lee];
  const miners = [...[alice, bob, carol, dave].map(accountOf), ...keys.map(({ address }) => parseAddress(address))];
  await sellUnits(world, [alice.address, kim.address]);

  const settled: Settled[] = [];
  const nextEpoch = async (): Promise<Settled> => {
    const closed = await closeNext(world);
    const scores = miners.map((account, at) => ({ account, task: (at % 4) + 1, score: BigInt(10 + at) }));
    // From epoch 1 on the reports say how the scores came about.
    const told = closed.epoch === 0 ? {} : { explanations: stepsOfScores(scores, closed.record) };
    const one = await settleOffChain(world, settled.at(-1)?.next ?? BEFORE, closed, { scores, ...told });
    const { until } = await propose(world, one);
    await finalise(world, one, until);
    publishAt(reports, `reports/${contentIdFrom(hexToBytes(one.reportCid)).cid}`, one.files);
    settled.push(one);
    return one;
  };
  await nextEpoch();
  await world.setPrice(1, PRICE);
  await nextEpoch();
  // Long enough for a part of the grants to be free.
  await travelTo(world, START + 120 * DAY);

  const runIn = async (command: string, ...more: readonly string[]): Promise<MinerRun> => {
    const said = { out: '', err: '' };
    const reach = ['--addresses', book, '--rpc', ...endpoints.map(({ url }) => url), '--confirmations', '0'];
    const code = await run([...command.split(' '), ...reach, ...more], {
      out: (text) => (said.out += text),
      err: (text) => (said.err += text),
      ...{ isTerminal: false, columns: 80, cwd: folder },
    });
    return { code, ...said };
  };
  const jsonOf = async (exitCode: number, command: string, more: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await runIn(command, ...more, '--json');
    if (code !== exitCode) throw new Error(`${command} ended with ${code}: ${out}\n${err}`);
    return JSON.parse(out);
  };
  return {
    ...{ remote, world, folder, settled, reports, endpoints, keys, relayer, miners, nextEpoch, run: runIn },
    place: `${reports.url}/reports`,
    // What a document holds is said by who asks for it.
    done: async <T>(command: string, ...more: readonly string[]) => (await jsonOf(0, command, more)) as T,
    fails: async (exitCode, command, ...more) =>
      ((await jsonOf(exitCode, command, more)) as { readonly error: ErrorDocument }).error,
    close: async () => {
      for (const { close } of [...endpoints, reports]) await close();
      await remote.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * One such world for the tests of a suite: after each of them the chain is taken back and everybody is honest again. Call it inside
 * `describe`; the world is there from the first test on.
 */
export function claimWorld(): ClaimWorld {
  const made = {} as ClaimWorld; // filled before any test
  let snapshot: unknown;
  before(async () => {
    Object.assign(made, await startClaimWorld());
    snapshot = await made.remote.node.request('evm_snapshot');
  });
  after(async () => {
    await made.close();
  });
  afterEach(async () => {
    await made.remote.node.request('evm_revert', snapshot);
    snapshot = await made.remote.node.request('evm_snapshot');
    made.reports.trouble = () => false;
    for (const endpoint of made.endpoints) heal(endpoint);
  });
  return made;
}

/** The council books three units to each. */
async function sellUnits(world: World, accounts: readonly string[]): Promise<void> {
  const call = allotCall(
    world.chain.addresses,
    accounts.map((account) => ({ account, units: 3n })),
  );
  const { readyAt } = await advanceOperation(world.chain, world.actors.council, call, 'orders');
  await travelTo(world, readyAt);
  await advanceOperation(world.chain, world.actors.council, call, 'orders');
}

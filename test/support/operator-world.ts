import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { HDNodeWallet } from 'ethers';

import { parseEvents } from '../../src/chain/events.ts';
import type { ConfigFile } from '../../src/operator/config.ts';
import { ledgerPath } from '../../src/operator/data-folder.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import { replay } from '../../src/store/replay.ts';
import type { LodeRun } from '../cli/run-lode.ts';
import { lode, startLode } from '../cli/run-lode.ts';
import { testAddress } from './history.ts';
import { writeKeyOf } from './keystore.ts';
import type { RemoteWorld } from './remote-world.ts';
import { startRemoteWorld } from './remote-world.ts';
import { heal } from './rpc-faults.ts';
import type { RpcProxy } from './rpc-proxy.ts';
import { startRpcProxy } from './rpc-proxy.ts';

const LANGX = fileURLToPath(new URL('../../presets/langx/preset.jsonc', import.meta.url));
export const DAY = 86_400;
/** How long the cut waits behind the end of an epoch, in seconds. */
export const GRACE = 600;
/** Blocks that lie on top of one that counts. */
export const CONFIRMATIONS = 6;

/** The phrase whose accounts every local node has. */
const PHRASE = 'test test test test test test test test test test test junk';

/** A deployment of daily epochs, its operator with a key, and two ways to the node that can be disturbed. */
export interface OperatorWorld {
  readonly remote: RemoteWorld;
  readonly folder: string;
  /** The preset that was deployed. */
  readonly presetFile: string;
  readonly proxies: readonly [RpcProxy, RpcProxy];
  /** Start of epoch 0, unix seconds. */
  readonly start: number;
  readonly operator: string;
  readonly ask: (method: string, ...params: readonly unknown[]) => Promise<unknown>;
  /** Makes a data folder with a configuration; what is given takes the place of the usual. */
  readonly dataFolder: (name: string, given?: Partial<ConfigFile>) => Promise<DataFolder>;
  /** Takes the chain back to where it was when it was deployed, and makes the proxies honest. */
  readonly anew: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What an operator has on his disk. */
export interface DataFolder {
  readonly path: string;
  /** Where the files of the ledger are dropped. */
  readonly drop: string;
  /** Where reports are published. */
  readonly published: string;
  readonly config: ConfigFile;
}

/** Starts a node, deploys the daily preset with an emission of so many days to it, and puts two honest proxies before it. */
export async function startOperatorWorld({ lasts = 3_650 }: { readonly lasts?: number } = {}): Promise<OperatorWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lode-operator-'));
  const start = (Math.floor(Date.now() / 1000 / DAY) + 2) * DAY;
  const text = presetOf(lasts);
  const presetFile = join(folder, 'preset.jsonc');
  await writeFile(presetFile, text);
  const preset: Preset = loadPreset(text);
  const remote = await startRemoteWorld(join(folder, 'addresses.json'), { start, preset });
  const { node, world } = remote;
  const proxies = [await startRpcProxy(node.url), await startRpcProxy(node.url)] as const;
  const wallet = HDNodeWallet.fromPhrase(PHRASE, undefined, "m/44'/60'/0'/0/2");
  const operator = world.actors.oscar.address;
  if (wallet.address !== operator) throw new Error('the operator of the deployment has another key');
  const { keystore, passwordFile } = await writeKeyOf(wallet, join(folder, 'operator'));
  let base = String(await node.request('evm_snapshot'));
  return {
    ...{ remote, folder, presetFile, proxies, start, operator, ask: node.request },
    dataFolder: async (name, given = {}) => {
      const path = join(folder, name);
      const [drop, published] = [join(path, 'drop'), join(path, 'published')];
      await mkdir(drop, { recursive: true });
      await mkdir(published, { recursive: true });
      const config: ConfigFile = {
        format: 'lode-operator-v1',
        addresses: remote.book,
        rpc: proxies.map(({ url }) => url),
        finality: { confirmations: CONFIRMATIONS },
        ...{ preset: presetFile, variant: null, changes: null },
        ledger: {
          ...{ contributions: [], usage: [], accounts: [], dropFolder: drop, map: {} },
          ...{ lateRows: 'reject', graceSeconds: GRACE, anyRejects: false },
        },
        ingest: null,
        publish: { targets: [{ kind: 'directory', path: published }], keepEpochs: null },
        signer: { keystore, passwordFile },
        keeper: { pollSeconds: 0.05, metrics: null, maxFeePerGas: null, withdrawBonds: true },
        ...given,
      };
      await writeFile(join(path, 'lode.config.json'), JSON.stringify(config, null, 2));
      return { path, drop, published, config };
    },
    anew: async () => {
      for (const proxy of proxies) heal(proxy);
      await node.request('evm_revert', base);
      base = String(await node.request('evm_snapshot'));
    },
    close: async () => {
      for (const proxy of proxies) await proxy.close();
      await remote.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The daily preset with an emission of so many days; a vote that needs more tokens than there will be would be refused. */
function presetOf(lasts: number): string {
  const text = readFileSync(LANGX, 'utf8');
  return text
    .replace('"3650 days"', `"${lasts} days"`)
    .replace(/("minimumVotes": \{\s*"value": )"\d+"/, '$1"1"')
    .replace(/("proposalThreshold": \{\s*"value": )"\d+"/, '$1"1"');
}

const PEOPLE = 12;
const MEASURES = ['text', 'voice', 'online'] as const;

/** The moment of a day, as the ledger writes it. */
export function momentOf({ start }: Pick<OperatorWorld, 'start'>, epoch: number, second: number): string {
  return new Date((start + epoch * DAY + second) * 1000).toISOString().replace('.000Z', 'Z');
}

/** The ids of the rows that somebody wrote on a day. */
export function idsOf(epoch: number): string[] {
  return Array.from({ length: PEOPLE * MEASURES.length }, (_, n) => `d${epoch}-${n}`);
}

/** What a day's people did, as a CSV file; the same for every call. */
export function dayText(world: Pick<OperatorWorld, 'start'>, epoch: number): string {
  const rows = idsOf(epoch).map((id, n) => {
    const person = testAddress((Math.floor(n / MEASURES.length) * 7 + epoch * 5) % 40);
    const measure = MEASURES[n % MEASURES.length] ?? 'text';
    const units = measure === 'online' ? 30 + ((n + epoch) % 90) : 1 + ((n * 13 + epoch * 29) % 40);
    return `${id},${person},${momentOf(world, epoch, (n * 2399 + epoch * 17) % DAY)},message,${measure},${units}`;
  });
  return ['id,account,time,task,measure,units', ...rows, ''].join('\n');
}

/** Drops the files of these days into a drop folder. */
export async function writeDays(
  world: OperatorWorld,
  { drop }: Pick<DataFolder, 'drop'>,
  epochs: number,
  from = 0,
): Promise<void> {
  for (let epoch = from; epoch < from + epochs; epoch++) await writeDay(world, drop, epoch);
}

function dayName(epoch: number): string {
  return `day-${epoch.toString().padStart(4, '0')}.csv`;
}

export async function writeDay(world: OperatorWorld, drop: string, epoch: number): Promise<void> {
  await writeFile(join(drop, dayName(epoch)), dayText(world, epoch));
}

/** The roots that these days give, by the replay of a ledger that nobody disturbs; nobody did anything on the days of `without`. */
export async function rootsOf(
  world: OperatorWorld,
  epochs: number,
  without: readonly number[] = [],
): Promise<string[]> {
  const folder = await mkdtemp(join(world.folder, 'replay-'));
  const days = Array.from({ length: epochs }, (_, epoch) => epoch).filter((epoch) => !without.includes(epoch));
  for (const epoch of days) await writeDay(world, folder, epoch);
  const contributions = days.map((epoch) => join(folder, dayName(epoch)));
  const { document } = await replay({
    ...{ preset: world.presetFile, contributions, from: world.start, epochs },
    out: join(folder, 'replay'),
  });
  return document.epochs.map(({ root }) => root);
}

/** What the chain says of the epochs in the end. */
export interface ChainOutcome {
  /** The final root of each epoch. */
  readonly roots: readonly string[];
  /** How many settlements were proposed for each epoch. */
  readonly proposed: readonly number[];
}

/** Reads from the node itself what became of the epochs. */
export async function chainOutcome({ remote }: OperatorWorld): Promise<ChainOutcome> {
  const { contracts, addresses, addressBook } = remote.world.chain;
  const { distributor } = contracts;
  const epochs = Number(await distributor.nextToFinalise());
  const logs = await distributor.queryFilter(distributor.filters.SettlementProposed(), addressBook.startBlock);
  const proposed = Array.from({ length: epochs }, () => 0);
  for (const { epoch } of parseEvents(logs, addresses).proposed) proposed[epoch] = (proposed[epoch] ?? 0) + 1;
  const roots: string[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) roots.push((await contracts.vault.rootOf(epoch)).root);
  return { roots, proposed };
}

/** Where the chain stands, at its newest block. */
export interface Stand {
  readonly closed: number;
  readonly final: number;
  /** The proposal that waits; 0 when none does. */
  readonly proposal: bigint;
}

/** How the time of the chain goes on. */
export interface DriveOptions {
  /** Ends when so many epochs are final, or when this says that it is enough. */
  readonly until: number | ((stand: Stand) => boolean);
  /** Milliseconds from one block to the next. */
  readonly tick?: number;
  /** Something else to do before every block, such as a reorg. */
  readonly each?: (stand: Stand) => Promise<void>;
  /** Gives up after that many milliseconds. */
  readonly within?: number;
  /** Says whether somebody still works; if not, it gives up at once. */
  readonly alive?: () => boolean;
}

/** Where the chain stands now. */
export async function standOf({ remote }: OperatorWorld): Promise<Stand> {
  const { distributor } = remote.world.chain.contracts;
  const [closed, final, proposal] = await Promise.all([
    distributor.nextToClose(),
    distributor.nextToFinalise(),
    distributor.pendingProposal(),
  ]);
  return { closed: Number(closed), final: Number(final), proposal };
}

/**
 * Lets time pass as it is needed: blocks come one after another, and when all waits for a moment, that moment comes. Gives false when
 * the time was over before.
 */
export async function driveFor(world: OperatorWorld, options: DriveOptions): Promise<boolean> {
  const { until, tick = 25, each, within = 600_000, alive = () => true } = options;
  const { distributor, curve } = world.remote.world.chain.contracts;
  const { node } = world.remote;
  for (const deadline = Date.now() + within; Date.now() < deadline;) {
    const stand = await standOf(world);
    await each?.(stand);
    const { final, proposal } = stand;
    if (typeof until === 'number' ? final >= until : until(stand)) {
      await mine(world, CONFIRMATIONS);
      return true;
    }
    if (!alive()) throw new Error(`the keeper ended with ${final} epochs final`);
    const moment =
      proposal === 0n
        ? Number(await curve.endOf(final)) + GRACE
        : Number((await distributor.proposalOf(proposal)).until);
    if ((await node.time()) < moment) {
      await node.travelTo(moment);
      await mine(world, CONFIRMATIONS);
    } else {
      await mine(world, 1);
    }
    await sleep(tick);
  }
  return false;
}

/** The same, where that time has to be enough. */
export async function drive(world: OperatorWorld, options: DriveOptions): Promise<void> {
  if (await driveFor(world, options)) return;
  throw new Error(`not enough became final in time: ${JSON.stringify((await standOf(world)).final)} epochs`);
}

/** Mines so many blocks at once. */
export async function mine({ ask }: OperatorWorld, blocks: number): Promise<void> {
  await ask('hardhat_mine', `0x${blocks.toString(16)}`);
}

/** A keeper that runs in a process of its own. */
export interface RunningKeeper {
  readonly child: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  readonly alive: () => boolean;
  /** How it ended. */
  readonly ended: Promise<number | null>;
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}

/** Starts `lode keeper` on a data folder. */
export function startKeeper(data: Pick<DataFolder, 'path'>, ...more: readonly string[]): RunningKeeper {
  return startKeeperIn({}, data, ...more);
}

/** The same with more in its environment. */
export function startKeeperIn(
  environment: Readonly<Record<string, string>>,
  { path }: Pick<DataFolder, 'path'>,
  ...more: readonly string[]
): RunningKeeper {
  const child = startLode(['keeper', '--data', path, '--yes', '--json', ...more], undefined, environment);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = once(child, 'close').then(() => child.exitCode);
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    ...{ child, said, alive, ended },
    stop: async (signal = 'SIGTERM') => {
      if (alive()) child.kill(signal);
      return await ended;
    },
  };
}

/** Runs a command of the operator to its end. */
export async function operate({ path }: Pick<DataFolder, 'path'>, ...args: readonly string[]): Promise<LodeRun> {
  return await lode([...args, '--data', path]);
}

/** The ids of all contributions in the cuts of these epochs, in their order: what the operator counted. */
export async function cutIds({ path }: Pick<DataFolder, 'path'>, epochs: number): Promise<string[]> {
  const ids: string[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    // There is no file where there is no row.
    const [first = ''] = await readdir(ledgerPath(path, epoch));
    if (first === '') throw new Error(`epoch ${epoch} is not cut`);
    const text = await readFile(join(ledgerPath(path, epoch), 'contributions.ndjson'), 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(0, -1)) ids.push((JSON.parse(line) as { readonly id: string }).id);
  }
  return ids;
}

/** The ids of all rows of these days; nobody did anything on the days of `without`. */
export function allIds(epochs: number, without: readonly number[] = []): string[] {
  return Array.from({ length: epochs }, (_, epoch) => (without.includes(epoch) ? [] : idsOf(epoch))).flat();
}

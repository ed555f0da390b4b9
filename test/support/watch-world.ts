import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import type { ClosedEvent } from '../../src/chain/events.ts';
import type { ToldEvent } from '../../src/cli/watch/watch-event.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { bytesToHex, hexToBytes } from '../../src/protocol/words.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdFrom, contentIdOf } from '../../src/settlement/report/content-id.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { TaskScore } from '../../src/settlement/epoch-scores.ts';
import type { State } from '../../src/settlement/state.ts';
import { tableOf } from '../../src/settlement/columns/table-builder.ts';
import { recomputeEpoch } from '../../src/store/recompute-epoch.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { run } from '../../src/cli/run.ts';
import { startLode } from '../cli/run-lode.ts';
import { PRESET } from './small-replay.ts';
import type { RemoteWorld } from './remote-world.ts';
import { startRemoteWorld } from './remote-world.ts';
import type { RpcProxy } from './rpc-proxy.ts';
import { startRpcProxy } from './rpc-proxy.ts';
import type { Actors, Settled, World } from './world.ts';
import { accountOf, storyPreset } from './world.ts';

const WEEK = 604_800;
const TASKS = ['corpus', 'curation', 'translation', 'validation'];

/** How a run of `lode watch` ended, and what it told. */
export interface WatchRun {
  readonly code: number | null;
  readonly events: readonly ToldEvent[];
  readonly stderr: string;
}

/** A deployment with a ledger, a folder of reports, and two ways to the node. */
export interface WatchWorld {
  readonly remote: RemoteWorld;
  readonly world: World;
  readonly folder: string;
  readonly reports: string;
  readonly ledger: string;
  /** Two ways to the same node, each of which can be made to lie. */
  readonly endpoints: readonly [RpcProxy, RpcProxy];
  /** What the ledger gives for an epoch. */
  readonly honest: (closed: ClosedEvent, parent: State) => Promise<Settled>;
  /** Writes a report where it is published, under its content id. */
  readonly publish: (settled: Pick<Settled, 'files' | 'reportCid'>) => Promise<void>;
  /** Proposes as the operator of the deployment, or as another one. */
  readonly propose: (settled: Settled, operator?: Actors['oscar']) => Promise<{ proposalId: bigint; until: number }>;
  readonly arguments: (state: string, ...more: readonly string[]) => string[];
  /** One look of a watcher with this state, by the command line, in this process. */
  readonly look: (state: string, ...more: readonly string[]) => Promise<WatchRun>;
  readonly close: () => Promise<void>;
}

/** Starts a node in another process, deploys to it, and writes a ledger of six weeks. */
export async function startWatchWorld(): Promise<WatchWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'lode-watch-'));
  const start = Math.floor(Date.now() / 1000) + 7_200;
  const book = join(folder, 'addresses.json');
  const remote = await startRemoteWorld(book, { start, preset: storyPreset() });
  const { world, node } = remote;
  const endpoints = [await startRpcProxy(node.url), await startRpcProxy(node.url)] as const;
  const reports = join(folder, 'reports');
  const ledger = join(folder, 'ledger.csv');
  await writeFile(ledger, ledgerText(world, start));

  const honest = async (closed: ClosedEvent, parent: State): Promise<Settled> => {
    const source = { preset: PRESET, variant: 'demo', contributions: [ledger], usage: [], accounts: [] };
    const given = { ...source, map: {}, anyRejects: false };
    return await asSettled((await recomputeEpoch(given, closed.record, parent)).settled);
  };
  const args = (state: string, ...more: readonly string[]): string[] => [
    ...['watch', '--addresses', book, '--rpc', ...endpoints.map(({ url }) => url)],
    ...['--reports', reports, '--contributions', ledger, '--state', join(folder, state)],
    ...['--confirmations', '0', '--json', ...more],
  ];
  return {
    ...{ remote, world, folder, reports, ledger, endpoints, honest, arguments: args },
    publish: async ({ files, reportCid }) => {
      const target = join(reports, contentIdFrom(hexToBytes(reportCid)).cid);
      await rm(target, { recursive: true, force: true });
      await writeFiles(target, files);
    },
    propose: async ({ record, declared }, operator = world.actors.oscar) => {
      const basis = await readBasis(world.chain, record);
      return await proposeSettlement(world.chain, operator, { record, settlement: declared, basis });
    },
    look: async (state, ...more) => {
      const said = { stdout: '', stderr: '' };
      const code = await run(args(state, '--once', ...more), {
        out: (text) => (said.stdout += text),
        err: (text) => (said.stderr += text),
        ...{ isTerminal: false, columns: 80, cwd: folder },
      });
      return { code, events: eventsIn(said.stdout), stderr: said.stderr };
    },
    close: async () => {
      for (const endpoint of endpoints) await endpoint.close();
      await remote.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The events in what a watcher wrote so far; half a line at the end is left out. */
export function eventsIn(stdout: string): ToldEvent[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ToldEvent);
}

/** A watcher that goes on until it is stopped. */
export function startWatching(watched: WatchWorld, state: string, ...more: readonly string[]) {
  const child = startLode(watched.arguments(state, '--interval', '1', ...more), watched.folder);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const told = async (is: (event: ToldEvent) => boolean): Promise<ToldEvent> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const event = eventsIn(said.stdout).find(is);
      if (event !== undefined) return event;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the watcher did not say it: ${said.stdout}\n${said.stderr}`);
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  };
  return { told, stop, events: () => eventsIn(said.stdout), pid: child.pid };
}

/** A settled epoch with its report and what is declared of it; `lie` is told as the truth. */
export async function asSettled(settled: EpochSettlement): Promise<Settled> {
  const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
  const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
  return { ...settled, files, reportCid, declared: { ...settled.settlement, reportCid } };
}

/** The same epoch with the scores multiplied for one account: nothing in its arithmetic is wrong. */
export async function withFalseScores({ record, parent, rows }: Settled, account: string): Promise<Settled> {
  const scores = scoresOf({ record, rows }).map((row) =>
    row.account === account ? { ...row, score: row.score * 3n } : row,
  );
  return await asSettled(settleEpoch({ parent, record, scores, uses: [], unlockPerUse: 0n }));
}

/** The same epoch on a state in which `account` had a million tokens more, which nobody granted. */
export async function withFalseArithmetic({ record, parent, rows }: Settled, account: Address): Promise<Settled> {
  const phantom = { account, curve: { unlocked: 10n ** 24n, cohorts: [] } };
  const accounts = [...[...parent.accounts].filter((one) => one.account !== account), phantom];
  accounts.sort((a, b) => (a.account < b.account ? -1 : 1));
  const scores = scoresOf({ record, rows });
  return await asSettled(
    settleEpoch({ parent: { ...parent, accounts: tableOf(accounts) }, record, scores, uses: [], unlockPerUse: 0n }),
  );
}

/** The same settlement, its report without the true scores of its last account: what the tree has there nobody sees. */
export async function withheldLast(settled: Settled): Promise<Settled> {
  const accounts = JSON.parse(new TextDecoder().decode(settled.files.get('accounts.json'))) as {
    accounts: { scores: string[] }[];
  };
  const last = accounts.accounts.at(-1);
  if (last !== undefined) last.scores = last.scores.map(() => '1');
  const files = new Map([...settled.files, ['accounts.json', new TextEncoder().encode(JSON.stringify(accounts))]]);
  const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
  return { ...settled, files, reportCid, declared: { ...settled.declared, reportCid } };
}

function scoresOf({ record, rows }: Pick<Settled, 'record' | 'rows'>): TaskScore[] {
  return [...rows].flatMap(({ account, scores }) =>
    scores.flatMap((score, i) => (score === 0n ? [] : [{ account, task: record.tasks[i] ?? -1, score }])),
  );
}

function ledgerText({ actors }: World, start: number): string {
  const miners = [actors.alice, actors.bob, actors.carol, actors.dave].map(accountOf);
  const rows = Array.from({ length: 6 }, (_, week) =>
    miners.map((miner, n) => {
      const time = new Date((start + week * WEEK + (n + 1) * 86_400) * 1000).toISOString().slice(0, 19);
      return `row-${week}-${n},${miner},${time}Z,${TASKS[(n + week) % 4] ?? ''},en,${5 + n + 2 * week}`;
    }),
  );
  return `id,account,time,task,language,units\n${rows.flat().join('\n')}\n`;
}

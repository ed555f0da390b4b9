/**
 * `npm run bench -- ingest [seconds] [rows a second]`: the ingest endpoint under a steady load from another process, killed in the
 * middle and started again, and then as fast as it goes, beside a server that neither checks nor syncs anything. Ends with 1 when a row
 * that was answered for is lost or there twice, or when the load was not kept up with.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { account } from './account.ts';
import { writeIngestData } from './data-folder.ts';
import type { LoadResult } from './load.ts';
import { runLoad } from './load.ts';
import { ingestServer, peerServer } from './server.ts';
import type { ServerProcess } from './server.ts';

const RECORDERS = 8;
const ROWS = 20;
/** Batches of each recorder that are signed beforehand and sent as fast as answers come. */
const PREPARED = 100;

const [seconds = 24, rate = 2_000] = process.argv.slice(2).map(Number);
if (!(seconds >= 2 && rate >= 1)) throw new Error('usage: npm run bench -- ingest [seconds, from 2] [rows a second]');

const folder = await mkdtemp(join(tmpdir(), 'lode-bench-'));
const lines: string[][] = [];
let ok: boolean;
try {
  ok = await steady(join(folder, 'steady'));
  const fast = await fastest(join(folder, 'fast'), 'as fast as it goes', ROWS);
  const single = await fastest(join(folder, 'single'), 'as fast as it goes, one row a batch', 1);
  const peer = peerServer(folder);
  const bare = await measured(peer, 'no signature, no check, no sync', ROWS);
  const bareSingle = await measured(peer, 'the same, one row a batch', 1);
  await peer.kill();
  console.log(`\n${availableParallelism()} cores, ${RECORDERS} recorders, load and server each a process\n`);
  const numbers = ['rows/s', 'batches/s', 'median ms', '99 % ms', 'most ms', 'server CPU'];
  const columns = [{ title: 'load' }, ...numbers.map((title) => ({ title, align: 'right' as const }))];
  console.log(table(columns, lines));
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `beside the bare server: ${ratio(fast, bare)} of its rows a second; with one row a batch ${ratio(single, bareSingle)}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = ok ? 0 : 1;

/** The load that is asked for, with a kill in the middle; whether it was kept up with and nothing was lost. */
async function steady(data: string): Promise<boolean> {
  await writeIngestData(data, RECORDERS);
  const server = ingestServer(data);
  await server.start();
  const load = runLoad({
    ...{ url: server.url, recorders: RECORDERS, rowsPerBatch: ROWS, rowsPerSecond: rate, milliseconds: seconds * 1000 },
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 500));
  const before = await server.processorTime();
  await server.kill();
  const down = performance.now();
  const { cut } = await server.start();
  const gap = performance.now() - down;
  const result = await load;
  const after = await server.processorTime();
  await server.kill();
  const accounted = await account(join(data, 'ingest'), result.taken, ROWS);
  const used = before === null || after === null ? null : before + after;
  lines.push(lineOf(`${grouped(rate)} rows/s for ${seconds} s, killed once`, result, ROWS, used));
  console.log(`rows answered for in each second: ${result.bySecond.map((rows) => grouped(rows)).join(' ')}`);
  console.log(
    `killed after ${seconds / 2} s (SIGKILL), taking again after ${Math.round(gap)} ms; ${cut} bytes cut off, ${result.again} times sent again`,
  );
  const { found, lost, twice, untold } = accounted;
  console.log(
    `rows answered for ${grouped(result.rows)}, in the segments ${grouped(found)}; lost ${lost}, twice ${twice}, untold ${untold}`,
  );
  const kept = (result.rows * 1000) / result.milliseconds;
  // What was begun last is finished after the time is over.
  if (kept < rate * 0.98) console.log(`NOT kept up with: ${Math.round(kept)} rows/s`);
  return lost === 0 && twice === 0 && untold === 0 && found === result.rows && kept >= rate * 0.98;
}

async function fastest(data: string, name: string, rowsPerBatch: number): Promise<number> {
  await writeIngestData(data, RECORDERS, { rowsPerSecond: 1_000_000 });
  const server = ingestServer(data);
  const speed = await measured(server, name, rowsPerBatch);
  await server.kill();
  return speed;
}

async function measured(server: ServerProcess, name: string, rowsPerBatch: number): Promise<number> {
  if (server.url() === '') await server.start();
  const url = server.url;
  const before = await server.processorTime();
  const result = await runLoad({
    ...{ url, recorders: RECORDERS, rowsPerBatch, rowsPerSecond: null, milliseconds: 60_000, signedBefore: PREPARED },
  });
  const after = await server.processorTime();
  lines.push(lineOf(name, result, rowsPerBatch, before === null || after === null ? null : after - before));
  return (result.rows * 1000) / result.milliseconds;
}

function lineOf(
  name: string,
  { rows, milliseconds, latencies }: LoadResult,
  rowsPerBatch: number,
  used: number | null,
) {
  const part = (share: number) =>
    (latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(1);
  const speed = (rows * 1000) / milliseconds;
  // Of a shorter run most of the time is that of a server that warms up.
  const share = used === null || milliseconds < 1000 ? '' : `${Math.round((used * 100) / milliseconds)} %`;
  return [
    name,
    grouped(Math.round(speed)),
    grouped(Math.round(speed / rowsPerBatch)),
    part(0.5),
    part(0.99),
    part(1),
    share,
  ];
}

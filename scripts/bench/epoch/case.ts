/** One whole epoch in a process of its own, so that its peak of memory is its own: `case.ts ROWS ACCOUNTS` prints a {@link CaseResult}. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { replay } from '../../../src/store/replay.ts';
import { benchLedger } from '../ledger/bench-ledger.ts';

/** What a whole epoch took. */
export interface CaseResult {
  /** Until the ledger was read and judged, until it was scored, settled, and written; in milliseconds. */
  readonly milliseconds: Readonly<Record<'ledger' | 'scores' | 'settlement' | 'report', number>>;
  /** Processor time of all threads. */
  readonly processorMilliseconds: number;
  readonly peakBytes: number;
  readonly leaves: number;
  readonly files: number;
  readonly bytes: number;
  readonly root: string;
}

const [rows, accounts] = process.argv.slice(2).map(Number);
if (rows === undefined || accounts === undefined) throw new Error('usage: case.ts ROWS ACCOUNTS');
const ledger = await benchLedger({ rows, accounts });
const parent = await mkdtemp(join(tmpdir(), 'lode-bench-epoch-'));
const out = join(parent, 'out');
const moments = new Map<string, number>();
const note = (name: string): void => {
  if (!moments.has(name)) moments.set(name, performance.now());
};
try {
  const used = process.cpuUsage();
  note('begun');
  const { document } = await replay({
    preset: ledger.preset,
    contributions: [ledger.contributions],
    from: ledger.from,
    epochs: 1,
    out,
    onProgress: ({ step }) => {
      note(step);
    },
  });
  note('written');
  const [row] = document.epochs;
  const folder = join(out, 'epochs/000000');
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(names.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size));
  const at = (name: string): number => moments.get(name) ?? Number.NaN;
  const processor = process.cpuUsage(used);
  const result: CaseResult = {
    milliseconds: {
      ledger: at('scores') - at('begun'),
      scores: at('settling') - at('scores'),
      settlement: at('report') - at('settling'),
      report: at('written') - at('report'),
    },
    processorMilliseconds: (processor.user + processor.system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    leaves: row?.leafCount ?? 0,
    files: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    root: row?.root ?? '',
  };
  console.log(JSON.stringify(result));
} finally {
  await rm(parent, { recursive: true, force: true });
}

/**
 * `npm run bench -- epoch [--sizes ROWS:ACCOUNTS,…] [--json FILE]`: whole epochs, from the Parquet file of their contributions to a
 * finished report with every proof shard. The large ones: `--sizes 10000000:1000000,20000000:10000000`.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { epochBench, growthOf } from './epoch-bench.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20000:10000,200000:100000,2000000:1000000' },
    json: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map((size) => {
  const [rows = Number.NaN, accounts = Number.NaN] = size.split(':').map(Number);
  if (!(Number.isInteger(rows) && Number.isInteger(accounts) && accounts >= 1 && rows >= accounts)) {
    throw new Error(
      'usage: npm run bench -- epoch [--sizes ROWS:ACCOUNTS,…, no fewer rows than accounts] [--json FILE]',
    );
  }
  return { rows, accounts };
});

const rows = await epochBench(sizes, (what) => {
  console.error(`measuring ${what}`);
});
const right = (...titles: string[]) => titles.map((title) => ({ title, align: 'right' as const }));
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
console.log(`\n${availableParallelism()} cores, each epoch in a process of its own\n`);
console.log(
  table(
    right(
      'rows',
      'accounts',
      'ledger s',
      'scores s',
      'settle s',
      'report s',
      'all s',
      'peak MB',
      'report MB',
      'files',
      'µs/account',
    ),
    rows.map(({ milliseconds: { ledger, scores, settlement, report }, ...row }) => [
      grouped(row.rows),
      grouped(row.accounts),
      ...[ledger, scores, settlement, report].map(seconds),
      row.seconds.toFixed(1),
      grouped(Math.round(row.peakBytes / 1e6)),
      grouped(Math.round(row.bytes / 1e6)),
      grouped(row.files),
      row.microsecondsPerAccount.toFixed(1),
    ]),
  ),
);
if (rows.length > 1) console.log(`processor time grows with accounts to the power of ${growthOf(rows).toFixed(2)}\n`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);

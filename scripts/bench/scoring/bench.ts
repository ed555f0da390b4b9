/**
 * `npm run bench -- scoring [--rows N] [--accounts N] [--runs N] [--json FILE]`: a policy over the benchmark ledger in whole numbers and in
 * floats, in turns in one process. Ends with 1 when whole numbers take longer than allowed, or give more than one result.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { table } from '../../../src/cli/output/table.ts';
import { grouped } from '../../../src/protocol/tokens.ts';
import { measureScoring } from './scoring-bench.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    accounts: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});
const found = await measureScoring({
  rows: Number(values.rows),
  accounts: Number(values.accounts),
  runs: Number(values.runs),
});
console.log(
  `\n${availableParallelism()} cores, ${grouped(Number(values.rows))} rows, best of ${values.runs} runs of each\n`,
);
const numbers = ['exact s', 'floats s', 'ratio', 'at most', 'results exact', 'results floats'];
console.log(
  table(
    [{ title: 'scores' }, ...numbers.map((title) => ({ title, align: 'right' as const }))],
    found.map(({ what, exact, floats, ratio, limit, exactResults, floatResults }) => [
      ...[what, exact.toFixed(2), floats.toFixed(2), ratio.toFixed(2), limit.toFixed(2)],
      ...[`${exactResults}`, `${floatResults}`],
    ]),
  ),
);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(found, null, 2)}\n`);
process.exitCode = found.every(({ ratio, limit, exactResults }) => ratio <= limit && exactResults === 1) ? 0 : 1;

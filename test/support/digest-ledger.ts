// Prints what the example ledger comes to, as one hash. Run by a test under other locales, time zones and thread counts.
import { createHash } from 'node:crypto';

import { parsePolicy } from '../../src/settlement/policy/parse-policy.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { withDuckDB } from '../../src/store/duckdb-session.ts';
import { readLedger } from '../../src/store/read-ledger.ts';

const [parquet = '', threads = '1'] = process.argv.slice(2);
const names = ['corpus', 'curation', 'translation', 'proofreading', 'validation'];
const taskMap = new Map(names.map((name) => [name, name]));
const rules = { minimumScore: '1', measures: { units: { points: '1.5', dailyCap: '5000' } } };
const policy = parsePolicy({
  format: 'lode-policy-v1',
  tasks: Object.fromEntries(names.map((name) => [name, rules])),
});
const clock = { start: Date.UTC(2014, 2, 3) / 1000, length: 604_800 };
await withDuckDB({}, (connection) =>
  connection.run(
    `COPY (SELECT * REPLACE (CAST(time AS TIMESTAMP) AS time, CAST(units AS BIGINT) AS units)
      FROM read_csv('examples/tldr/tldr-contributions.csv.gz', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`,
  ),
);
const ledger = await readLedger(
  {
    contributions: [{ path: parquet, name: 'contributions.parquet' }],
    usage: [{ path: 'examples/tldr/tldr-usage.csv.gz' }],
  },
  { taskMap, range: { start: clock.start, end: clock.start + 650 * clock.length } },
);
const tasks = names.map((name, index) => ({ id: index + 1, name }));
const options = { ledger, policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: 650, threads: Number(threads) };
const scores = await scoreEpochs(options);
const text = JSON.stringify([ledger, scores], (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
process.stdout.write(createHash('sha256').update(text).digest('hex'));

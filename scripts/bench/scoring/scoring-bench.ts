import type { DuckDBConnection } from '@duckdb/node-api';

import { columnNames } from '../../../src/settlement/policy/policy-at.ts';
import { planOf } from '../../../src/settlement/policy/compile-plan.ts';
import { compilePolicy } from '../../../src/settlement/policy/compile-policy.ts';
import type { Policy } from '../../../src/settlement/policy/policy.ts';
import { asOneStatement, DUCKDB } from '../../../src/settlement/policy/sql.ts';
import type { SqlDialect } from '../../../src/settlement/policy/sql.ts';
import { readLedgerColumns } from '../../../src/store/columns/read-ledger-columns.ts';
import type { ColumnLedger } from '../../../src/store/columns/read-ledger-columns.ts';
import { columnTables } from '../../../src/store/columns/column-tables.ts';
import { benchLedger } from '../ledger/bench-ledger.ts';
import { BENCH_TASKS, FULL, PLAIN } from './policies.ts';

const DAY = 86_400;
const EPOCHS = 7;

/** The same query in whole numbers and in floats. */
export interface ScoringRow {
  readonly what: string;
  readonly rows: number;
  readonly accounts: number;
  /** Seconds of the best run of each. */
  readonly exact: number;
  readonly floats: number;
  /** How many times the time of floats the whole numbers take, and the most that is allowed. */
  readonly ratio: number;
  readonly limit: number;
  /** How many different results the runs in floats gave, with one thread, with all, and with the rows in another order; whole numbers give one. */
  readonly floatResults: number;
  readonly exactResults: number;
}

/**
 * What the engine would compute with if points were floats: the same steps, products and quotients not rounded. Days and epochs stay whole
 * numbers, as they would in any program.
 */
const FLOATS: SqlDialect = {
  wide: 'DOUBLE',
  divide: (dividend, divisor) => `((${dividend}) ${dividend.startsWith('time') ? '//' : '/'} (${divisor}))`,
  count: DUCKDB.count,
  number: DUCKDB.number,
  table: DUCKDB.table,
};

export interface ScoringOptions {
  readonly rows: number;
  readonly accounts: number;
  /** Runs of each kind, one after the other in turns. */
  readonly runs: number;
}

/** Measures a plain and a full policy over days of the benchmark ledger. */
export async function measureScoring({ rows, accounts, runs }: ScoringOptions): Promise<ScoringRow[]> {
  const { contributions, from } = await benchLedger({ rows, accounts });
  const names = BENCH_TASKS.map(({ name }) => [name, name] as const);
  const taskMap = new Map(names);
  const ledger = await readLedgerColumns(
    { contributions: [{ path: contributions }] },
    {
      ...{ taskMap, tasks: BENCH_TASKS, columns: columnNames(FULL), ordered: true },
      range: { start: from, end: from + EPOCHS * DAY },
    },
  );
  if (ledger === null) throw new Error('the benchmark ledger cannot be read');
  try {
    const found: ScoringRow[] = [];
    for (const [what, policy, limit] of [
      ['plain sums', PLAIN, 1.25],
      ['full policy', FULL, 1.5],
    ] as const) {
      const queries = await queriesOf(ledger, policy, { start: from, length: DAY }, taskMap);
      found.push({ what, rows, accounts, limit, ...(await compare(ledger.connection, queries, runs)) });
    }
    return found;
  } finally {
    ledger.close();
  }
}

interface Queries {
  readonly exact: string;
  readonly floats: string;
}

async function queriesOf(
  ledger: ColumnLedger,
  policy: Policy,
  clock: { readonly start: number; readonly length: number },
  taskMap: ReadonlyMap<string, string>,
): Promise<Queries> {
  const range = { policy, clock, fromEpoch: 0, toEpoch: EPOCHS };
  const { connection, texts } = ledger;
  const { scores: exact } = await columnTables({ ...range, ledger, tasks: BENCH_TASKS, taskMap });
  const taskNumbers = new Map(BENCH_TASKS.map(({ id, name }) => [name, id]));
  const plan = planOf({ ...range, taskNumbers });
  const { scores: floats } = compilePolicy({ ...range, taskNumbers, plan, ...texts, dialect: FLOATS });
  if (plan.usage) await fillMore(connection);
  return { exact: asOneStatement(exact), floats: asOneStatement(floats) };
}

/** Uses of every twentieth row a moment later, and a badge for every fourth account. */
async function fillMore(connection: DuckDBConnection): Promise<void> {
  await connection.run('INSERT INTO usage SELECT account, task, time FROM contributions WHERE seq % 20 = 0');
  await connection.run(
    'INSERT INTO badges SELECT DISTINCT account, account % 2, 0 AS since FROM contributions WHERE account % 4 = 0',
  );
}

async function compare(connection: DuckDBConnection, { exact, floats }: Queries, runs: number) {
  const digests = { exact: new Set<string>(), floats: new Set<string>() };
  const best = { exact: Infinity, floats: Infinity };
  const run = async (kind: 'exact' | 'floats', sql: string): Promise<void> => {
    const begun = performance.now();
    await connection.run(`CREATE OR REPLACE TEMP TABLE result AS ${sql}`);
    best[kind] = Math.min(best[kind], (performance.now() - begun) / 1000);
    // Of every score, in its order: one last digit that differs is another result.
    const digest = await connection.runAndReadAll(
      "SELECT concat(count(*), ' ', bit_xor(hash(epoch, account, task, score))) FROM result",
    );
    digests[kind].add(JSON.stringify(digest.getRowsJS()));
  };
  for (let i = 0; i < runs; i++) {
    await run('floats', floats);
    await run('exact', exact);
  }
  const timed = { exact: best.exact, floats: best.floats };
  await connection.run('SET threads = 1');
  await run('floats', floats);
  await run('exact', exact);
  await connection.run('RESET threads');
  await connection.run('DROP TABLE result');
  return {
    ...timed,
    ratio: timed.exact / timed.floats,
    floatResults: digests.floats.size,
    exactResults: digests.exact.size,
  };
}

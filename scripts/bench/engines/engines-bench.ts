import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

import type { SegmentTask } from '../../../src/settlement/policy/compile-plan.ts';
import { planOf } from '../../../src/settlement/policy/compile-plan.ts';
import { compilePolicy } from '../../../src/settlement/policy/compile-policy.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import { whole, withDuckDB } from '../../../src/store/duckdb-session.ts';
import type { ScoringEngine } from '../../../src/store/scoring-engine.ts';

/** How long an engine takes to score the same rows by the same policy. */
export interface EngineRow {
  readonly kind: 'engine';
  readonly policy: string;
  readonly engine: string;
  readonly rows: number;
  readonly accounts: number;
  /** The tables brought to the engine, the policy run, the scores back; DuckDB has the tables already. */
  readonly milliseconds: number;
  readonly rowsPerSecond: number;
  /** Beside the first engine, on the same rows. */
  readonly times: number;
  readonly scores: number;
}

/** What is measured. */
export interface EnginesBench {
  /** How many contributions. */
  readonly sizes: readonly number[];
  readonly engines: readonly { readonly name: string; readonly engine: ScoringEngine }[];
  readonly threads: number;
  readonly tell: (what: string) => void;
}

const DAY = 86_400;
const START = 1_704_067_200;
const TASK = {
  minimumScore: '1',
  measures: { units: { points: '1.25', dailyCap: '400' }, minutes: { points: '0.5', dailyCap: '60' } },
};

/** Plain sums of points under caps, and everything that the language has. */
const POLICIES = {
  'sums under caps': TASK,
  'every multiplier': {
    ...TASK,
    multipliers: {
      quality: { attribute: 'rating', unrated: '1', levels: { v0: '0.5', v1: '1', v2: '1.5' } },
      scarcity: { language: { window: '7', reference: '0.1', most: '3', unseen: '2' } },
      measured: { minutes: { per: '60' } },
      streak: { per: '10', most: '30' },
      badges: { factors: { early: '0.2' }, most: '2' },
      consistency: { epochs: '4', bonus: '0.2' },
      loyalty: { epochs: '8', bonus: '0.05', most: '1.5' },
    },
    usage: { points: '0.5', epochCap: '100' },
  },
} as const;

/**
 * Measures engines side by side: one epoch of a day, with a week before it for windows and streaks, a tenth as many accounts as rows. The
 * scores of all engines are held against each other.
 *
 * @throws when two engines do not give the same
 */
export async function enginesBench({ sizes, engines, threads, tell }: EnginesBench): Promise<EngineRow[]> {
  const rows: EngineRow[] = [];
  for (const size of sizes) {
    for (const [policy, rules] of Object.entries(POLICIES)) {
      await withDuckDB({ threads }, async (tables) => {
        const accounts = Math.max(1, Math.floor(size / 10));
        await fill(tables, size, accounts);
        let first: { readonly milliseconds: number; readonly answer: string } | null = null;
        for (const { name, engine } of engines) {
          tell(`${policy}, ${size} rows, ${name}`);
          const compiled = compiledBy(engine, rules);
          const began = performance.now();
          const found = await engine.withQueries(tables, async (run) => await run(compiled.scores));
          const milliseconds = performance.now() - began;
          const answer = digest(found);
          first ??= { milliseconds, answer };
          if (answer !== first.answer) throw new Error(`${name} gives other scores than ${engines[0]?.name}`);
          rows.push({
            ...{ kind: 'engine', policy, engine: name, rows: size, accounts, milliseconds, scores: found.length },
            ...{ rowsPerSecond: (size / milliseconds) * 1000, times: milliseconds / first.milliseconds },
          });
        }
      });
    }
  }
  return rows;
}

function compiledBy({ dialect }: ScoringEngine, rules: object) {
  const policy = parsePolicy({ format: 'lode-policy-v1', decimals: '6', tasks: { a: rules, b: rules } });
  const taskNumbers = new Map([
    ['a', 0],
    ['b', 1],
  ] satisfies [string, SegmentTask['task']][]);
  const range = { policy, fromEpoch: 7, toEpoch: 8, clock: { start: START, length: DAY }, taskNumbers };
  const plan = planOf(range);
  const measureNumbers = new Map([
    ['units', 0],
    ['minutes', 1],
  ]);
  const valueNumbers = new Map(Array.from({ length: 40 }, (_, at) => [`v${at}`, at]));
  return compilePolicy({ ...range, plan, dialect, measureNumbers, valueNumbers });
}

/** Rows by a fixed rule, the same on every machine: half of them in the day that is scored, half in the week before. */
async function fill(tables: DuckDBConnection, rows: number, accounts: number): Promise<void> {
  const random = (salt: number, below: number) => `CAST(hash(i * 16 + ${salt}) % ${below} AS INTEGER)`;
  const time = `CAST(${START} + CASE WHEN i % 2 = 0 THEN ${7 * DAY} + hash(i * 16 + 5) % ${DAY} ELSE hash(i * 16 + 5) % ${7 * DAY} END AS BIGINT)`;
  const columns = [
    'CAST(i AS INTEGER) AS seq',
    `${random(1, accounts)} AS account`,
    `${random(2, 2)} AS task`,
    `${random(3, 2)} AS measure`,
    `${time} AS time`,
    `CAST(1 + hash(i * 16 + 6) % 50 AS BIGINT) AS units`,
    `${random(7, 40)} AS a0`,
    `${random(8, 4)} AS a1`,
  ];
  await tables.run(`CREATE TABLE contributions AS SELECT ${columns.join(', ')} FROM range(${rows}) AS made(i)`);
  await tables.run(
    `CREATE TABLE usage AS SELECT ${random(9, accounts)} AS account, ${random(10, 2)} AS task, ${time} AS time FROM range(${Math.floor(rows / 4)}) AS made(i)`,
  );
  await tables.run(
    `CREATE TABLE badges AS SELECT CAST(i * 3 AS INTEGER) AS account, 0 AS badge, CAST(${START} AS BIGINT) AS since FROM range(${Math.floor(accounts / 3)}) AS made(i)`,
  );
}

/** One number of all scores: the same exactly when every cell is, but for chance. */
function digest(rows: readonly (readonly DuckDBValue[])[]): string {
  let sum = 0n;
  for (const row of rows) for (const cell of row) sum = BigInt.asUintN(256, sum * 1_000_003n + whole(cell));
  return `${rows.length} ${sum}`;
}

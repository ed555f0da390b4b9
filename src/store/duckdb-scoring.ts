import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

import type { Address } from '../protocol/brands.ts';
import { InputError, InvariantError } from '../protocol/errors.ts';
import { compareText } from '../settlement/ledger/rows.ts';
import type { Contribution, Usage } from '../settlement/ledger/rows.ts';
import { compilePolicy, DUCKDB, MAX_SCORED_ROWS } from '../settlement/policy/compile-policy.ts';
import type { CompiledPolicy } from '../settlement/policy/compile-policy.ts';
import type { Policy } from '../settlement/policy/policy.ts';
import { exactRows, withDuckDB } from './duckdb-session.ts';

const MAX_SCORE = (1n << 96n) - 1n;

export interface ScoringOptions {
  readonly ledger: { readonly contributions: readonly Contribution[]; readonly usage: readonly Usage[] };
  readonly policy: Policy;
  /** The tasks that count in these epochs. */
  readonly tasks: readonly { readonly id: number; readonly name: string }[];
  /** Which of them a task name of the ledger counts for. */
  readonly taskMap: ReadonlyMap<string, string>;
  readonly clock: { readonly start: number; readonly length: number };
  /** Epochs `fromEpoch` up to but not including `toEpoch`. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  /** How many threads the engine uses; the result does not depend on it. */
  readonly threads?: number;
}

/** What the ledger says about one epoch: everything that a settlement needs of it. */
export interface EpochScores {
  readonly epoch: number;
  /** Scores above zero, by account, then by task. */
  readonly scores: readonly { readonly account: Address; readonly task: number; readonly score: bigint }[];
  /** How often each account's contributions were used, by account. */
  readonly uses: readonly { readonly account: Address; readonly uses: bigint }[];
}

/** How one account's scores of one epoch came about. Points are in millionths. */
export interface ScoreSteps {
  readonly rows: readonly { readonly contribution: Contribution; readonly counted: bigint; readonly earned: bigint }[];
  /** `day` counts UTC days since 1970; `kept` is what the task's daily cap leaves of `earned`. */
  readonly days: readonly {
    readonly task: number;
    readonly day: number;
    readonly earned: bigint;
    readonly kept: bigint;
  }[];
}

/**
 * Scores every epoch of a range in one go: one entry for each epoch, also for those in which nothing happened.
 *
 * Whole numbers only, from the first step to the last; the same result for any order of rows and any number of threads.
 *
 * @throws {InputError} `SCORE_TOO_LARGE` when a score would not be below 2^96; `SCORE_TOO_MANY_ROWS` from 2^26 rows on; `TASK_UNKNOWN` when a task name of the ledger
 *   is mapped to none of `tasks`; `POLICY_TASK_MISSING` when the policy does not score one of them
 */
export async function scoreEpochs(options: ScoringOptions): Promise<EpochScores[]> {
  const { fromEpoch, toEpoch } = options;
  const epochs = Array.from({ length: toEpoch - fromEpoch }, (_, index) => ({
    epoch: fromEpoch + index,
    scores: [] as { account: Address; task: number; score: bigint }[],
    uses: [] as { account: Address; uses: bigint }[],
  }));
  await withTables(options, async (connection, { accounts }, compiled) => {
    for (const [epoch, account, task, score] of await exactRows(connection, compiled.scores)) {
      const entry = { account: pick(accounts, account), task: Number(task), score: whole(score) };
      if (entry.score > MAX_SCORE) {
        const words = 'a score is not below 2^96: the policy gives more points than a settlement can hold';
        throw input('SCORE_TOO_LARGE', words, { epoch: Number(epoch), ...entry });
      }
      pick(epochs, whole(epoch) - BigInt(fromEpoch)).scores.push(entry);
    }
    for (const [epoch, account, uses] of await exactRows(connection, usesQuery(options))) {
      pick(epochs, whole(epoch) - BigInt(fromEpoch)).uses.push({ account: pick(accounts, account), uses: whole(uses) });
    }
  });
  return epochs;
}

/** How the scores of `account` in `epoch` came about, by the same steps of the same query. */
export async function explainScores(
  options: Omit<ScoringOptions, 'fromEpoch' | 'toEpoch'> & { readonly account: Address; readonly epoch: number },
): Promise<ScoreSteps> {
  const { account, epoch } = options;
  const range = { ...options, fromEpoch: epoch, toEpoch: epoch + 1 };
  return withTables(range, async (connection, { accounts, contributions }, compiled) => {
    const number = accounts.indexOf(account);
    if (number < 0) return { rows: [], days: [] };
    const rows = await exactRows(connection, compiled.rows(number, epoch));
    const days = await exactRows(connection, compiled.days(number, epoch));
    return {
      rows: rows.map(([seq, counted, earned]) => ({
        contribution: pick(contributions, seq),
        counted: whole(counted),
        earned: whole(earned),
      })),
      days: days.map(([task, day, earned, kept]) => ({
        task: Number(task),
        day: Number(day),
        earned: whole(earned),
        kept: whole(kept),
      })),
    };
  });
}

interface Tables {
  /** Sorted; a row's `account` is the position here. */
  readonly accounts: readonly Address[];
  /** In ledger order; a row's `seq` is the position here. */
  readonly contributions: readonly Contribution[];
}

async function withTables<T>(
  options: ScoringOptions,
  use: (connection: DuckDBConnection, tables: Tables, compiled: CompiledPolicy) => Promise<T>,
): Promise<T> {
  const { policy, clock, fromEpoch, toEpoch, ledger } = options;
  const taskNumbers = checkTasks(options);
  const inRange = ({ time }: { readonly time: number }) =>
    time >= clock.start + fromEpoch * clock.length && time < clock.start + toEpoch * clock.length;
  const usage = ledger.usage.filter(inRange);
  const contributions = ledger.contributions.filter(inRange).sort((a, b) => a.time - b.time || compareText(a.id, b.id));
  if (contributions.length >= MAX_SCORED_ROWS) {
    throw input('SCORE_TOO_MANY_ROWS', 'too many rows to score at a time; score fewer epochs', {
      rows: contributions.length,
    });
  }
  const accounts = [...new Set([...contributions, ...usage].map(({ account }) => account))].sort();
  const numbers = new Map(accounts.map((account, index) => [account, index]));
  const measureNumbers = new Map<string, number>();
  for (const { measure } of contributions) {
    if (!measureNumbers.has(measure)) measureNumbers.set(measure, measureNumbers.size);
  }
  const compiled = compilePolicy({
    policy,
    fromEpoch,
    toEpoch,
    clock,
    taskNumbers,
    measureNumbers,
    dialect: DUCKDB,
  });
  return withDuckDB(options, async (connection) => {
    await connection.run(
      `CREATE TABLE contributions (seq INTEGER, account INTEGER, task INTEGER, measure INTEGER, time BIGINT, units BIGINT);
       CREATE TABLE usage (account INTEGER, time BIGINT)`,
    );
    await fill(connection, 'contributions', contributions, (appender, row, seq) => {
      appender.appendInteger(seq);
      appender.appendInteger(numbers.get(row.account) ?? -1);
      appender.appendInteger(taskNumbers.get(options.taskMap.get(row.task) ?? '') ?? -1);
      appender.appendInteger(measureNumbers.get(row.measure) ?? -1);
      appender.appendBigInt(BigInt(row.time));
      appender.appendBigInt(row.units);
    });
    await fill(connection, 'usage', usage, (appender, row) => {
      appender.appendInteger(numbers.get(row.account) ?? -1);
      appender.appendBigInt(BigInt(row.time));
    });
    return use(connection, { accounts, contributions }, compiled);
  });
}

/** The protocol's task numbers by name, after a look at whether everything that may be scored can be. */
function checkTasks({ tasks, taskMap, policy, fromEpoch, toEpoch }: ScoringOptions): ReadonlyMap<string, number> {
  const numbers = new Map(tasks.map(({ id, name }) => [name, id]));
  for (const [from, to] of taskMap) {
    if (!numbers.has(to))
      throw input('TASK_UNKNOWN', `${from} counts for ${to}, which is none of the tasks`, { from, to });
  }
  for (const segment of policy.segments) {
    if (segment.until <= fromEpoch || segment.from >= toEpoch) continue;
    for (const { name } of tasks) {
      if (segment.tasks.has(name)) continue;
      const words = `the policy has no rules for the task ${name} in epoch ${segment.from}`;
      throw input('POLICY_TASK_MISSING', words, { task: name, epoch: segment.from });
    }
  }
  return numbers;
}

function usesQuery({ clock }: ScoringOptions): string {
  const epoch = DUCKDB.divide(`time - ${clock.start}`, `${clock.length}`);
  return `SELECT epoch, account, count(*) AS uses FROM (SELECT account, ${epoch} AS epoch FROM usage) AS dated
    GROUP BY epoch, account ORDER BY epoch, account`;
}

async function fill<T>(
  connection: DuckDBConnection,
  table: string,
  rows: readonly T[],
  append: (appender: DuckDBAppender, row: T, index: number) => void,
): Promise<void> {
  const appender = await connection.createAppender(table);
  rows.forEach((row, index) => {
    append(appender, row, index);
    appender.endRow();
  });
  appender.closeSync();
}

function whole(value: DuckDBValue | undefined): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new InvariantError({ code: 'SQL_INEXACT', shortMessage: 'DIFF-3: a result is not a whole number' });
}

function pick<T>(list: readonly T[], index: DuckDBValue | undefined): T {
  const item = list[Number(whole(index))];
  if (item !== undefined) return item;
  throw new InvariantError({ code: 'SQL_INDEX', shortMessage: 'a result names something that is not in the ledger' });
}

function input(code: string, shortMessage: string, details: Readonly<Record<string, unknown>>): InputError {
  return new InputError({ code, shortMessage, details });
}

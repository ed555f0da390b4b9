import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

import type { Address } from '../protocol/brands.ts';
import type { EpochClock } from '../protocol/epoch-clock.ts';
import { InputError } from '../protocol/errors.ts';
import { ratingOf } from '../settlement/ledger/parse-rating.ts';
import { attributeOf, compareText } from '../settlement/ledger/rows.ts';
import type { AccountRow, Contribution, Usage } from '../settlement/ledger/rows.ts';
import { planOf } from '../settlement/policy/compile-plan.ts';
import type { CompileOptions, Plan } from '../settlement/policy/compile-plan.ts';
import { compilePolicy, MAX_SCORED_ROWS } from '../settlement/policy/compile-policy.ts';
import type { LedgerSizes } from '../settlement/policy/number-types.ts';
import type { CompiledPolicy } from '../settlement/policy/compile-policy.ts';
import type { Policy } from '../settlement/policy/policy.ts';
import { withDuckDB } from './duckdb-session.ts';
import type { RunQuery, ScoringEngine } from './scoring-engine.ts';
import { EMBEDDED } from './scoring-engine.ts';

/** What is scored, and by which rules. */
export interface ScoringRange {
  readonly policy: Policy;
  /** The tasks that count in these epochs, each from its epoch `from` on (left out: from the first of all). */
  readonly tasks: readonly { readonly id: number; readonly name: string; readonly from?: number }[];
  /** Which of them a task name of the ledger counts for. */
  readonly taskMap: ReadonlyMap<string, string>;
  readonly clock: EpochClock;
  /** Epochs `fromEpoch` up to but not including `toEpoch`. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  /** How many threads the engine uses; the result does not depend on it. */
  readonly threads?: number;
  /** What runs the policy, the one within this process if absent; the result does not depend on it. */
  readonly engine?: ScoringEngine | undefined;
}

/** The same of a ledger whose rows are at hand. */
export interface ScoringOptions extends ScoringRange {
  /** All rows from the economy's start on: windows, streaks and ages reach back before the range. */
  readonly ledger: {
    readonly contributions: readonly Contribution[];
    readonly usage: readonly Usage[];
    readonly accounts: readonly AccountRow[];
  };
}

/** A ledger as tables of whole numbers, and what the numbers stand for. */
export interface Tables {
  /** Runs the queries of `compiled`, and others over the same tables. */
  readonly run: RunQuery;
  readonly compiled: CompiledPolicy;
  readonly plan: Plan;
  /** Sorted; a row's `account` is the position here. */
  readonly accounts: readonly Address[];
  /** In ledger order; a row's `seq` is the position here. */
  readonly contributions: readonly Contribution[];
}

/** Brings the rows that a range of epochs needs into a private database, and the policy into SQL over it. */
export async function withTables<T>(options: ScoringOptions, use: (tables: Tables) => Promise<T>): Promise<T> {
  const { policy, clock, fromEpoch, toEpoch, ledger, engine = EMBEDDED } = options;
  const range = { policy, clock, fromEpoch, toEpoch, taskNumbers: checkTasks(options) };
  const plan = planOf(range);
  const from = clock.start + plan.historyEpoch * clock.length;
  const [start, end] = [clock.start + fromEpoch * clock.length, clock.start + toEpoch * clock.length];
  const usage = ledger.usage.filter(({ time }) => time >= start && time < end);
  const contributions = ledger.contributions
    .filter(({ time }) => time >= from && time < end)
    .sort((a, b) => a.time - b.time || compareText(a.id, b.id));
  checkSize(contributions.length, usage.length);
  const accounts = [...new Set([...contributions, ...usage].map(({ account }) => account))].sort();
  const sizes = sizesOf(contributions, usage);
  const compileOptions = { ...range, plan, ...numbersOf(contributions, plan), dialect: engine.dialect, sizes };
  const compiled = compilePolicy(compileOptions);
  return withDuckDB(options, async (connection) => {
    const accountNumbers = new Map(accounts.map((account, index) => [account, index]));
    const taskOf = (task: string) => range.taskNumbers.get(options.taskMap.get(task) ?? '') ?? -1;
    const source = { connection, accountOf: (account: Address) => accountNumbers.get(account) ?? -1, taskOf };
    await fillContributions(source, contributions, compileOptions);
    const origins = originsOf(usage, plan.usage ? ledger.contributions : [], clock.start, taskOf);
    await fillUsage(source, usage, origins);
    await fillBadges(source, ledger.accounts, plan);
    return await engine.withQueries(
      connection,
      async (run) => await use({ run, compiled, plan, accounts, contributions }),
    );
  });
}

/**
 * Refuses more rows or uses than can be scored at a time.
 *
 * @throws {InputError} `SCORE_TOO_MANY_ROWS`
 */
export function checkSize(rows: number, uses: number): void {
  if (rows < MAX_SCORED_ROWS && uses < MAX_SCORED_ROWS) return;
  const words = 'too many rows to score at a time; score fewer epochs';
  throw input('SCORE_TOO_MANY_ROWS', words, { rows: Math.max(rows, uses) });
}

/**
 * The protocol's task numbers by name, after a look at whether everything that may be scored can be.
 *
 * @throws {InputError} `TASK_UNKNOWN`, `POLICY_TASK_MISSING`
 */
export function checkTasks({ tasks, taskMap, policy, fromEpoch, toEpoch }: ScoringRange): ReadonlyMap<string, number> {
  const numbers = new Map(tasks.map(({ id, name }) => [name, id]));
  for (const [from, to] of taskMap) {
    if (!numbers.has(to))
      throw input('TASK_UNKNOWN', `${from} counts for ${to}, which is none of the tasks`, { from, to });
  }
  for (const segment of policy.segments) {
    for (const { name, from = 0 } of tasks) {
      const epoch = Math.max(segment.from, fromEpoch, from);
      if (epoch >= Math.min(segment.until, toEpoch) || segment.tasks.has(name)) continue;
      const words = `the policy has no rules for the task ${name} in epoch ${epoch}`;
      throw input('POLICY_TASK_MISSING', words, { task: name, epoch });
    }
  }
  return numbers;
}

/** How large the numbers of some rows and uses are. */
function sizesOf(contributions: readonly Contribution[], usage: readonly Usage[]): LedgerSizes {
  const sums = new Map<Address, bigint>();
  let [row, most] = [0n, 0n];
  for (const { account, units } of contributions) {
    const sum = (sums.get(account) ?? 0n) + units;
    sums.set(account, sum);
    if (units > row) row = units;
    if (sum > most) most = sum;
  }
  return { row, account: most, uses: BigInt(usage.length) };
}

/** Numbers for the measures of the ledger and for the values of the attributes that the rules read. */
function numbersOf(contributions: readonly Contribution[], plan: Plan) {
  const measureNumbers = new Map<string, number>();
  const valueNumbers = new Map<string, number>();
  for (const { measure, attributes } of contributions) {
    if (!measureNumbers.has(measure)) measureNumbers.set(measure, measureNumbers.size);
    for (const name of plan.attributes) {
      const value = attributeOf(attributes, name);
      if (value !== undefined && !valueNumbers.has(value)) valueNumbers.set(value, valueNumbers.size);
    }
  }
  return { measureNumbers, valueNumbers };
}

/** A database, and the numbers that accounts have in it; -1 for one that is not there. */
export interface Source {
  readonly connection: DuckDBConnection;
  readonly accountOf: (account: Address) => number;
}

async function fillContributions(
  { connection, accountOf, taskOf }: Source & { readonly taskOf: (task: string) => number },
  rows: readonly Contribution[],
  { plan, measureNumbers, valueNumbers }: CompileOptions,
): Promise<void> {
  const columns = plan.attributes.map((name, k) => ({ name, k, isNumber: plan.ratings.has(name) }));
  const types = columns.map(({ k, isNumber }) => `, a${k} INTEGER${isNumber ? `, r${k} BIGINT` : ''}`).join('');
  await connection.run(
    `CREATE TABLE contributions (seq INTEGER, account INTEGER, task INTEGER, measure INTEGER, time BIGINT, units BIGINT${types})`,
  );
  await fill(connection, 'contributions', rows, (appender, row, seq) => {
    appender.appendInteger(seq);
    appender.appendInteger(accountOf(row.account));
    appender.appendInteger(taskOf(row.task));
    appender.appendInteger(measureNumbers.get(row.measure) ?? -1);
    appender.appendBigInt(BigInt(row.time));
    appender.appendBigInt(row.units);
    for (const { name, isNumber } of columns) {
      const value = attributeOf(row.attributes, name);
      appender.appendInteger(value === undefined ? -1 : (valueNumbers.get(value) ?? -1));
      if (isNumber) appender.appendBigInt(value === undefined ? -1n : (ratingOf(value) ?? -1n));
    }
  });
}

/** A contribution that something is a use of: the protocol's number of its task (-1 for none), and when it was made. */
export interface Origin {
  readonly task: number;
  readonly time: number;
}

/** The contributions that uses name, from the economy's start on. */
function originsOf(
  usage: readonly Usage[],
  contributions: readonly Contribution[],
  start: number,
  taskOf: (task: string) => number,
): Map<string, Origin> {
  const used = new Set(contributions.length === 0 ? [] : usage.map(({ contribution }) => contribution));
  const origins = new Map<string, Origin>();
  for (const { id, task, time } of contributions) {
    if (used.has(id) && time >= start) origins.set(id, { task: taskOf(task), time });
  }
  return origins;
}

/** Fills `usage`. A use counts for the task of its contribution, which must be there by then; for no task (-1) where nobody asks. */
export async function fillUsage(
  { connection, accountOf }: Source,
  rows: readonly Usage[],
  origins: ReadonlyMap<string, Origin>,
): Promise<void> {
  await connection.run('CREATE OR REPLACE TABLE usage (account INTEGER, task INTEGER, time BIGINT)');
  await fill(connection, 'usage', rows, (appender, row) => {
    const origin = origins.get(row.contribution);
    appender.appendInteger(accountOf(row.account));
    appender.appendInteger(origin !== undefined && origin.time <= row.time ? origin.task : -1);
    appender.appendBigInt(BigInt(row.time));
  });
}

/** Fills `badges` with those that the plan asks for, of accounts that have a number. */
export async function fillBadges(
  { connection, accountOf }: Source,
  rows: readonly AccountRow[],
  { badges }: Plan,
): Promise<void> {
  const numbers = new Map(badges.map((badge, index) => [badge, index]));
  await connection.run('CREATE OR REPLACE TABLE badges (account INTEGER, badge INTEGER, since BIGINT)');
  const known = rows.filter(({ account, badge }) => numbers.has(badge) && accountOf(account) >= 0);
  await fill(connection, 'badges', known, (appender, { account, badge, since }) => {
    appender.appendInteger(accountOf(account));
    appender.appendInteger(numbers.get(badge) ?? -1);
    appender.appendBigInt(BigInt(since));
  });
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

/** An error of the caller's input. */
export function input(code: string, shortMessage: string, details: Readonly<Record<string, unknown>>): InputError {
  return new InputError({ code, shortMessage, details });
}

import type { Policy } from './policy.ts';
import { POINT_DECIMALS } from './policy-bounds.ts';

/** What differs between the engines that run the compiled policy; all else is plain SQL that they share. */
export interface SqlDialect {
  /** A signed whole number of at least 128 bits. The bounds of policy and ledger see to it that none overflows. */
  readonly wide: string;
  /** Whole division of numbers that are not negative, rounding down. */
  readonly divide: (dividend: string, divisor: string) => string;
}

export const DUCKDB: SqlDialect = { wide: 'HUGEINT', divide: (dividend, divisor) => `((${dividend}) // (${divisor}))` };

export interface CompileOptions {
  readonly policy: Policy;
  /** Epochs `fromEpoch` up to but not including `toEpoch`. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly clock: { readonly start: number; readonly length: number };
  /** The number under which the table names a task, by its name in the policy. */
  readonly taskNumbers: ReadonlyMap<string, number>;
  /** The number under which the table names a measure. */
  readonly measureNumbers: ReadonlyMap<string, number>;
  readonly dialect: SqlDialect;
}

/** So many rows can be scored at a time that no sum can leave 127 bits: see `POLICY_BOUNDS`. */
export const MAX_SCORED_ROWS = 1 << 26; // integer: 2^26

/** A policy as SQL over `contributions(seq, account, task, measure, time, units)`, all whole numbers, `seq` in ledger order. */
export interface CompiledPolicy {
  /** `epoch, account, task, score`: every score above zero, sorted by these. */
  readonly scores: string;
  /** `seq, counted, earned`: what each row of an account in an epoch came to (units; millionths of a point). */
  readonly rows: (account: number, epoch: number) => string;
  /** `task, day, earned, kept`: an account's days in an epoch, before and after the task's daily cap. */
  readonly days: (account: number, epoch: number) => string;
}

const SECONDS_PER_DAY = '86400';

/**
 * Writes a policy as SQL: rows → units that count → points → days → scores, each a named step in whole numbers.
 *
 * One query scores a whole range of epochs. It is made of SELECT, CASE, JOIN, GROUP BY and window functions over
 * numbers that this function wrote itself; no text of a ledger or policy becomes SQL.
 */
export function compilePolicy(options: CompileOptions): CompiledPolicy {
  const { policy, dialect } = options;
  const steps = [
    step('scoped', scopedStep(options)),
    step('rules', rulesStep(options)),
    step('ruled', RULED),
    step('counted', COUNTED),
    step(
      'pointed',
      `SELECT seq, epoch, account, task, day, task_cap, counted, counted * points AS earned FROM counted`,
    ),
    step('days', DAYS),
    step('kept', KEPT),
    step('summed', `SELECT epoch, account, task, sum(kept) AS earned FROM kept GROUP BY epoch, account, task`),
  ];
  const unit = `CAST(${10n ** BigInt(POINT_DECIMALS - policy.decimals)} AS ${dialect.wide})`;
  const score = dialect.divide('earned', unit);
  const prefix = `WITH ${steps.join(',\n')}\n`;
  const only = (account: number, epoch: number) => `WHERE account = ${account} AND epoch = ${epoch}`;
  return {
    scores: `${prefix}SELECT epoch, account, task, ${score} AS score FROM summed WHERE earned >= ${unit} ORDER BY epoch, account, task`,
    rows: (account, epoch) => `${prefix}SELECT seq, counted, earned FROM pointed ${only(account, epoch)} ORDER BY seq`,
    days: (account, epoch) =>
      `${prefix}SELECT task, day, earned, kept FROM kept ${only(account, epoch)} ORDER BY task, day`,
  };
}

function step(name: string, select: string): string {
  return `${name} AS (${select})`;
}

/** The rows of the range, each with its epoch, its UTC day and the segment of the policy that rules its epoch. */
function scopedStep({ policy, fromEpoch, toEpoch, clock, dialect }: CompileOptions): string {
  const start = clock.start + fromEpoch * clock.length;
  const end = clock.start + toEpoch * clock.length;
  const cases = policy.segments.map(({ until }, index) => `WHEN epoch < ${until} THEN ${index}`).join(' ');
  const dated = `SELECT seq, account, task, measure, CAST(units AS ${dialect.wide}) AS units,
    ${dialect.divide(`time - ${clock.start}`, `${clock.length}`)} AS epoch, ${dialect.divide('time', SECONDS_PER_DAY)} AS day
    FROM contributions WHERE time >= ${start} AND time < ${end}`;
  return `SELECT seq, account, task, measure, units, epoch, day, CASE ${cases} END AS segment FROM (${dated}) AS dated`;
}

/** The rules as a table: one line for each segment, task and measure. -1 stands for no cap. */
function rulesStep({ policy, taskNumbers, measureNumbers, dialect }: CompileOptions): string {
  const wide = (value: bigint) => `CAST(${value} AS ${dialect.wide})`;
  const lines: string[] = [];
  policy.segments.forEach((segment, index) => {
    for (const [task, { dailyCap: taskCap = -1n, measures }] of segment.tasks) {
      for (const [measure, { points, dailyCap = -1n }] of measures) {
        const taskNumber = taskNumbers.get(task);
        const measureNumber = measureNumbers.get(measure);
        if (taskNumber === undefined || measureNumber === undefined) continue; // the ledger has no row of it
        lines.push(
          `SELECT ${index} AS segment, ${taskNumber} AS task, ${measureNumber} AS measure, ${wide(points)} AS points, ` +
            `${wide(dailyCap)} AS measure_cap, ${wide(taskCap)} AS task_cap`,
        );
      }
    }
  });
  const none = `SELECT -1 AS segment, -1 AS task, -1 AS measure, ${wide(0n)} AS points, ${wide(-1n)} AS measure_cap, ${wide(-1n)} AS task_cap`;
  return [none, ...lines].join(' UNION ALL ');
}

const RULED = `SELECT scoped.seq AS seq, scoped.epoch AS epoch, scoped.account AS account, scoped.task AS task,
  scoped.measure AS measure, scoped.day AS day, scoped.units AS units, rules.points AS points,
  rules.measure_cap AS measure_cap, rules.task_cap AS task_cap,
  sum(scoped.units) OVER (PARTITION BY scoped.epoch, scoped.account, scoped.task, scoped.measure, scoped.day
    ORDER BY scoped.seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS reached
  FROM scoped INNER JOIN rules
    ON scoped.segment = rules.segment AND scoped.task = rules.task AND scoped.measure = rules.measure`;

/** Under a cap on the units of a day the earliest rows count first: the row that reaches it counts in part. */
const COUNTED = `SELECT seq, epoch, account, task, day, points, task_cap,
  CASE WHEN measure_cap < 0 OR reached <= measure_cap THEN units
    WHEN reached - units < measure_cap THEN measure_cap - (reached - units)
    ELSE 0 END AS counted FROM ruled`;

const DAYS = `SELECT epoch, account, task, day, task_cap, sum(earned) AS earned
  FROM pointed GROUP BY epoch, account, task, day, task_cap`;

const KEPT = `SELECT epoch, account, task, day, earned,
  CASE WHEN task_cap < 0 OR earned <= task_cap THEN earned ELSE task_cap END AS kept FROM days`;

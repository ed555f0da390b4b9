import { dayFactors, daySteps } from './compile-days.ts';
import { epochSteps } from './compile-epochs.ts';
import type { CompileOptions } from './compile-plan.ts';
import { ruleSteps } from './compile-rules.ts';
import { earningSteps, rowSteps } from './compile-rows.ts';
import { numberTypes } from './number-types.ts';
import { POINT_DECIMALS } from './policy-bounds.ts';
import type { Query } from './sql.ts';

/** So many rows, and so many uses, can be scored at a time that no sum can leave 127 bits: see `POLICY_BOUNDS`. */
export const MAX_SCORED_ROWS = 1 << 26; // integer: 2^26

/**
 * A policy as SQL over these tables of whole numbers, of which only those that the plan asks for are read:
 *
 * - `contributions(seq, account, task, measure, time, units, a0, r0, …)`, `seq` in ledger order;
 * - `usage(account, task, time)`, the task being that of the contribution, -1 for none;
 * - `badges(account, badge, since)`, the badge being its position in the plan.
 */
export interface CompiledPolicy {
  /** `epoch, account, task, score`: every score above zero, sorted by these. */
  readonly scores: Query;
  /** What each row came to: `epoch, account, seq, counted, earned, after` and the columns of its factors. */
  readonly rows: (of: Explained) => Query;
  /** The days of an account and epoch: `epoch, account, task, day, earned, capped, kept` and the columns of their factors. */
  readonly days: (of: Explained) => Query;
  /** The tasks of an account and epoch: `epoch, account, task, days, total, score` and the columns of uses and factors. */
  readonly totals: (of: Explained) => Query;
}

/** What is explained: some epochs of the range, one account or, where it is null, all of them. */
export interface Explained {
  readonly epochs: readonly number[];
  readonly account: number | null;
}

/**
 * Writes a policy as SQL: rows → units that count → points → days → epochs → scores, each a named step in whole numbers.
 *
 * One query scores a whole range of epochs, in one statement or step by step. It is made of SELECT, CASE, JOIN, GROUP BY and window functions over
 * numbers that this function wrote itself; no text of a ledger or policy becomes SQL.
 */
export function compilePolicy(options: CompileOptions): CompiledPolicy {
  const { policy, plan, dialect } = options;
  const steps = [
    ...ruleSteps(options),
    ...earningSteps(options),
    ...rowSteps(options),
    ...daySteps(options),
    ...epochSteps(options),
  ];
  const millionths = 10n ** BigInt(POINT_DECIMALS - policy.decimals);
  const unit = dialect.number(millionths, numberTypes(options).epoch);
  const score = `CAST(${millionths === 1n ? 'total' : dialect.divide('total', unit)} AS ${dialect.wide})`;
  const query = (table: string, columns: readonly string[], order: string) => {
    const all = ['epoch', 'account', ...columns];
    const selected = all.map((column) => (column === 'score' ? `${score} AS score` : column)).join(', ');
    return ({ epochs, account }: Explained): Query => {
      const where = `WHERE epoch IN (${epochs.join(', ')})${account === null ? '' : ` AND account = ${account}`}`;
      return {
        steps,
        select: `SELECT ${selected} FROM ${table} ${where} ORDER BY epoch, account, ${order}`,
        columns: all,
      };
    };
  };
  const rowColumns = [
    ...(plan.quality ? ['q'] : []),
    ...plan.scarcity.flatMap((_, k) => [`s${k}`, `count_${k}`, `total_${k}`]),
  ];
  const dayColumns = dayFactors(options).map(({ numerator }) => numerator);
  const totalColumns = [
    ...(plan.usage ? ['uses', 'usage_points'] : []),
    ...(plan.consistency ? ['c', 'c_active'] : []),
    ...(plan.loyalty ? ['l', 'l_active'] : []),
  ];
  return {
    scores: {
      steps,
      select: `SELECT epoch, account, task, ${score} AS score FROM totals WHERE total >= ${unit} ORDER BY epoch, account, task`,
      columns: ['epoch', 'account', 'task', 'score'],
    },
    rows: query('pointed', ['seq', 'counted', 'earned', 'after', ...rowColumns], 'seq'),
    days: query('kept', ['task', 'day', 'earned', 'capped', 'kept', ...dayColumns], 'task, day'),
    totals: query('totals', ['task', 'days', 'total', 'score', ...totalColumns], 'task'),
  };
}

import type { Address } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { ONE, POINT_DECIMALS, POLICY_BOUNDS } from './policy-bounds.ts';
import type { DaySteps, FactorStep, IneligibleReason, RowSteps, ScoreSteps, TaskTotal } from './score-steps.ts';

const A_DAY = 86_400;

/** The steps of whoever did nothing. */
export const NO_STEPS: ScoreSteps = { rows: [], days: [], tasks: [], eligibility: null };

/** What the steps of an account have to lead to. */
export interface HeldScores {
  readonly account: Address;
  readonly epoch: number;
  /** From when to when the epoch goes, in unix seconds; the end is not in it. */
  readonly start: number;
  readonly end: number;
  /** A score counts 10^-decimals points. */
  readonly decimals: number;
  /** The tasks of the epoch's record, and the account's score in each: those in its proven leaf. */
  readonly tasks: readonly number[];
  readonly scores: readonly bigint[];
  /** Why the account could not score, as the report says it; null where it does not. */
  readonly ineligible: IneligibleReason | null;
}

/**
 * Makes sure that the steps of an account add up, each from the ones before it, to its scores: rows through their factors to days, days
 * through cap and factors to tasks, tasks with their uses and factors to scores, in whole numbers and rounded as the engine rounds.
 *
 * It needs nothing but the steps. So it cannot tell whether the rows are those of the ledger or a factor the one that the policy
 * gives; that is for whoever computes the epoch anew.
 *
 * @throws {InputError} `STEPS_DIFFER` with the first step that does not add up, what the ones before it give, and what stands there
 */
export function holdSteps(steps: ScoreSteps, held: HeldScores): void {
  const check = checksOf(held);
  holdRows(steps.rows, held, check);
  holdDays(steps, check);
  holdTasks(steps, held, check);
  holdScores(steps, held, check);
}

/** `step`: where it is, and what of it. */
type Check = (step: string, found: unknown, expected: unknown) => void;

function checksOf({ account, epoch }: HeldScores): Check {
  return (step, found, expected) => {
    if (found === expected) return;
    throw new InputError({
      code: 'STEPS_DIFFER',
      shortMessage: `the points of ${account} in epoch ${epoch} do not add up: ${step} is ${String(found)}; the steps before give ${String(expected)}`,
      details: {
        ...{ account, epoch, step, found, expected },
        next: 'compute the epoch anew (lode verify), and tell who published it; the scores themselves are proven without these steps',
      },
    });
  };
}

function holdRows(rows: readonly RowSteps[], { start, end }: HeldScores, check: Check): void {
  const worth = new Map<string, bigint>();
  rows.forEach((row, at) => {
    const { contribution, task, counted, earned, factors, after } = row;
    const what = (of: string): string => `row ${at + 1}, ${of},`;
    const { time, units, measure } = contribution;
    check(what('whether it lies in the epoch'), time >= start && time < end, true);
    check(what('whether it counts no more than its units'), counted <= units, true);
    // All rows of a measure are worth the same in an epoch; the first that shows it says how much.
    const key = `${task} ${measure}`;
    const known = worth.get(key);
    if (known === undefined && counted > 0n && earned < POLICY_BOUNDS.rowPoints) {
      check(what('what is left of its points when its units have had theirs'), earned % counted, 0n);
      worth.set(key, earned / counted);
    } else if (known !== undefined || counted === 0n) {
      check(what('its points before any factor'), earned, smaller(counted * (known ?? 0n), POLICY_BOUNDS.rowPoints));
    }
    check(what('whether its points are within the bound'), earned <= POLICY_BOUNDS.rowPoints, true);
    holdFactors(factors, ['quality', 'scarcity'], what, check);
    check(what('its points after its factors'), after, oneByOne(earned, factors));
  });
}

function holdDays({ rows, days }: ScoreSteps, check: Check): void {
  const sums = new Map<string, bigint>();
  const units = new Map<string, bigint>();
  for (const { contribution, task, counted, after } of rows) {
    const key = dayKey(task, dayOf(contribution.time));
    add(sums, key, after);
    add(units, `${key} ${contribution.measure}`, counted);
  }
  const caps = new Map<number, bigint>();
  for (const { task, earned, capped } of days) if (capped < earned) caps.set(task, capped);
  const seen = new Set<string>();
  for (const day of days) {
    const { task, earned, capped, factors, kept } = day;
    const key = dayKey(task, day.day);
    const what = (of: string): string => `${dayName(day)}, ${of},`;
    check(what('whether it stands there once'), seen.has(key), false);
    seen.add(key);
    check(what('its points'), earned, sums.get(key) ?? 'no row of it');
    const most = smaller(caps.get(task) ?? POLICY_BOUNDS.dayPoints, POLICY_BOUNDS.dayPoints);
    check(what('what the daily cap leaves'), capped, smaller(earned, most));
    holdFactors(factors, ['measured', 'streak', 'badges'], what, check);
    for (const { kind, name, numerator } of factors) {
      if (kind !== 'measured') continue;
      check(what(`its units of ${name ?? 'no measure'}`), numerator, units.get(`${key} ${name}`) ?? 0n);
    }
    check(what('its points after its factors'), kept, atOnce(capped, factors));
  }
  rows.forEach(({ task, contribution }, at) => {
    check(`row ${at + 1}, its day,`, seen.has(dayKey(task, dayOf(contribution.time))), true);
  });
}

function holdTasks({ days, tasks }: ScoreSteps, { decimals }: HeldScores, check: Check): void {
  const sums = new Map<number, bigint>();
  for (const { task, kept } of days) add(sums, task, kept);
  const unit = 10n ** BigInt(POINT_DECIMALS - decimals);
  const seen = new Set<number>();
  for (const total of tasks) {
    const { task, uses, usagePoints, factors } = total;
    const what = (of: string): string => `task ${task}, ${of},`;
    check(what('whether it stands there once'), seen.has(task), false);
    seen.add(task);
    check(what('the points of its days'), total.days, sums.get(task) ?? 0n);
    if (uses === 0n) check(what('the points for its uses'), usagePoints, 0n);
    holdFactors(factors, ['consistency', 'loyalty'], what, check);
    check(what('its points'), total.total, oneByOne(total.days + usagePoints, factors));
    check(what('its score'), total.score, total.total / unit);
  }
  for (const task of sums.keys()) check(`task ${task}, whether its days are summed,`, seen.has(task), true);
}

function holdScores({ tasks: totals, eligibility }: ScoreSteps, held: HeldScores, check: Check): void {
  const { tasks, scores, ineligible } = held;
  const own = new Map(totals.map(({ task, score }: TaskTotal) => [task, score]));
  const isEligible = eligibility?.eligible !== false;
  const wouldScore = tasks.some((task) => (own.get(task) ?? 0n) > 0n);
  const reason = eligibility?.reason ?? null;
  if (ineligible !== null || (!isEligible && wouldScore)) check('why the account cannot score', reason, ineligible);
  tasks.forEach((task, i) => {
    check(`task ${task}, its proven score,`, scores[i] ?? 0n, isEligible ? (own.get(task) ?? 0n) : 0n);
  });
}

function holdFactors(
  factors: readonly FactorStep[],
  kinds: readonly FactorStep['kind'][],
  what: (of: string) => string,
  check: Check,
): void {
  const isOfDay = kinds.includes('measured');
  for (const { kind, denominator } of factors) {
    check(what(`whether ${kind} acts there`), kinds.includes(kind), true);
    if (isOfDay) check(what(`whether ${kind} can be divided by`), denominator > 0n, true);
    else check(what(`what ${kind} is divided by`), denominator, ONE);
  }
}

/** Rounded down after each factor, as for rows and epochs. */
function oneByOne(points: bigint, factors: readonly FactorStep[]): bigint {
  return factors.reduce((x, { numerator, denominator }) => (x * numerator) / denominator, points);
}

/** Rounded down once after all factors, as for days. */
function atOnce(points: bigint, factors: readonly FactorStep[]): bigint {
  let [above, below] = [points, 1n];
  for (const { numerator, denominator } of factors) [above, below] = [above * numerator, below * denominator];
  return above / below;
}

function add<K>(sums: Map<K, bigint>, key: K, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** UTC days since 1970. */
function dayOf(time: number): number {
  return (time - (time % A_DAY)) / A_DAY; // integer: a multiple of a day
}

function dayKey(task: number, day: number): string {
  return `${task} ${day}`;
}

function dayName({ task, day }: DaySteps): string {
  return `${new Date(day * A_DAY * 1000).toISOString().slice(0, 10)} of task ${task}`;
}

import type { CompileOptions, SegmentTask } from './compile-plan.ts';
import { ONE, POLICY_BOUNDS } from './policy-bounds.ts';

/** In what the numbers of a query are counted: 64 bits where the ledger and the policy prove that they suffice, else wide ones. */
export interface NumberTypes {
  /** Points of a row, and whatever they are multiplied with. */
  readonly row: string;
  /** Points of a day of a task. */
  readonly day: string;
  /** Points of an epoch of a task. */
  readonly epoch: string;
  /** Rows and epochs that are counted, and shares of them: fewer than 2^26 rows, each times a million. */
  readonly count: string;
  /** What a day comes to at most before its factors where a task has no cap, or a higher one. */
  readonly dayMost: bigint;
}

/** How large a ledger's numbers are. */
export interface LedgerSizes {
  /** The most units of one row. */
  readonly row: bigint;
  /** The most units of one account, in all its rows together. */
  readonly account: bigint;
  /** How many uses there are. */
  readonly uses: bigint;
}

const LIMIT = 1n << 63n;

/** Chooses the types of a query's numbers, by the largest product that stands in each step. */
export function numberTypes({ plan, dialect, sizes }: CompileOptions): NumberTypes {
  const { narrow = dialect.wide, wide } = dialect;
  const most = (of: (task: SegmentTask, sizes: LedgerSizes) => bigint): string => {
    if (sizes === undefined) return wide;
    return plan.tasks.every((task) => of(task, sizes) < LIMIT) ? narrow : wide;
  };
  const { capped, measured } = plan;
  const day = most((task, all) => largest([dayProduct(task, all), measured.length > 0 ? all.account : 0n]));
  return {
    // Caps of measures sum the units of a day, whatever these are worth.
    row: most((task, all) => largest([afterRow(task, points(task) * all.row) * ONE, capped ? all.account : 0n])),
    day,
    epoch: most(epochProduct),
    count: narrow,
    // Where a day is narrow, no day of the ledger comes to more.
    dayMost: day === wide ? POLICY_BOUNDS.dayPoints : LIMIT - 1n,
  };
}

/** The points of the dearest unit. */
function points({ rules: { measures } }: SegmentTask): bigint {
  return largest([...measures.values()].map((measure) => measure.points));
}

/** What rows worth `x` come to at most by their factors, none counted below 1. */
function afterRow({ rules: { multipliers } }: SegmentTask, x: bigint): bigint {
  const { quality, scarcity } = multipliers;
  const rated =
    quality === undefined
      ? ONE
      : largest([
          ONE,
          quality.unrated,
          ...(quality.rating.kind === 'levels' ? quality.rating.levels.values() : [quality.rating.most]),
        ]);
  const factors = [rated, ...[...scarcity.values()].map(({ most, unseen }) => largest([ONE, most, unseen]))];
  return factors.reduce((value, factor) => roundedUp(value * factor, ONE), x);
}

function ofDay(task: SegmentTask, { account }: LedgerSizes): bigint {
  return afterRow(task, points(task) * account);
}

/** The largest numerators of a day's factors, and their denominators. */
function dayFactors({ rules: { measures, multipliers } }: SegmentTask): readonly (readonly [bigint, bigint])[] {
  const { measured, streak, badges } = multipliers;
  return [
    ...[...measured].map(([name, { per }]) => [measures.get(name)?.dailyCap ?? POLICY_BOUNDS.measureCap, per] as const),
    ...(streak === undefined ? [] : [[streak.most, streak.per] as const]),
    ...(badges === undefined ? [] : [[largest([badges.most, ONE]), ONE] as const]),
  ];
}

function dayProduct(task: SegmentTask, sizes: LedgerSizes): bigint {
  return dayFactors(task).reduce((product, [numerator]) => product * largest([numerator, 1n]), ofDay(task, sizes));
}

function epochProduct(task: SegmentTask, sizes: LedgerSizes): bigint {
  const { usage, multipliers } = task.rules;
  const { consistency, loyalty } = multipliers;
  const days = dayFactors(task).reduce(
    (x, [over, under]) => roundedUp(x * largest([over, under]), under),
    ofDay(task, sizes),
  );
  const gained = days + sizes.uses * (usage?.points ?? 0n);
  const factors = [ONE + (consistency?.bonus ?? 0n), largest([ONE, loyalty?.most ?? 0n])];
  return factors.reduce((x, factor) => roundedUp(x * factor, ONE), gained) * ONE;
}

function largest(numbers: readonly bigint[]): bigint {
  return numbers.reduce((most, number) => (number > most ? number : most), 0n);
}

function roundedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

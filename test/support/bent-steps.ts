import type { DaySteps, FactorStep, RowSteps, ScoreSteps, TaskTotal } from '../../src/settlement/policy/score-steps.ts';

/** Steps of which one figure was changed so that they cannot add up any more. */
export interface BentSteps {
  readonly what: string;
  readonly steps: ScoreSteps;
}

/**
 * Every way to bend one figure of steps that add up. A change that rounding swallows, such as a point more where a factor of a millionth
 * follows, gives steps that add up as well: only such are left out.
 */
export function bentSteps(steps: ScoreSteps): BentSteps[] {
  const { rows, days, tasks, eligibility } = steps;
  return [
    ...rows.flatMap((row, at) => inList(bentRow(row), rows, at).map(({ what, list }) => ({ what, rows: list }))),
    ...days.flatMap((day, at) => inList(bentDay(day), days, at).map(({ what, list }) => ({ what, days: list }))),
    ...tasks.flatMap((one, at) => inList(bentTask(one), tasks, at).map(({ what, list }) => ({ what, tasks: list }))),
    ...rows.flatMap((row, at) =>
      row.after === 0n ? [] : [{ what: `row ${at} is left out`, rows: without(rows, at) }],
    ),
    ...rows.flatMap((row, at) => (row.after === 0n ? [] : [{ what: `row ${at} stands twice`, rows: [...rows, row] }])),
    ...days.map((_, at) => ({ what: `day ${at} is left out`, days: without(days, at) })),
    ...days.map((day, at) => ({ what: `day ${at} stands twice`, days: [...days, day] })),
    ...tasks.map((one, at) => ({ what: `task ${at} stands twice`, tasks: [...tasks, one] })),
    ...tasks.flatMap((one, at) =>
      // Whoever is not eligible scores nothing with it or without.
      one.days === 0n && (one.score === 0n || eligibility?.eligible === false)
        ? []
        : [{ what: `task ${at} is left out`, tasks: without(tasks, at) }],
    ),
  ].map(({ what, ...bent }) => ({ what, steps: { ...steps, ...bent } }));
}

type Bent<T> = readonly (readonly [what: string, step: T])[];

function bentRow(row: RowSteps): Bent<RowSteps> {
  const { contribution, counted, earned, after, factors } = row;
  const { time, units } = contribution;
  return [
    ['after one more', { ...row, after: after + 1n }],
    ['after one less', { ...row, after: after - 1n }],
    ['counts more than its units', { ...row, counted: units + 1n }],
    ['earns without counting', { ...row, counted: 0n, earned: earned + 1n }],
    ['in another century', { ...row, contribution: { ...contribution, time: time + 3_155_760_000 } }],
    ['a strange factor', { ...row, factors: [...factors, { kind: 'loyalty', numerator: 1n, denominator: 1n }] }],
    ...(after === 0n ? [] : bentFactors(factors).map(([what, bent]) => [what, { ...row, factors: bent }] as const)),
    ...(counted < 2n ? [] : ([['earns a remainder', { ...row, earned: earned + 1n }]] as const)),
  ];
}

function bentDay(day: DaySteps): Bent<DaySteps> {
  const { earned, capped, kept, factors } = day;
  return [
    ['earned one more', { ...day, earned: earned + 1n }],
    ['earned one less', { ...day, earned: earned - 1n }],
    ['the cap leaves more than there is', { ...day, capped: earned + 1n }],
    ['kept one more', { ...day, kept: kept + 1n }],
    ['kept one less', { ...day, kept: kept - 1n }],
    ['another day', { ...day, day: day.day + 40_000 }],
    ...(kept === 0n ? [] : bentFactors(factors).map(([what, bent]) => [what, { ...day, factors: bent }] as const)),
    ...(kept === 0n ? [] : ([['the cap leaves nothing', { ...day, capped: capped - capped }]] as const)),
  ];
}

function bentTask(task: TaskTotal): Bent<TaskTotal> {
  const { days, usagePoints, factors, total, score, uses } = task;
  return [
    ['days one more', { ...task, days: days + 1n }],
    ['days one less', { ...task, days: days - 1n }],
    ['total one more', { ...task, total: total + 1n }],
    ['total one less', { ...task, total: total - 1n }],
    ['score one more', { ...task, score: score + 1n }],
    ['score one less', { ...task, score: score - 1n }],
    ['many points for uses', { ...task, usagePoints: usagePoints + 10n ** 9n }],
    ...(total === 0n ? [] : bentFactors(factors).map(([what, bent]) => [what, { ...task, factors: bent }] as const)),
    ...(uses === 0n || usagePoints === 0n ? [] : ([['no uses', { ...task, uses: 0n }]] as const)),
  ];
}

/** Each factor more than doubled, which changes whatever is above nothing. */
function bentFactors(factors: readonly FactorStep[]): [string, readonly FactorStep[]][] {
  return factors.map((factor, at) => {
    const { kind, numerator, denominator } = factor;
    const bent = { ...factor, numerator: 2n * numerator + denominator };
    return [`the factor ${kind} more than doubled`, factors.map((one, i) => (i === at ? bent : one))];
  });
}

function inList<T>(bent: Bent<T>, list: readonly T[], at: number): { what: string; list: T[] }[] {
  return bent.map(([what, step]) => ({
    what: `${at}: ${what}`,
    list: list.map((one, i) => (i === at ? step : one)),
  }));
}

function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, i) => i !== at);
}

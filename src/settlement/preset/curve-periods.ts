import { addCalendar } from './calendar.ts';
import type { CurveSection } from './preset-schema.ts';

/** One entry of the emission table: by `end` (unix seconds) the curve has emitted `cumulative` wei, linearly since the entry before. */
export interface CurvePeriod {
  readonly end: number;
  readonly cumulative: bigint;
}

const WHOLE = 10n ** 18n;

/**
 * The emission table of a curve that starts at `start` (unix seconds). Calendar periods are counted in UTC from `start`.
 *
 * Every entry is cumulative and rounded down from the exact figure of its phase, and a phase ends on its exact amount, so
 * a remainder inside a phase falls to a later period of the same phase and phase totals are exact to the wei.
 *
 * Epochs and periods need not share borders. An epoch that contains a border emits the part of both periods that lies in
 * it; the epoch in which the curve ends (the last one with a budget, `lastEmissionEpoch`) is a *partial* one: it emits
 * exactly what is left of the curve, over fewer seconds, and epochs after it have a budget of 0.
 */
export function curvePeriods(curve: CurveSection, start: number): readonly CurvePeriod[] {
  if (curve.kind === 'even') {
    return [{ end: addCalendar(start, curve.periods, curve.period), cumulative: curve.total }];
  }
  const periods: CurvePeriod[] = [];
  let before = 0n;
  for (const phase of curve.phases) {
    let shares = 0n;
    for (const share of phase.shares) {
      shares += share;
      const end = addCalendar(start, periods.length + 1, curve.period);
      periods.push({ end, cumulative: before + (phase.tokens * shares) / WHOLE });
    }
    before += phase.tokens;
  }
  return periods;
}

/** The last epoch that has a budget: the one in which the final second of the curve lies. */
export function lastEmissionEpoch(periods: readonly CurvePeriod[], clock: { start: number; length: number }): number {
  const end = periods.at(-1)?.end ?? clock.start;
  const lastSecond = end - clock.start - 1;
  return (lastSecond - (lastSecond % clock.length)) / clock.length;
}

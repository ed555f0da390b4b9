import { addCalendar } from './calendar.ts';
import type { CurveSection } from './curve-schema.ts';
import { geometricAmounts } from './geometric-amounts.ts';

/** One entry of the emission table: by `end` (unix seconds) the curve has emitted `cumulative` wei, linearly since the entry before. */
export interface CurvePeriod {
  readonly end: number;
  readonly cumulative: bigint;
}

const WHOLE = 10n ** 18n;

/**
 * The emission table of a curve that starts at `start` (unix seconds). Calendar periods are counted in UTC from `start`.
 * There is an entry for each period in which the curve is written; a `constant` curve, which knows none, has one in all.
 *
 * Every entry is cumulative and rounded down from its exact figure, and a phase ends on its exact amount, so a remainder
 * inside a phase falls to a later period of the same phase and phase totals are exact to the wei.
 *
 * Epochs and periods need not share borders. An epoch that contains a border emits the part of both periods that lies in
 * it; the epoch in which the curve ends (the last one with a budget, `lastEmissionEpoch`) is a *partial* one: it emits
 * exactly what is left of the curve, over fewer seconds, and epochs after it have a budget of 0.
 */
export function curvePeriods(curve: CurveSection, start: number): readonly CurvePeriod[] {
  switch (curve.kind) {
    case 'phases': {
      const amounts = phaseAmounts(curve);
      return amounts.map((cumulative, index) => ({ end: addCalendar(start, index + 1, curve.period), cumulative }));
    }
    case 'even': {
      const ends = count(curve.periods).map((n) => addCalendar(start, n, curve.period));
      const whole = BigInt((ends.at(-1) ?? start) - start);
      return ends.map((end) => ({ end, cumulative: (curve.total * BigInt(end - start)) / whole }));
    }
    case 'geometric': {
      const amounts = geometricAmounts(curve);
      return amounts.map((cumulative, index) => ({ end: addCalendar(start, index + 1, curve.period), cumulative }));
    }
    case 'constant':
      return [{ end: start + curve.lasts, cumulative: curveTotal(curve) }];
    default:
      throw new TypeError(`no such curve: ${JSON.stringify(curve satisfies never)}`);
  }
}

/** All that a curve ever emits, in wei; it does not depend on when the curve starts. */
export function curveTotal(curve: CurveSection): bigint {
  if (curve.kind === 'phases' || curve.kind === 'even') return curve.total;
  if (curve.kind === 'constant') return (curve.amount * BigInt(curve.lasts)) / BigInt(curve.per);
  return curve.total ?? geometricAmounts(curve).at(-1) ?? 0n;
}

function phaseAmounts(curve: Extract<CurveSection, { kind: 'phases' }>): readonly bigint[] {
  const amounts: bigint[] = [];
  let before = 0n;
  for (const phase of curve.phases) {
    let shares = 0n;
    for (const share of phase.shares) {
      shares += share;
      amounts.push(before + (phase.tokens * shares) / WHOLE);
    }
    before += phase.tokens;
  }
  return amounts;
}

function count(upTo: number): readonly number[] {
  return Array.from({ length: upTo }, (_, index) => index + 1);
}

/** The last epoch that has a budget: the one in which the final second of the curve lies. */
export function lastEmissionEpoch(periods: readonly CurvePeriod[], clock: { start: number; length: number }): number {
  const end = periods.at(-1)?.end ?? clock.start;
  const lastSecond = end - clock.start - 1;
  return (lastSecond - (lastSecond % clock.length)) / clock.length;
}

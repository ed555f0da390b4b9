import type { EpochClock } from './epoch-clock.ts';
import { endOf, startOf } from './epoch-clock.ts';
import { assertInput } from './errors.ts';
import { mulDivDown } from './fixed-point.ts';
import { MAX_UINT128 } from './words.ts';

/** A piece of the curve: what has been emitted, in wei, since the start when the period ends (Unix seconds). */
export interface EmissionPeriod {
  readonly end: number;
  readonly cumulative: bigint;
}

/** A published emission: cumulative wei at period ends, linear inside a period, 0 at `start`. */
export interface EmissionCurve {
  readonly start: number;
  readonly periods: readonly EmissionPeriod[];
}

/**
 * Checks and makes a curve.
 *
 * @throws {InputError} `EmissionCurve_PeriodCountOutOfRange`, `EmissionCurve_PeriodNotAfter`,
 * `EmissionCurve_CumulativeFalls` or `EmissionCurve_TotalTooLarge`
 */
export function createEmissionCurve(start: number, periods: readonly EmissionPeriod[]): EmissionCurve {
  assertInput(periods.length > 0, 'EmissionCurve_PeriodCountOutOfRange', 'a curve needs at least one period');
  let last: EmissionPeriod = { end: start, cumulative: 0n };
  for (const [index, period] of periods.entries()) {
    const details = { index, period, last };
    assertInput(
      period.end > last.end,
      'EmissionCurve_PeriodNotAfter',
      'a period must end after the one before',
      details,
    );
    const falls = period.cumulative < last.cumulative;
    assertInput(!falls, 'EmissionCurve_CumulativeFalls', 'the cumulative emission cannot fall', details);
    last = period;
  }
  const total = last.cumulative;
  assertInput(total <= MAX_UINT128, 'EmissionCurve_TotalTooLarge', 'the curve emits 2^128 wei or more', { total });
  return { start, periods };
}

/** What has been emitted at `time`, in wei, rounded down: 0 up to the start, the total from the last period's end on. */
export function emittedBy(curve: EmissionCurve, time: number): bigint {
  if (time <= curve.start) return 0n;
  let from: EmissionPeriod = { end: curve.start, cumulative: 0n };
  let low = 0;
  let high = curve.periods.length;
  // The first period that ends at or after `time`.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (periodAt(curve, middle).end < time) low = middle + 1;
    else high = middle;
  }
  if (low === curve.periods.length) return totalEmission(curve);
  if (low > 0) from = periodAt(curve, low - 1);
  const to = periodAt(curve, low);
  return (
    from.cumulative + mulDivDown(to.cumulative - from.cumulative, BigInt(time - from.end), BigInt(to.end - from.end))
  );
}

/** Everything that the curve will ever emit, in wei. */
export function totalEmission(curve: EmissionCurve): bigint {
  return periodAt(curve, curve.periods.length - 1).cumulative;
}

/** R of an epoch: what the curve emits between its start and its end, in wei. The sum over epochs telescopes exactly. */
export function budgetOf(curve: EmissionCurve, clock: EpochClock, epoch: number): bigint {
  return emittedBy(curve, endOf(clock, epoch)) - emittedBy(curve, startOf(clock, epoch));
}

function periodAt(curve: EmissionCurve, index: number): EmissionPeriod {
  return curve.periods[index] as EmissionPeriod; // Callers stay inside the array, which is not empty.
}

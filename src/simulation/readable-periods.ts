import { counted } from '../protocol/tokens.ts';
import type { EconomyParameters } from '../settlement/economy-parameters.ts';
import type { Period, PeriodUnit } from './periods.ts';
import { periodsOf } from './periods.ts';
import type { SimulatedEpoch } from './simulate.ts';

/** Periods as a table of them is called. */
export interface ReadablePeriods {
  readonly rows: readonly Period[];
  /** What one of them is. */
  readonly title: string;
  /** How they were chosen. */
  readonly note: string;
}

/** More rows than this are no table that anybody reads. */
const MAX_ROWS = 36;

/** The periods of the curve, or calendar months or years when those were too many to read. */
export function readablePeriods(
  economy: EconomyParameters,
  epochs: readonly SimulatedEpoch[],
  own: PeriodUnit,
): ReadablePeriods {
  for (const unit of [own, 'month', 'year'] as const) {
    const rows = periodsOf(economy, epochs, unit);
    if (rows.length > MAX_ROWS && unit !== 'year') continue;
    const title = typeof unit === 'string' ? unit : 'period';
    const what =
      typeof unit === 'string' ? `Calendar ${unit}s from the start` : `Periods of ${durationWords(unit.seconds)}`;
    const note = unit === own ? `${what}, as the curve is written` : `${what}; --json has the curve's own periods`;
    return { rows, title, note };
  }
  throw new TypeError('years are always shown');
}

/** A length of time in days, hours or seconds: the largest that fits it exactly. */
export function durationWords(seconds: number): string {
  if (seconds % 86_400 !== 0) {
    return seconds % 3600 === 0 ? counted(seconds / 3600, 'hour') : counted(seconds, 'second'); // integer: whole hours
  }
  return counted(seconds / 86_400, 'day'); // integer: whole days
}

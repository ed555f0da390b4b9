import { emittedBy } from '../protocol/emission-curve.ts';
import { mulDivDown, WAD } from '../protocol/fixed-point.ts';
import type { EconomyParameters } from '../settlement/economy-parameters.ts';
import type { CalendarUnit } from '../settlement/preset/calendar.ts';
import { addCalendar } from '../settlement/preset/calendar.ts';
import type { SimulatedEpoch } from './simulate.ts';

/** The length of a period: a calendar year or month counted from the start, or a number of seconds. */
export type PeriodUnit = CalendarUnit | { readonly seconds: number };

/** What happened in one period; `emission` and `cumulative` are the curve's own, to the wei. */
export interface Period {
  /** From 1. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly emission: bigint;
  readonly cumulative: bigint;
  /** Sums over the epochs that start in the period. */
  readonly epochs: number;
  readonly granted: bigint;
  readonly foundation: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  readonly deposited: bigint;
  /** After the last of these epochs; what stood before if there is none. */
  readonly reserve: bigint;
  readonly unlocked: bigint;
  readonly locked: bigint;
  /** People per epoch on average, rounded down. */
  readonly people: number;
  /** What a person earned per epoch on average, and what that was worth at the epochs' prices (wei, wad). */
  readonly perMiner: bigint;
  readonly valuePerMiner: bigint;
}

/**
 * Simulated epochs by period, the first one beginning at the economy's start; as many periods as epochs begin in. An epoch
 * across a border counts for the period in which it starts, while `emission` follows the curve itself, second by second.
 */
export function periodsOf(
  economy: EconomyParameters,
  epochs: readonly SimulatedEpoch[],
  unit: PeriodUnit,
): readonly Period[] {
  const periods: Period[] = [];
  const curve = { start: economy.start, periods: economy.curve };
  let at = 0;
  let start = economy.start;
  let last: Pick<SimulatedEpoch, 'reserve' | 'unlocked' | 'locked'> = { reserve: 0n, unlocked: 0n, locked: 0n };
  while (at < epochs.length) {
    const index = periods.length + 1;
    const end = periodEnd(economy.start, index, unit);
    const sum = emptySum();
    const first = at;
    for (let epoch = epochs[at]; epoch !== undefined && epoch.start < end; epoch = epochs[++at]) {
      add(sum, epoch);
      last = epoch;
    }
    const cumulative = emittedBy(curve, end);
    const { people, minersGranted, value, ...sums } = sum;
    periods.push({
      index,
      start,
      end,
      emission: cumulative - emittedBy(curve, start),
      cumulative,
      epochs: at - first,
      ...sums,
      reserve: last.reserve,
      unlocked: last.unlocked,
      locked: last.locked,
      people: at === first ? 0 : (people - (people % (at - first))) / (at - first),
      perMiner: people === 0 ? 0n : minersGranted / BigInt(people),
      valuePerMiner: people === 0 ? 0n : value / BigInt(people),
    });
    start = end;
  }
  return periods;
}

/** When the `index`-th period (from 1) ends. */
export function periodEnd(start: number, index: number, unit: PeriodUnit): number {
  return typeof unit === 'string' ? addCalendar(start, index, unit) : start + index * unit.seconds;
}

function emptySum() {
  return {
    people: 0,
    minersGranted: 0n,
    value: 0n,
    granted: 0n,
    foundation: 0n,
    withheld: 0n,
    injected: 0n,
    deposited: 0n,
  };
}

function add(sum: ReturnType<typeof emptySum>, epoch: SimulatedEpoch): void {
  sum.people += epoch.people;
  sum.minersGranted += epoch.minersGranted;
  sum.value += mulDivDown(epoch.minersGranted, epoch.price, WAD);
  sum.granted += epoch.granted;
  sum.foundation += epoch.foundationGranted;
  sum.withheld += epoch.withheld;
  sum.injected += epoch.injected;
  sum.deposited += epoch.deposited;
}

import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { accelerateEach, EMPTY_CURVE, join, roll } from '../protocol/vesting-curve.ts';
import type { EpochOutcome } from './epoch-outcome.ts';
import type { State } from './state.ts';

/** What the vault and the reserve hold after an epoch, from its declaration alone: no leaf is looked at. */
export type Totals = Pick<State, 'totalCurve' | 'foundationCurves' | 'reserve' | 'pending' | 'totalGranted'>;

/** The twin of what `finalise` does to the vault's and the reserve's books. */
export function nextTotals(
  parent: Totals,
  record: EpochRecord,
  settlement: Pick<Settlement, 'accelerated'>,
  outcome: EpochOutcome,
): Totals {
  const terms = { end: record.cohortEnd, duration: record.duration };
  const joined = (curve: Curve, amount: bigint): Curve => join(curve, amount, terms);
  const total = accelerateEach(roll(parent.totalCurve, record.end), settlement.accelerated);
  const foundationCurves = new Map(parent.foundationCurves);
  if (outcome.foundationGranted > 0n) {
    const own = roll(parent.foundationCurves.get(record.foundation) ?? EMPTY_CURVE, record.end);
    foundationCurves.set(record.foundation, joined(own, outcome.foundationGranted));
  }
  return {
    totalCurve: joined(total, outcome.granted),
    foundationCurves,
    reserve: outcome.reserveAfter,
    pending: 0n,
    totalGranted: parent.totalGranted + outcome.granted,
  };
}

import type { Address } from '../../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../../protocol/epoch-record.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import type { EpochOutcome } from '../epoch-outcome.ts';
import { byAccount } from '../epoch-scores.ts';
import type { Totals } from '../next-totals.ts';
import type { State } from '../state.ts';
import type { Json } from './canonical-json.ts';

/** `{ unlocked, cohorts: [[end, duration, amount], …] }`. */
export function curveJson(curve: Curve): Json {
  return {
    unlocked: curve.unlocked,
    cohorts: curve.cohorts.map(({ end, duration, amount }) => [end, duration, amount]),
  };
}

/** An epoch's record, field by field under the contract's names. */
export function recordJson(record: EpochRecord): Json {
  return { ...record, reserve: { ...record.reserve } };
}

/** What is declared, without the content id: a folder cannot hold its own. */
export function settlementJson(settlement: Omit<Settlement, 'reportCid'>): Json {
  const { root, leafCount, participants, scoreTotals, granted, accelerated } = settlement;
  return { root, leafCount, participants, scoreTotals, granted, accelerated };
}

/** What became of the epoch's money. */
export function outcomeJson(outcome: EpochOutcome): Json {
  return { ...outcome, reasons: { ...outcome.reasons } };
}

/** The state between two epochs without its leaves. */
export function totalsJson(totals: Totals & Pick<State, 'root' | 'accounts'>): Json {
  return {
    root: totals.root,
    leafCount: totals.accounts.length,
    reserve: totals.reserve,
    pending: totals.pending,
    totalGranted: totals.totalGranted,
    totalCurve: curveJson(totals.totalCurve),
    foundations: foundationsJson(totals.foundationCurves),
  };
}

function foundationsJson(curves: ReadonlyMap<Address, Curve>): Json {
  return [...curves]
    .map(([account, curve]) => ({ account, curve }))
    .sort(byAccount)
    .map(({ account, curve }) => ({ account, curve: curveJson(curve) }));
}

import type { Address, Hash32 } from '../protocol/brands.ts';
import { ZERO_HASH } from '../protocol/brands.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { curveHash, EMPTY_CURVE } from '../protocol/vesting-curve.ts';
import { hexToBytes } from '../protocol/words.ts';

/** One account between two epochs. Values are never changed in place, so an idle account is the same object for years. */
export interface AccountState {
  readonly account: Address;
  /** The address as 20 bytes. */
  readonly key: Uint8Array;
  readonly curve: Curve;
  readonly curveHash: Uint8Array;
  /** The earliest finish of its cohorts: before it, rolling changes nothing. */
  readonly nextFinish: number;
}

/** Everything that one epoch hands to the next. */
export interface State {
  /** The last settled epoch; −1 before the first. */
  readonly epoch: number;
  /** By rising address; position = leaf index. */
  readonly accounts: readonly AccountState[];
  readonly root: Hash32;
  readonly totalCurve: Curve;
  /** The curve of each address that was ever the foundation, by address. */
  readonly foundationCurves: ReadonlyMap<Address, Curve>;
  /** S, booked. */
  readonly reserve: bigint;
  /** Deposits of pools that join S when the next epoch becomes final. */
  readonly pending: bigint;
  /** Everything granted so far, foundation included. */
  readonly totalGranted: bigint;
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** Before the first epoch: no leaf, root 0, empty curves, S = 0. */
export const GENESIS: State = {
  epoch: -1,
  accounts: [],
  root: ZERO_HASH,
  totalCurve: EMPTY_CURVE,
  foundationCurves: new Map(),
  reserve: 0n,
  pending: 0n,
  totalGranted: 0n,
};

/** An account with its curve and what is derived from them. */
export function accountState(account: Address, curve: Curve, key: Uint8Array = hexToBytes(account)): AccountState {
  let nextFinish = NEVER;
  for (const cohort of curve.cohorts) {
    const finish = cohort.end + cohort.duration;
    if (finish < nextFinish) nextFinish = finish;
  }
  return { account, key, curve, curveHash: curveHash(curve), nextFinish };
}

/** Adds a deposit of a registered pool: it joins S with the next epoch that becomes final. */
export function withDeposit(state: State, amount: bigint): State {
  return { ...state, pending: state.pending + amount };
}

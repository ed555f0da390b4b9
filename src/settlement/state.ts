import type { Address, Hash32 } from '../protocol/brands.ts';
import { ZERO_HASH } from '../protocol/brands.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { EMPTY_CURVE } from '../protocol/vesting-curve.ts';
import type { AccountTable } from './columns/account-table.ts';
import { NO_ACCOUNTS } from './columns/table-builder.ts';

/** Everything that one epoch hands to the next. */
export interface State {
  /** The last settled epoch; −1 before the first. */
  readonly epoch: number;
  /** By rising address; position = leaf index. */
  readonly accounts: AccountTable;
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

/** Before the first epoch: no leaf, root 0, empty curves, S = 0. */
export const GENESIS: State = {
  epoch: -1,
  accounts: NO_ACCOUNTS,
  root: ZERO_HASH,
  totalCurve: EMPTY_CURVE,
  foundationCurves: new Map(),
  reserve: 0n,
  pending: 0n,
  totalGranted: 0n,
};

/** Adds a deposit of a registered pool: it joins S with the next epoch that becomes final. */
export function withDeposit(state: State, amount: bigint): State {
  return { ...state, pending: state.pending + amount };
}

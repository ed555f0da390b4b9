import { accelerationLimitDown, leftOf } from '../protocol/vesting-curve.ts';
import type { Curve } from '../protocol/vesting-curve.ts';

/**
 * What usage unlocks: `left · min(bound, uses · unlockPerUse)`, rounded down, in face amounts of the cohorts. `rolled` is the
 * account's curve at the epoch's end; what it earns in the epoch itself is never accelerated.
 */
export function accelerationOf(rolled: Curve, uses: bigint, unlockPerUse: bigint, bound: bigint): bigint {
  const asked = uses * unlockPerUse;
  return accelerationLimitDown(leftOf(rolled), asked < bound ? asked : bound);
}

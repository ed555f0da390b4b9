import { mulDivDown } from '../protocol/fixed-point.ts';
import type { UnitPoolTerms } from '../settlement/preset/unit-pool-schema.ts';
import type { SimulatedEpoch } from './simulate.ts';

/** A pool that is paid from a genesis allocation, and how many of its units are sold. */
export interface SoldPool extends UnitPoolTerms {
  readonly sold: number;
}

/** Where every token stands that exists at the end of an epoch; `minted` is the sum of the others, to the wei. */
export interface Supply {
  /** Genesis allocations and everything emitted so far. */
  readonly minted: bigint;
  /** In somebody's hands or free to be claimed: genesis allocations, what pools and cohorts have released. */
  readonly circulating: bigint;
  /** Granted and not yet released. */
  readonly locked: bigint;
  readonly reserve: bigint;
  /** Not yet released by a pool, or not yet paid into the reserve. */
  readonly pools: bigint;
}

/** What the supply depends on besides pools. */
export type EpochEnd = Pick<SimulatedEpoch, 'end' | 'emitted' | 'unlocked' | 'locked' | 'reserve'>;

/** The supply after `epoch`. `genesis` are all genesis allocations, that of the pool included. */
export function supplyAfter(epoch: EpochEnd, genesis: bigint, pool: SoldPool | null): Supply {
  const pools = pool === null ? 0n : heldByPool(pool, epoch.end);
  return {
    minted: genesis + epoch.emitted,
    circulating:
      genesis - (pool?.allocation ?? 0n) + (pool === null ? 0n : releasedByPool(pool, epoch.end)) + epoch.unlocked,
    locked: epoch.locked,
    reserve: epoch.reserve,
    pools,
  };
}

/** What the pool has given to its buyers by `time`. */
export function releasedByPool({ perUnit, sold, saleEnd, releaseOver }: SoldPool, time: number): bigint {
  const amount = perUnit * BigInt(sold);
  if (time >= saleEnd + releaseOver) return time < saleEnd ? 0n : amount;
  return time <= saleEnd ? 0n : mulDivDown(amount, BigInt(time - saleEnd), BigInt(releaseOver));
}

/** What was not sold. */
export function unsoldOf({ allocation, perUnit, sold }: SoldPool): bigint {
  return allocation - perUnit * BigInt(sold);
}

/** Until the sale's end everything is in the pool; in the epoch in which it ends the unsold part goes to the reserve. */
function heldByPool(pool: SoldPool, time: number): bigint {
  if (time <= pool.saleEnd) return pool.allocation;
  return pool.perUnit * BigInt(pool.sold) - releasedByPool(pool, time);
}

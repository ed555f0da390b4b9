// floats: what all paths of a Monte Carlo simulation share, as doubles; figures are estimates, and no amount is computed from them

import { emittedBy } from '../../protocol/emission-curve.ts';
import type { EpochRecord } from '../../protocol/epoch-record.ts';
import { lnWad } from '../../protocol/fixed-point.ts';
import type { EconomyParameters } from '../../settlement/economy-parameters.ts';
import { closeEpoch } from '../../settlement/economy.ts';
import type { SoldPool } from '../supply.ts';
import { supplyAfter } from '../supply.ts';
import type { CrowdTable } from './crowd-table.ts';
import { crowdTable } from './crowd-table.ts';

/** A cohort in epochs: what it holds becomes free in equal steps, and a rest in the epoch after them. */
export interface CohortPlan {
  /** Index of the first epoch at whose end something is free. */
  readonly first: number;
  /** Whole steps, what each frees, and what the epoch after them does, as parts of the cohort. */
  readonly steps: number;
  readonly step: number;
  readonly rest: number;
}

/** Everything of a simulation that does not depend on chance: by epoch, in whole tokens (floats, not wei) and parts of 1. */
export interface PathPlan {
  readonly epochs: number;
  /** Seconds; unix seconds. */
  readonly epochLength: number;
  readonly start: number;
  readonly tables: readonly CrowdTable[];
  /** Index of the epoch's table of crowds. */
  readonly table: Uint16Array;
  readonly budget: Float64Array;
  readonly deposited: Float64Array;
  /** Everything emitted by the epoch's end. */
  readonly emitted: Float64Array;
  /** What circulates at its end besides what cohorts have released. */
  readonly circulating: Float64Array;
  readonly hasLaw: Uint8Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
  readonly alpha: Float64Array;
  /** The reference price's natural logarithm. */
  readonly logReference: Float64Array;
  readonly rho: Float64Array;
  /** 1 / T; 0 where nothing may leave the reserve. */
  readonly release: Float64Array;
  readonly foundationShare: Float64Array;
  /** Years of 365.25 days since the start. */
  readonly year: Uint16Array;
  readonly cohorts: readonly CohortPlan[];
  /** Index of the cohort that the epoch's grants join; −1 where they are free at once. */
  readonly cohort: Int32Array;
  /** 1 in the last epoch of a cohort. */
  readonly closes: Uint8Array;
}

export interface PathPlanParameters {
  readonly economy: EconomyParameters;
  readonly epochs: number;
  /** What a pool pays into the reserve (wei), by epoch. */
  readonly deposits?: ReadonlyMap<number, bigint>;
  readonly pool?: SoldPool | null;
}

const A_YEAR = 31_557_600;

/** Wei, or a wad, as a double of whole units. */
export function unitsOf(wad: bigint): number {
  return Number(wad) / 1e18;
}

/**
 * Closes every epoch by the settlement's own code, once for all paths, and lays the figures out as doubles.
 *
 * @throws {RangeError} without an epoch, or when release terms change inside a cohort that goes on
 */
export function pathPlan({ economy, epochs, deposits = new Map(), pool = null }: PathPlanParameters): PathPlan {
  if (epochs < 1) throw new RangeError('a simulation has at least one epoch');
  const records = Array.from({ length: epochs }, (_, epoch) => closeEpoch(economy, epoch, 0n));
  const curve = { start: economy.start, periods: economy.curve };
  const floats = (pick: (record: EpochRecord) => number): Float64Array => Float64Array.from(records, pick);
  const none = { emitted: 0n, unlocked: 0n, locked: 0n, reserve: 0n };
  return {
    ...{ epochs, epochLength: economy.epochLength, start: economy.start },
    ...tablesOf(records),
    ...cohortsOf(records, economy),
    budget: floats(({ budget }) => unitsOf(budget)),
    deposited: floats(({ epoch }) => unitsOf(deposits.get(epoch) ?? 0n)),
    emitted: floats(({ end }) => unitsOf(emittedBy(curve, end))),
    circulating: floats(({ end }) => unitsOf(supplyAfter({ end, ...none }, economy.genesis, pool).circulating)),
    hasLaw: Uint8Array.from(records, ({ reserve }) => (reserve.hasLaw ? 1 : 0)),
    a: floats(({ reserve }) => unitsOf(reserve.a)),
    b: floats(({ reserve }) => unitsOf(reserve.b)),
    c: floats(({ reserve }) => unitsOf(reserve.c)),
    alpha: floats(({ reserve }) => unitsOf(reserve.alpha)),
    logReference: floats(({ reserve }) => (reserve.hasLaw ? logarithmOf(reserve.priceRef) : 0)),
    rho: floats(({ reserve }) => unitsOf(reserve.rho)),
    release: floats(({ reserve }) => (reserve.smoothing === 0 ? 0 : 1 / reserve.smoothing)),
    foundationShare: floats(({ foundationShare }) => unitsOf(foundationShare)),
    year: Uint16Array.from(records, ({ start }) => Math.floor((start - economy.start) / A_YEAR)),
  };
}

/** ln of a price (wad) in whole units; −∞ without a price. */
export function logarithmOf(price: bigint): number {
  return price === 0n ? -Infinity : unitsOf(lnWad(price));
}

/** One table for each combination of weights and cap that ever acts; neighbours nearly always share it. */
function tablesOf(records: readonly EpochRecord[]): Pick<PathPlan, 'tables' | 'table'> {
  const known = new Map<string, number>();
  const tables: CrowdTable[] = [];
  const table = Uint16Array.from(records, ({ weights, accountCap }) => {
    const key = [...weights, accountCap].join();
    const index = known.get(key) ?? tables.length;
    if (index === tables.length) tables.push(crowdTable(weights, accountCap));
    known.set(key, index);
    return index;
  });
  return { tables, table };
}

function cohortsOf(
  records: readonly EpochRecord[],
  { start, epochLength }: EconomyParameters,
): Pick<PathPlan, 'cohorts' | 'cohort' | 'closes'> {
  const cohorts: CohortPlan[] = [];
  let [newest, duration] = [-1, 0];
  const cohort = Int32Array.from(records, (record) => {
    if (record.duration === 0) return -1;
    if (record.cohortEnd < newest || (record.cohortEnd === newest && record.duration !== duration)) {
      throw new RangeError(`release terms change inside a cohort in epoch ${record.epoch}`);
    }
    if (record.cohortEnd > newest) {
      [newest, duration] = [record.cohortEnd, record.duration];
      const rest = duration % epochLength;
      cohorts.push({
        first: (newest - start) / epochLength,
        steps: (duration - rest) / epochLength,
        step: epochLength / duration,
        rest: rest / duration,
      });
    }
    return cohorts.length - 1;
  });
  const closes = Uint8Array.from(cohort, (index, epoch) => (index !== cohort[epoch + 1] ? 1 : 0));
  return { cohorts, cohort, closes };
}

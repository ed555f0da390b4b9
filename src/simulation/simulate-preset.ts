import { WAD } from '../protocol/fixed-point.ts';
import type { EconomyParameters } from '../settlement/economy-parameters.ts';
import { valueAt } from '../settlement/economy-parameters.ts';
import { addCalendar } from '../settlement/preset/calendar.ts';
import type { CurveSection } from '../settlement/preset/curve-schema.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';
import type { Period, PeriodUnit } from './periods.ts';
import { periodsOf } from './periods.ts';
import type { SimulatedEpoch, Unpaid, World } from './simulate.ts';
import { simulate, withoutReserve } from './simulate.ts';
import type { Variation } from './statistics.ts';
import { rewardsValue, variationOf } from './statistics.ts';
import type { SoldPool, Supply } from './supply.ts';
import { supplyAfter, unsoldOf } from './supply.ts';

/** What the curve of a preset emits under one name. */
export interface Phase {
  readonly name: string;
  readonly total: bigint;
}

/** How much the value of rewards moves, with the reserve and as it would without one. */
export interface Steadiness {
  readonly withReserve: Variation;
  readonly without: Variation;
}

/** A preset over time. Amounts in wei. */
export interface Simulation {
  readonly epochs: readonly SimulatedEpoch[];
  readonly unit: PeriodUnit;
  readonly periods: readonly Period[];
  readonly phases: readonly Phase[];
  /** Sums over all epochs. */
  readonly totals: ReserveTotals & { readonly emission: bigint; readonly granted: bigint; readonly foundation: bigint };
  readonly supply: Supply;
  /** Epochs in which people took part and nothing was paid: in all, and by cause. */
  readonly unpaid: number;
  readonly unpaidBecause: Readonly<Record<Unpaid, number>>;
  /** Null when the preset has no law of participation and price: its reserve steers nothing. */
  readonly steadiness: Steadiness | null;
}

/** What went through the reserve; `balance` = in + deposited − out. */
export interface ReserveTotals {
  readonly in: bigint;
  readonly out: bigint;
  readonly deposited: bigint;
  readonly balance: bigint;
}

export interface SimulatePresetParameters {
  readonly parameters: PresetParameters;
  readonly curve: CurveSection;
  readonly world: Pick<World, 'people' | 'prices'>;
  /** How many of the units of the preset's pool are sold; all of them if absent. */
  readonly unitsSold?: number;
}

/** Simulates a preset for as many epochs as `world` has, and sums it up. */
export function simulatePreset({ parameters, curve, world, unitsSold }: SimulatePresetParameters): Simulation {
  const { economy, unitPool } = parameters;
  const pool = soldPool(unitPool, unitsSold);
  const deposits = depositsOf(economy, pool);
  const epochs = [...simulate(economy, { ...world, deposits })];
  const unit = periodUnit(curve);
  const periods = periodsOf(economy, epochs, unit);
  const last = epochs.at(-1);
  if (last === undefined) throw new RangeError('a simulation has at least one epoch');
  const sum = (pick: (epoch: SimulatedEpoch) => bigint): bigint => epochs.reduce((total, e) => total + pick(e), 0n);
  const unpaidOf = (cause: Unpaid): number => epochs.filter(({ unpaid }) => unpaid === cause).length;
  return {
    epochs,
    unit,
    periods,
    phases: phasesOf(curve, economy),
    totals: {
      emission: sum(({ budget }) => budget),
      granted: sum(({ granted }) => granted),
      foundation: sum(({ foundationGranted }) => foundationGranted),
      in: sum(({ withheld }) => withheld),
      out: sum(({ injected }) => injected),
      deposited: sum(({ deposited }) => deposited),
      balance: last.reserve,
    },
    supply: supplyAfter(last, economy.genesis, pool),
    unpaid: epochs.filter(({ unpaid }) => unpaid !== null).length,
    unpaidBecause: { law: unpaidOf('law'), empty: unpaidOf('empty'), rounding: unpaidOf('rounding') },
    steadiness: steadinessOf(economy, epochs, world),
  };
}

/** How many epochs begin within so many calendar years of the start; without years: until the curve has ended. */
export function epochsWithin({ economy, lastEmissionEpoch }: PresetParameters, years?: number): number {
  if (years === undefined) return lastEmissionEpoch + 1;
  const seconds = addCalendar(economy.start, years, 'year') - economy.start - 1;
  return (seconds - (seconds % economy.epochLength)) / economy.epochLength + 1;
}

/** The price around which the law steers; 1 where there is none, so that a value counts in tokens. */
export function referencePrice(economy: EconomyParameters): bigint {
  const law = valueAt(economy.reserve, 0);
  return law.hasLaw ? law.priceRef : WAD;
}

/** The period in which the curve is written: calendar years or months, or the length for which an amount is named. */
function periodUnit(curve: CurveSection): PeriodUnit {
  return curve.kind === 'constant' ? { seconds: curve.per } : curve.period;
}

/** The named phases; a curve without any is one. What a phase emits is what the table says, to the wei. */
function phasesOf(curve: CurveSection, { curve: table }: EconomyParameters): readonly Phase[] {
  const total = table.at(-1)?.cumulative ?? 0n;
  if (curve.kind !== 'phases') return [{ name: 'the whole curve', total }];
  let [before, at] = [0n, -1];
  return curve.phases.map(({ name, shares }) => {
    at += shares.length;
    const reached = table[at]?.cumulative ?? total;
    const phase = { name, total: reached - before };
    before = reached;
    return phase;
  });
}

/** A preset's pool with so many of its units sold, all of them if absent; null without a pool. */
export function soldPool(pool: PresetParameters['unitPool'], unitsSold?: number): SoldPool | null {
  return pool === null ? null : { ...pool, sold: unitsSold ?? pool.units };
}

/** The unsold units are paid in while the epoch runs in which the sale ends. */
export function depositsOf(
  { start, epochLength }: EconomyParameters,
  pool: SoldPool | null,
): ReadonlyMap<number, bigint> {
  if (pool === null) return new Map();
  const elapsed = pool.saleEnd - start;
  return new Map([[(elapsed - (elapsed % epochLength)) / epochLength, unsoldOf(pool)]]);
}

function steadinessOf(
  economy: EconomyParameters,
  epochs: readonly SimulatedEpoch[],
  world: Pick<World, 'people' | 'prices'>,
): Steadiness | null {
  if (!economy.reserve.some(({ value }) => value.hasLaw)) return null;
  const plain = simulate(withoutReserve(economy), world);
  return { withReserve: variationOf(rewardsValue(epochs)), without: variationOf(rewardsValue(plain)) };
}

// floats: figures that describe a simulation; they are shown, and no amount is computed from them

import { mulDivDown, WAD } from '../protocol/fixed-point.ts';
import type { SimulatedEpoch } from './simulate.ts';

/** How much a series moves. */
export interface Variation {
  readonly mean: number;
  /** Standard deviation ÷ mean, of the whole series. */
  readonly coefficient: number;
  /** The deepest fall from a highest value to a later one, as a part of the former: 0.8 is −80 %. */
  readonly drawdown: number;
}

/** What an epoch's rewards are worth: everything granted times the price, in whole units of the price. */
export function rewardsValue(epochs: Iterable<SimulatedEpoch>): number[] {
  return Array.from(epochs, ({ granted, price }) => inUnits(mulDivDown(granted, price, WAD)));
}

/** The coefficient of variation and the largest drawdown of a series; only +, −, ×, ÷ and √, which are the same everywhere. */
export function variationOf(series: readonly number[]): Variation {
  const mean = series.reduce((sum, value) => sum + value, 0) / Math.max(1, series.length);
  const squares = series.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, series.length);
  let [highest, drawdown] = [0, 0];
  for (const value of series) {
    if (value > highest) highest = value;
    else if (highest > 0) drawdown = Math.max(drawdown, 1 - value / highest);
  }
  return { mean, coefficient: mean === 0 ? 0 : Math.sqrt(squares) / mean, drawdown };
}

/** Wei or a wad as a number with 12 decimals at most, for figures and charts. */
export function inUnits(wad: bigint): number {
  return Number(wad / 10n ** 6n) / 1e12;
}

import type { PriceRow } from './rows.ts';

/** Epochs of equal length from a start, in seconds. */
export interface EpochGrid {
  readonly start: number;
  readonly length: number;
}

/**
 * The price of each epoch that has one. A price given by time counts for the epoch it lies in, and the last one of an
 * epoch is the epoch's; an epoch without one is neutral. A price given by epoch comes before those given by time.
 */
export function pricesByEpoch(prices: readonly PriceRow[], grid: EpochGrid): ReadonlyMap<number, bigint> {
  const byEpoch = new Map<number, bigint>();
  const timed = prices.filter((row) => 'time' in row).sort((a, b) => a.time - b.time);
  for (const { time, price } of timed) {
    const offset = time - grid.start;
    if (offset >= 0) byEpoch.set((offset - (offset % grid.length)) / grid.length, price);
  }
  for (const row of prices) if ('epoch' in row) byEpoch.set(row.epoch, row.price);
  return byEpoch;
}

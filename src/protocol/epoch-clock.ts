import type { Epoch } from './brands.ts';
import { parseEpoch } from './brands.ts';
import { assertInput } from './errors.ts';

/** When epoch 0 starts, in Unix seconds, and how many seconds an epoch lasts. */
export interface EpochClock {
  readonly start: number;
  readonly length: number;
}

/**
 * The epoch that a moment belongs to; a moment on a border belongs to the epoch that begins there. Throws
 * `EpochClock_BeforeStart` for a moment before epoch 0.
 *
 * @example
 * epochAt({ start: 1000, length: 100 }, 1200) // 2
 */
export function epochAt(clock: EpochClock, time: number): Epoch {
  assertInput(time >= clock.start, 'EpochClock_BeforeStart', 'the moment is before the first epoch', {
    time,
    start: clock.start,
  });
  const elapsed = time - clock.start;
  return parseEpoch((elapsed - (elapsed % clock.length)) / clock.length);
}

/** The first second of an epoch. */
export function startOf(clock: EpochClock, epoch: number): number {
  return clock.start + epoch * clock.length;
}

/** The first second after an epoch. */
export function endOf(clock: EpochClock, epoch: number): number {
  return startOf(clock, epoch + 1);
}

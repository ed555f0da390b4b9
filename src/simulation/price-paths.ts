import { expWad, mulDivDown, WAD } from '../protocol/fixed-point.ts';
import { bitsSet, randomSource } from './random.ts';

/** The stories that a price can tell. */
export const PRICE_STORIES = ['flat', 'crash', 'boom', 'random'] as const;
export type PriceStory = (typeof PRICE_STORIES)[number];

/** What each story says, for the output of a simulation. */
export const PRICE_WORDS: Readonly<Record<PriceStory, string>> = {
  flat: 'the reference throughout',
  crash: 'the reference for half of the time, then −80 % within 30 days',
  boom: 'the reference for half of the time, then five times as much within 30 days',
  random: 'a random walk from the reference, 80 % a year',
};

export interface PricePathParameters {
  readonly story: PriceStory;
  readonly epochs: number;
  /** Seconds. */
  readonly epochLength: number;
  /** The price that the story begins with (wad). */
  readonly reference: bigint;
  /** Decides the random walk and nothing else. */
  readonly seed: number;
}

const YEAR = 31_557_600n;
const MONTH = 30 * 86_400;
/** Standard deviation of the price's logarithm over a year, a wad. */
const YEARLY = (8n * WAD) / 10n;
/** ln 100, a wad: where the walk turns round. */
const WALL = 4_605170185988091368n;

/**
 * A price (wad) for each epoch. Whole numbers only: the same on every machine.
 *
 * The walk's step is a sum of 64 coins, so steps are close to normal; its size follows from the epoch's length.
 */
export function pricePath(parameters: PricePathParameters): bigint[] {
  const { story, epochs, reference } = parameters;
  switch (story) {
    case 'flat':
      return Array.from({ length: epochs }, () => reference);
    case 'crash':
      return moved(parameters, mulDivDown(reference, 1n, 5n));
    case 'boom':
      return moved(parameters, reference * 5n);
    case 'random':
      return walk(parameters);
  }
}

/** The reference until the middle, then in equal steps to `to` within a month. */
function moved({ epochs, epochLength, reference }: PricePathParameters, to: bigint): bigint[] {
  const middle = (epochs - (epochs % 2)) / 2;
  const steps = Math.max(1, (MONTH - (MONTH % epochLength)) / epochLength);
  return Array.from({ length: epochs }, (_, epoch) => {
    const step = Math.max(0, Math.min(steps, epoch - middle + 1));
    return reference + ((to - reference) * BigInt(step)) / BigInt(steps);
  });
}

function walk({ epochs, epochLength, reference, seed }: PricePathParameters): bigint[] {
  const random = randomSource(seed);
  const perEpoch = squareRootDown((YEARLY * YEARLY * BigInt(epochLength)) / YEAR);
  // 64 coins less their mean of 32 have a standard deviation of 4.
  const coin = perEpoch / 4n;
  let logarithm = 0n;
  return Array.from({ length: epochs }, (_, epoch) => {
    if (epoch > 0) logarithm = reflected(logarithm + coin * BigInt(bitsSet(random.word()) - 32));
    return mulDivDown(reference, expWad(logarithm), WAD);
  });
}

function reflected(logarithm: bigint): bigint {
  if (logarithm > WALL) return 2n * WALL - logarithm;
  return logarithm < -WALL ? -2n * WALL - logarithm : logarithm;
}

/** The whole part of a square root (Newton). */
export function squareRootDown(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

import { grouped } from '../protocol/tokens.ts';
import { isFault } from '../settlement/ledger/fault.ts';
import { parsePositiveDecimal } from '../settlement/ledger/parse-number.ts';
import { formatWad } from '../settlement/preset/decimals.ts';
import { participationPath } from './participation-paths.ts';
import type { PriceStory } from './price-paths.ts';
import { PRICE_STORIES, PRICE_WORDS, pricePath } from './price-paths.ts';

/** A path through time and how it is called in the output. */
export interface Told<T> {
  readonly values: readonly T[];
  readonly words: string;
}

/** What a path of prices is laid out over. */
export interface PriceHorizon {
  readonly epochs: number;
  /** Seconds. */
  readonly epochLength: number;
  /** The price that stories begin with (wad). */
  readonly reference: bigint;
  readonly seed: number;
}

/** More people than there are, and few enough for every sum. */
export const MAX_PEOPLE = 4_000_000_000;
const MAX_PRICE = (1n << 128n) - 1n;

/** People per epoch from `500` or `100:10000` (in equal steps from the first epoch to the last); null for anything else. */
export function peopleGiven(given: string, epochs: number): Told<number> | null {
  const numbers = /^(\d{1,15})(?::(\d{1,15}))?$/.exec(given);
  if (numbers === null) return null;
  const [from, to] = [Number(numbers[1]), Number(numbers[2] ?? numbers[1])];
  if (from > MAX_PEOPLE || to > MAX_PEOPLE) return null;
  const words =
    from === to
      ? `${grouped(from)} in every epoch`
      : `${grouped(from)} in the first epoch to ${grouped(to)} in the last, in equal steps`;
  return { values: participationPath({ from, to }, epochs), words };
}

/** Prices per epoch (wad) from a story or one number above zero; null for anything else. */
export function pricesGiven(
  given: string,
  { epochs, epochLength, reference, seed }: PriceHorizon,
): Told<bigint> | null {
  if (isStory(given)) {
    const values = pricePath({ story: given, epochs, epochLength, reference, seed });
    const chance = given === 'random' ? `, seed ${seed}` : '';
    return { values, words: `${PRICE_WORDS[given]}; the reference is ${formatWad(reference)}${chance}` };
  }
  const price = parsePositiveDecimal(given, 18, MAX_PRICE);
  if (isFault(price)) return null;
  return { values: new Array<bigint>(epochs).fill(price), words: `${formatWad(price)} throughout` };
}

function isStory(text: string): text is PriceStory {
  return (PRICE_STORIES as readonly string[]).includes(text);
}

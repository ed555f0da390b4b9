import { parsePositiveDecimal } from '../../settlement/ledger/parse-number.ts';
import { isFault } from '../../settlement/ledger/fault.ts';
import type { EpochGrid } from '../../settlement/ledger/prices-by-epoch.ts';
import { formatWad } from '../../settlement/preset/decimals.ts';
import { heldUntilNext, participationPath } from '../../simulation/participation-paths.ts';
import type { PriceStory } from '../../simulation/price-paths.ts';
import { PRICE_STORIES, PRICE_WORDS, pricePath } from '../../simulation/price-paths.ts';
import { optionFault } from '../errors.ts';
import { inputFile } from '../options/input-file.ts';
import { grouped } from '../../protocol/tokens.ts';
import { MAX_PEOPLE, readPeopleSeries, readPriceSeries } from './read-series.ts';

/** A path through time and how it is called in the output. */
export interface Told<T> {
  readonly values: readonly T[];
  readonly words: string;
}

/** What a path is laid out over. */
export interface Horizon {
  readonly epochs: number;
  readonly grid: EpochGrid;
  /** The price that stories begin with (wad). */
  readonly reference: bigint;
  readonly seed: number;
  readonly cwd: string;
}

/** What was meant as a number, whether it is one or not: no file is looked for. */
const NUMBER_LIKE = /^[-+.]?\d[\d.,:_eE+-]*$/;
const PEOPLE_EXPECTED = `whole numbers of people from 0 to ${MAX_PEOPLE}, such as 500 or 100:10000, or a file`;
const MAX_PRICE = (1n << 128n) - 1n;

/**
 * People per epoch: `500`, `100:10000` (in equal steps from the first epoch to the last), or a file of `epoch,participants`.
 *
 * @throws {InputError} `OPTION_INVALID`, or `SERIES_INVALID` for what a file holds; {@link MissingError} `FILE_MISSING`
 */
export async function peopleOf(given: string, { epochs, cwd }: Horizon): Promise<Told<number>> {
  const numbers = /^(\d{1,15})(?::(\d{1,15}))?$/.exec(given);
  if (numbers !== null) {
    const [from, to] = [Number(numbers[1]), Number(numbers[2] ?? numbers[1])];
    if (Math.max(from, to) > MAX_PEOPLE) throw optionFault('--participants', given, PEOPLE_EXPECTED);
    const words =
      from === to
        ? `${grouped(from)} in every epoch`
        : `${grouped(from)} in the first epoch to ${grouped(to)} in the last, in equal steps`;
    return { values: participationPath({ from, to }, epochs), words };
  }
  if (NUMBER_LIKE.test(given)) throw optionFault('--participants', given, PEOPLE_EXPECTED);
  const series = await readPeopleSeries(await inputFile('--participants', given, cwd));
  return { values: heldUntilNext(series, epochs), words: `as ${given} says, each number until the next` };
}

/**
 * Prices per epoch (wad): a story, one number, or a file of `epoch,price` or `time,price`.
 *
 * @throws {InputError} `OPTION_INVALID`, or `SERIES_INVALID` for what a file holds; {@link MissingError} `FILE_MISSING`
 */
export async function pricesOf(given: string, horizon: Horizon): Promise<Told<bigint>> {
  const { epochs, grid, reference, seed, cwd } = horizon;
  if (isStory(given)) {
    const values = pricePath({ story: given, epochs, epochLength: grid.length, reference, seed });
    const chance = given === 'random' ? `, seed ${seed}` : '';
    return { values, words: `${PRICE_WORDS[given]}; the reference is ${formatWad(reference)}${chance}` };
  }
  if (NUMBER_LIKE.test(given)) {
    const price = parsePositiveDecimal(given, 18, MAX_PRICE);
    if (isFault(price)) {
      throw optionFault('--price', given, `a price above zero such as 0.02, or ${PRICE_STORIES.join(', ')}, or a file`);
    }
    return { values: new Array<bigint>(epochs).fill(price), words: `${formatWad(price)} throughout` };
  }
  const series = await readPriceSeries(await inputFile('--price', given, cwd), grid);
  return { values: heldUntilNext(series, epochs), words: `as ${given} says, each price until the next` };
}

function isStory(text: string): text is PriceStory {
  return (PRICE_STORIES as readonly string[]).includes(text);
}

import type { EpochGrid } from '../../settlement/ledger/prices-by-epoch.ts';
import type { Told } from '../../simulation/given-paths.ts';
import { MAX_PEOPLE, peopleGiven, pricesGiven } from '../../simulation/given-paths.ts';
import { heldUntilNext } from '../../simulation/participation-paths.ts';
import { PRICE_STORIES } from '../../simulation/price-paths.ts';
import { optionFault } from '../errors.ts';
import { inputFile } from '../options/input-file.ts';
import { readPeopleSeries, readPriceSeries } from './read-series.ts';

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

/**
 * People per epoch: `500`, `100:10000` (in equal steps from the first epoch to the last), or a file of `epoch,participants`.
 *
 * @throws {InputError} `OPTION_INVALID`, or `SERIES_INVALID` for what a file holds; {@link MissingError} `FILE_MISSING`
 */
export async function peopleOf(given: string, { epochs, cwd }: Horizon): Promise<Told<number>> {
  const told = peopleGiven(given, epochs);
  if (told !== null) return told;
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
  const { epochs, grid, cwd } = horizon;
  const told = pricesGiven(given, { ...horizon, epochLength: grid.length });
  if (told !== null) return told;
  if (NUMBER_LIKE.test(given)) {
    throw optionFault('--price', given, `a price above zero such as 0.02, or ${PRICE_STORIES.join(', ')}, or a file`);
  }
  const series = await readPriceSeries(await inputFile('--price', given, cwd), grid);
  return { values: heldUntilNext(series, epochs), words: `as ${given} says, each price until the next` };
}

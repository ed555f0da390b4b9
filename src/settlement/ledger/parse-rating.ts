import { isFault } from './fault.ts';
import { parseDecimal } from './parse-number.ts';

/** Which ratings can be read: some labels, and plain numbers or none. */
export interface RatingReader {
  readonly labels: ReadonlySet<string>;
  readonly numbers: boolean;
}

const PLACES = 6;
const MOST = 10n ** 12n;

/**
 * A rating written as a plain number of at most 6 decimals, up to a million, in millionths; undefined when it is none.
 *
 * @example
 * ratingOf('0.85') // 850000n
 */
export function ratingOf(text: string): bigint | undefined {
  const rating = parseDecimal(text, PLACES, MOST);
  return isFault(rating) ? undefined : rating;
}

/** Whether a rating is one of the labels, or a number where numbers are read. */
export function canRead({ labels, numbers }: RatingReader, text: string): boolean {
  return labels.has(text) || (numbers && ratingOf(text) !== undefined);
}

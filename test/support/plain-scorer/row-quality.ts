import type { Contribution } from '../../../src/settlement/ledger/rows.ts';
import { millionths } from './policy-file.ts';
import type { QualityFile } from './policy-file.ts';

/** Millionths of a point that one row earns at most before its factors: 10^15 points. */
export const MOST_OF_A_ROW = 10n ** 21n;

/** The factor of a row by its rating, in millionths. What is not rated, and what these rules cannot read, has that of unrated work. */
export function rowQuality(quality: QualityFile, row: Contribution): bigint {
  const rating = attributeOf(row, quality.attribute);
  const unrated = millionths(quality.unrated);
  if (rating === undefined) return unrated;
  if (quality.levels !== undefined) {
    const level = Object.hasOwn(quality.levels, rating) ? quality.levels[rating] : undefined;
    return level === undefined ? unrated : millionths(level);
  }
  if (!/^(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?$/.test(rating)) return unrated;
  const given = millionths(rating);
  if (given > 10n ** 12n) return unrated;
  const [least, most] = [millionths(quality.least ?? '0'), millionths(quality.most ?? '0')];
  if (given < least) return least;
  return given > most ? most : given;
}

/** What the row says under a name; nothing where it says nothing. */
export function attributeOf({ attributes }: Contribution, name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return value === '' ? undefined : value;
}

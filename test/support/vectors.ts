import { readFileSync } from 'node:fs';

import type { Cohort, Curve } from '../../src/protocol/vesting-curve.ts';
import { unpackCohort } from '../../src/protocol/vesting-curve.ts';
import { hexToBytes, readWord, viewOf, WORD } from '../../src/protocol/words.ts';

/** A file of vectors that the Solidity tests read too; its form is the caller's knowledge. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the form once, in its own words
export function readVectors<Vectors>(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as Vectors;
}

/** Columns of equal length as rows of numbers. */
export function rowsOf<Name extends string>(table: Readonly<Record<Name, readonly string[]>>): Record<Name, bigint>[] {
  const entries = Object.entries<readonly string[]>(table);
  const length = entries[0]?.[1].length ?? 0;
  // The names are those of the table.
  return Array.from(
    { length },
    (_, row) =>
      Object.fromEntries(entries.map(([name, column]) => [name, BigInt(column[row]!)])) as Record<Name, bigint>,
  );
}

/** A curve from its hashed bytes. */
export function curveOf(preimage: string): Curve {
  const bytes = hexToBytes(preimage);
  const view = viewOf(bytes);
  const cohorts: Cohort[] = [];
  for (let offset = WORD; offset < bytes.length; offset += WORD) cohorts.push(unpackCohort(readWord(view, offset)));
  return { unlocked: readWord(view, 0), cohorts };
}

/** The items of a list in groups of `size`. */
export function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: items.length / size }, (_, index) => items.slice(index * size, (index + 1) * size));
}

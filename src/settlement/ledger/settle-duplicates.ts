import { Fault } from './fault.ts';
import { isCanonical } from './parse-text.ts';
import { compareText } from './rows.ts';
import type { Attributes, Place } from './rows.ts';

/** A row that could be read, and where it stands. */
export interface Placed<T> {
  readonly row: T;
  readonly place: Place;
}

/** Which rows count, which only repeat one that counts, and which contradict each other. */
export interface Settled<T> {
  readonly unique: readonly Placed<T>[];
  readonly duplicates: readonly (Place & { readonly of: Place })[];
  readonly refused: readonly { readonly placed: Placed<T>; readonly fault: Fault }[];
}

export interface SameRows<T> {
  /** Rows with the same key speak of the same thing. */
  readonly keyOf: (row: T) => string;
  /** Rows with the same key and the same content say the same about it. */
  readonly contentOf: (row: T) => string;
  /** The name as it was written, where its spelling matters. */
  readonly nameOf?: (row: T) => string;
  readonly what: string;
}

/** By file name, then by line. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.file, b.file) || a.line - b.line;
}

/**
 * Settles what happens to rows that speak of the same thing, whatever their order.
 *
 * Same content: the first (by file name and line) counts, the others are duplicates. Other content: all of them are
 * refused, each naming another one; nobody can say which is right. Other spelling of the name: refused likewise.
 */
export function settleDuplicates<T>(rows: readonly Placed<T>[], same: SameRows<T>): Settled<T> {
  const groups = new Map<string, Placed<T>[]>();
  for (const placed of rows) {
    const key = same.keyOf(placed.row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [placed]);
    else group.push(placed);
  }
  const unique: Placed<T>[] = [];
  const duplicates: (Place & { of: Place })[] = [];
  const refused: { placed: Placed<T>; fault: Fault }[] = [];
  for (const group of groups.values()) {
    group.sort((a, b) => comparePlaces(a.place, b.place));
    const faultOf = groupFault(group, same);
    const [first, ...others] = group;
    if (faultOf !== undefined) for (const placed of group) refused.push({ placed, fault: faultOf(placed) });
    else if (first !== undefined) {
      unique.push(first);
      for (const { place } of others) duplicates.push({ ...place, of: first.place });
    }
  }
  return { unique, duplicates, refused };
}

function groupFault<T>(group: readonly Placed<T>[], same: SameRows<T>): ((placed: Placed<T>) => Fault) | undefined {
  const { nameOf, contentOf, what } = same;
  const other = (differs: (a: T, b: T) => boolean) => (placed: Placed<T>) => {
    const place = group.find(({ row }) => differs(row, placed.row))?.place ?? placed.place;
    return `${place.file}:${place.line}`;
  };
  const first = group[0];
  if (first === undefined) return undefined;
  if (nameOf !== undefined) {
    if (group.some(({ row }) => nameOf(row) !== nameOf(first.row))) {
      const placeOf = other((a, b) => nameOf(a) !== nameOf(b));
      return (placed) => new Fault('id-variant', `another spelling of the same ${what} stands at ${placeOf(placed)}`);
    }
    if (!isCanonical(nameOf(first.row))) {
      return () => new Fault('id-not-canonical', `the ${what} has invisible characters or an unusual spelling`);
    }
  }
  if (group.length === 1) return undefined;
  const content = contentOf(first.row);
  if (group.every(({ row }) => contentOf(row) === content)) return undefined;
  const placeOf = other((a, b) => contentOf(a) !== contentOf(b));
  return (placed) => new Fault('conflict', `the same ${what} stands at ${placeOf(placed)} with other content`);
}

/** One line of text for values that have no line break in them, so that equal text means equal values. */
export function contentText(values: readonly (string | number | bigint)[], attributes: Attributes = {}): string {
  const pairs = Object.keys(attributes)
    .sort()
    .map((name) => `${name}=${attributes[name] ?? ''}`);
  return [...values, ...pairs].join('\n');
}

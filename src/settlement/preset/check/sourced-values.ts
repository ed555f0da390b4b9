import type { JsonPath } from '../json-path.ts';
import { showPath } from '../json-path.ts';
import type { Provenance } from '../take-notes.ts';
import { isObject } from '../take-notes.ts';

/** A value of a preset, and where it comes from if the file says so. */
export interface SourcedValue {
  readonly path: JsonPath;
  readonly value: string;
  readonly source: Provenance['source'] | undefined;
  readonly why: string | undefined;
}

/** Values that nobody chose: what numbers or names a thing. */
const PLAIN = [
  /^\/\$schema$/,
  /\/format$/,
  /^\/tasks\/\d+\/(id|name|title)$/,
  /\/kind$/,
  /\/task$/,
  /^\/announced\/\d+\/(phase|period|participants)$/,
];

const QUANTITY = /^\d[\d.]*( ?%|\/\d+| (second|minute|hour|day|week)s?)?$/;

/** Every value of the file in its order, each with the source that stands at it or around it. */
export function sourcedValues(data: unknown, provenance: readonly Provenance[]): readonly SourcedValue[] {
  const notes = new Map(provenance.map((note) => [note.path, note]));
  const values: SourcedValue[] = [];
  const walk = (value: unknown, path: JsonPath, outer: Provenance | undefined): void => {
    const note = notes.get(showPath(path)) ?? outer;
    if (Array.isArray(value)) value.forEach((entry, index) => walk(entry, [...path, index], note));
    else if (isObject(value)) for (const [key, entry] of Object.entries(value)) walk(entry, [...path, key], note);
    else values.push({ path, value: String(value), source: note?.source, why: note?.why });
  };
  walk(data, [], undefined);
  return values;
}

/** The quantities of a preset that do not say where they come from. */
export function unsourcedNumbers(values: readonly SourcedValue[]): readonly SourcedValue[] {
  return values.filter(
    ({ path, value, source }) =>
      source === undefined && QUANTITY.test(value) && !PLAIN.some((pattern) => pattern.test(showPath(path))),
  );
}

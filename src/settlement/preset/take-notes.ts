import type { JsonPath } from './json-path.ts';
import { showPath } from './json-path.ts';

/** Where a number comes from: the system's own documents, computed from them, or assumed by the preset (with the reason). */
export const SOURCES = ['published', 'derived', 'assumed'] as const;

export interface Provenance {
  readonly path: string;
  readonly value: unknown;
  readonly source: (typeof SOURCES)[number];
  readonly why: string;
}

type Refuse = (path: JsonPath, reason: string) => void;

/**
 * The data with every `{ "value": …, "source": …, "why": … }` replaced by its value; what they said goes to `provenance`.
 * An object that means to be such a note and is none is refused, and its value taken, so that the rest can be judged.
 */
export function takeNotes(data: unknown, provenance: Provenance[], refuse: Refuse): unknown {
  const take = (value: unknown, path: JsonPath): unknown => {
    if (Array.isArray(value)) return value.map((entry, index) => take(entry, [...path, index]));
    if (!isObject(value)) return value;
    if (looksLikeNote(value)) {
      const { value: inner, source, why } = value;
      const known = SOURCES.find((one) => one === source);
      const extra = Object.keys(value).find((key) => !['value', 'source', 'why'].includes(key));
      if (known === undefined) refuse(path, 'a source is "published", "derived" or "assumed"');
      if (typeof why !== 'string' || why.trim() === '') refuse(path, 'a number with a source needs its "why" in words');
      if (extra !== undefined) refuse([...path, extra], 'unknown key beside "value", "source" and "why"');
      if (known !== undefined && typeof why === 'string') {
        provenance.push({ path: showPath(path), value: inner, source: known, why });
      }
      return take(inner, path);
    }
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, take(entry, [...path, key])]));
  };
  return take(data, []);
}

/** Whether an object stands for its value: no section of a preset has a value beside a source or a reason. */
export function looksLikeNote(value: Record<string, unknown>): boolean {
  return 'value' in value && ('source' in value || 'why' in value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

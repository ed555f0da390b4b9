import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';

import { tooDeepAt } from '../json-depth.ts';
import { presetFault } from './preset-error.ts';

export type JsonPath = readonly (string | number)[];

/** Where a number comes from: the system's own documents, computed from them, or assumed by the preset (with the reason). */
export interface Provenance {
  readonly path: string;
  readonly value: unknown;
  readonly source: 'published' | 'derived' | 'assumed';
  readonly why: string;
}

/** The file as data, before the schema: comments gone, the variant laid over, notes taken off the values. */
export interface PresetSource {
  readonly data: unknown;
  readonly provenance: readonly Provenance[];
  readonly variants: readonly string[];
  /** The line of a path of the result, in the file as it was given (1 for a path that stands nowhere). */
  lineOf(path: JsonPath): number;
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const SOURCES: readonly unknown[] = ['published', 'derived', 'assumed'];

/**
 * Reads JSON with comments. A key that stands twice is refused (which one counts would be anybody's guess).
 *
 * A value may be given as `{ "value": …, "source": "published" | "derived" | "assumed", "why": "…" }` instead: the value
 * is used, the rest becomes its provenance. `variants.<name>.set` is laid over the rest of the file: objects are merged
 * key by key, everything else is replaced.
 *
 * @throws InputError `PRESET_INVALID` with path and line
 */
export function readPresetSource(text: string, variant: string | undefined): PresetSource {
  const deep = tooDeepAt(text);
  if (deep !== -1) throw presetFault('', lineAt(text, deep), 'nested too deeply');
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first !== undefined) throw presetFault('', lineAt(text, first.offset), printParseErrorCode(first.error));
  if (root === undefined || root.type !== 'object') throw presetFault('', 1, 'expected one JSON object');
  refuseDoubleKeys(root, [], text);

  const { variants, ...base } = getNodeValue(root) as Record<string, unknown>;
  const known = variants === undefined ? {} : asVariants(variants, (path) => lineOfNode(text, root, path));
  const overlay = variant === undefined ? undefined : Object.hasOwn(known, variant) ? known[variant] : undefined;
  if (variant !== undefined && overlay === undefined) {
    throw presetFault(
      '/variants',
      1,
      `no variant is called ${variant}; there are: ${Object.keys(known).join(', ') || 'none'}`,
    );
  }

  const provenance: Provenance[] = [];
  const merged = overlay === undefined ? base : merge(base, overlay);
  const data = takeNotes(merged, [], provenance);
  const lineOf = (path: JsonPath) => {
    const overlaid = variant === undefined ? undefined : deepest(root, ['variants', variant, 'set', ...path], 4);
    return lineAt(text, (overlaid ?? deepest(root, path, 1) ?? root).offset);
  };
  return { data, provenance, variants: Object.keys(known), lineOf };
}

/** A path as it is printed: `/curve/phases/0/shares`. */
export function showPath(path: JsonPath): string {
  return path.map((step) => `/${step}`).join('');
}

function refuseDoubleKeys(node: Node, path: JsonPath, text: string): void {
  const seen = new Set<string>();
  node.children?.forEach((child, index) => {
    if (node.type === 'array') {
      refuseDoubleKeys(child, [...path, index], text);
      return;
    }
    const [key, value] = child.children ?? [];
    const word = String(key?.value);
    if (seen.has(word) || FORBIDDEN_KEYS.has(word)) {
      throw presetFault(
        showPath([...path, word]),
        lineAt(text, child.offset),
        seen.has(word) ? 'this key stands twice' : 'unknown key',
      );
    }
    seen.add(word);
    if (value !== undefined) refuseDoubleKeys(value, [...path, word], text);
  });
}

function asVariants(value: unknown, lineOf: (path: JsonPath) => number): Record<string, Record<string, unknown>> {
  if (!isObject(value)) throw presetFault('/variants', lineOf(['variants']), 'expected an object');
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const path = ['variants', name];
      const keys = isObject(entry) ? Object.keys(entry).sort().join() : '';
      if (!isObject(entry) || keys !== 'set,why' || !isObject(entry['set']) || typeof entry['why'] !== 'string') {
        throw presetFault(
          showPath(path),
          lineOf(path),
          'a variant has exactly "why" (a sentence) and "set" (an object)',
        );
      }
      return [name, entry['set']];
    }),
  );
}

function merge(base: Record<string, unknown>, overlay: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const old = result[key];
    result[key] = isObject(old) && isObject(value) && !isNote(old) && !isNote(value) ? merge(old, value) : value;
  }
  return result;
}

function takeNotes(value: unknown, path: JsonPath, provenance: Provenance[]): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => takeNotes(entry, [...path, index], provenance));
  if (!isObject(value)) return value;
  if (isNote(value)) {
    const { value: inner, source, why } = value;
    provenance.push({ path: showPath(path), value: inner, source, why });
    return takeNotes(inner, path, provenance);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, takeNotes(entry, [...path, key], provenance)]),
  );
}

interface Note {
  readonly value: unknown;
  readonly source: Provenance['source'];
  readonly why: string;
}

function isNote(value: Record<string, unknown>): value is Record<string, unknown> & Note {
  return (
    Object.keys(value).sort().join() === 'source,value,why' &&
    SOURCES.includes(value['source']) &&
    typeof value['why'] === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The node at `path` or at the nearest of its parents that exists, if at least `least` steps of it exist. */
function deepest(root: Node, path: JsonPath, least: number): Node | undefined {
  for (let length = path.length; length >= least; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent : node;
  }
  return undefined;
}

function lineOfNode(text: string, root: Node, path: JsonPath): number {
  return lineAt(text, (deepest(root, path, 1) ?? root).offset);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser';

import { tooDeepAt } from '../json-depth.ts';
import type { JsonPath } from './json-path.ts';
import { showPath } from './json-path.ts';
import { syntaxWords } from './jsonc-words.ts';
import type { PresetProblem } from './preset-error.ts';
import type { Provenance } from './take-notes.ts';
import { isObject, looksLikeNote, takeNotes } from './take-notes.ts';

/** The file as data, before the schema: comments gone, the variant laid over, notes taken off the values. */
export interface PresetSource {
  readonly data: unknown;
  readonly provenance: readonly Provenance[];
  /** Why there is each variant, by its name. */
  readonly variants: ReadonlyMap<string, string>;
  /** The line of a path of the result, in the file as it was given (1 for a path that stands nowhere). */
  lineOf(path: JsonPath): number;
}

/** What was read, as far as it could be, and everything that is wrong with it so far. */
export interface ReadSource {
  readonly source: PresetSource | undefined;
  readonly problems: readonly PresetProblem[];
}

interface Variant {
  readonly why: string;
  readonly set: Record<string, unknown>;
}

type Refuse = (path: JsonPath, line: number | null, reason: string) => void;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads JSON with comments. A key that stands twice is refused (which one counts would be anybody's guess).
 *
 * A value may be given as `{ "value": …, "source": "published" | "derived" | "assumed", "why": "…" }` instead: the value
 * is used, the rest becomes its provenance. `variants.<name>.set` is laid over the rest of the file: objects are merged
 * key by key, everything else is replaced.
 */
export function readPresetSource(file: string, variant: string | undefined): ReadSource {
  const text = file.startsWith('\uFEFF') ? file.slice(1) : file; // some editors begin a file with a byte order mark
  const problems: PresetProblem[] = [];
  const refuse: Refuse = (path, line, reason) => {
    problems.push({ path: showPath(path), line, reason });
  };
  const failed = { source: undefined, problems };
  const deep = tooDeepAt(text);
  if (deep !== -1) {
    refuse([], lineAt(text, deep), 'nested too deeply');
    return failed;
  }
  const broken = text.indexOf('\uFFFD');
  if (broken !== -1) {
    refuse([], lineAt(text, broken), 'the file is not UTF-8: a character here cannot be read');
    return failed;
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [wrong] = errors; // what comes after it mostly follows from it
  if (wrong !== undefined) {
    refuse([], lineAt(text, wrong.offset), syntaxWords(wrong.error));
    return failed;
  }
  if (root === undefined || root.type !== 'object') {
    refuse([], 1, 'expected one JSON object');
    return failed;
  }
  refuseDoubleKeys(root, [], text, refuse);
  if (problems.length > 0) return failed; // JSON's own reading of them would be a guess

  const { variants: written, ...base } = getNodeValue(root) as Record<string, unknown>;
  const variants = readVariants(written, (path, reason) => {
    refuse(path, lineOfNode(text, root, path), reason);
  });
  const chosen = variant === undefined ? undefined : variants.get(variant);
  if (variant !== undefined && chosen === undefined) {
    refuse(
      ['variants'],
      null,
      `no variant is called ${variant}; there are: ${[...variants.keys()].join(', ') || 'none'}`,
    );
    return failed;
  }

  const set = variant === undefined ? undefined : findNodeAtLocation(root, ['variants', variant, 'set']);
  const lineOf = (path: JsonPath) => {
    const from = set !== undefined && standsIn(set, root, path) ? set : root;
    return lineAt(text, (deepest(from, path, 1) ?? root).offset);
  };
  const provenance: Provenance[] = [];
  const data = takeNotes(chosen === undefined ? base : merge(base, chosen.set), provenance, (path, reason) => {
    refuse(path, lineOf(path), reason);
  });
  const reasons = new Map([...variants].map(([name, { why }]) => [name, why]));
  return { source: { data, provenance, variants: reasons, lineOf }, problems };
}

function refuseDoubleKeys(node: Node, path: JsonPath, text: string, refuse: Refuse): void {
  const seen = new Set<string>();
  node.children?.forEach((child, index) => {
    if (node.type === 'array') {
      refuseDoubleKeys(child, [...path, index], text, refuse);
      return;
    }
    const [key, value] = child.children ?? [];
    const word = String(key?.value);
    const refuseHere = (reason: string): void => refuse([...path, word], lineAt(text, child.offset), reason);
    if (seen.has(word)) refuseHere('this key stands twice');
    if (FORBIDDEN_KEYS.has(word)) refuseHere('unknown key');
    seen.add(word);
    if (value !== undefined) refuseDoubleKeys(value, [...path, word], text, refuse);
  });
}

function readVariants(value: unknown, refuse: (path: JsonPath, reason: string) => void): ReadonlyMap<string, Variant> {
  const variants = new Map<string, Variant>();
  if (value === undefined) return variants;
  if (!isObject(value)) {
    refuse(['variants'], 'expected an object');
    return variants;
  }
  for (const [name, entry] of Object.entries(value)) {
    const keys = isObject(entry) ? Object.keys(entry).sort().join() : '';
    if (isObject(entry) && keys === 'set,why' && isObject(entry['set']) && typeof entry['why'] === 'string') {
      variants.set(name, { why: entry['why'], set: entry['set'] });
    } else {
      refuse(['variants', name], 'a variant has exactly "why" (a sentence) and "set" (an object)');
    }
  }
  return variants;
}

function merge(base: Record<string, unknown>, overlay: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    const old = result[key];
    const both = isObject(old) && isObject(value) && !looksLikeNote(old) && !looksLikeNote(value);
    result[key] = both ? merge(old, value) : value;
  }
  return result;
}

/** Whether what the result has at `path` was written in the variant's `set`: it stands there, or in what replaces the rest. */
function standsIn(set: Node, root: Node, path: JsonPath): boolean {
  for (let length = 1; length <= path.length; length += 1) {
    const part = path.slice(0, length);
    const laid = findThroughNotes(set, part);
    if (laid === undefined) return false;
    const under = findThroughNotes(root, part);
    if (under === undefined || !isSection(laid) || !isSection(under)) return true;
  }
  return path.length > 0;
}

/** Whether a node is an object that is merged key by key. */
function isSection(node: Node): boolean {
  return node.type === 'object' && !looksLikeNote(getNodeValue(node) as Record<string, unknown>);
}

/** The node at `path` or at the nearest of its parents that exists, if at least `least` steps of it exist. */
function deepest(root: Node, path: JsonPath, least: number): Node | undefined {
  for (let length = path.length; length >= least; length -= 1) {
    const node = findThroughNotes(root, path.slice(0, length));
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent : node;
  }
  return undefined;
}

/** The node at a path of the data, in a file where any step on the way may stand in a note. */
function findThroughNotes(root: Node, path: JsonPath): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = findNodeAtLocation(node, [step]) ?? findNodeAtLocation(node, ['value', step]);
  }
  return node;
}

function lineOfNode(text: string, root: Node, path: JsonPath): number {
  return lineAt(text, (deepest(root, path, 1) ?? root).offset);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

import { tooDeepAt } from '../json-depth.ts';

/** Where two files part, and what stands there. */
export interface FileDifference {
  /** JSON path such as `$.epochs[3].root`, or null when only the bytes tell them apart. */
  readonly path: string | null;
  /** Offset of the first differing byte. */
  readonly byte: number;
  readonly expected: string;
  readonly found: string;
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const EXCERPT = 80;

/**
 * Finds the first place where `found` departs from `expected`, or null when they are the same bytes. Never throws, whatever
 * the bytes are: what does not parse as JSON, or nests deeper than any file of ours, is told apart by byte offset.
 */
export function firstDifference(expected: Uint8Array, found: Uint8Array): FileDifference | null {
  const byte = firstByte(expected, found);
  if (byte === -1) return null;
  const [left, right] = [parse(expected), parse(found)];
  const inJson = left.ok && right.ok ? differ(left.value, right.value, '$') : null;
  if (inJson !== null) return { ...inJson, byte };
  return { path: null, byte, expected: bytesAt(expected, byte), found: bytesAt(found, byte) };
}

function firstByte(a: Uint8Array, b: Uint8Array): number {
  const common = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : common;
}

function parse(bytes: Uint8Array): Parsed {
  try {
    const text = decoder.decode(bytes);
    return tooDeepAt(text) === -1 ? { ok: true, value: JSON.parse(text) as unknown } : { ok: false };
  } catch {
    return { ok: false };
  }
}

function differ(a: unknown, b: unknown, path: string): Omit<FileDifference, 'byte'> | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = a.length > b.length ? a.length : b.length;
    for (let i = 0; i < length; i++) {
      const at = `${path}[${i}]`;
      if (i >= a.length || i >= b.length) return spot(at, a[i], b[i]);
      const inner = differ(a[i], b[i], at);
      if (inner !== null) return inner;
    }
    return null;
  }
  if (isObject(a) && isObject(b)) {
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      const at = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return spot(at, a[key], b[key]);
      const inner = differ(a[key], b[key], at);
      if (inner !== null) return inner;
    }
    return null;
  }
  return Object.is(a, b) ? null : spot(path, a, b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spot(path: string, expected: unknown, found: unknown): Omit<FileDifference, 'byte'> {
  return { path: excerpt(path, 200), expected: show(expected), found: show(found) };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : excerpt(JSON.stringify(value), EXCERPT);
}

function bytesAt(bytes: Uint8Array, from: number): string {
  if (from >= bytes.length) return 'end of file';
  const window = bytes.subarray(from, from + 16);
  return `0x${Array.from(window, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function excerpt(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

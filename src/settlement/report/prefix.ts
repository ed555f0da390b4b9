import type { AccountTable } from '../columns/account-table.ts';
import { KEY } from '../columns/account-keys.ts';

/** A shard holds this many leaves at most on average; a file of about 100 kB that a phone can fetch. */
export const LEAVES_PER_SHARD = 512;

/**
 * The number of leading address bits that name a shard: the fewest with `leafCount ≤ 512 · 2^bits`, at most 24.
 *
 * @example
 * prefixBitsFor(512) // 0: one shard
 * prefixBitsFor(3351) // 3: eight shards of some 419 leaves
 */
export function prefixBitsFor(leafCount: number): number {
  let bits = 0;
  for (let room = LEAVES_PER_SHARD; room < leafCount && bits < 24; room *= 2) bits++;
  return bits;
}

/** The shard of an address: its leading `bits` bits as a number. */
export function prefixOf(address: string, bits: number): number {
  return Number.parseInt(address.slice(2, 8), 16) >>> (24 - bits);
}

/** The leaves of a shard, from `first` up to but not including `end`. */
export interface ShardRange {
  readonly prefix: number;
  readonly bits: number;
  readonly first: number;
  readonly end: number;
}

/** The shards of a tree, in the order of their leaves; a shard without a leaf is none. */
export function* shardRanges({ columns: { keys }, length }: AccountTable, bits: number): Generator<ShardRange> {
  for (let first = 0; first < length;) {
    const prefix = prefixAt(keys, first, bits);
    let end = first + 1;
    while (end < length && prefixAt(keys, end, bits) === prefix) end++;
    yield { prefix, bits, first, end };
    first = end;
  }
}

/** The shard of the address at a position of packed keys. */
function prefixAt(keys: Uint8Array, index: number, bits: number): number {
  const at = index * KEY;
  // Callers stay within the keys.
  const first = ((keys[at] as number) << 16) | ((keys[at + 1] as number) << 8) | (keys[at + 2] as number);
  return first >>> (24 - bits);
}

/** The folders that a report may have; all else in it are files. */
export const REPORT_FOLDERS: readonly string[] = ['accounts', 'shards', 'explanations'];

/** Where a shard stands in the report folder: `shards/` and its number in hex, as many digits as `bits` needs. */
export function shardPath(prefix: number, bits: number): string {
  return `shards/${prefixName(prefix, bits)}.json`;
}

/** Where those of the same addresses stand that did something in the epoch, where they are too many for one file. */
export function accountsPath(prefix: number, bits: number): string {
  return `accounts/${prefixName(prefix, bits)}.json`;
}

/** Where the steps of the same addresses stand: `explanations/` and the same number. */
export function explanationPath(prefix: number, bits: number): string {
  return `explanations/${prefixName(prefix, bits)}.json`;
}

/** Whether a file of a report holds steps. */
export function isExplanation(path: string): boolean {
  return path.startsWith('explanations/');
}

function prefixName(prefix: number, bits: number): string {
  return prefix.toString(16).padStart((bits + 3) >>> 2 || 1, '0');
}

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

/** The folders that a report may have; all else in it are files. */
export const REPORT_FOLDERS: readonly string[] = ['shards', 'explanations'];

/** Where a shard stands in the report folder: `shards/` and its number in hex, as many digits as `bits` needs. */
export function shardPath(prefix: number, bits: number): string {
  return `shards/${prefixName(prefix, bits)}.json`;
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

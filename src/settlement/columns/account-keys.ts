import type { Address } from '../../protocol/brands.ts';
import { bytesToHex, writeHex } from '../../protocol/words.ts';

/** Bytes of an address. */
export const KEY = 20;

/** The address at a position of packed keys. */
export function addressAt(keys: Uint8Array, index: number): Address {
  return bytesToHex(keys.subarray(index * KEY, (index + 1) * KEY)) as Address; // 20 bytes make an address.
}

/** Addresses as packed keys, in their order. */
export function packKeys(accounts: readonly Address[]): Uint8Array {
  const keys = new Uint8Array(accounts.length * KEY);
  accounts.forEach((account, index) => {
    writeHex(keys, index * KEY, account);
  });
  return keys;
}

/** Below 0 where key `i` of `a` comes before key `j` of `b`, above 0 where after it, 0 where they are the same. */
export function compareKeys(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  let [at, other] = [i * KEY, j * KEY];
  for (const end = at + KEY; at < end; at++, other++) {
    const difference = (a[at] as number) - (b[other] as number); // Callers stay within both.
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first position from which keys are not before `key`; the number of keys where all are. Keys rise. */
export function positionOf(keys: Uint8Array, key: Uint8Array): number {
  let [low, high] = [0, keys.length / KEY]; // integer: whole keys
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys, middle, key, 0) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

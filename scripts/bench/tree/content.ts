import type { Address } from '../../../src/protocol/brands.ts';
import { viewOf } from '../../../src/protocol/words.ts';

/** A leaf's content as programs hold it: `(address, uint256)`. */
export type Entry = readonly [account: Address, amount: bigint];

/** Bytes of `abi.encode(address, uint256)`. */
export const ENTRY = 64;

/** The same content for every peer, packed: scattered accounts and amounts of 1 to 2^88 wei, from a counter. */
export function packedEntries(count: number): Uint8Array {
  const bytes = new Uint8Array(count * ENTRY);
  const view = viewOf(bytes);
  let state = 0x9e3779b9;
  const word = (): number => {
    // xorshift32: quick, and equal on every machine.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let at = 0; at < bytes.length; at += ENTRY) {
    for (let byte = 12; byte < 32; byte += 4) view.setUint32(at + byte, word());
    for (let byte = 53; byte < 61; byte += 4) view.setUint32(at + byte, word());
    view.setUint8(at + 63, 1);
  }
  return bytes;
}

/** The same as values: an address as text and an amount as a whole number. */
export function entries(count: number): Entry[] {
  const packed = packedEntries(count);
  const view = viewOf(packed);
  const hex = Buffer.from(packed.buffer);
  return Array.from({ length: count }, (_, index) => {
    const at = index * ENTRY;
    const account = `0x${hex.toString('hex', at + 12, at + 32)}` as Address; // 40 lower-case digits.
    return [account, (view.getBigUint64(at + 48) << 64n) | view.getBigUint64(at + 56)];
  });
}

import { keccak256 } from '../../protocol/keccak.ts';
import { WORD } from '../../protocol/words.ts';

/** Gives the bytes that hash to `hash`, if the report has them. */
export type Reveal = (hash: Uint8Array) => Uint8Array | undefined;

/** A store of preimages: any bytes that a report shows, found by their hash. */
export function revealFrom(preimages: Iterable<Uint8Array>): Reveal {
  const store = new Map<string, Uint8Array>();
  for (const bytes of preimages) store.set(keyOf(keccak256(bytes)), bytes);
  return (hash) => store.get(keyOf(hash));
}

const units: number[] = Array.from({ length: WORD / 2 }, () => 0); // integer: half of 32

/** A hash as the key of a map: the shortest text that has all of it. */
export function keyOf(hash: Uint8Array): string {
  for (let i = 0; i < units.length; i++) units[i] = ((hash[2 * i] ?? 0) << 8) | (hash[2 * i + 1] ?? 0);
  return String.fromCharCode(...units);
}

import { createKeccak } from 'hash-wasm';

/** One hasher for the whole process: to set one up costs more than to hash a leaf with it. */
const hasher = await createKeccak(256);

/**
 * The keccak-256 hash of some bytes, as 32 bytes of their own.
 *
 * @example
 * hex(keccak256(new Uint8Array())) // '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
 */
export function keccak256(bytes: Uint8Array): Uint8Array {
  hasher.init();
  hasher.update(bytes);
  return hasher.digest('binary');
}

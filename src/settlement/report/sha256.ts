import { createSHA256 } from 'hash-wasm';

const hasher = await createSHA256();

/** The sha-256 of some bytes as 64 lower-case digits, the way files are named in a manifest. */
export function sha256Hex(bytes: Uint8Array): string {
  hasher.init();
  hasher.update(bytes);
  return hasher.digest('hex');
}

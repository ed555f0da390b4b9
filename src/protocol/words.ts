import { assertInput } from './errors.ts';

/** Bytes of a word of the chain. */
export const WORD = 32;

export const MAX_UINT32 = (1n << 32n) - 1n;
export const MAX_UINT40 = (1n << 40n) - 1n;
export const MAX_UINT64 = (1n << 64n) - 1n;
export const MAX_UINT96 = (1n << 96n) - 1n;
export const MAX_UINT128 = (1n << 128n) - 1n;
export const MAX_UINT256 = (1n << 256n) - 1n;

/** `0x` and lower-case hexadecimal digits. */
export type Hex = `0x${string}`;

const HEX_BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as lower-case hexadecimal with `0x`. */
export function bytesToHex(bytes: Uint8Array): Hex {
  let text = '';
  for (let index = 0; index < bytes.length; index++) text += HEX_BYTES[bytes[index] as number] as string;
  return `0x${text}`;
}

/** Hexadecimal with `0x` as bytes. Throws `HEX_INVALID` on anything else. */
export function hexToBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length < 2 ? 0 : (hex.length - 2) >> 1);
  writeHex(bytes, 0, hex);
  return bytes;
}

/** Writes hexadecimal with `0x` to `target` at `offset`. Throws `HEX_INVALID` on a bad digit, prefix or odd length. */
export function writeHex(target: Uint8Array, offset: number, hex: string): void {
  const valid = hex.length >= 2 && hex.length % 2 === 0 && hex.charCodeAt(0) === 48 && hex.charCodeAt(1) === 120;
  assertInput(valid, 'HEX_INVALID', 'not hexadecimal with 0x and an even number of digits', { hex });
  for (let index = 2; index < hex.length; index += 2) {
    const byte = (digit(hex.charCodeAt(index)) << 4) | digit(hex.charCodeAt(index + 1));
    assertInput(byte >= 0, 'HEX_INVALID', 'not a hexadecimal digit', { hex });
    target[offset + (index >> 1) - 1] = byte;
  }
}

/** The value of a hexadecimal digit by its character code; -1 (all bits set) for any other character. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return -1;
}

/**
 * Writes a whole number as a 32-byte big-endian word. The target's bytes above bit 128 of small values are written too, so
 * buffers can be reused. `value` must be in [0, 2^256).
 */
export function writeWord(view: DataView, offset: number, value: bigint): void {
  // setBigUint64 takes its argument modulo 2^64, so no masking is needed.
  view.setBigUint64(offset + 24, value);
  if (value <= MAX_UINT64) {
    view.setBigUint64(offset + 16, 0n);
    view.setBigUint64(offset + 8, 0n);
    view.setBigUint64(offset, 0n);
    return;
  }
  view.setBigUint64(offset + 16, value >> 64n);
  if (value <= MAX_UINT128) {
    view.setBigUint64(offset + 8, 0n);
    view.setBigUint64(offset, 0n);
    return;
  }
  view.setBigUint64(offset + 8, value >> 128n);
  view.setBigUint64(offset, value >> 192n);
}

/** The 32-byte big-endian word at `offset`. */
export function readWord(view: DataView, offset: number): bigint {
  return (
    (view.getBigUint64(offset) << 192n) |
    (view.getBigUint64(offset + 8) << 128n) |
    (view.getBigUint64(offset + 16) << 64n) |
    view.getBigUint64(offset + 24)
  );
}

/** A view of exactly the bytes of `bytes`, also where it is a part of a larger buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether two byte arrays are equal. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

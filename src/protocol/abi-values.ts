import { viewOf, WORD, writeWord } from './words.ts';

/** A value as the ABI encodes it, and whether a tuple holds it behind an offset. */
export interface AbiValue {
  readonly isDynamic: boolean;
  readonly bytes: Uint8Array;
}

/** A number below 2^256; also an address or a bool. */
export function abiWord(value: bigint): AbiValue {
  const bytes = new Uint8Array(WORD);
  writeWord(viewOf(bytes), 0, value);
  return { isDynamic: false, bytes };
}

/** A `bytes32`, given as its 32 bytes. */
export function abiBytes32(bytes: Uint8Array): AbiValue {
  return { isDynamic: false, bytes };
}

/** A `bytes`. */
export function abiBytes(bytes: Uint8Array): AbiValue {
  const padded = new Uint8Array(WORD + bytes.length + ((WORD - (bytes.length % WORD)) % WORD));
  writeWord(viewOf(padded), 0, BigInt(bytes.length));
  padded.set(bytes, WORD);
  return { isDynamic: true, bytes: padded };
}

/** A list of any length; its elements are all of one type. */
export function abiList(values: readonly AbiValue[]): AbiValue {
  return { isDynamic: true, bytes: concatenated([abiWord(BigInt(values.length)).bytes, abiTuple(values).bytes]) };
}

/** A struct, or the arguments of a function. */
export function abiTuple(values: readonly AbiValue[]): AbiValue {
  let offset = 0;
  for (const { isDynamic, bytes } of values) offset += isDynamic ? WORD : bytes.length;
  const head: Uint8Array[] = [];
  const tail: Uint8Array[] = [];
  for (const { isDynamic, bytes } of values) {
    if (!isDynamic) {
      head.push(bytes);
      continue;
    }
    head.push(abiWord(BigInt(offset)).bytes);
    tail.push(bytes);
    offset += bytes.length;
  }
  return { isDynamic: tail.length > 0, bytes: concatenated([...head, ...tail]) };
}

/** `abi.encode` of one value. */
export function abiEncode(value: AbiValue): Uint8Array {
  return abiTuple([value]).bytes;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

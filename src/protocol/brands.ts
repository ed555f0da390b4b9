import { assertInput, InputError } from './errors.ts';
import { keccak256 } from './keccak.ts';

/** An account's address: `0x` and 40 hexadecimal digits in lower case. Only {@link parseAddress} makes one. */
export type Address = string & { readonly __brand: 'Address' };

const encoder = new TextEncoder();

/**
 * Reads an address written in lower case, or in mixed case with a correct EIP-55 checksum, and gives it in lower case.
 * Nothing is trimmed or repaired; the zero address is an address.
 *
 * @throws {InputError} `ADDRESS_MALFORMED` or `ADDRESS_CHECKSUM`
 * @example
 * parseAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed') // '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'
 */
export function parseAddress(text: string): Address {
  if (/^0x[0-9a-f]{40}$/.test(text)) return text as Address; // the pattern is the brand's whole meaning
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new InputError({
      code: 'ADDRESS_MALFORMED',
      shortMessage: 'an address is 0x and 40 hexadecimal digits',
      details: { text },
    });
  }
  const address = text.toLowerCase() as Address; // as above
  if (checksumAddress(address) !== text) {
    throw new InputError({
      code: 'ADDRESS_CHECKSUM',
      shortMessage: 'the capital letters of this address do not match its checksum (EIP-55)',
      details: { text },
    });
  }
  return address;
}

/** The address with the capital letters of EIP-55, for showing it to people. */
export function checksumAddress(address: Address): string {
  const hash = keccak256(encoder.encode(address.slice(2)));
  let text = '0x';
  for (let i = 0; i < 40; i++) {
    const nibble = ((hash[i >> 1] ?? 0) >> (i % 2 === 0 ? 4 : 0)) & 15;
    const digit = address.charAt(i + 2);
    text += nibble >= 8 ? digit.toUpperCase() : digit;
  }
  return text;
}

/** 32 bytes: `0x` and 64 hexadecimal digits in lower case. */
export type Hash32 = string & { readonly __brand: 'Hash32' };

/** The number of an epoch, 0 to 2^32 - 1. */
export type Epoch = number & { readonly __brand: 'Epoch' };

/** The number of a task, 0 to 65,535. */
export type TaskId = number & { readonly __brand: 'TaskId' };

/** The account with number 0, which nobody owns. */
export const ZERO_ADDRESS = `0x${'0'.repeat(40)}` as Address; // a constant of the right form

/** 32 zero bytes. */
export const ZERO_HASH = `0x${'0'.repeat(64)}` as Hash32; // a constant of the right form

/**
 * Reads 32 bytes in hexadecimal of any case.
 *
 * @throws {InputError} `HASH_MALFORMED`
 */
export function parseHash32(text: string): Hash32 {
  const valid = /^0x[0-9a-fA-F]{64}$/.test(text);
  assertInput(valid, 'HASH_MALFORMED', 'a hash is 0x and 64 hexadecimal digits', { text });
  return text.toLowerCase() as Hash32; // the pattern is the brand's whole meaning
}

/**
 * Checks the number of an epoch.
 *
 * @throws {InputError} `EPOCH_INVALID`
 */
export function parseEpoch(value: number): Epoch {
  const valid = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  assertInput(valid, 'EPOCH_INVALID', 'an epoch is a whole number from 0 to 4,294,967,295', { value });
  return value as Epoch; // checked above
}

/**
 * Checks the number of a task.
 *
 * @throws {InputError} `TASK_INVALID`
 */
export function parseTaskId(value: number): TaskId {
  const valid = Number.isInteger(value) && value >= 0 && value < 2 ** 16;
  assertInput(valid, 'TASK_INVALID', 'a task is a whole number from 0 to 65,535', { value });
  return value as TaskId; // checked above
}

/**
 * Reads an amount in its canonical decimal form: digits only, no sign, no leading zero, at most `max`.
 *
 * @throws {InputError} `AMOUNT_MALFORMED` or `AMOUNT_TOO_LARGE`
 */
export function parseAmount(text: string, max: bigint): bigint {
  const valid = text.length <= 78 && /^(0|[1-9][0-9]*)$/.test(text);
  assertInput(valid, 'AMOUNT_MALFORMED', 'an amount is a whole number in decimal digits', { text });
  const value = BigInt(text);
  assertInput(value <= max, 'AMOUNT_TOO_LARGE', 'the amount is larger than its field', { text, max });
  return value;
}

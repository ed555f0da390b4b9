import { InputError } from './errors.ts';
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

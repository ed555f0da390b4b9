import { parseAddress } from '../../protocol/brands.ts';
import type { Address } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { Fault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';

const LOWER = /^0x[0-9a-f]{40}$/;
const ZERO = `0x${'0'.repeat(40)}`;

/**
 * Reads an account: an address in lower case, or with a correct EIP-55 checksum; given in lower case.
 *
 * Names are refused (what a name resolves to is not in the ledger), so are the zero address and the `forbidden` ones:
 * the protocol's own contracts can never earn.
 */
export function parseAccount(text: string, forbidden: ReadonlySet<string>): Parsed<Address> {
  const address = LOWER.test(text) ? (text as Address) : checked(text); // the pattern is the brand's whole meaning
  if (address instanceof Fault) return address;
  if (address === ZERO) return new Fault('address-zero', 'the zero address earns nothing');
  if (forbidden.has(address)) {
    return new Fault('address-forbidden', `${address} is one of the protocol's own contracts`);
  }
  return address;
}

function checked(text: string): Parsed<Address> {
  if (!text.startsWith('0x') && /^[^\s.]+(\.[^\s.]+)+$/u.test(text)) {
    return new Fault('address-name', `${quote(text)} is a name; give the address itself`);
  }
  try {
    return parseAddress(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.code === 'ADDRESS_CHECKSUM'
      ? new Fault('address-checksum', `the capital letters of ${quote(text)} do not match its checksum (EIP-55)`)
      : new Fault('address-malformed', `${quote(text)} is not 0x and 40 hexadecimal digits`);
  }
}

import { parseAddress, type Address } from '../../../src/protocol/brands.ts';
import { ProtocolError } from '../../../src/protocol/errors.ts';

/**
 * The first account that a wallet offers; null where it offers none, or something that is none. Wallets write addresses in capitals of their
 * own kind, which are no checksum of what a visitor has typed.
 */
export function offeredAccount(accounts: unknown): Address | null {
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== 'string') return null;
  try {
    return parseAddress(first.toLowerCase());
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** The chain that a wallet says it is on: a number, or the digits of one; null where nobody can tell. */
export function toldChain(chain: unknown): number | null {
  if (typeof chain !== 'string' && typeof chain !== 'number' && typeof chain !== 'bigint') return null;
  const text = String(chain).trim();
  const number = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

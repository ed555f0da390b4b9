import { parseAddress, type Address } from '../../../../src/protocol/brands.ts';

/** What somebody typed, as an address or with what is wrong about it. */
export interface ReadAddress {
  readonly address: Address | null;
  readonly error: unknown;
}

/** Reads an address as it is typed or pasted; spaces around it do not count. */
export function readAddress(text: string): ReadAddress {
  try {
    return { address: parseAddress(text.trim()), error: null };
  } catch (error) {
    return { address: null, error };
  }
}

/** Every address of a text, once each, and every piece of it that is none. */
export function readAddresses(text: string): {
  readonly accounts: readonly Address[];
  readonly wrong: readonly string[];
} {
  const accounts = new Set<Address>();
  const wrong: string[] = [];
  for (const piece of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    const { address } = readAddress(piece);
    if (address === null) wrong.push(piece);
    else accounts.add(address);
  }
  return { accounts: [...accounts], wrong };
}

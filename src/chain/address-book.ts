import { z } from 'zod';

import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';

const address = z.string().transform((text, context): Address => {
  try {
    return parseAddress(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not an address' });
    return z.NEVER;
  }
});

const schema = z.strictObject({
  format: z.literal('lode-addresses-v1'),
  chainId: z.number().int().positive(),
  /** No event of the deployment lies before this block. */
  startBlock: z.number().int().nonnegative(),
  preset: z.strictObject({
    name: z.string(),
    variant: z.string().nullable(),
    /** keccak-256 of the preset file's text. */
    hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  }),
  contracts: z.strictObject({
    authority: address,
    timelock: address,
    token: address,
    curve: address,
    registry: address,
    reserve: address,
    vault: address,
    parameters: address,
    verifier: address,
    distributor: address,
    governor: address,
    handover: address,
    canceller: address,
    /** Only where the preset sells units in advance. */
    unitPool: address.optional(),
  }),
  /** What the deployment was told besides its preset; files of earlier versions lack it. */
  deployment: z
    .strictObject({
      /** When epoch 0 begins, unix seconds. */
      start: z.number().int().nonnegative(),
      deployer: address,
      council: address,
      operators: z.array(address).min(1),
      guardians: z.array(address).min(1),
      /** The zero address where there is none. */
      foundation: address,
      priceSource: address,
      policyUri: z.string(),
      /** The words from which, with the deployer, the addresses follow; without them they follow from its nonces. */
      salt: z.string().optional(),
    })
    .optional(),
});

/** Where one deployment lives. Everything else is read from the contracts themselves. */
export type AddressBook = z.output<typeof schema>;

/** The contracts of a deployment, by the part they play. */
export type Addresses = AddressBook['contracts'];

/**
 * Reads an address book (`lode-addresses-v1`) from its JSON text.
 *
 * @throws {InputError} `ADDRESS_BOOK_INVALID` with the path of what is wrong
 */
export function parseAddressBook(text: string): AddressBook {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new InputError({ code: 'ADDRESS_BOOK_INVALID', shortMessage: 'the address book is not JSON', cause });
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('/') ?? '';
  const reason = issue?.message ?? '';
  throw new InputError({
    code: 'ADDRESS_BOOK_INVALID',
    shortMessage: `the address book is wrong at /${path}: ${reason}`,
    details: { path, reason },
  });
}

/** Every contract that the deployment has, by name; what it does not have is left out. */
export function listContracts(addresses: Addresses): readonly (readonly [name: string, address: Address])[] {
  return Object.entries(addresses).flatMap(([name, at]) => (at === undefined ? [] : [[name, at] as const]));
}

/** The address book as the text of a file. */
export function formatAddressBook(book: AddressBook): string {
  return `${JSON.stringify(book, null, 2)}\n`;
}

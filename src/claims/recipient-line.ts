import { z } from 'zod';

import type { AddressBook } from '../chain/address-book.ts';
import type { RecipientPermission } from '../chain/signed-recipient.ts';
import { InputError } from '../protocol/errors.ts';
import { address, count, word } from '../settlement/report/report-fields.ts';
import { signature } from './claim-line.ts';
import { readLine } from './read-line.ts';

/** The format of a line; one that was once written stays readable for ever. */
const FORMAT = 'lode-recipient-v1';

/** A signed change of recipient for somebody else to send, as a line of a file. */
export interface RecipientLine {
  readonly chainId: number;
  readonly vault: string;
  readonly signed: RecipientPermission & { readonly signature: string };
}

const schema = z.strictObject({
  format: z.literal(FORMAT),
  chainId: z.int().positive(),
  vault: address,
  account: address,
  signed: z.strictObject({ to: address, nonce: word, deadline: count, signature }),
});

/** Writes a signed change as one line of JSON, without the end of the line. */
export function formatRecipientLine(
  { chainId, contracts }: Pick<AddressBook, 'chainId' | 'contracts'>,
  { account, to, nonce, deadline, signature: bytes }: RecipientLine['signed'],
): string {
  const signed = { to, nonce: String(nonce), deadline, signature: bytes.toLowerCase() };
  return JSON.stringify({ format: FORMAT, chainId, vault: contracts.vault, account, signed });
}

/** Whether a line says that it is one of these, whatever else is wrong with it. */
export function isRecipientLine(text: string): boolean {
  return text.includes(`"${FORMAT}"`);
}

/**
 * Reads a line of any origin.
 *
 * @throws {InputError} `RECIPIENT_LINE_INVALID` with what is wrong
 */
export function parseRecipientLine(text: string): RecipientLine {
  const { chainId, vault, account, signed } = readLine(text, schema, invalid);
  return { chainId, vault, signed: { account, ...signed } };
}

function invalid(reason: string): InputError {
  return new InputError({
    code: 'RECIPIENT_LINE_INVALID',
    shortMessage: `this is no change of recipient that somebody else could send: ${reason}`,
    details: { reason },
  });
}

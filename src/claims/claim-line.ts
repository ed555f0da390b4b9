import { z } from 'zod';

import type { AddressBook } from '../chain/address-book.ts';
import type { Claim } from '../chain/convert.ts';
import type { ClaimPermission } from '../chain/signed-claim.ts';
import { InputError } from '../protocol/errors.ts';
import { address, count, count32, curve, hash32, list, word } from '../settlement/report/report-fields.ts';
import { readLine } from './read-line.ts';

/** The format of a line; one that was once written stays readable for ever. */
const FORMAT = 'lode-claim-v1';

/** A claim for somebody else to send, as a line of a file. */
export interface ClaimLine {
  readonly chainId: number;
  readonly vault: string;
  readonly claim: Claim;
  /** Null: it pays the account or its recipient, and anyone may send it. */
  readonly signed: (ClaimPermission & { readonly signature: string }) | null;
}

/** The bytes of a signature; one of a contract can be longer than one of a key. */
export const signature = z.string().regex(/^0x([0-9a-f]{2}){1,8192}$/, 'not bytes in lower case');

const schema = z.strictObject({
  format: z.literal(FORMAT),
  chainId: z.int().positive(),
  vault: address,
  account: address,
  epoch: count32,
  index: count32,
  curve,
  auditHash: hash32,
  proof: list(hash32, 32),
  signed: z
    .strictObject({
      to: address,
      nonce: word,
      deadline: count,
      signature,
    })
    .nullable(),
});

/** Writes a claim as one line of JSON, without the end of the line. */
export function formatClaimLine(
  { chainId, contracts }: Pick<AddressBook, 'chainId' | 'contracts'>,
  { account, epoch, index, curve: { unlocked, cohorts }, auditHash, proof }: Claim,
  signed: ClaimLine['signed'],
): string {
  return JSON.stringify({
    ...{ format: FORMAT, chainId, vault: contracts.vault, account, epoch, index },
    curve: {
      unlocked: String(unlocked),
      cohorts: cohorts.map(({ end, duration, amount }) => [end, duration, String(amount)]),
    },
    ...{ auditHash, proof },
    signed:
      signed === null ? null : { ...signed, nonce: String(signed.nonce), signature: signed.signature.toLowerCase() },
  });
}

/**
 * Reads a line of any origin.
 *
 * @throws {InputError} `CLAIM_LINE_INVALID` with what is wrong
 */
export function parseClaimLine(text: string): ClaimLine {
  const read = readLine(text, schema, invalid);
  const { chainId, vault, signed, account, epoch, index, auditHash, proof } = read;
  return { chainId, vault, signed, claim: { epoch, account, index, curve: read.curve, auditHash, proof } };
}

function invalid(reason: string): InputError {
  return new InputError({
    code: 'CLAIM_LINE_INVALID',
    shortMessage: `this is no claim that somebody else could send: ${reason}`,
    details: { reason },
  });
}

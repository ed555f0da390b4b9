import type { Call } from '../chain/calls.ts';
import type { Connection } from '../chain/connect.ts';
import { onChain, RevertError } from '../chain/revert-error.ts';
import { recipientBySignatureCall, recipientNonce } from '../chain/signed-recipient.ts';
import type { Address } from '../protocol/brands.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { parseRecipientLine, type RecipientLine } from './recipient-line.ts';
import { whyElsewhere } from './sponsoring.ts';

/** A signed change of recipient, and whether it can be sent. */
export interface RecipientJob {
  readonly line: number;
  /** Null where the line cannot be read. */
  readonly account: Address | null;
  readonly to: Address | null;
  /** What sends it; null where the chain would not take it. */
  readonly call: Call | null;
  readonly code: string | null;
  /** Why it cannot be sent, in words. */
  readonly reason: string | null;
}

/**
 * Reads the signed changes of recipient of a text and tries each out in the newest block: where it is for, whether its signature was used,
 * made void or has expired, and whether its account has signed it. A line that cannot be sent is told, whatever is wrong with it.
 *
 * @param from who would send them; null: the accounts themselves
 */
export async function recipientJobs(
  connection: Connection,
  from: Address | null,
  lines: readonly { readonly line: number; readonly text: string }[],
): Promise<readonly RecipientJob[]> {
  const jobs: RecipientJob[] = [];
  for (const { line, text } of lines) {
    try {
      jobs.push({ line, ...(await jobOf(connection, from, parseRecipientLine(text))) });
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'RECIPIENT_LINE_INVALID') throw error;
      jobs.push({ line, account: null, to: null, call: null, code: error.code, reason: error.shortMessage });
    }
  }
  return jobs;
}

async function jobOf(
  connection: Connection,
  from: Address | null,
  read: RecipientLine,
): Promise<Omit<RecipientJob, 'line'>> {
  const { account, to, nonce } = read.signed;
  const refused = (code: string, reason: string) => ({ account, to, call: null, code, reason });
  const misplaced = whyElsewhere(connection, read);
  if (misplaced !== null) return refused('CLAIM_ELSEWHERE', misplaced);
  const next = await onChain(() => recipientNonce(connection, account));
  if (nonce < next) return refused('SIGNATURE_USED', 'its signature was used, or made void by a later change');
  if (nonce > next) {
    return refused('SIGNATURE_EARLY', `its nonce is ${nonce}, and the account's next is ${next}`);
  }
  const call = recipientBySignatureCall(connection.addresses, read.signed);
  try {
    await onChain(() => connection.provider.call({ to: call.to, data: call.data, from: from ?? account }));
  } catch (error) {
    if (!(error instanceof RevertError)) throw error;
    return refused(error.code, error.shortMessage);
  }
  return { account, to, call, code: null, reason: null };
}

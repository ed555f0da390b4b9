import type { Connection } from '../chain/connect.ts';
import { parseEvents } from '../chain/events.ts';
import { lastEvents } from '../chain/last-events.ts';
import { onChain } from '../chain/revert-error.ts';
import { claimBySignatureCall, claimNonce } from '../chain/signed-claim.ts';
import { InputError, ProtocolError } from '../protocol/errors.ts';
import type { ClaimLine } from './claim-line.ts';
import { parseClaimLine } from './claim-line.ts';
import type { Job, Outcome } from './payment-job.ts';

/** A line of a sponsor's file: a claim, or what is wrong with it. */
type ReadLine = { readonly line: number } & ({ readonly claim: ClaimLine } | { readonly fault: ProtocolError });

/**
 * What the lines of a file ask for. A line that cannot be sent is told and left out, whatever is wrong with it; the others are sent.
 * Signed claims of one account come in the order of their nonces.
 *
 * @throws {InputError} `CLAIMS_EMPTY` when the file has no line
 */
export async function sponsoringJobs(connection: Connection, text: string): Promise<readonly Job[]> {
  const lines = readLines(text);
  if (lines.length === 0) {
    throw new InputError({
      code: 'CLAIMS_EMPTY',
      shortMessage: 'the file has no claims',
      details: { expected: 'one JSON document a line, as `lode claim --sign` writes them' },
    });
  }
  const nonces = new Map<string, bigint>();
  const anyone = new Set<string>();
  const jobs: Job[] = [];
  for (const read of inOrder(lines)) {
    const { line } = read;
    if ('fault' in read) {
      jobs.push({
        line,
        account: null,
        kind: 'rewards',
        to: null,
        wanted: refusal(read.fault.code, read.fault.shortMessage),
      });
      continue;
    }
    const { claim, signed } = read.claim;
    const { account } = claim;
    const job = { line, account, kind: 'rewards' as const, to: signed?.to ?? null };
    const misplaced = whyElsewhere(connection, read.claim);
    if (misplaced !== null) jobs.push({ ...job, wanted: refusal('CLAIM_ELSEWHERE', misplaced) });
    else if (signed === null) {
      // In one transaction the second of two would be refused, and on its own it would pay next to nothing.
      const isSecond = anyone.has(account);
      anyone.add(account);
      jobs.push({ ...job, wanted: isSecond ? known('nothing', 'another line claims for this account') : { claim } });
    } else {
      const next = nonces.get(account) ?? (await onChain(() => claimNonce(connection, account)));
      nonces.set(account, next);
      if (signed.nonce < next) jobs.push({ ...job, wanted: await whatBecameOf(connection, read.claim) });
      else if (signed.nonce > next) {
        const reason = `its nonce is ${signed.nonce}, and the account's next is ${next}: what was signed before has to be sent first`;
        jobs.push({ ...job, wanted: refusal('SIGNATURE_EARLY', reason) });
      } else jobs.push({ ...job, wanted: { call: claimBySignatureCall(connection.addresses, claim, signed) } });
    }
  }
  return jobs;
}

function readLines(text: string): ReadLine[] {
  return text.split('\n').flatMap((content, index): ReadLine[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    try {
      return [{ line, claim: parseClaimLine(content) }];
    } catch (error) {
      if (error instanceof ProtocolError) return [{ line, fault: error }];
      throw error;
    }
  });
}

/** Lines in their order, but those of one account by rising nonce at the place of its first. */
function inOrder(lines: readonly ReadLine[]): readonly ReadLine[] {
  const nonceOf = (read: ReadLine): bigint => ('claim' in read ? (read.claim.signed?.nonce ?? -1n) : -1n);
  const groups = new Map<string, ReadLine[]>();
  for (const read of lines) {
    const key = 'claim' in read ? read.claim.claim.account : `line ${read.line}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read]);
    else group.push(read);
  }
  return [...groups.values()].flatMap((group) => group.sort((a, b) => (nonceOf(a) < nonceOf(b) ? -1 : 1)));
}

/** Why a line is for somewhere else; null where it is for this deployment. */
export function whyElsewhere(
  { addressBook, addresses }: Pick<Connection, 'addressBook' | 'addresses'>,
  { chainId, vault }: Pick<ClaimLine, 'chainId' | 'vault'>,
): string | null {
  if (chainId !== addressBook.chainId) return `it is for chain ${chainId}, and this is chain ${addressBook.chainId}`;
  return vault === addresses.vault ? null : `it is for the vault ${vault}, and the one here is ${addresses.vault}`;
}

/** Of a signature that was used: the payment that it brought, if there is one; an account can make it void, too. */
async function whatBecameOf({ contracts, addressBook, addresses, provider }: Connection, line: ClaimLine) {
  const { claim, signed } = line;
  const filter = contracts.vault.filters.RewardClaimed(claim.account, signed?.to, claim.epoch);
  const to = await onChain(() => provider.getBlockNumber());
  const logs = await onChain(() =>
    lastEvents(async (from, end) => await contracts.vault.queryFilter(filter, from, end), {
      from: addressBook.startBlock,
      to,
    }),
  );
  const paid = parseEvents(logs, addresses).claimed.at(-1);
  if (paid === undefined) return refusal('SIGNATURE_USED', 'its signature was used for another claim, or made void');
  return { ...known('nothing', 'it was paid before'), transaction: logs.at(-1)?.transactionHash ?? null };
}

function refusal(code: string, reason: string): Pick<Outcome, 'state' | 'code' | 'reason' | 'transaction'> {
  return { state: 'refused', code, reason, transaction: null };
}

function known(state: Outcome['state'], reason: string): Pick<Outcome, 'state' | 'code' | 'reason' | 'transaction'> {
  return { state, code: null, reason, transaction: null };
}

import { tryPayment } from '../../chain/try-payment.ts';
import type { ClaimPermission } from '../../chain/signed-claim.ts';
import { CLAIM_TO, claimBySignatureCall, claimDomain, claimMessage, claimNonce } from '../../chain/signed-claim.ts';
import { moment } from '../../chain/moment.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { confirm } from '../deploy/confirm.ts';
import { tokens } from '../../protocol/tokens.ts';
import { nothing } from './claiming.ts';
import { formatClaimLine } from '../../claims/claim-line.ts';
import type { AccountClaims, FoundClaims } from '../../claims/find-claims.ts';
import type { MinerSession } from './session.ts';

/** How claims are to be signed. */
export interface SigningOptions {
  /** Who is paid; null: the account, or the recipient that it chose. */
  readonly to: Address | null;
  /** How long it can be sent, in seconds from the block that was looked at. */
  readonly validFor: number;
  readonly yes: boolean;
}

/** A claim that was signed, or would be. */
export interface SignedLine {
  readonly account: Address;
  readonly to: Address;
  readonly nonce: bigint;
  /** Unix seconds. */
  readonly deadline: number;
  /** In wei: what it would pay now. */
  readonly amount: bigint;
  /** The line for whoever sends it; null in a dry run. */
  readonly line: string | null;
}

/** Claims as lines for whoever sends them: they pay the account or its recipient, and need no signature. */
export function unsignedLines({ addressBook }: MinerSession, { accounts, tree }: FoundClaims): string[] {
  const lines = accounts.flatMap(({ claim, rewards }) =>
    claim === null || rewards?.claimable === 0n ? [] : [formatClaimLine(addressBook, claim, null)],
  );
  if (lines.length === 0) throw nothing(accounts, tree?.epoch ?? null);
  return lines;
}

/**
 * Signs claims so that somebody else can send them. Each is tried out as it would be sent, so that no line is written that the vault
 * would refuse now.
 *
 * @throws {RefusedError} `NOTHING_TO_CLAIM`, `NOT_CONFIRMED`; `RECIPIENT_UNSURE` when only one node says who is paid
 * @throws {RevertError} `VestingVault_SignatureInvalid` when the key is not the account's
 */
export async function signClaims(
  session: MinerSession,
  { accounts, tree }: FoundClaims,
  { to, validFor, yes }: SigningOptions,
): Promise<readonly SignedLine[]> {
  const { endpoints, block, sender, io, symbol } = session;
  const { connection } = endpoints[0];
  const due = accounts.filter((one) => (one.rewards?.claimable ?? 0n) > 0n);
  if (due.length === 0) throw nothing(accounts, tree?.epoch ?? null);
  if (to === null && endpoints.length === 1) refuseUnsure(due);
  const wanted: { one: AccountClaims; permission: ClaimPermission; amount: bigint }[] = [];
  for (const one of due) {
    const nonce = await onChain(() => claimNonce(connection, one.account));
    const permission = { to: to ?? one.recipient, nonce, deadline: block.time + validFor };
    wanted.push({ one, permission, amount: one.rewards?.claimable ?? 0n });
    const words = `${tokens(amountOf(one), 6)} ${symbol} of ${one.account} go to ${permission.to}`;
    io.err(`${words}; whoever has the line can send it until ${moment(permission.deadline)}\n`);
  }
  const { signer } = sender;
  if (signer !== null && !yes) await confirm('sign?');
  const lines: SignedLine[] = [];
  for (const { one, permission, amount } of wanted) {
    const { account, claim } = one;
    if (claim === null) continue;
    const facts = { account, ...permission, amount };
    if (signer === null) {
      lines.push({ ...facts, line: null });
      continue;
    }
    const message = claimMessage(claim, permission);
    const signature = await signer.signTypedData(claimDomain(session.addressBook), CLAIM_TO, message);
    const signed = { ...permission, signature };
    const trial = await tryPayment(
      connection.provider,
      sender.account,
      claimBySignatureCall(connection.addresses, claim, signed),
    );
    if ('refusal' in trial) throw trial.refusal;
    lines.push({ ...facts, amount: trial.pays, line: formatClaimLine(session.addressBook, claim, signed) });
  }
  return lines;
}

/** Whoever sends a claim is paid nothing by it, but a signature names who is: a single node must not be the one that does. */
function refuseUnsure(accounts: readonly AccountClaims[]): void {
  const other = accounts.find(({ account, recipient }) => recipient !== account);
  if (other === undefined) return;
  const { account, recipient } = other;
  throw new RefusedError({
    code: 'RECIPIENT_UNSURE',
    shortMessage: `a single node says that ${account} has chosen ${recipient} to be paid`,
    details: {
      account,
      recipient,
      next: `give --to ${recipient} if that is so, or a second --rpc of another operator`,
    },
  });
}

const amountOf = ({ rewards }: AccountClaims): bigint => rewards?.claimable ?? 0n;

import type { Claim } from '../../../../src/chain/convert.ts';
import { newestTime } from '../../../../src/chain/newest-time.ts';
import { onChain } from '../../../../src/chain/revert-error.ts';
import {
  CLAIM_TO,
  claimBySignatureCall,
  claimDomain,
  claimMessage,
  claimNonce,
} from '../../../../src/chain/signed-claim.ts';
import { tryPayment } from '../../../../src/chain/try-payment.ts';
import { formatClaimLine } from '../../../../src/claims/claim-line.ts';
import type { AccountClaims } from '../../../../src/claims/find-claims.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useSignature } from '../../wallet/use-signature.ts';
import { SignedText, useValidFor, ValidFor } from './signed-text.tsx';

interface SignClaimProps {
  readonly claims: AccountClaims & { readonly claim: Claim };
  /** Whom the account chose to be paid this time; null: itself, or the recipient that it chose for good. */
  readonly to: Address | null;
}

/** Has the account sign its claim, which costs no gas, so that somebody else can send it. */
export function SignClaim({ claims, to }: SignClaimProps) {
  const { connection, addressBook, endpoints } = useDeployment();
  const { account, claim, recipient } = claims;
  const [days, setDays, after] = useValidFor();
  const payee = to ?? recipient;
  // A signature names who is paid: a single node must not be the one that does.
  const isUnsure = to === null && endpoints.length === 1 && recipient !== account;
  const signing = useSignature(async (sign) => {
    const nonce = await onChain(() => claimNonce(connection, account));
    const deadline = (await onChain(() => newestTime(connection.provider))) + after;
    const permission = { to: payee, nonce, deadline };
    const message = claimMessage(claim, permission);
    const signed = { ...permission, signature: await sign(claimDomain(addressBook), CLAIM_TO, message) };
    const call = claimBySignatureCall(connection.addresses, claim, signed);
    const trial = await tryPayment(connection.provider, account, call);
    if ('refusal' in trial) throw trial.refusal;
    return { text: formatClaimLine(addressBook, claim, signed), pays: trial.pays, to: payee, deadline };
  });
  return (
    <details>
      <summary>Sign it, and let somebody else send it</summary>
      <div className="others">
        <p className="note">
          Signing costs nothing. Whoever gets the text can send the claim, by this page or by the command line, and pays
          its gas; it pays <Short text={payee} /> and nobody else.
        </p>
        {isUnsure ? (
          <p className="warning-note" role="note">
            A single node says that this account has chosen that address to be paid. If that is so, choose it yourself
            under “Have it paid to another address” before you sign.
          </p>
        ) : (
          <>
            <ValidFor days={days} change={setDays} />
            <div>
              <button
                type="button"
                className="button quiet"
                disabled={signing.isPending}
                onClick={() => signing.mutate()}
              >
                Sign the claim
              </button>
            </div>
          </>
        )}
        {signing.isPending ? <Waiting what="Sign it in your wallet" /> : null}
        {signing.isError ? <Problem error={signing.error} /> : null}
        {signing.data === undefined ? null : (
          <SignedText text={signing.data.text} fileName={`claim-${account}.ndjson`}>
            It was tried out: sent now, it pays <Amount wei={signing.data.pays} /> to <Short text={signing.data.to} />.
            It can be sent until {utc(signing.data.deadline)}, once.
          </SignedText>
        )}
      </div>
    </details>
  );
}

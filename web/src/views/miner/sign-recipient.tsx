import { newestTime } from '../../../../src/chain/newest-time.ts';
import { onChain } from '../../../../src/chain/revert-error.ts';
import { claimDomain } from '../../../../src/chain/signed-claim.ts';
import { recipientBySignatureCall, recipientNonce, SET_RECIPIENT } from '../../../../src/chain/signed-recipient.ts';
import { formatRecipientLine } from '../../../../src/claims/recipient-line.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useSignature } from '../../wallet/use-signature.ts';
import { SignedText, useValidFor, ValidFor } from './signed-text.tsx';

interface SignRecipientProps {
  readonly account: Address;
  readonly to: Address;
}

/** Has the account sign a change of its recipient, which costs no gas, so that somebody else can send it. */
export function SignRecipient({ account, to }: SignRecipientProps) {
  const { connection, addressBook } = useDeployment();
  const [days, setDays, after] = useValidFor();
  const signing = useSignature(async (sign) => {
    const [nonce, time] = [
      await onChain(() => recipientNonce(connection, account)),
      await onChain(() => newestTime(connection.provider)),
    ];
    const permission = { account, to, nonce, deadline: time + after };
    const signed = { ...permission, signature: await sign(claimDomain(addressBook), SET_RECIPIENT, permission) };
    const { to: vault, data } = recipientBySignatureCall(connection.addresses, signed);
    await onChain(() => connection.provider.call({ to: vault, data, from: account }));
    return { text: formatRecipientLine(addressBook, signed), to, deadline: permission.deadline };
  });
  return (
    <details>
      <summary>Sign it, and let somebody else send it</summary>
      <div className="others">
        <p className="note">
          Signing costs nothing; whoever gets the text can send the change and pays its gas. It then waits, and can be
          called off by this account meanwhile.
        </p>
        <ValidFor days={days} change={setDays} />
        <div>
          <button type="button" className="button quiet" disabled={signing.isPending} onClick={() => signing.mutate()}>
            Sign the change
          </button>
        </div>
        {signing.isPending ? <Waiting what="Sign it in your wallet" /> : null}
        {signing.isError ? <Problem error={signing.error} /> : null}
        {signing.data === undefined ? null : (
          <SignedText text={signing.data.text} fileName={`recipient-${account}.ndjson`}>
            It was tried out, and has rewards paid to <Short text={signing.data.to} /> once it was sent and has waited.
            It can be sent until {utc(signing.data.deadline)}, once.
          </SignedText>
        )}
      </div>
    </details>
  );
}

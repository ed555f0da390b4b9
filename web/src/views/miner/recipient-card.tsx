import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { agreed } from '../../../../src/chain/agreement.ts';
import { cancelRecipientCall, setRecipientCall } from '../../../../src/chain/recipient-calls.ts';
import type { Holding } from '../../../../src/claims/find-claims.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { lasting, utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Card } from '../../ui/card.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { useWallets } from '../../wallet/wallet-context.ts';
import { AccountForm } from './account-form.tsx';
import { SignRecipient } from './sign-recipient.tsx';

/** Who is paid when somebody sends the account's claims, and how the account changes that. */
export function RecipientCard({ holding }: { readonly holding: Holding }) {
  const { connection } = useDeployment();
  const { connected } = useWallets();
  const { account, recipient, nextRecipient } = holding;
  const isOwn = connected?.account === account;
  return (
    <Card
      title="Who is paid"
      about="An account can have its rewards paid to another address for good: a safer wallet, or one that several people share."
    >
      <p>
        {recipient === account ? (
          'Rewards are paid to the account itself.'
        ) : (
          <>
            Rewards are paid to another address: <Short text={recipient} />
          </>
        )}
      </p>
      {nextRecipient === null ? null : (
        <div className="pending">
          <p>
            A change waits, for which the account signed and which it can call off until then. From{' '}
            {utc(nextRecipient.from)} on they are paid to <Short text={nextRecipient.to} />
          </p>
          {isOwn ? (
            <SendCall
              title="Call it off"
              call={cancelRecipientCall(connection.addresses)}
              purpose="call it off"
              done="Called off."
              quiet
            />
          ) : null}
        </div>
      )}
      <Delay />
      {isOwn ? (
        <details>
          <summary>Change it</summary>
          <Change account={account} recipient={recipient} />
        </details>
      ) : (
        <p className="note">
          To change it, connect the wallet of this account; a change that it has signed can be sent by anybody, below.
        </p>
      )}
    </Card>
  );
}

function Change({ account, recipient }: { readonly account: Address; readonly recipient: Address }) {
  const { connection } = useDeployment();
  const [to, setTo] = useState<Address | null>(null);
  return (
    <div className="change">
      <AccountForm label="Pay rewards to" button="Use this address" quiet onAccount={setTo} />
      {recipient === account ? null : (
        <div>
          <button type="button" className="button quiet small" onClick={() => setTo(account)}>
            Back to the account itself
          </button>
        </div>
      )}
      {to === null ? null : (
        <>
          <p>
            Check every digit: what was paid there cannot be fetched back. Rewards will go to{' '}
            <span className="mono wrap">{to}</span>
          </p>
          <SendCall
            title="Change the recipient"
            call={to === recipient ? null : setRecipientCall(connection.addresses, to)}
            purpose="change it"
            done="Changed."
          />
          {to === recipient ? null : <SignRecipient account={account} to={to} />}
        </>
      )}
    </div>
  );
}

/** The delay of changes that were only signed; it never changes. */
function Delay() {
  const { endpoints } = useDeployment();
  const delay = useQuery({
    queryKey: ['recipient delay'],
    queryFn: async () =>
      await agreed(endpoints, 'the delay of recipients', async ({ contracts: { vault } }) =>
        Number(await vault.RECIPIENT_DELAY()),
      ),
  });
  if (delay.data === undefined) return null;
  return (
    <p className="note">
      Sent by the account itself, a change acts at once. One that it only signed, for somebody else to send, waits for{' '}
      {lasting(delay.data)}, so that a signature obtained by a trick can be called off.
    </p>
  );
}

import { useState } from 'react';

import { claimCall, claimToCall } from '../../../../src/chain/calls.ts';
import { claimUnitsCall, claimUnitsToCall } from '../../../../src/chain/unit-pool-calls.ts';
import type { AccountClaims } from '../../../../src/claims/find-claims.ts';
import { releaseTimeline } from '../../../../src/claims/release-timeline.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { utc } from '../../format/moment.ts';
import { tokenText } from '../../format/token-text.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { useWallets } from '../../wallet/wallet-context.ts';
import { AccountForm } from './account-form.tsx';
import { SignClaim } from './sign-claim.tsx';

/** Has an account paid what is free: by anybody to the account, by the account itself to wherever it likes. */
export function ClaimCard({ claims, time }: { readonly claims: AccountClaims; readonly time: number }) {
  const { connection, symbol } = useDeployment();
  const { connected } = useWallets();
  const [other, setOther] = useState<Address | null>(null);
  const { account, claim, rewards, units, recipient } = claims;
  const isOwn = connected?.account === account;
  const to = isOwn ? other : null;
  const { addresses } = connection;
  if ((claim === null || rewards === null) && units === null) return null;
  return (
    <Card
      title="Claim"
      about="Anybody may send a claim and pays its gas; whoever sends it, the account is paid, or the recipient that it chose. What becomes free later is claimed later in the same way."
    >
      <p>
        {to === null ? (
          recipient === account ? (
            <>
              The account itself is paid: <Short text={account} />
            </>
          ) : (
            <>
              Rewards are paid to the recipient that it chose: <Short text={recipient} />
            </>
          )
        ) : (
          <>
            It is paid to another address, as the account itself asks. Check every digit:{' '}
            <span className="mono wrap">{to}</span>{' '}
            <button type="button" className="button quiet small" onClick={() => setOther(null)}>
              Pay the account instead
            </button>
          </>
        )}
      </p>
      {claim === null || rewards === null ? null : (
        <div className="claim">
          <h3>
            Rewards: <Amount wei={rewards.claimable} />
          </h3>
          <SendCall
            title={
              rewards.claimable === 0n ? 'Nothing to claim now' : `Claim ${tokenText(rewards.claimable)} ${symbol}`
            }
            call={
              rewards.claimable === 0n
                ? null
                : to === null
                  ? claimCall(addresses, claim)
                  : claimToCall(addresses, claim, to)
            }
            slot="rewards"
            purpose="claim"
            done="Paid. It stands among the payments below."
          />
          {rewards.locked === 0n ? null : <Later claims={claims} time={time} />}
          {isOwn && rewards.claimable > 0n ? <SignClaim claims={{ ...claims, claim }} to={to} /> : null}
        </div>
      )}
      {units === null ? null : (
        <div className="claim">
          <h3>
            Units: <Amount wei={units.claimable} />
          </h3>
          <SendCall
            title={
              units.claimable === 0n
                ? 'Nothing of the units now'
                : `Claim ${tokenText(units.claimable)} ${symbol} of units`
            }
            call={
              units.claimable === 0n
                ? null
                : to === null
                  ? claimUnitsCall(addresses, account)
                  : claimUnitsToCall(addresses, to)
            }
            slot="units"
            purpose="claim"
            done="Paid. It stands among the payments below."
          />
          {to === null && recipient !== account ? (
            <p className="note">Units are paid to the account itself, also where rewards go elsewhere.</p>
          ) : null}
        </div>
      )}
      {isOwn ? (
        <details>
          <summary>Have it paid to another address</summary>
          <AccountForm label="Pay to" button="Use this address" quiet onAccount={setOther} />
        </details>
      ) : connected === null ? null : (
        <p className="note">
          The connected wallet is another account: it can send the claim, but not choose where it is paid.
        </p>
      )}
    </Card>
  );
}

/** What comes later, so that nobody pays gas too often. */
function Later({ claims: { claim }, time }: { readonly claims: AccountClaims; readonly time: number }) {
  if (claim === null) return null;
  const { nextDay, next } = releaseTimeline(claim.curve, time);
  if (nextDay > 0n) {
    return (
      <p className="note">
        Within the next 24 hours <Amount wei={nextDay} /> more become free. Claiming later pays the difference.
      </p>
    );
  }
  return next === null ? null : <p className="note">The next part begins to be released on {utc(next.time)}.</p>;
}

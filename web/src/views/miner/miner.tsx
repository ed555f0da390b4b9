import { useNavigate, useParams } from 'react-router';

import type { Address } from '../../../../src/protocol/brands.ts';
import { shortAddress } from '../../format/short-address.ts';
import { Card } from '../../ui/card.tsx';
import { useWallets } from '../../wallet/wallet-context.ts';
import { AccountForm } from './account-form.tsx';
import { AccountView } from './account-view.tsx';
import { ClaimForOthers } from './claim-for-others.tsx';
import './miner.css';
import { readAddress } from './read-address.ts';
import { SendSigned } from './send-signed.tsx';

/** What any address has earned, why, and what of it can be claimed. */
export function Miner() {
  const { account: given = '' } = useParams();
  const { address } = readAddress(given);
  const navigate = useNavigate();
  const { connected } = useWallets();
  const show = (account: Address): void => void navigate(`/miner/${account}`);
  const own = connected?.account ?? null;
  return (
    <section className="page">
      <div className="page-head">
        <h1>Miner</h1>
      </div>
      <Card
        title="Whose rewards"
        about="Any address can be looked up; no wallet is needed. What is shown is checked against the chain first."
      >
        <AccountForm key={given} label="Address" button="Look up" initial={given} onAccount={show} />
        {own === null || own === address ? null : (
          <p>
            <button type="button" className="button quiet" onClick={() => show(own)}>
              Show my wallet’s, {shortAddress(own)}
            </button>
          </p>
        )}
      </Card>
      {address === null ? <Nobody /> : <AccountView key={address} account={address} />}
      <ClaimForOthers />
      <SendSigned />
    </section>
  );
}

function Nobody() {
  return (
    <Card title="What you will see here">
      <ul className="list">
        <li>What an address has earned, what of it is still locked and until when, and what it can claim now.</li>
        <li>Why: for every epoch the scores, the shares and the limits that led to the amount.</li>
        <li>The proof: the way from its entry in the published report to what is written on the chain.</li>
      </ul>
    </Card>
  );
}

import { useState, type SubmitEvent } from 'react';
import { Link } from 'react-router';

import { claimManyCall } from '../../../../src/chain/calls.ts';
import { sumOf } from '../../../../src/claims/find-claims.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { counted } from '../../../../src/protocol/tokens.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { shortAddress } from '../../format/short-address.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { LinesField } from '../../ui/lines-field.tsx';
import { QueryProblem } from '../../ui/query-problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { readAddresses } from './read-address.ts';
import { ReportProblem } from './report-problem.tsx';
import { useClaims } from './use-claims.ts';

/** As many as surely fit into one transaction; as on the command line. */
const MOST = 40;

/** One transaction that has many accounts paid, for whoever wants to do them the favour. */
export function ClaimForOthers() {
  const [text, setText] = useState('');
  const [accounts, setAccounts] = useState<readonly Address[]>([]);
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { accounts: read, wrong } = readAddresses(text);
    const [first] = wrong;
    if (first !== undefined) setFault(`${first.slice(0, 60)} is not an address.`);
    else if (read.length === 0) setFault('Give at least one address.');
    else if (read.length > MOST) setFault(`At most ${MOST} at once: these are ${read.length}.`);
    else {
      setFault(null);
      setAccounts(read);
    }
  };
  return (
    <Card
      title="Claim for others"
      about="Have many accounts paid by one transaction. You pay its gas; each of them is paid itself, or the recipient that it chose."
    >
      <details>
        <summary>Name the accounts</summary>
        <form className="others" onSubmit={submit} noValidate>
          <LinesField label={`Addresses, one a line, at most ${MOST}`} value={text} fault={fault} onChange={setText} />
          <div>
            <button type="submit" className="button quiet">
              See what they can claim
            </button>
          </div>
        </form>
        {accounts.length === 0 ? null : <Others key={accounts.join()} accounts={accounts} />}
      </details>
    </Card>
  );
}

function Others({ accounts }: { readonly accounts: readonly Address[] }) {
  const { connection } = useDeployment();
  const { chain, leaves, accounts: found } = useClaims(accounts);
  if (chain.isError && chain.data === undefined) return <QueryProblem query={chain} />;
  if (leaves.isError) return <ReportProblem error={leaves.error} again={() => void leaves.refetch()} />;
  if (found === null) return <Waiting what="Looking for their entries, and proving them" />;
  const due = found.flatMap(({ claim, rewards }) =>
    claim === null || rewards === null || rewards.claimable === 0n ? [] : [claim],
  );
  return (
    <div className="others">
      <div className="table-frame" tabIndex={0} role="group" aria-label="What they can claim">
        <table>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col" className="number">
                Claimable
              </th>
              <th scope="col">Paid to</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ account, rewards, recipient }) => (
              <tr key={account}>
                <td>
                  <Link to={`/miner/${account}`} className="mono" title={account}>
                    {shortAddress(account)}
                  </Link>
                </td>
                <td className="number">
                  {rewards === null ? 'never earned anything' : <Amount wei={rewards.claimable} />}
                </td>
                <td className="mono" title={recipient}>
                  {recipient === account ? 'itself' : shortAddress(recipient)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Together</th>
              <td className="number">
                <Amount wei={sumOf(found, 'rewards')} />
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      <SendCall
        title={due.length === 0 ? 'Nothing to claim now' : `Claim for ${counted(due.length, 'account')}`}
        call={due.length === 0 ? null : claimManyCall(connection.addresses, due)}
        purpose="claim for them"
        done="Paid."
      />
    </div>
  );
}

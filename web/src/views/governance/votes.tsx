import { useState } from 'react';

import { delegateCall } from '../../../../src/chain/governance/delegates.ts';
import type { Power } from '../../../../src/chain/governance/office.ts';
import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { parseAddress, ZERO_ADDRESS, type Address } from '../../../../src/protocol/brands.ts';
import { ProtocolError } from '../../../../src/protocol/errors.ts';
import { counted, percent } from '../../../../src/protocol/tokens.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures, type Figure } from '../../ui/figures.tsx';
import { QueryProblem, Unread } from '../../ui/query-problem.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { WalletButton } from '../../wallet/wallet-button.tsx';
import { useAccount, useStatus } from './use-governance.ts';

const WAD = 10n ** 18n;
const SHOWN = 50;

/** One's own votes, through whom one's tokens vote, and who has votes. */
export function Votes() {
  const status = useStatus();
  const account = useAccount();
  if (status.data === undefined || (status.data.power?.account ?? null) !== account) {
    return <Unread query={status} what="Reading the votes" />;
  }
  const { power } = status.data;
  return (
    <>
      <QueryProblem query={status} />
      <div className="columns">
        {power === null ? <NoWallet /> : <OwnPower power={power} status={status.data} />}
        <Delegation key={account ?? ''} power={power} />
      </div>
      <Delegates status={status.data} />
    </>
  );
}

function NoWallet() {
  return (
    <Card title="Your votes" about="Connect a wallet to see what you can cast.">
      <div>
        <WalletButton />
      </div>
    </Card>
  );
}

function OwnPower({ power, status }: { readonly power: Power; readonly status: GovernanceStatus }) {
  const { balance, votes, delegate, canPropose, roles, account } = power;
  const open = status.proposals.filter(({ state }) => state === 'active');
  const figures: readonly Figure[] = [
    { name: 'Votes now', value: <Amount wei={votes} />, note: 'your own and those delegated to you', tone: 'strong' },
    { name: 'Tokens', value: <Amount wei={balance} />, note: 'in this account; what is still locked does not vote' },
    {
      name: 'Your tokens vote through',
      value: delegate === account ? 'yourself' : delegate === ZERO_ADDRESS ? 'nobody' : <Short text={delegate} />,
      ...(delegate === ZERO_ADDRESS && balance > 0n
        ? { tone: 'warning' as const, note: 'they do not count at all' }
        : {}),
    },
    {
      name: 'Proposing',
      value: canPropose ? 'possible' : 'not possible',
      note:
        status.inOffice === 'council' ? (
          'the council decides at present'
        ) : (
          <>
            it takes <Amount wei={status.settings.proposalThreshold} /> of votes
          </>
        ),
    },
  ];
  return (
    <Card title="Your votes" about={roles.length === 0 ? undefined : `This account is ${roles.join(' and ')}.`}>
      <Figures figures={figures} />
      {open.map(({ id, short, voted, weight }) => (
        <p key={String(id)} className="note">
          Proposal {short}: {voted === true ? 'voted with ' : 'not cast yet, '}
          <Amount wei={weight ?? 0n} />.
        </p>
      ))}
    </Card>
  );
}

function Delegation({ power }: { readonly power: Power | null }) {
  const { connection } = useDeployment();
  const [isSelf, setIsSelf] = useState(true);
  const [text, setText] = useState('');
  const other = readAddress(text.trim());
  const to = isSelf ? (power?.account ?? null) : other.address;
  const isSame = to !== null && to === power?.delegate;
  return (
    <Card
      title="Delegate"
      about="Tokens count in a vote only when they are delegated: to oneself, or to somebody who votes with them. The tokens stay where they are, and it can be changed at any time; a vote that has begun counts as it stood then."
    >
      <fieldset className="ballot">
        <legend className="sr-only">Through whom your tokens vote</legend>
        <label className="choice">
          <input type="radio" name="delegate" checked={isSelf} onChange={() => setIsSelf(true)} />
          <span>
            <strong>Myself</strong> <span className="faint">I vote with my tokens</span>
          </span>
        </label>
        <label className="choice">
          <input type="radio" name="delegate" checked={!isSelf} onChange={() => setIsSelf(false)} />
          <span>
            <strong>Somebody else</strong> <span className="faint">votes with them for me</span>
          </span>
        </label>
      </fieldset>
      {isSelf ? null : (
        <div className="field">
          <label htmlFor="delegate-to">Their address</label>
          <input
            id="delegate-to"
            className="mono"
            autoComplete="off"
            spellCheck={false}
            placeholder="0x…"
            value={text}
            aria-invalid={text !== '' && other.address === null}
            aria-describedby="delegate-to-error"
            onChange={(event) => setText(event.target.value)}
          />
          <p id="delegate-to-error" className="field-error">
            {text === '' ? '' : other.fault}
          </p>
        </div>
      )}
      {isSame ? (
        <p className="note">That is how it is already.</p>
      ) : (
        <SendCall
          title="Delegate"
          call={to === null ? null : delegateCall(connection, to)}
          purpose="delegate"
          done="Delegated. It counts in every vote that begins from now on."
        />
      )}
    </Card>
  );
}

/** The zero address would be nobody, which no one means. */
function readAddress(text: string): { readonly address: Address | null; readonly fault: string } {
  try {
    const address = parseAddress(text);
    return address === ZERO_ADDRESS
      ? { address: null, fault: 'This address is nobody’s: your tokens would not count.' }
      : { address, fault: '' };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { address: null, fault: `${error.shortMessage.charAt(0).toUpperCase()}${error.shortMessage.slice(1)}.` };
  }
}

function Delegates({ status }: { readonly status: GovernanceStatus }) {
  const { delegates, delegated, circulating } = status;
  const [isWhole, setIsWhole] = useState(false);
  const sorted = delegates.toSorted((a, b) => (a.votes > b.votes ? -1 : a.votes < b.votes ? 1 : 0));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <Card
      title="Who has votes"
      about={
        <>
          <Amount wei={delegated} /> of votes are delegated to {counted(delegates.length, 'account')}
          {circulating === 0n ? '' : `, ${percent((delegated * WAD) / circulating)} of what circulates`}.
        </>
      }
    >
      {delegates.length === 0 ? (
        <p className="note">Nobody has delegated yet, not even to oneself.</p>
      ) : (
        <DataTable
          caption="Table of accounts"
          columns={[
            { title: 'Account' },
            { title: 'Votes', isNumber: true },
            { title: 'Of all votes', isNumber: true },
          ]}
          rows={shown.map(({ account, votes }) => [
            <Short text={account} />,
            <Amount wei={votes} />,
            percent((votes * WAD) / delegated),
          ])}
          keys={shown.map(({ account }) => account)}
          isNamed={false}
        />
      )}
      <ShowAll shown={shown.length} of={sorted.length} onClick={() => setIsWhole(true)} />
    </Card>
  );
}

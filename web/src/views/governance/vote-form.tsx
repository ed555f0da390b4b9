import { useState } from 'react';

import { voteCall, type Proposal, type Support } from '../../../../src/chain/governance/proposals.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import type { Transaction } from '../../wallet/use-transaction.ts';
import { when } from './states.ts';
import type { WholeDecision } from './use-governance.ts';

interface VoteFormProps {
  readonly whole: WholeDecision;
  readonly proposal: Proposal;
  readonly transaction: Transaction;
}

const CHOICES: readonly (readonly [Support, string, string])[] = [
  ['for', 'For', 'it should take effect'],
  ['against', 'Against', 'it should not'],
  ['abstain', 'Abstain', 'counts for the quorum alone'],
];

/** One's own vote: what it weighs, how it is cast, and that it was. */
export function VoteForm({ whole, proposal, transaction }: VoteFormProps) {
  const { own, office, votes, account } = whole;
  const cast = votes.find(({ voter }) => voter === account);
  if (proposal.state === 'pending') {
    return (
      <Card title="Your vote">
        <p className="note">
          The vote begins {when(proposal.voteStart, office.time)}. What you can cast is fixed then: delegate before, to
          yourself or to somebody else, for your tokens to count.
        </p>
      </Card>
    );
  }
  if (cast !== undefined) {
    return (
      <Card title="Your vote">
        <p>
          You have voted <strong>{cast.support}</strong>
          {cast.support === 'abstain' ? ' (abstained)' : ''} with <Amount wei={cast.weight} />. A vote is cast once.
        </p>
      </Card>
    );
  }
  if (own.weight === 0n) {
    return (
      <Card title="Your vote">
        <p className="note">
          This account had no votes when the vote began, so it cannot take part in this one. Delegate now for the next.
        </p>
      </Card>
    );
  }
  return <Ballot proposal={proposal} weight={own.weight} transaction={transaction} />;
}

interface BallotProps {
  readonly proposal: Proposal;
  readonly weight: bigint | null;
  readonly transaction: Transaction;
}

function Ballot({ proposal, weight, transaction }: BallotProps) {
  const { connection } = useDeployment();
  const [support, setSupport] = useState<Support | null>(null);
  const [reason, setReason] = useState('');
  const call = support === null ? null : voteCall(connection, proposal.id, support, reason.trim());
  return (
    <Card
      title="Your vote"
      about={
        weight === null ? undefined : (
          <>
            You had <Amount wei={weight} /> of votes when the vote began, and all of them are cast at once.
          </>
        )
      }
    >
      <fieldset className="ballot">
        <legend className="sr-only">How to vote</legend>
        {CHOICES.map(([value, name, meaning]) => (
          <label key={value} className="choice">
            <input
              type="radio"
              name="support"
              value={value}
              checked={support === value}
              onChange={() => setSupport(value)}
            />
            <span>
              <strong>{name}</strong> <span className="faint">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="vote-reason">Reason, for everybody to read (optional)</label>
        <textarea
          id="vote-reason"
          rows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <SendCall
        title={support === null ? 'Choose how to vote' : `Vote ${WORDS[support]}`}
        call={call}
        purpose="vote"
        done="Your vote is cast."
        transaction={transaction}
      />
    </Card>
  );
}

const WORDS: Readonly<Record<Support, string>> = { for: 'for it', against: 'against it', abstain: 'to abstain' };

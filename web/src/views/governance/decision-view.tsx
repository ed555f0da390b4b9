import { Link } from 'react-router';

import { numberOf } from '../../../../src/chain/governance/decisions.ts';
import { grouped } from '../../../../src/protocol/tokens.ts';
import { Short } from '../../ui/address.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Plain, PlainLine } from '../../ui/plain.tsx';
import { QueryProblem, Unread } from '../../ui/query-problem.tsx';
import { TransactionStatus } from '../../wallet/transaction-status.tsx';
import { useTransaction } from '../../wallet/use-transaction.ts';
import { AdvanceCard } from './advance-card.tsx';
import { CallList, type Against } from './call-list.tsx';
import { StopCard } from './stop-card.tsx';
import { firstLine, OPERATION_WORDS, PROPOSAL_WORDS, reasonOf, whyOver } from './states.ts';
import { Tally } from './tally.tsx';
import { TimelineCard } from './timeline-card.tsx';
import { useAccount, useDecision, type WholeDecision } from './use-governance.ts';
import { VoteForm } from './vote-form.tsx';
import { VoteList } from './vote-list.tsx';

/** One decision: what it does, how the votes stand, what comes next, and every way to have a say in it. */
export function DecisionView({ given }: { readonly given: string }) {
  const whole = useDecision(given);
  const account = useAccount();
  if (whole.data === null) return <Missing given={given} />;
  if (whole.data === undefined || whole.data.account !== account) {
    return <Unread query={whole} what="Reading the decision" />;
  }
  return (
    <>
      <QueryProblem query={whole} />
      <Whole whole={whole.data} />
    </>
  );
}

function Missing({ given }: { readonly given: string }) {
  return (
    <Card title="There is no such decision">
      <p>
        No proposal and no operation has the number <Plain text={given.slice(0, 90)} />, or more than one begins with
        it. <Link to="/governance">See all of them</Link>.
      </p>
    </Card>
  );
}

function Whole({ whole }: { readonly whole: WholeDecision }) {
  const transaction = useTransaction('decision');
  const { decision, calls, executed, votes, office } = whole;
  const isProposal = decision.kind === 'proposal';
  const { word, tone } = isProposal
    ? PROPOSAL_WORDS[decision.proposal.state]
    : OPERATION_WORDS[decision.operation.state];
  const reason = isProposal ? reasonOf(decision.proposal) : null;
  const end = isProposal ? whyOver(decision.proposal) : null;
  return (
    <>
      <Card
        title={isProposal ? 'Proposal to the holders' : 'Operation of the council'}
        aside={<Badge tone={tone}>{word}</Badge>}
      >
        <div className="reason">
          {reason === null ? (
            <p className="note">The council’s reason is kept on chain as a hash only.</p>
          ) : (
            <ReasonText text={reason} />
          )}
        </div>
        {end === null ? null : <p>{end}</p>}
        <p className="note by">
          {isProposal ? (
            <span>
              Proposed by <Short text={decision.proposal.proposer} />
            </span>
          ) : null}
          <span>
            Number <Short text={numberOf(decision)} what="number" />
          </span>
        </p>
      </Card>
      <div className="columns">
        <div className="stack">
          <CallList calls={calls} against={againstOf(whole)} />
          <TimelineCard decision={decision} office={office} executed={executed} />
        </div>
        <div className="stack">
          {transaction.state.phase === 'idle' ? null : (
            <Card title="Your transaction">
              <TransactionStatus state={transaction.state} done={transaction.done} stop={transaction.stop} />
            </Card>
          )}
          {isProposal && decision.proposal.quorum !== null ? (
            <Card
              title="Votes"
              about="It is carried by more votes for than against, if those for and those abstaining reach the quorum."
            >
              <Tally
                votes={decision.proposal.votes}
                quorum={decision.proposal.quorum}
                isOver={!['pending', 'active'].includes(decision.proposal.state)}
              />
            </Card>
          ) : null}
          {isProposal && ['pending', 'active'].includes(decision.proposal.state) ? (
            <VoteForm whole={whole} proposal={decision.proposal} transaction={transaction} />
          ) : null}
          <AdvanceCard whole={whole} transaction={transaction} />
          <StopCard whole={whole} transaction={transaction} />
        </div>
      </div>
      {isProposal ? <VoteList votes={votes} /> : null}
    </>
  );
}

/** What is over without having taken effect is compared with the chain as it is, too, and never will act. */
function againstOf({ decision, executed }: WholeDecision): Against {
  const { state } = decision.kind === 'proposal' ? decision.proposal : decision.operation;
  if (executed !== null) return 'what it found';
  return ['canceled', 'defeated', 'expired', 'gone'].includes(state) ? 'now, in vain' : 'now';
}

/** Of a title and of what follows it, in characters: what is decided must not be pushed out of sight by what is said about it. */
const LONGEST_TITLE = 200;
const LONGEST_REASON = 800;
/** Nobody reads more, and a browser should not have to show it. */
const LONGEST = 40_000;

/** The first line stands out: it is what lists show. */
function ReasonText({ text }: { readonly text: string }) {
  const title = firstLine(text);
  const more = text.trim().slice(title.length).trim();
  const isLong = title.length > LONGEST_TITLE || more.length > LONGEST_REASON;
  return (
    <>
      <p className="reason-title">
        <PlainLine text={title} most={LONGEST_TITLE} />
      </p>
      {more === '' ? null : (
        <p className="reason-more">
          <Plain text={more} most={LONGEST_REASON} />
        </p>
      )}
      {isLong ? (
        <details>
          <summary>
            Read all of it
            {text.length > LONGEST ? ` (the first ${grouped(LONGEST)} of ${grouped(text.length)} characters)` : ''}
          </summary>
          <p className="reason-more">
            <Plain text={text.trim()} most={LONGEST} />
          </p>
        </details>
      ) : null}
    </>
  );
}

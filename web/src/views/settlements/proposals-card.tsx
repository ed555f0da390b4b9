import type { BookedProposal } from '../../../../src/chain/settlement-book.ts';
import { coins } from '../../format/coins.ts';
import { lasting, utc } from '../../format/moment.ts';
import { visibleText } from '../../format/visible-name.ts';
import { Short } from '../../ui/address.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';

const STATES = {
  pending: ['warning', 'waits'],
  final: ['good', 'became final'],
  vetoed: ['bad', 'vetoed'],
  forfeited: ['bad', 'vetoed, and rightly: the bond is lost'],
  returned: ['bad', 'vetoed, wrongly: the bond went back'],
  disproved: ['bad', 'proven wrong'],
} as const;

const FAULTS = {
  order: 'two accounts stand in the wrong order, so that one could stand there twice',
  sum: 'the running sums of a leaf are not those of the leaf before plus its own',
  totals: 'the declared sums are not those of the last leaf',
  'leaf-count': 'the declared number of leaves is wrong',
  transition: 'an account’s balance does not follow from what it had and what it scored',
  dropped: 'an account that had earned before is missing',
  malformed: 'bytes stand in the tree that can mean nothing',
  unanswered: 'somebody demanded to see a leaf, and nobody showed it in time',
  unknown: 'a fault of a kind that this page does not know',
} as const;

interface ProposalsCardProps {
  readonly proposals: readonly BookedProposal[];
  readonly now: number;
}

/** Every settlement that was proposed for an epoch, and what became of it. */
export function ProposalsCard({ proposals, now }: ProposalsCardProps) {
  return (
    <Card
      title={proposals.length === 1 ? 'The proposal' : 'The proposals'}
      about="Who proposed it, and what came of it."
    >
      <ol className="proposals">
        {proposals.map((proposal) => (
          <li key={String(proposal.proposalId)}>
            <Proposal proposal={proposal} now={now} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Proposal({ proposal, now }: { readonly proposal: BookedProposal; readonly now: number }) {
  const { proposalId, operator, state, block, until, bond, veto, fault, demands, transaction, endedIn } = proposal;
  const [tone, words] = STATES[state];
  return (
    <>
      <p>
        <strong>Proposal {String(proposalId)}</strong> <Badge tone={tone}>{words}</Badge>
      </p>
      <p>
        By <Short text={operator} what="operator’s address" /> in block {block}, with a bond of {coins(bond)};
        transaction <Short text={transaction} what="transaction" />.
      </p>
      {state === 'pending' ? (
        <p>
          {now < until
            ? `It can be challenged for ${lasting(until - now)} more, until ${utc(until)}.`
            : demands.some(({ state: answer }) => answer === 'open')
              ? `Its window ended at ${utc(until)}; it can be made final once every leaf that was demanded is shown.`
              : `Its window ended at ${utc(until)}; anyone can make it final.`}
        </p>
      ) : (
        <p className="faint">
          Its window ended at {utc(until)}
          {endedIn === null ? '' : `; it was decided in block ${endedIn}`}.
        </p>
      )}
      {veto === null ? null : (
        <p>
          The guardian’s reason: <q className="wrap">{visibleText(veto.reason)}</q>
          {state === 'vetoed' ? ` Governance can rule about it until ${utc(veto.rulingUntil)}.` : ''}
        </p>
      )}
      {fault === null ? null : <p>What was wrong: {FAULTS[fault]}.</p>}
      {demands.map(({ index, deadline, state: answer }) => (
        <p key={index}>
          Leaf {index} was demanded;{' '}
          {answer === 'open'
            ? `it has to be shown by ${utc(deadline)}`
            : answer === 'answered'
              ? 'it was shown'
              : 'nobody showed it'}
          .
        </p>
      ))}
    </>
  );
}

import { Link } from 'react-router';

import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { Badge } from '../../ui/badge.tsx';
import { PlainLine } from '../../ui/plain.tsx';
import { firstLine, nextOf, OPERATION_WORDS, PROPOSAL_WORDS, reasonOf, when } from './states.ts';
import { Tally } from './tally.tsx';

type Shown =
  | { readonly kind: 'proposal'; readonly proposal: GovernanceStatus['proposals'][number] }
  | { readonly kind: 'operation'; readonly operation: GovernanceStatus['operations'][number] };

interface DecisionRowProps {
  readonly decision: Shown;
  /** Time of the block, unix seconds. */
  readonly now: number;
}

/** Of a title in a list, in characters; all of it stands with the decision. */
const LONGEST_TITLE = 160;

/** One decision of a list: what it is, where it stands, and the way to all of it. */
export function DecisionRow({ decision, now }: DecisionRowProps) {
  const subject = decision.kind === 'proposal' ? decision.proposal : decision.operation;
  const { word, tone } =
    decision.kind === 'proposal' ? PROPOSAL_WORDS[decision.proposal.state] : OPERATION_WORDS[decision.operation.state];
  const number = decision.kind === 'proposal' ? String(decision.proposal.id) : decision.operation.id;
  const title =
    decision.kind === 'proposal' ? firstLine(reasonOf(decision.proposal)) : (subject.words[0] ?? 'an operation');
  return (
    <li className="decision">
      <div className="decision-head">
        <Link to={`/governance/decision/${number}`} className="decision-title">
          <PlainLine text={title} most={LONGEST_TITLE} />
        </Link>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="note">{whereItStands(decision, now)}</p>
      <WordLines words={decision.kind === 'proposal' ? subject.words : subject.words.slice(1)} />
      {decision.kind === 'proposal' && decision.proposal.state === 'active' ? (
        <Tally votes={decision.proposal.votes} quorum={decision.proposal.quorum} brief />
      ) : null}
    </li>
  );
}

function whereItStands(decision: Shown, now: number): string {
  const number = decision.kind === 'proposal' ? decision.proposal.short : decision.operation.short;
  if (decision.kind === 'operation') {
    const { readyAt } = decision.operation;
    return `Operation ${number} of the council${readyAt === 0 ? '' : `: can be put into effect ${when(readyAt, now)}`}.`;
  }
  const { voted, weight, state } = decision.proposal;
  const next = nextOf(decision.proposal, now);
  const own =
    state !== 'active' || voted === null
      ? ''
      : voted
        ? ' You have voted.'
        : (weight ?? 0n) > 0n
          ? ' You have not voted yet.'
          : ' You had no votes when it began.';
  return `Proposal ${number}${next === null ? '' : `: ${next}`}.${own}`;
}

/** What calls do, line by line; changes stand indented below their call. */
export function WordLines({ words }: { readonly words: readonly string[] }) {
  if (words.length === 0) return null;
  return (
    <ul className="list close unmarked words">
      {words.map((line, at) => (
        <li key={`${at} ${line}`} data-depth={line.startsWith('    ') ? 2 : line.startsWith('  ') ? 1 : 0}>
          <PlainLine text={line.trim()} />
        </li>
      ))}
    </ul>
  );
}

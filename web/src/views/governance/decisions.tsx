import { useState } from 'react';

import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { QueryProblem, Unread } from '../../ui/query-problem.tsx';
import { DecisionRow } from './decision-row.tsx';
import { HandoverCard } from './handover-card.tsx';
import { OfficeCard } from './office-card.tsx';
import { useStatus } from './use-governance.ts';
import { WeightsCard } from './weights-card.tsx';

/** Who decides, the weights as they are and will be, and every decision. */
export function Decisions() {
  const status = useStatus();
  if (status.data === undefined) {
    return <Unread query={status} what="Reading what is being decided" />;
  }
  return (
    <>
      <QueryProblem query={status} />
      <OfficeCard status={status.data} />
      {status.data.handover.done ? null : <HandoverCard status={status.data} />}
      <OpenDecisions status={status.data} />
      <WeightsCard />
      <Past />
    </>
  );
}

function OpenDecisions({ status }: { readonly status: GovernanceStatus }) {
  const { proposals, operations, inOffice, time } = status;
  const count = proposals.length + operations.length;
  return (
    <Card
      title="Being decided"
      about={
        inOffice === 'holders'
          ? 'Proposals to the holders, from their announcement until they are in effect. The newest stands first.'
          : 'What the council has scheduled. It waits in the timelock in public before it can take effect.'
      }
      aside={<Badge tone={count === 0 ? 'plain' : 'warning'}>{count === 0 ? 'nothing' : `${count} open`}</Badge>}
    >
      {count === 0 ? (
        <p className="note">Nothing is being decided at present.</p>
      ) : (
        <DecisionList proposals={proposals} operations={operations} now={time} />
      )}
    </Card>
  );
}

/** Read on demand: it takes a while, and few ask for it. */
function Past() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card title="Decided before" about="What is over: in effect, not carried, cancelled or expired.">
      {isOpen ? (
        <PastList />
      ) : (
        <div>
          <button type="button" className="button quiet" onClick={() => setIsOpen(true)}>
            Show what was decided before
          </button>
        </div>
      )}
    </Card>
  );
}

const OVER = new Set(['canceled', 'defeated', 'expired', 'executed', 'done', 'gone']);

function PastList() {
  const status = useStatus({ all: true });
  if (status.data === undefined) {
    return <Unread query={status} what="Reading what was decided" />;
  }
  const proposals = status.data.proposals.filter(({ state }) => OVER.has(state));
  const operations = status.data.operations.filter(({ state }) => OVER.has(state));
  if (proposals.length + operations.length === 0) return <p className="note">Nothing was decided yet.</p>;
  return <DecisionList proposals={proposals} operations={operations} now={status.data.time} />;
}

interface DecisionListProps extends Pick<GovernanceStatus, 'proposals' | 'operations'> {
  readonly now: number;
}

/** The newest stands first. */
function DecisionList({ proposals, operations, now }: DecisionListProps) {
  return (
    <ul className="decisions">
      {proposals.toReversed().map((proposal) => (
        <DecisionRow key={proposal.short} decision={{ kind: 'proposal', proposal }} now={now} />
      ))}
      {operations.toReversed().map((operation) => (
        <DecisionRow key={operation.short} decision={{ kind: 'operation', operation }} now={now} />
      ))}
    </ul>
  );
}

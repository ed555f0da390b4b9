import { useState } from 'react';

import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { DecisionRow } from './decision-row.tsx';
import { HandoverCard } from './handover-card.tsx';
import { OfficeCard } from './office-card.tsx';
import { useStatus } from './use-governance.ts';
import { WeightsCard } from './weights-card.tsx';

/** Who decides, the weights as they are and will be, and every decision. */
export function Decisions() {
  const status = useStatus();
  if (status.data === undefined) {
    return status.isError ? (
      <Problem error={status.error} again={() => void status.refetch()} />
    ) : (
      <Waiting what="Reading what is being decided" />
    );
  }
  return (
    <>
      {status.isError ? <Problem error={status.error} again={() => void status.refetch()} /> : null}
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
        <ul className="decisions">
          {proposals.toReversed().map((proposal) => (
            <DecisionRow key={proposal.short} decision={{ kind: 'proposal', proposal }} now={time} />
          ))}
          {operations.toReversed().map((operation) => (
            <DecisionRow key={operation.short} decision={{ kind: 'operation', operation }} now={time} />
          ))}
        </ul>
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
    return status.isError ? (
      <Problem error={status.error} again={() => void status.refetch()} />
    ) : (
      <Waiting what="Reading what was decided" />
    );
  }
  const { time } = status.data;
  const proposals = status.data.proposals.filter(({ state }) => OVER.has(state)).toReversed();
  const operations = status.data.operations.filter(({ state }) => OVER.has(state)).toReversed();
  if (proposals.length + operations.length === 0) return <p className="note">Nothing was decided yet.</p>;
  return (
    <ul className="decisions">
      {proposals.map((proposal) => (
        <DecisionRow key={proposal.short} decision={{ kind: 'proposal', proposal }} now={time} />
      ))}
      {operations.map((operation) => (
        <DecisionRow key={operation.short} decision={{ kind: 'operation', operation }} now={time} />
      ))}
    </ul>
  );
}

import type { Call } from '../../../../src/chain/calls.ts';
import type { Connection } from '../../../../src/chain/connect.ts';
import { executeOperationCall } from '../../../../src/chain/governance/operations.ts';
import { proposalCall } from '../../../../src/chain/governance/proposals.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { utc } from '../../format/moment.ts';
import { Card } from '../../ui/card.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import type { Transaction } from '../../wallet/use-transaction.ts';
import { when } from './states.ts';
import type { WholeDecision } from './use-governance.ts';

interface Step {
  readonly title: string;
  readonly about: string;
  readonly done: string;
  readonly purpose: string;
  /** Null: it is not time yet. */
  readonly call: Call | null;
}

interface AdvanceCardProps {
  readonly whole: WholeDecision;
  readonly transaction: Transaction;
}

/** The next step of what was carried: into the timelock, and into effect. Nothing where no step is left to anybody. */
export function AdvanceCard({ whole, transaction }: AdvanceCardProps) {
  const { connection } = useDeployment();
  const step = nextStep(connection, whole);
  if (step === null) return null;
  const { title, about, done, purpose, call } = step;
  return (
    <Card title="Next step" about={about}>
      {call === null ? null : (
        <SendCall title={title} call={call} purpose={purpose} done={done} transaction={transaction} />
      )}
    </Card>
  );
}

function nextStep(connection: Connection, { decision, office, account }: WholeDecision): Step | null {
  const { time, inOffice, council } = office;
  const execute = { title: 'Put into effect', purpose: 'put it into effect', done: 'It is in effect.' };
  if (decision.kind === 'operation') {
    const { operation } = decision;
    if (operation.state !== 'waiting' && operation.state !== 'ready') return null;
    const isReady = operation.state === 'ready';
    const who = inOffice === 'council' ? 'the council' : 'anyone';
    const may = inOffice !== 'council' || account === null || account === council;
    return {
      ...execute,
      about: isReady
        ? `It has waited long enough; ${who} can put it into effect now.`
        : `It waits in the timelock; ${who} can put it into effect ${when(operation.readyAt, time)}.`,
      call: isReady && may ? executeOperationCall(connection, operation) : null,
    };
  }
  const { proposal } = decision;
  if (proposal.state === 'succeeded') {
    return {
      title: 'Queue it in the timelock',
      purpose: 'queue it',
      done: 'It waits in the timelock now.',
      about: `It was carried. Anyone can put it into the timelock, until ${utc(proposal.queueUntil)}; what is not queued by then expires.`,
      call: proposalCall(connection, 'queue', proposal),
    };
  }
  if (proposal.state !== 'queued') return null;
  const isReady = proposal.readyAt <= time;
  return {
    ...execute,
    about: isReady
      ? 'It has waited long enough; anyone can put it into effect now.'
      : `It waits in the timelock; anyone can put it into effect ${when(proposal.readyAt, time)}.`,
    call: isReady ? proposalCall(connection, 'execute', proposal) : null,
  };
}

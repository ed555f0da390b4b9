import { useState } from 'react';

import { stopCall } from '../../../../src/chain/governance/stop.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { Card } from '../../ui/card.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import type { Transaction } from '../../wallet/use-transaction.ts';
import type { WholeDecision } from './use-governance.ts';

interface StopCardProps {
  readonly whole: WholeDecision;
  readonly transaction: Transaction;
}

/** The way to stop a decision, for those who can: its proposer, the council, a guardian. Nothing for everybody else. */
export function StopCard({ whole, transaction }: StopCardProps) {
  const { connection } = useDeployment();
  const [reason, setReason] = useState('');
  const { decision, office, power } = whole;
  const stop = power === null ? null : stopCall(connection, decision, { office, who: power, reason: reason.trim() });
  if (stop === null) return null;
  const isGuardian = stop.as === 'a guardian';
  return (
    <Card
      title="Stop it"
      about={`Your account can, as ${stop.as}. It cannot be taken up again; it would have to be proposed anew.`}
    >
      {isGuardian ? (
        <div className="field">
          <label htmlFor="stop-reason">Reason, for everybody to read</label>
          <input id="stop-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </div>
      ) : null}
      <SendCall
        quiet
        title="Cancel it"
        call={isGuardian && reason.trim() === '' ? null : stop.call}
        purpose="cancel it"
        done="It is cancelled."
        transaction={transaction}
      />
    </Card>
  );
}

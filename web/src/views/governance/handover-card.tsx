import { useState } from 'react';

import { handoverCall } from '../../../../src/chain/governance/delegates.ts';
import type { GovernanceStatus } from '../../../../src/chain/governance/status.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { lasting, utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Figures } from '../../ui/figures.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { useAccount } from './use-governance.ts';

/** What the council's hand-over to the holders still needs, and the way to do it. */
export function HandoverCard({ status }: { readonly status: GovernanceStatus }) {
  const { connection } = useDeployment();
  const account = useAccount();
  const [isSure, setIsSure] = useState(false);
  const { handover, council, delegated, delegates, time } = status;
  const { votes, needed, openAfter, standing } = handover;
  const missing = needed > votes ? needed - votes : 0n;
  const isOpen = time >= openAfter;
  const may = isOpen || account === council;
  return (
    <Card
      title="Hand-over to the holders"
      aside={
        <Badge tone={missing === 0n ? 'good' : 'plain'}>{missing === 0n ? 'possible' : 'votes are missing'}</Badge>
      }
      about={`Once enough votes have been delegated for ${lasting(standing)}, the council can hand over; from ${utc(openAfter)} on anyone can.`}
    >
      <Figures
        figures={[
          { name: 'Counted', value: <Amount wei={votes} />, note: `delegated for ${lasting(standing)} or longer` },
          { name: 'Needed', value: <Amount wei={needed} />, note: 'twice the quorum, or the fixed minimum' },
          missing === 0n
            ? { name: 'Missing', value: 'nothing', tone: 'good' }
            : { name: 'Missing', value: <Amount wei={missing} />, tone: 'warning' },
          { name: 'Delegated in all', value: <Amount wei={delegated} />, note: 'newer delegations included' },
        ]}
      />
      {missing === 0n && may ? (
        <>
          <label className="check">
            <input type="checkbox" checked={isSure} onChange={(event) => setIsSure(event.target.checked)} />
            <span>
              I know that it is for good: the council gives up its say, and what it has scheduled and not put into
              effect lapses.
            </span>
          </label>
          <SendCall
            title="Hand over to the holders"
            call={isSure ? handoverCall(connection, delegates) : null}
            purpose="hand over"
            done="The holders decide from now on."
          />
        </>
      ) : null}
    </Card>
  );
}

import { Link } from 'react-router';

import { part } from '../../../../src/chain/governance/units.ts';
import type { Proposal } from '../../../../src/chain/governance/propose.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import { utc } from '../../format/moment.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Plain } from '../../ui/plain.tsx';
import { SendCall } from '../../wallet/send-call.tsx';
import { TransactionStatus } from '../../wallet/transaction-status.tsx';
import { useTransaction } from '../../wallet/use-transaction.ts';
import { Difference } from './weight-sliders.tsx';

interface ProposalPreviewProps {
  readonly proposal: Proposal;
  readonly account: Address | null;
  readonly council: Address | undefined;
}

/** What a proposal changes, what it does to the emission, when it can act, and the button that sends it. */
export function ProposalPreview({ proposal, account, council }: ProposalPreviewProps) {
  const transaction = useTransaction(`propose ${proposal.id}`);
  const { office, id, from, dates, emission, outgoing, notes } = proposal;
  const isHolders = office === 'governor';
  const isSent = transaction.state.phase === 'included';
  return (
    <div className="preview">
      <h3>It was tried out, and would pass</h3>
      <DataTable
        caption={`What it does to the emission of epoch ${emission.epoch}`}
        columns={[
          { title: `From epoch ${from.epoch} on` },
          { title: 'Weight', isNumber: true },
          { title: 'New weight', isNumber: true },
          { title: 'Budget', isNumber: true },
          { title: 'New budget', isNumber: true },
          { title: 'Change', isNumber: true },
        ]}
        rows={emission.tasks.map(({ name, before, after }) => [
          <Plain text={name} />,
          before === null ? '–' : part(before.weight),
          after === null ? '–' : part(after.weight),
          <Amount wei={before?.tokens ?? 0n} unit={false} />,
          <Amount wei={after?.tokens ?? 0n} unit={false} />,
          <Difference wei={(after?.tokens ?? 0n) - (before?.tokens ?? 0n)} />,
        ])}
      />
      {notes.map((note) => (
        <p key={note} className="note">
          <Plain text={note} />
        </p>
      ))}
      <ol className="timeline">
        {dates.milestones.map(({ what, at }) => (
          <li key={what} data-past="false">
            <span className="timeline-at">{utc(at)}</span>
            <span>{what}</span>
          </li>
        ))}
        <li data-past="false">
          <span className="timeline-at">{utc(from.start)}</span>
          <span>epoch {from.epoch} begins, the first with these weights</span>
        </li>
      </ol>
      {!isHolders && account !== council ? (
        <p className="note">
          Only the council {council === undefined ? '' : <Short text={council} />} can schedule it.
        </p>
      ) : (
        <SendCall
          title={isHolders ? 'Propose it to the holders' : 'Schedule it in the timelock'}
          call={isSent ? null : outgoing}
          purpose="propose it"
          done={isHolders ? 'Proposed. The vote begins as shown above.' : 'Scheduled in the timelock.'}
          transaction={transaction}
        />
      )}
      <TransactionStatus state={transaction.state} done={transaction.done} stop={transaction.stop} />
      {isSent ? (
        <p>
          <Link to={`/governance/decision/${id}`}>Go to it</Link>
        </p>
      ) : null}
    </div>
  );
}

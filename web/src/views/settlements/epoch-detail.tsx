import { Link } from 'react-router';

import { epochRows, standing, type EpochRow } from '../../data/epoch-rows.ts';
import type { Terms } from '../../data/terms.ts';
import { useChainTime } from '../../data/use-chain-time.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { utc } from '../../format/moment.ts';
import { Card } from '../../ui/card.tsx';
import { Unread } from '../../ui/query-problem.tsx';
import { Countdown, StageBadge } from './epoch-stage.tsx';
import { MoneyCard } from './money-card.tsx';
import { ProposalsCard } from './proposals-card.tsx';
import { RecordCard } from './record-card.tsx';
import { ReportCard } from './report-card.tsx';
import { useHeldProposal } from './use-held-proposal.ts';
import { VerifyCard } from './verify-card.tsx';

interface EpochDetailProps {
  /** The epoch as it stands in the address of the page. */
  readonly given: string;
  readonly protocol: Protocol;
  readonly terms: Terms;
}

/** One epoch: what was proposed, what it pays, where its report is, and whether it is right. */
export function EpochDetail({ given, protocol, terms }: EpochDetailProps) {
  const now = useChainTime() ?? protocol.block.time;
  const rows = epochRows(protocol.book, terms.clock, now);
  const row = /^\d{1,10}$/.test(given) ? rows.find(({ epoch }) => epoch === Number(given)) : undefined;
  if (row === undefined) {
    return (
      <>
        <h1>There is no such epoch yet</h1>
        <p>
          {rows.length === 0 ? 'None has begun.' : `Epochs 0 to ${rows.length - 1} have begun.`}{' '}
          <Link to="/settlements">See all settlements</Link>.
        </p>
      </>
    );
  }
  const { epoch } = row;
  return (
    <>
      <header className="page-head">
        <div>
          <p className="faint">
            <Link to="/settlements">Settlements</Link>
          </p>
          <h1>Epoch {epoch}</h1>
          <p className="faint">
            {utc(row.start)} to {utc(row.end)}
          </p>
        </div>
        <nav className="buttons" aria-label="Epochs beside this one">
          {epoch === 0 ? null : (
            <Link className="button quiet" to={`/settlements/${epoch - 1}`}>
              Epoch {epoch - 1}
            </Link>
          )}
          {epoch === rows.length - 1 ? null : (
            <Link className="button quiet" to={`/settlements/${epoch + 1}`}>
              Epoch {epoch + 1}
            </Link>
          )}
        </nav>
      </header>
      <p>
        <StageBadge row={row} /> <Countdown row={row} now={now} />.
      </p>
      <Settled row={row} protocol={protocol} now={now} />
    </>
  );
}

function Settled({
  row,
  protocol,
  now,
}: {
  readonly row: EpochRow;
  readonly protocol: Protocol;
  readonly now: number;
}) {
  const { record, proposals } = row;
  const proposal = standing(row);
  const held = useHeldProposal(proposal, record);
  if (record === null) {
    return (
      <Card title="Nothing to see yet">
        <p className="note">
          The rules, the weights and the price of an epoch are written down when it is closed, after its end. Nothing
          has been proposed before.
        </p>
      </Card>
    );
  }
  const before = protocol.book.final[record.epoch - 1];
  return (
    <>
      {proposal === null ? (
        <Card title="No settlement">
          <p className="note">
            {proposals.length === 0
              ? 'No operator has proposed a settlement yet.'
              : 'Every settlement that was proposed has been dropped. An operator can propose another one.'}
          </p>
        </Card>
      ) : held.isError || held.data === undefined ? (
        <Unread query={held} what="Holding the settlement against the contracts" />
      ) : (
        <>
          <MoneyCard row={row} record={record} proposal={proposal} protocol={protocol} />
          <VerifyCard
            declared={{
              ...{ record, settlement: proposal.settlement, basis: proposal.basis },
              parent: before === undefined ? null : before.settlement,
            }}
          />
          <ReportCard epoch={record.epoch} reportCid={proposal.settlement.reportCid} />
        </>
      )}
      {proposals.length === 0 ? null : <ProposalsCard proposals={proposals} now={now} />}
      <RecordCard record={record} proposal={proposal} />
    </>
  );
}

import { useState } from 'react';
import { Link } from 'react-router';

import { counted, grouped } from '../../../../src/protocol/tokens.ts';
import { contentIdFrom } from '../../../../src/settlement/report/content-id.ts';
import { hexToBytes } from '../../../../src/protocol/words.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { epochRows, standing, type EpochRow } from '../../data/epoch-rows.ts';
import { reportLinks } from '../../data/report-places.ts';
import type { Terms } from '../../data/terms.ts';
import { useChainTime } from '../../data/use-chain-time.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { shortAddress } from '../../format/short-address.ts';
import { Short } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures } from '../../ui/figures.tsx';
import { Segments } from '../../ui/segments.tsx';
import { STANDING_COLUMNS, standingCells } from './epoch-stage.tsx';
import { useVerified, type Verified, type VerifiedSettlement } from './verified.ts';

interface EpochListProps {
  readonly protocol: Protocol;
  readonly terms: Terms;
}

const PAGE = 25;

const KINDS = {
  all: 'Every epoch',
  waiting: 'Not final yet',
  dropped: 'With a dropped proposal',
} as const;
type Kind = keyof typeof KINDS;

/** Every epoch that has begun, the newest first. */
export function EpochList({ protocol, terms }: EpochListProps) {
  const now = useChainTime() ?? protocol.block.time;
  const [kind, setKind] = useState<Kind>('all');
  const [shown, setShown] = useState(PAGE);
  const rows = epochRows(protocol.book, terms.clock, now);
  const chosen = rows.filter((row) => isOf(kind, row));
  const { proposals } = protocol.book;
  const { symbol } = useDeployment();
  const count = (...states: readonly string[]): string =>
    grouped(proposals.filter(({ state }) => states.includes(state)).length);
  return (
    <>
      <header className="page-head">
        <h1>Settlements</h1>
      </header>
      <Card
        title="How settlements went"
        about="After an epoch an operator proposes who earned what, and puts down a bond. Until the window ends a guardian can veto it, and anyone can prove it wrong or demand to see any leaf. Then it is final for good."
      >
        <Figures
          figures={[
            { name: 'Final', value: grouped(protocol.epochs.length), tone: 'good' },
            { name: 'Waiting', value: count('pending') },
            { name: 'Vetoed', value: count('vetoed', 'returned', 'forfeited') },
            { name: 'Proven wrong', value: count('disproved') },
          ]}
        />
      </Card>
      <Card
        title="Epochs"
        about={`Amounts in ${symbol}.`}
        aside={<Segments label="Which epochs are shown" choices={KINDS} chosen={kind} choose={setKind} />}
      >
        {chosen.length === 0 ? (
          <p className="note">There is none.</p>
        ) : (
          <EpochTable rows={chosen.slice(0, shown)} now={now} />
        )}
        {chosen.length > shown ? (
          <div className="buttons">
            <button type="button" className="button quiet" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, chosen.length - shown)} more
            </button>
            <p className="note">{counted(chosen.length - shown, 'older epoch')} not shown</p>
          </div>
        ) : null}
      </Card>
    </>
  );
}

function isOf(kind: Kind, { stage, proposals }: EpochRow): boolean {
  if (kind === 'waiting') return stage !== 'final';
  return kind === 'all' || proposals.some(({ state }) => state !== 'pending' && state !== 'final');
}

function EpochTable({ rows, now }: { readonly rows: readonly EpochRow[]; readonly now: number }) {
  const verifiedOf = useVerified();
  return (
    <DataTable
      caption="Epochs"
      columns={[
        ...STANDING_COLUMNS,
        { title: 'Budget', isNumber: true },
        { title: 'To miners', isNumber: true },
        { title: 'Accounts', isNumber: true },
        { title: 'Report' },
        { title: 'Verified' },
      ]}
      rows={rows.map((row) => {
        const settlement = standing(row)?.settlement;
        return [
          ...standingCells(row, now),
          row.record === null ? '—' : <Amount wei={row.record.budget} unit={false} />,
          settlement === undefined ? '—' : <Amount wei={settlement.granted} unit={false} />,
          settlement === undefined ? '—' : grouped(settlement.leafCount),
          settlement === undefined ? '—' : <Report epoch={row.epoch} settlement={settlement} />,
          settlement === undefined ? '—' : <Recomputed epoch={row.epoch} of={verifiedOf(settlement)} />,
        ];
      })}
      keys={rows.map(({ epoch }) => epoch)}
    />
  );
}

function Report({ epoch, settlement }: { readonly epoch: number; readonly settlement: VerifiedSettlement }) {
  const deployment = useDeployment();
  const { cid } = contentIdFrom(hexToBytes(settlement.reportCid));
  const [first] = reportLinks(deployment, epoch, cid);
  const what = `content id of epoch ${epoch}`;
  if (first === undefined) return <Short text={cid} what={what} />;
  return (
    <a className="mono" href={first.href} target="_blank" rel="noreferrer noopener" title={`${what}: ${cid}`}>
      {shortAddress(cid)}
    </a>
  );
}

const OUTCOMES = { equal: 'good', different: 'bad', unavailable: 'warning' } as const;

/** What came of computing it anew in this browser; where it leads to when that was not done yet. */
function Recomputed({ epoch, of }: { readonly epoch: number; readonly of: Verified | null }) {
  if (of === null) {
    return (
      <Link to={`/settlements/${epoch}`}>
        not yet<span className="sr-only">: verify epoch {epoch}</span>
      </Link>
    );
  }
  const { outcome } = of.verification;
  return <Badge tone={OUTCOMES[outcome]}>{outcome}</Badge>;
}

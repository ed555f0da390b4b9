import { Link } from 'react-router';

import { grouped } from '../../../../src/protocol/tokens.ts';
import { epochRows, standing } from '../../data/epoch-rows.ts';
import { useChainTime } from '../../data/use-chain-time.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import type { Terms } from '../../data/terms.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { STANDING_COLUMNS, standingCells } from '../settlements/epoch-stage.tsx';

interface LastSettlementsProps {
  readonly protocol: Protocol;
  readonly terms: Terms;
}

const SHOWN = 6;

/** The newest epochs with what became of their settlements. */
export function LastSettlements({ protocol, terms }: LastSettlementsProps) {
  const now = useChainTime() ?? protocol.block.time;
  const rows = epochRows(protocol.book, terms.clock, now).slice(0, SHOWN);
  return (
    <Card
      title="Last settlements"
      about="An operator proposes what an epoch paid; until its window ends anyone can challenge it. Then it is final."
      aside={<Link to="/settlements">All settlements</Link>}
    >
      <DataTable
        caption="The newest epochs"
        columns={[
          ...STANDING_COLUMNS,
          { title: 'Granted to miners', isNumber: true },
          { title: 'Accounts', isNumber: true },
        ]}
        rows={rows.map((row) => {
          const settlement = standing(row)?.settlement;
          return [
            ...standingCells(row, now),
            settlement === undefined ? '—' : <Amount wei={settlement.granted} />,
            settlement === undefined ? '—' : grouped(settlement.leafCount),
          ];
        })}
        keys={rows.map(({ epoch }) => epoch)}
      />
    </Card>
  );
}

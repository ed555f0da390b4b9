import { Link } from 'react-router';

import { grouped } from '../../../../src/protocol/tokens.ts';
import { epochRows, standing } from '../../data/epoch-rows.ts';
import { useChainTime } from '../../data/use-chain-time.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import type { Terms } from '../../data/terms.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { EpochStanding } from '../settlements/epoch-stage.tsx';

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
      <div className="table-frame" tabIndex={0} role="group" aria-label="The newest epochs">
        <table>
          <thead>
            <tr>
              <th scope="col">Epoch</th>
              <th scope="col">Began</th>
              <th scope="col">State</th>
              <th scope="col">What comes next</th>
              <th scope="col" className="number">
                Granted to miners
              </th>
              <th scope="col" className="number">
                Accounts
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const settlement = standing(row)?.settlement;
              return (
                <tr key={row.epoch}>
                  <EpochStanding row={row} now={now} />
                  <td className="number">{settlement === undefined ? '—' : <Amount wei={settlement.granted} />}</td>
                  <td className="number">{settlement === undefined ? '—' : grouped(settlement.leafCount)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

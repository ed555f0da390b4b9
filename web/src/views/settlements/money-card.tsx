import type { BookedProposal } from '../../../../src/chain/settlement-book.ts';
import type { EpochRecord } from '../../../../src/protocol/epoch-record.ts';
import { WAD } from '../../../../src/protocol/fixed-point.ts';
import type { Reasons } from '../../../../src/protocol/settlement-math.ts';
import { grouped, percent } from '../../../../src/protocol/tokens.ts';
import type { EpochRow } from '../../data/epoch-rows.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { taskLabel } from '../../format/task-label.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures } from '../../ui/figures.tsx';

interface MoneyCardProps {
  readonly row: EpochRow;
  readonly record: EpochRecord;
  readonly proposal: BookedProposal;
  readonly protocol: Protocol;
}

const REASONS: readonly (readonly [keyof Reasons, string, string])[] = [
  ['reserveReturn', 'came back from the reserve', 'what was withheld before returns bit by bit'],
  ['noMiner', 'nobody took part', 'without a participant nothing is paid'],
  ['participation', 'participation', 'with few participants a part is withheld'],
  ['priceAndClamp', 'price and limits', 'a high price withholds, a low one gives back, within limits'],
  ['emptyTask', 'tasks without participants', 'their part is withheld'],
  ['capAndRounding', 'caps and rounding', 'what no account may have, and what does not divide'],
];

/** What an epoch pays, to whom, and why it is not simply its budget. */
export function MoneyCard({ row, record, proposal, protocol }: MoneyCardProps) {
  const { final } = row;
  const { settlement } = proposal;
  return (
    <Card
      title="What it pays"
      about={
        final === null
          ? 'As the operator proposes it. Foundation and reserve follow when it becomes final.'
          : 'Final: nobody can change it any more.'
      }
    >
      <Figures
        figures={[
          { name: 'Budget', value: <Amount wei={record.budget} />, note: 'by the emission curve' },
          { name: 'Granted to miners', value: <Amount wei={settlement.granted} />, tone: 'strong' },
          ...(final === null
            ? []
            : [
                { name: 'Granted to the foundation', value: <Amount wei={final.foundationGranted} /> },
                { name: 'Withheld into the reserve', value: <Amount wei={final.withheld} /> },
                { name: 'Given back by the reserve', value: <Amount wei={final.injected} /> },
              ]),
          { name: 'Accounts in the tree', value: grouped(settlement.leafCount), note: 'everybody who ever earned' },
        ]}
      />
      <h3>Tasks</h3>
      <DataTable
        caption="Tasks"
        columns={[
          { title: 'Task' },
          { title: 'Weight', isNumber: true },
          { title: 'Participants', isNumber: true },
          { title: 'Sum of scores', isNumber: true },
          { title: 'Minimum score', isNumber: true },
        ]}
        rows={record.tasks.map((task, at) => [
          taskLabel(protocol.book.tasks, task),
          percent(record.weights[at] ?? 0n),
          grouped(settlement.participants[at] ?? 0),
          grouped(settlement.scoreTotals[at] ?? 0n),
          grouped(record.minScores[at] ?? 0n),
        ])}
      />
      {final === null ? null : <ReasonsTable reasons={final.reasons} budget={final.budget} granted={final.granted} />}
    </Card>
  );
}

function ReasonsTable({ reasons, budget, granted }: { reasons: Reasons; budget: bigint; granted: bigint }) {
  const rows = REASONS.filter(([key]) => reasons[key] !== 0n);
  if (rows.length === 0) return <p className="note">The whole budget was granted, and nothing more.</p>;
  return (
    <>
      <h3>Why it was not exactly the budget</h3>
      <div className="table-frame" tabIndex={0} role="group" aria-label="From budget to grant">
        <table>
          <tbody>
            <tr>
              <th scope="row">budget</th>
              <td className="number">
                <Amount wei={budget} />
              </td>
              <td className="faint">by the emission curve</td>
            </tr>
            {rows.map(([key, name, words]) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td className="number">
                  <Amount wei={-reasons[key]} />
                </td>
                <td className="faint">{words}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">granted in all</th>
              <td className="number">
                <Amount wei={granted} />
              </td>
              <td className="faint">{budget === 0n ? '' : `${percent((granted * WAD) / budget)} of the budget`}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}

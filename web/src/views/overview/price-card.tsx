import { useMemo } from 'react';

import { percent } from '../../../../src/protocol/tokens.ts';
import { formatWad } from '../../../../src/settlement/preset/decimals.ts';
import { short } from '../../../../src/simulation/chart/scale.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Chart } from '../../ui/chart.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import type { ChartProps } from '../../ui/plot.tsx';
import { factorLine, grantedLine, priceLine, type EpochFigure } from './series.ts';

const MOST_ROWS = 200;
const HEIGHT = 130;

/** What a token cost, and what the law of participation and price made of each epoch's budget. */
export function PriceCard({ protocol: { epochs } }: { readonly protocol: Protocol }) {
  const count = epochs.length;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- of the epochs only new ones change anything
  const price = useMemo(() => lineOf(priceLine(epochs), 'var(--series-3)', null), [count]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  const factor = useMemo(() => lineOf(factorLine(epochs), 'var(--series-1)', 1), [count]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- as above
  const granted = useMemo(() => lineOf(grantedLine(epochs), 'var(--series-2)', 1), [count]);
  const title = 'Price and payout';
  if (count === 0) {
    return (
      <Card title={title}>
        <p className="note">No epoch is final yet.</p>
      </Card>
    );
  }
  const hasLaw = epochs.some(({ record }) => record.reserve.hasLaw);
  const hasPrice = epochs.some(({ record }) => record.price !== 0n);
  const rows = epochs
    .slice(-MOST_ROWS)
    .toReversed()
    .map(({ record, quote, final }) => [
      record.epoch,
      record.price === 0n ? 'none' : formatWad(record.price),
      formatWad(quote.factor),
      <Amount key="budget" wei={final.budget} unit={false} />,
      <Amount key="payout" wei={final.payout} unit={false} />,
      final.budget === 0n ? '—' : percent((final.granted * 10n ** 18n) / final.budget),
    ]);
  const amount = (name: string) => ({ title: name, isNumber: true });
  return (
    <Card
      title={title}
      about="How much of an epoch’s budget was granted. What was withheld went to the reserve; above 1, some of it came back."
    >
      <h3>Granted, as a part of the budget</h3>
      <Chart label={`What was granted of the budgets of epochs 0 to ${count - 1}.`} options={granted} height={HEIGHT} />
      {hasLaw ? (
        <>
          <h3>Payout factor</h3>
          <p className="card-about">Higher with more people, lower with a high price; 1 leaves the budget as it is.</p>
          <Chart label={`The payout factor in epochs 0 to ${count - 1}.`} options={factor} height={HEIGHT} />
        </>
      ) : (
        <p className="note">
          This deployment has no law of participation and price: its payout factor is 1, and the reserve holds only what
          nobody earned.
        </p>
      )}
      {hasPrice ? (
        <>
          <h3>Price of a token</h3>
          <Chart label={`The price that epochs 0 to ${count - 1} were settled with.`} options={price} height={HEIGHT} />
        </>
      ) : (
        <p className="note">No epoch was settled with a price.</p>
      )}
      <FigureTable
        caption="Price, payout factor and payout by epoch"
        columns={[{ title: 'Epoch' }, ...['Price', 'Factor', 'Budget', 'Payout', 'Granted'].map(amount)]}
        rows={rows}
      />
    </Card>
  );
}

function lineOf(figures: readonly EpochFigure[], stroke: string, neutral: number | null): ChartProps['options'] {
  return (plot) => ({
    marginLeft: 48,
    x: { label: 'epoch', tickFormat: 'd' },
    y: { grid: true, label: null, tickFormat: short, zero: true, ticks: 4 },
    marks: [
      ...(neutral === null ? [] : [plot.ruleY([neutral], { stroke: 'var(--text-soft)', strokeDasharray: '2 3' })]),
      plot.lineY(figures, { x: 'epoch', y: 'value', stroke, strokeWidth: 2 }),
      ...(figures.length === 1 ? [plot.dot(figures, { x: 'epoch', y: 'value', fill: stroke })] : []),
    ],
  });
}

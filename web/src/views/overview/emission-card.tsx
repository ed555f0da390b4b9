import { useMemo, useState } from 'react';

import { inUnits } from '../../../../src/simulation/statistics.ts';
import { short } from '../../../../src/simulation/chart/scale.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import type { Terms } from '../../data/terms.ts';
import { utc, utcDay } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Chart } from '../../ui/chart.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import { Key } from '../../ui/key.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { ChartProps } from '../../ui/plot.tsx';
import { emissionLine, mintedLine, plannedBy, thinned } from './series.ts';

interface EmissionCardProps {
  readonly protocol: Protocol;
  readonly terms: Terms;
}

const MOST_ROWS = 24;

/** The published curve from its first day to its last, today on it, and what really exists. */
export function EmissionCard({ protocol, terms }: EmissionCardProps) {
  const { symbol } = useDeployment();
  const { epochs, block, figures } = protocol;
  // A day more or less cannot be seen, and the picture need not be drawn anew with every block.
  const today = block.time - (block.time % 86_400);
  const count = epochs.length;
  const [isWhole, setWhole] = useState(true);
  const options = useMemo((): ChartProps['options'] => {
    const planned = emissionLine(terms);
    const minted = mintedLine(epochs, terms);
    const now = new Date(today * 1000);
    const reached = inUnits(plannedBy(terms, today));
    return (plot) => ({
      marginLeft: 56,
      x: { type: 'utc', label: null, ...(isWhole ? {} : { domain: [new Date(terms.curve.start * 1000), now] }) },
      y: { grid: true, label: symbol, tickFormat: short, ...(isWhole ? {} : { domain: [0, reached] }) },
      clip: true,
      marks: [
        plot.areaY(minted, { x: 'time', y: 'amount', fill: 'var(--series-1)', fillOpacity: 0.25 }),
        plot.lineY(planned, {
          x: 'time',
          y: 'amount',
          stroke: 'var(--series-2)',
          strokeWidth: 2,
          strokeDasharray: '5 4',
        }),
        plot.lineY(minted, { x: 'time', y: 'amount', stroke: 'var(--series-1)', strokeWidth: 2.5 }),
        plot.ruleX([now], { stroke: 'var(--text)', strokeWidth: 1 }),
        plot.text([now], { x: (at: Date) => at, text: () => 'today', frameAnchor: 'top', dx: 4, textAnchor: 'start' }),
        plot.ruleY([0], { stroke: 'var(--line)' }),
      ],
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the epochs only new ones change anything
  }, [terms, count, today, symbol, isWhole]);
  const planned = plannedBy(terms, block.time);
  return (
    <Card
      title="Emission"
      about="The curve was published at the start and nobody can change it. An epoch’s part of it is minted when the epoch becomes final, so what exists lies a little behind."
    >
      <Segments
        label="How much of the curve is shown"
        choices={{ whole: 'The whole curve', past: 'Until today' }}
        chosen={isWhole ? 'whole' : 'past'}
        choose={(span) => setWhole(span === 'whole')}
      />
      <Key
        entries={[
          { name: 'the curve', series: 2, shape: 'dashed' },
          { name: 'what exists', series: 1 },
        ]}
      />
      <Chart
        label={`Emission over time: ${short(Number(figures.minted / 10n ** 18n))} ${symbol} of ${short(Number((terms.curve.periods.at(-1)?.cumulative ?? 0n) / 10n ** 18n))} exist today.`}
        options={options}
      />
      <p className="note">
        The curve stands at <Amount wei={planned} /> on {utc(block.time)}; in existence are{' '}
        <Amount wei={figures.minted} />.
      </p>
      <FigureTable
        caption="The emission curve"
        columns={[{ title: 'Until' }, { title: 'Emitted in all', isNumber: true }]}
        rows={thinned(terms.curve.periods, MOST_ROWS).map(({ end, cumulative }) => [
          utcDay(end),
          <Amount key="amount" wei={cumulative} />,
        ])}
      />
    </Card>
  );
}

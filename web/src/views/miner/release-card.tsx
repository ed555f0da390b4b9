import { useMemo } from 'react';

import type { AccountClaims } from '../../../../src/claims/find-claims.ts';
import { releaseTimeline, type ReleaseTimeline } from '../../../../src/claims/release-timeline.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { lasting, utc, utcDay } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Chart } from '../../ui/chart.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figures, type Figure } from '../../ui/figures.tsx';
import { Key } from '../../ui/key.tsx';
import type { ChartProps } from '../../ui/plot.tsx';

interface ReleaseCardProps {
  readonly claims: AccountClaims;
  readonly claimed: bigint;
  readonly time: number;
}

/** When what was earned becomes free. */
export function ReleaseCard({ claims: { claim }, claimed, time }: ReleaseCardProps) {
  const timeline = useMemo(() => (claim === null ? null : releaseTimeline(claim.curve, time)), [claim, time]);
  if (timeline === null) return null;
  const { free, parts, nextDay, next, freeFrom } = timeline;
  if (freeFrom === null) {
    return (
      <Card title="Release">
        <p>Nothing is locked: all that was earned is free.</p>
      </Card>
    );
  }
  const figures: readonly Figure[] = [
    {
      name: 'Next 24 hours',
      value: <Amount wei={nextDay} />,
      note: nextDay > 0n ? 'become free, second by second' : 'nothing becomes free',
    },
    {
      name: 'Next change',
      value: next === null ? 'none' : utc(next.time),
      note:
        next === null ? (
          'nothing is locked any more'
        ) : (
          <>
            <Amount wei={next.amount} /> {next.kind === 'begins' ? 'begin to be released' : 'are free entirely'}, in{' '}
            {lasting(next.time - time)}
          </>
        ),
    },
    { name: 'All of it is free', value: utc(freeFrom), note: `in ${lasting(freeFrom - time)}` },
  ];
  return (
    <Card
      title="Release"
      about="What an epoch grants joins a part that is released evenly over its time. Until then it is locked, but already yours."
    >
      <Figures figures={figures} />
      {parts.length === 0 ? null : (
        <>
          <ReleaseChart timeline={timeline} claimed={claimed} now={time} />
          <DataTable
            caption="Parts that are released"
            columns={[
              { title: 'Released from' },
              { title: 'until' },
              { title: 'Amount', isNumber: true },
              { title: 'Free now', isNumber: true },
              { title: 'Still locked', isNumber: true },
            ]}
            rows={parts.map(({ from, until, amount, released }) => [
              utc(from),
              utc(until),
              <Amount wei={amount} unit={false} />,
              <Amount wei={released} unit={false} />,
              <Amount wei={amount - released} unit={false} />,
            ])}
            isNamed={false}
          />
        </>
      )}
      {free === 0n ? null : (
        <p className="note">
          Besides, <Amount wei={free} /> are free for good: parts that are over, and what usage unlocked early.
        </p>
      )}
    </Card>
  );
}

interface ReleaseChartProps {
  readonly timeline: ReleaseTimeline;
  readonly claimed: bigint;
  readonly now: number;
}

/** Enough digits for a line; the figures stand in the table. */
const inTokens = (wei: bigint): number => Number(wei / 10n ** 12n) / 1e6;
const MARGIN = 0.04;

function ReleaseChart({ timeline: { points }, claimed, now }: ReleaseChartProps) {
  const { symbol } = useDeployment();
  const options = useMemo<ChartProps['options']>(() => {
    const [first, last] = [points[0], points.at(-1)];
    const span = (last?.time ?? now) - (first?.time ?? now);
    const line = [
      { time: (first?.time ?? now) - span * MARGIN, released: first?.released ?? 0n },
      ...points,
      { time: (last?.time ?? now) + span * MARGIN, released: last?.released ?? 0n },
    ].map(({ time, released }) => ({ date: new Date(time * 1000), released: inTokens(released) }));
    return (plot) => ({
      marginLeft: 72,
      marginTop: 28,
      x: { type: 'utc', label: null },
      y: { grid: true, label: symbol, nice: true, zero: true },
      marks: [
        plot.areaY(line, { x: 'date', y: 'released', fill: 'var(--series-1)', fillOpacity: 0.15 }),
        plot.lineY(line, { x: 'date', y: 'released', stroke: 'var(--series-1)', strokeWidth: 2 }),
        plot.ruleY([inTokens(claimed)], { stroke: 'var(--series-2)', strokeDasharray: '6 4' }),
        plot.ruleX([new Date(now * 1000)], { stroke: 'var(--text-soft)', strokeDasharray: '2 3' }),
        plot.text([{ date: new Date(now * 1000) }], {
          ...{ x: 'date', text: () => 'now', frameAnchor: 'top', dx: 6, textAnchor: 'start' },
          fill: 'var(--text-soft)',
        }),
        plot.ruleY([0], { stroke: 'var(--line)' }),
      ],
    });
  }, [points, claimed, now, symbol]);
  const [from, to] = [points[0]?.time ?? now, points.at(-1)?.time ?? now];
  return (
    <div>
      <Key
        entries={[
          { name: 'free at a time', series: 1 },
          { name: 'claimed so far', series: 2, shape: 'dashed' },
        ]}
      />
      <Chart
        label={`What of the rewards is free, from ${utcDay(from)} to ${utcDay(to)}; the figures are in the table below`}
        options={options}
      />
    </div>
  );
}

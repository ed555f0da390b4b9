import { useMemo } from 'react';

import { inUnits } from '../../../../src/simulation/statistics.ts';
import { short } from '../../../../src/simulation/chart/scale.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { utc } from '../../format/moment.ts';
import { Amount } from '../../ui/amount.tsx';
import { Card } from '../../ui/card.tsx';
import { Chart } from '../../ui/chart.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import { Key, type KeyEntry } from '../../ui/key.tsx';
import type { ChartProps } from '../../ui/plot.tsx';
import { QueryProblem } from '../../ui/query-problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useBalances, type Balance } from './use-balances.ts';

const PARTS = [
  { name: 'claimed', series: 1 },
  { name: 'unlocked, not claimed', series: 3 },
  { name: 'locked', series: 2 },
  { name: 'in the reserve', series: 4 },
] as const satisfies readonly KeyEntry[];

/** Where everything mined was and is: claimed, unlocked, locked, in the reserve. */
export function BalancesCard({ protocol }: { readonly protocol: Protocol }) {
  const balances = useBalances(protocol);
  const title = 'Locked, unlocked, claimed, reserve';
  if (protocol.epochs.length === 0) {
    return (
      <Card title={title}>
        <p className="note">No epoch is final yet, so nothing has been granted.</p>
      </Card>
    );
  }
  return (
    <Card title={title} about="What was mined, and where it was whenever an epoch became final. The last point is now.">
      <QueryProblem query={balances} />
      {balances.data === undefined ? (
        balances.isError ? null : (
          <Waiting what="Reading the past" />
        )
      ) : (
        <BalancesChart balances={balances.data} />
      )}
    </Card>
  );
}

function BalancesChart({ balances }: { readonly balances: readonly Balance[] }) {
  const { symbol } = useDeployment();
  const isClaimedKnown = balances.every(({ claimed }) => claimed !== null);
  const newest = balances.at(-1)?.time;
  const options = useMemo((): ChartProps['options'] => {
    const points = balances.flatMap((balance) => partsOf(balance, isClaimedKnown));
    return (plot) => ({
      marginLeft: 56,
      x: { type: 'utc', label: null },
      y: { grid: true, label: symbol, tickFormat: short },
      color: { domain: PARTS.map(({ name }) => name), range: PARTS.map(({ series }) => `var(--series-${series})`) },
      marks: [
        plot.areaY(points, { x: 'time', y: 'amount', fill: 'part', fillOpacity: 0.85 }),
        plot.ruleY([0], { stroke: 'var(--line)' }),
      ],
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the list is made anew with every block, its end tells whether it changed
  }, [newest, balances.length, isClaimedKnown, symbol]);
  const rows = balances
    .toReversed()
    .map(({ epoch, time, locked, unlocked, claimed, reserve }) => [
      epoch === null ? 'now' : `epoch ${epoch} final`,
      utc(time),
      <Amount key="locked" wei={locked} unit={false} />,
      <Amount key="unlocked" wei={unlocked} unit={false} />,
      claimed === null ? 'not kept' : <Amount key="claimed" wei={claimed} unit={false} />,
      <Amount key="reserve" wei={reserve} unit={false} />,
    ]);
  const amount = (name: string) => ({ title: name, isNumber: true });
  return (
    <>
      <Key entries={PARTS.filter(({ name }) => isClaimedKnown || name !== 'claimed').map(withoutClaims)} />
      <Chart label="What was mined, by where it was over time." options={options} />
      {isClaimedKnown ? null : (
        <p className="note">
          The node does not keep old states, so what had been claimed by then is unknown and stands among what was
          unlocked.
        </p>
      )}
      <FigureTable
        caption={`Locked, unlocked, claimed and reserve over time, in ${symbol}`}
        columns={[
          { title: 'When' },
          { title: 'Time' },
          ...['Locked', 'Unlocked in all', 'Of it claimed', 'Reserve'].map(amount),
        ]}
        rows={rows}
      />
    </>
  );

  function withoutClaims(entry: KeyEntry): KeyEntry {
    return isClaimedKnown || entry.series !== 3 ? entry : { ...entry, name: 'unlocked' };
  }
}

function partsOf({ time, locked, unlocked, claimed, reserve }: Balance, isClaimedKnown: boolean) {
  const paid = isClaimedKnown ? (claimed ?? 0n) : 0n;
  const amounts = [paid, unlocked - paid, locked, reserve];
  return PARTS.map(({ name: part }, at) => ({
    time: new Date(time * 1000),
    part,
    amount: inUnits(amounts[at] ?? 0n),
  }));
}

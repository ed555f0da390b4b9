import { useMemo } from 'react';

import { grouped } from '../../../../src/protocol/tokens.ts';
import { short } from '../../../../src/simulation/chart/scale.ts';
import type { HistoryEpoch } from '../../data/final-history.ts';
import type { Protocol } from '../../data/use-protocol.ts';
import { taskLabel } from '../../format/task-label.ts';
import { Card } from '../../ui/card.tsx';
import { Chart } from '../../ui/chart.tsx';
import { FigureTable } from '../../ui/figure-table.tsx';
import { Key, type KeyEntry } from '../../ui/key.tsx';
import type { ChartProps } from '../../ui/plot.tsx';
import { peopleBars, thinned } from './series.ts';

const MOST_ROWS = 200;
/** As many colours as there are; further tasks take them again. */
const SERIES = [1, 2, 3, 4, 5] as const;

/** How many took part, task by task. */
export function ParticipationCard({ protocol: { epochs, book } }: { readonly protocol: Protocol }) {
  const names = useMemo(
    () => new Map([...book.tasks.keys()].map((task) => [task, taskLabel(book.tasks, task)])),
    [book.tasks],
  );
  const count = epochs.length;
  const tasks = tasksOf(epochs, names);
  const options = useMemo((): ChartProps['options'] => {
    const bars = peopleBars(epochs, names);
    const domain = tasksOf(epochs, names);
    return (plot) => ({
      marginLeft: 48,
      x: { label: 'epoch', tickFormat: 'd', ...(count === 1 ? { domain: [-1, 1] } : {}) },
      y: { grid: true, label: 'participants', tickFormat: short },
      color: { domain, range: domain.map((_, at) => `var(--series-${seriesAt(at)})`) },
      marks: [
        plot.rectY(bars, { x: 'epoch', interval: 1, y: 'people', fill: 'task' }),
        plot.ruleY([0], { stroke: 'var(--line)' }),
      ],
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the epochs only new ones change anything
  }, [count, names]);
  if (count === 0) {
    return (
      <Card title="Participation">
        <p className="note">No epoch is final yet.</p>
      </Card>
    );
  }
  const shown = epochs.slice(-MOST_ROWS).toReversed();
  return (
    <Card
      title="Participation"
      about="Who reaches a task’s minimum score takes part in it. Who does two tasks counts twice."
    >
      <Key entries={tasks.map((name, at): KeyEntry => ({ name, series: seriesAt(at) }))} />
      <Chart label={`Participants of each task in epochs 0 to ${count - 1}.`} options={options} height={220} />
      <FigureTable
        caption="Participants by epoch and task"
        columns={[{ title: 'Epoch' }, ...tasks.map((title) => ({ title, isNumber: true }))]}
        rows={shown.map((one) => {
          const bars = peopleBars([one], names);
          return [
            one.record.epoch,
            ...tasks.map((task) => grouped(bars.find((bar) => bar.task === task)?.people ?? 0)),
          ];
        })}
        {...(count > MOST_ROWS ? { note: `The newest ${MOST_ROWS} of ${grouped(count)} epochs.` } : {})}
      />
    </Card>
  );
}

function tasksOf(epochs: readonly HistoryEpoch[], names: ReadonlyMap<number, string>): string[] {
  return [...new Set(peopleBars(thinned(epochs), names).map(({ task }) => task))];
}

function seriesAt(at: number): (typeof SERIES)[number] {
  return SERIES[at % SERIES.length] ?? 1;
}

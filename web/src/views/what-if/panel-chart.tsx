import { useMemo } from 'react';

import type { Chart as ChartOf, Panel } from '../../../../src/simulation/chart/chart.ts';
import { short } from '../../../../src/simulation/chart/scale.ts';
import { Chart } from '../../ui/chart.tsx';
import { Key, type KeyEntry } from '../../ui/key.tsx';
import type { ChartProps } from '../../ui/plot.tsx';

interface PanelChartProps {
  readonly panel: Panel;
  readonly chart: Pick<ChartOf, 'marks' | 'steps'>;
}

/** The page's colours for the layers of a panel, in their order. */
const SERIES = [1, 4, 2, 3] as const;

/** A strip of a simulation's chart, in the page's own colours. */
export function PanelChart({ panel, chart: { marks, steps } }: PanelChartProps) {
  const options = useMemo((): ChartProps['options'] => {
    const names = new Map(marks.map(({ at, text }) => [at, text]));
    return (plot) => ({
      marginLeft: 52,
      x: {
        domain: [0, Math.max(1, steps - 1)],
        label: null,
        ticks: [...names.keys()],
        tickFormat: (at: number) => names.get(at) ?? '',
      },
      y: { grid: true, label: null, tickFormat: short, zero: true, ticks: 4 },
      marks: [
        ...panel.layers.map(({ kind, values, base, dashed }, order) => {
          const colour = `var(--series-${seriesAt(order)})`;
          const points = values.map((value, step) => ({ step, value, base: base?.[step] ?? 0 }));
          return kind === 'line'
            ? plot.lineY(points, {
                ...{ x: 'step', y: 'value', stroke: colour, strokeWidth: 2 },
                ...(dashed === true ? { strokeDasharray: '5 4' } : {}),
              })
            : plot.areaY(points, { x: 'step', y1: 'base', y2: 'value', fill: colour, fillOpacity: 0.8 });
        }),
        plot.ruleY([0], { stroke: 'var(--line)' }),
      ],
    });
  }, [panel, marks, steps]);
  return (
    <div className="panel">
      <h3>{panel.title}</h3>
      <Key
        entries={panel.layers.map(({ name, kind, dashed }, order): KeyEntry => ({
          ...{ name, series: seriesAt(order) },
          shape: dashed === true ? 'dashed' : kind === 'line' ? 'line' : 'area',
        }))}
      />
      <Chart
        label={`${panel.title}: ${panel.layers.map(({ name }) => name).join(', ')}.`}
        options={options}
        height={panel.height + 50}
      />
    </div>
  );
}

function seriesAt(order: number): (typeof SERIES)[number] {
  return SERIES[order % SERIES.length] ?? 1;
}

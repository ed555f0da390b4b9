// floats: a picture of a Monte Carlo simulation; no amount is computed from it

import { counted } from '../../protocol/tokens.ts';
import type { Chart, Layer, Panel } from '../chart/chart.ts';
import { yearMarks } from '../simulation-chart.ts';
import type { MonteCarlo } from './monte-carlo.ts';
import type { Figure } from './run-path.ts';

/** Fans of quantiles: half of all paths inside the dark band, nine tenths inside the light one, the median as a line. */
export function monteCarloChart(result: MonteCarlo): Chart {
  const { preset, asked, samples } = result;
  const { symbol } = preset.token;
  const name = preset.variant === undefined ? preset.name : `${preset.name}, ${preset.variant}`;
  const panel = (figure: Figure, title: string, height: number): Panel => ({
    title,
    height,
    layers: fan(result, figure),
  });
  return {
    title: `${name}: ${counted(asked.paths, 'path')} of price and crowd`,
    subtitle: `${day(samples[0]?.end)} to ${day(samples.at(-1)?.end)}, drawn with seed ${asked.seed}; estimates in floating point`,
    steps: samples.length,
    marks: yearMarks(samples.map(({ end }) => end)),
    panels: [
      panel('price', `Price, around: ${result.price}`, 90),
      panel('people', `People, around: ${result.people}`, 90),
      panel('granted', `Granted in an epoch (${symbol})`, 110),
      panel('valuePerMiner', 'What a miner earns in an epoch is worth (amount × price)', 110),
      panel('reserve', `Stabilisation reserve (${symbol})`, 110),
      panel('circulating', `Circulating (${symbol})`, 110),
      panel('locked', `Granted and still locked (${symbol})`, 90),
    ],
    footnote: 'Each band is taken epoch by epoch: no single path runs along its border.',
  };
}

function fan({ quantiles }: MonteCarlo, figure: Figure): readonly Layer[] {
  const at = (level: number): number[] => quantiles.figures[figure].map((values) => values[level] ?? 0);
  return [
    { kind: 'area', name: '5 to 95 % of the paths', colour: '#ccfbf1', values: at(4), base: at(0) },
    { kind: 'area', name: '25 to 75 %', colour: '#5eead4', values: at(3), base: at(1) },
    { kind: 'line', name: 'median', colour: '#0f766e', values: at(2) },
  ];
}

function day(time: number | undefined): string {
  return time === undefined ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}

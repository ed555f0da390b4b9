import type { Chart } from '../../src/simulation/chart/chart.ts';
import type { SimulatedEpoch } from '../../src/simulation/simulate.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { inUnits } from '../../src/simulation/statistics.ts';
import { markdownTable, percentage } from './markdown.ts';
import { epochsIn, presetOf, simulated } from './simulated.ts';

/** Years after the end of the curve at which the reserve is looked at. */
export const AFTER = [0, 1, 2, 5, 10] as const;

/** A hard life: nobody in every third epoch and else so few that tasks stay empty and caps bind; afterwards a crowd. */
const HARD = (epoch: number, ended: boolean, crowd: number): number => (ended ? crowd : epoch % 3 === 0 ? 0 : 4);

const SCENES = [
  { name: 'lingoai', crowd: 500, colour: '#0d9488' },
  { name: 'lingoai', variant: 'demo', crowd: 30, colour: '#f59e0b' },
  { name: 'lingopod', unitsSold: 5000, crowd: 500, colour: '#e11d48' },
  { name: 'lingopod', unitsSold: 5000, crowd: 50, colour: '#fda4af' },
  { name: 'tnet', crowd: 500, colour: '#818cf8' },
  { name: 'langx', crowd: 500, colour: '#334155' },
] as const;

/** What of everything emitted and paid in is in the reserve, at the end of the curve and years after it. */
export interface Drain {
  readonly words: string;
  readonly colour: string;
  /** After each epoch from the end of the curve on. */
  readonly shares: readonly number[];
  /** After the years of {@link AFTER}. */
  readonly at: readonly number[];
}

/** The reserve after a hard life, for every preset. */
export function drains(): readonly Drain[] {
  return SCENES.map(({ crowd, colour, ...scene }) => {
    const { parameters } = presetOf(scene.name, 'variant' in scene ? scene.variant : undefined);
    const years = AFTER[AFTER.length - 1] ?? 0;
    const { epochs, totals } = simulated({
      ...scene,
      yearsAfter: years,
      people: (epoch, ended) => HARD(epoch, ended, crowd),
    });
    const whole = totals.emission + totals.deposited;
    const share = ({ reserve }: SimulatedEpoch): number => inUnits((reserve * WAD) / whole);
    const last = parameters.lastEmissionEpoch;
    const at = AFTER.map((year) => {
      const epoch = epochs[last + epochsIn(parameters, year)];
      if (epoch === undefined) throw new RangeError('the simulation is too short');
      return share(epoch);
    });
    const variant = 'variant' in scene ? ` (${scene.variant})` : '';
    return {
      words: `${scene.name}${variant}, then ${crowd} people`,
      colour,
      at,
      shares: epochs.slice(last).map(share),
    };
  });
}

/** The drains as a table. */
export function drainTable(rows: readonly Drain[]): string {
  return markdownTable(
    ['preset', 'at the end', ...AFTER.slice(1).map((year) => (year === 1 ? 'a year after' : `${year} years after`))],
    rows.map(({ words, at }) => [words, ...at.map((share) => percentage(share, share < 0.001 ? 4 : 1))]),
  );
}

const STEPS = 120;

/** The drains as lines over ten years after the curve's end. */
export function drainChart(rows: readonly Drain[]): Chart {
  return {
    title: 'What is withheld comes back',
    subtitle: 'Share of everything ever emitted and paid in that is in the reserve, after the end of the curve',
    steps: STEPS + 1,
    marks: Array.from({ length: 11 }, (_, year) => ({ at: year * 12, text: year === 0 ? 'end' : `+${year}` })),
    panels: [
      {
        title: 'In the reserve, per cent; the number is the people who come afterwards',
        height: 220,
        layers: rows.map(({ words, colour, shares }) => ({
          kind: 'line',
          name: words.replace(', then', '').replace(' people', ''),
          colour,
          values: Array.from(
            { length: STEPS + 1 },
            (_, at) => (shares[Math.round((at * (shares.length - 1)) / STEPS)] ?? 0) * 100,
          ),
        })),
      },
    ],
    footnote:
      'Years after the end of the curve. Before it, nobody came in every third epoch and four people in the others.',
  };
}

import type { Chart } from '../../src/simulation/chart/chart.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import type { PriceStory } from '../../src/simulation/price-paths.ts';
import type { SimulatedEpoch } from '../../src/simulation/simulate.ts';
import { simulate, withoutReserve } from '../../src/simulation/simulate.ts';
import type { Simulation, Steadiness } from '../../src/simulation/simulate-preset.ts';
import { inUnits } from '../../src/simulation/statistics.ts';
import { markdownTable, percentage } from './markdown.ts';
import { presetOf, simulated } from './simulated.ts';

/** The presets with a law, and crowds for which its level is low, in the middle and high. */
export const LAWS = [
  { name: 'lingopod', people: [100, 150, 200, 500] },
  { name: 'lingoai', variant: 'demo', people: [10, 15, 30, 100] },
] as const;
/** The random walks that are averaged: seeds 1 to 20. */
export const WALKS = 20;
export const YEARS = 2;

/** A preset, a crowd, and how much rewards vary on each path. */
export interface SteadinessRow {
  readonly preset: string;
  readonly people: number;
  /** The law's level at this crowd with the price at its reference. */
  readonly level: number;
  readonly crash: Simulation;
  readonly boom: Simulation;
  readonly walks: readonly Simulation[];
}

/** Two years of every preset with a law, for each crowd and price path. */
export function steadinessRows(): readonly SteadinessRow[] {
  return LAWS.flatMap(({ name, people, ...rest }) =>
    people.map((crowd) => {
      const on = (story: PriceStory, seed = 1) =>
        simulated({ name, ...rest, people: crowd, years: YEARS, story, seed });
      const [first] = on('flat').epochs;
      return {
        preset: 'variant' in rest ? `${name} (${rest.variant})` : name,
        people: crowd,
        level: first === undefined ? 0 : inUnits((first.granted * WAD) / first.budget),
        crash: on('crash'),
        boom: on('boom'),
        walks: Array.from({ length: WALKS }, (_, at) => on('random', at + 1)),
      };
    }),
  );
}

/** The rewards' variation, with → without the reserve, and on how many walks it is smaller with it. */
export function steadinessTable(rows: readonly SteadinessRow[]): string {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const against = (list: readonly Steadiness[], pick: (of: Steadiness['without']) => number): string =>
    `${percentage(mean(list.map(({ withReserve }) => pick(withReserve))))} / ${percentage(mean(list.map(({ without }) => pick(without))))}`;
  return markdownTable(
    [
      'preset, people',
      'L',
      '−80 %: variation',
      'deepest fall',
      'walks: variation',
      'deepest fall',
      'steadier on',
      '×5: days unpaid',
    ],
    rows.map(({ preset, people, level, crash, boom, walks }) => {
      const [fall, all] = [[of(crash)], walks.map(of)];
      const steadier = all.filter(({ withReserve, without }) => withReserve.coefficient < without.coefficient);
      return [
        `${preset}, ${people}`,
        percentage(level, 0),
        against(fall, ({ coefficient }) => coefficient),
        against(fall, ({ drawdown }) => drawdown),
        against(all, ({ coefficient }) => coefficient),
        against(all, ({ drawdown }) => drawdown),
        `${steadier.length} of ${walks.length}`,
        String((boom.unpaid * (boom.epochs[0] === undefined ? 0 : boom.epochs[0].end - boom.epochs[0].start)) / 86_400),
      ];
    }),
  );
}

/** The law's comparison of a simulation. */
export function of({ steadiness }: Simulation): Steadiness {
  if (steadiness === null) throw new TypeError('the preset has no law');
  return steadiness;
}

/** Two years of LingoPod with 150 people: what happens to rewards when the price falls by 80 %, or walks. */
export function steadinessChart(story: 'crash' | 'random'): Chart {
  const [name, people] = ['lingopod', 150];
  const { epochs, steadiness } = simulated({ name, people, years: YEARS, story });
  const { parameters, preset } = presetOf(name);
  const world = { people: epochs.map((epoch) => epoch.people), prices: epochs.map(({ price }) => price) };
  const plain = [...simulate(withoutReserve(parameters.economy), world)];
  const worth = ({ granted, price }: SimulatedEpoch): number => inUnits((granted * price) / WAD) / 1000;
  const days = 3;
  const every = <T>(list: readonly T[]): T[] => list.filter((_, at) => at % days === 0);
  const shown = every(epochs);
  const { withReserve, without } = steadiness ?? { withReserve: { coefficient: 0 }, without: { coefficient: 0 } };
  const what = story === 'crash' ? 'the price falls by 80 % after a year' : 'the price walks at random (seed 1)';
  return {
    title: `LingoPod, 150 people: ${what}`,
    subtitle: `Variation of what a day’s rewards are worth: ${percentage(withReserve.coefficient)} with the reserve, ${percentage(without.coefficient)} without`,
    steps: shown.length,
    marks: shown.flatMap(({ start }, at) => {
      const month = new Date(start * 1000).toISOString().slice(0, 7);
      const before = new Date((start - days * 86_400) * 1000).toISOString().slice(0, 7);
      return month !== before && ['01', '04', '07', '10'].includes(month.slice(5)) ? [{ at, text: month }] : [];
    }),
    panels: [
      {
        title: 'Price of a token',
        height: 70,
        layers: [
          { kind: 'line', name: 'price', colour: '#e11d48', values: shown.map(({ price }) => inUnits(price)) },
          { kind: 'line', name: 'reference', colour: '#94a3b8', values: shown.map(() => 0.01), dashed: true },
        ],
      },
      {
        title: 'What the rewards of a day are worth, in thousands',
        height: 150,
        layers: [
          { kind: 'line', name: 'without the reserve', colour: '#94a3b8', values: every(plain).map(worth) },
          { kind: 'line', name: 'with it', colour: '#0d9488', values: shown.map(worth) },
        ],
      },
      {
        title: `Reserve (${preset.token.symbol})`,
        height: 80,
        layers: [
          { kind: 'area', name: 'balance', colour: '#818cf8', values: shown.map(({ reserve }) => inUnits(reserve)) },
        ],
      },
    ],
    footnote: `Every third day; a short month emits more a day, hence the steps. lode simulate --preset ${name} --years 2 --participants 150 --price ${story}`,
  };
}

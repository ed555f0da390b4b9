import type { Chart, Layer } from '../../src/simulation/chart/chart.ts';

type Figure = (name: string) => number;

const BLUE = '#2563eb';
const ORANGE = '#ea580c';
const GREEN = '#16a34a';

/** Leaves of the settlements that are compared, as the figures name them. */
export const LEAF_COUNTS = ['1 leaf', '10 leaves', '1,000 leaves', '100,000 leaves', '1,048,576 leaves', '10,000,000 leaves'];
/** How many claims are made together. */
export const BATCHES = [1, 2, 5, 10, 20, 50, 100];
/** What is said of each of them. */
export const BATCH_KINDS = ['first, new holders', 'repeated'];

/** What the steps of an epoch cost, by the number of its leaves. */
export function settlementChart(figure: Figure): Chart {
  const close = figure('close, with a price');
  const layer = (name: string, colour: string, values: readonly number[]): Layer => ({
    kind: 'line',
    name,
    colour,
    values,
  });
  const step = (name: string): readonly number[] =>
    LEAF_COUNTS.map((count) => figure(`${name}, same declaration, ${count}`));
  return {
    title: 'An epoch costs the same for one miner and for ten million',
    subtitle: 'Gas of each step of a settlement, by the number of leaves it declares',
    steps: LEAF_COUNTS.length,
    marks: LEAF_COUNTS.map((text, at) => ({ at, text })),
    panels: [
      {
        title: 'Gas of the whole transaction',
        height: 240,
        layers: [
          layer('close', GREEN, LEAF_COUNTS.map(() => close)),
          layer('propose', BLUE, step('propose')),
          layer('finalise', ORANGE, step('finalise')),
        ],
      },
    ],
    footnote: 'Close comes before anybody counts leaves. The others differ by the calldata of the count and the root.',
  };
}

/** What each of many claims costs that are made together. */
export function batchChart(figure: Figure): Chart {
  const layer = (kind: string, colour: string): readonly Layer[] =>
    ['', ', floor'].map((what) => ({
      kind: 'line',
      name: `${kind}${what}`,
      colour,
      dashed: what !== '',
      values: BATCHES.map((count) => figure(`claimMany of ${count}, ${kind}, for each${what}`)),
    }));
  return {
    title: 'The more claims together, the cheaper each',
    subtitle: 'Gas for each claim of one claimMany, with seven open cohorts at depth 20',
    steps: BATCHES.length,
    marks: BATCHES.map((count, at) => ({ at, text: String(count) })),
    panels: [
      {
        title: 'Gas for each claim',
        height: 240,
        layers: BATCH_KINDS.flatMap((kind, at) => layer(kind, at === 0 ? ORANGE : BLUE)),
      },
    ],
    footnote: 'Claims in one transaction. Dashed: the least that the work of it can cost.',
  };
}

import type { Chart, Mark } from '../../simulation/chart/chart.ts';
import type { DemoEpoch, DemoResult } from './result.ts';

const PICO = 10n ** 12n;

/** The demo in pictures: where each epoch's emission went, the reserve, the price, the people, what is in whose hands. */
export function demoChart(
  result: Pick<DemoResult, 'preset' | 'symbol' | 'epochs' | 'epochNoun' | 'priceReference'>,
): Chart {
  const { epochs, symbol, priceReference } = result;
  const hasLaw = priceReference > 0n;
  const series = (pick: (epoch: DemoEpoch) => bigint): number[] => epochs.map((epoch) => inTokens(pick(epoch)));
  const kept = series(({ budget, granted }) => (granted < budget ? granted : budget));
  const claimed = series((epoch) => epoch.claimed);
  const unlocked = series((epoch) => epoch.unlocked);
  let sum = 0n;
  const granted = epochs.map((epoch) => inTokens((sum += epoch.granted)));
  return {
    title: `${result.preset}: ${epochs.length} ${result.epochNoun}s settled on chain`,
    subtitle: `${dateOf(epochs[0]?.start)} to ${dateOf(epochs.at(-1)?.end)}, amounts in ${symbol}`,
    steps: epochs.length,
    marks: result.epochNoun === 'week' ? monthMarks(epochs) : weekMarks(epochs),
    panels: [
      {
        title: `Where each ${result.epochNoun}’s emission went`,
        height: 200,
        layers: [
          { kind: 'columns', name: 'granted out of the budget', colour: '#0d9488', values: kept },
          {
            kind: 'columns',
            name: 'withheld into the reserve',
            colour: '#cbd5e1',
            values: series((e) => e.budget),
            base: kept,
          },
          {
            kind: 'columns',
            name: 'injected from the reserve',
            colour: '#f59e0b',
            values: series(({ budget, injected }) => budget + injected),
            base: series((e) => e.budget),
          },
          { kind: 'line', name: 'budget', colour: '#0f172a', values: series((e) => e.budget), dashed: true },
        ],
      },
      {
        title: 'Participants',
        height: 80,
        layers: [
          {
            kind: 'columns',
            name: 'accounts that counted',
            colour: '#64748b',
            values: epochs.map(({ participants }) => participants),
          },
        ],
      },
      ...(hasLaw ? [pricePanel(epochs, priceReference)] : []),
      {
        title: hasLaw ? 'Stabilisation reserve' : 'Reserve: what nobody earned yet',
        height: 90,
        layers: [{ kind: 'area', name: 'balance', colour: '#818cf8', values: series((e) => e.reserve) }],
      },
      {
        title: 'What miners have',
        height: 130,
        layers: [
          { kind: 'area', name: 'claimed', colour: '#0d9488', values: claimed },
          { kind: 'area', name: 'free to claim', colour: '#5eead4', values: unlocked, base: claimed },
          { kind: 'area', name: 'still locked', colour: '#e2e8f0', values: granted, base: unlocked },
        ],
      },
    ],
    footnote:
      'Supply equals genesis and emission curve to the wei after every epoch; granted + withheld = budget + injected.',
  };
}

/** The price against the reference, where the preset has a law that asks for it. */
function pricePanel(epochs: readonly DemoEpoch[], priceReference: bigint): Chart['panels'][number] {
  return {
    title: 'Price',
    height: 80,
    layers: [
      {
        kind: 'line',
        name: 'price ÷ reference',
        colour: '#e11d48',
        values: epochs.map(({ price }) => Number((price * 10_000n) / priceReference) / 10_000),
      },
      { kind: 'line', name: 'reference', colour: '#94a3b8', values: epochs.map(() => 1), dashed: true },
    ],
  };
}

/** An amount as a number of tokens, exact enough to be drawn. */
export function inTokens(wei: bigint): number {
  return Number(wei / PICO) / 1e6;
}

/** The epochs in which a month begins, thinned out so that labels stay apart. */
function monthMarks(epochs: readonly DemoEpoch[]): Mark[] {
  const months = epochs.map(({ end }) => dateOf(end).slice(0, 7));
  const firsts = months.flatMap((month, at) => (at > 0 && month !== months[at - 1] ? [{ at, text: month }] : []));
  const every = Math.max(1, Math.ceil(firsts.length / 8));
  return firsts.filter((_, at) => at % every === 0);
}

/** The first day of each week that the epochs count themselves. */
function weekMarks(epochs: readonly DemoEpoch[]): Mark[] {
  return epochs.flatMap(({ start }, at) => (at > 0 && at % 7 === 0 ? [{ at, text: dateOf(start).slice(5) }] : []));
}

function dateOf(time: number | undefined): string {
  return time === undefined ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}

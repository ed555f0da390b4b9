// floats: a picture of a simulation; no amount is computed from it

import { WAD } from '../protocol/fixed-point.ts';
import type { SimulatedEpoch } from './simulate.ts';
import { simulate, withoutReserve } from './simulate.ts';
import { inUnits } from './statistics.ts';
import type { SimulationResult } from './simulation-result.ts';
import type { Chart, Mark } from './chart/chart.ts';
import { counted } from '../protocol/tokens.ts';

/** More steps than this are thinner than a line. */
const STEPS = 240;
const A_YEAR = 31_557_600;

/** A simulation in pictures; when there are more epochs than a chart has room for, each step is the mean of several. */
export function simulationChart(result: SimulationResult): Chart {
  const { preset, parameters, simulation } = result;
  const { epochs } = simulation;
  const steps = stepsOf(epochs.length);
  const mean = (list: readonly SimulatedEpoch[], pick: (epoch: SimulatedEpoch) => bigint): number[] =>
    steps.map(([from, to]) => {
      const part = list.slice(from, to);
      return part.reduce((sum, epoch) => sum + inUnits(pick(epoch)), 0) / part.length;
    });
  const last = (pick: (epoch: SimulatedEpoch) => bigint): number[] =>
    steps.map(([, to]) => {
      const epoch = epochs[to - 1];
      return epoch === undefined ? 0 : inUnits(pick(epoch));
    });
  const budget = mean(epochs, (epoch) => epoch.budget);
  const kept = mean(epochs, ({ budget: all, granted }) => (granted < all ? granted : all));
  const unlocked = last((epoch) => epoch.unlocked);
  const granted = last((epoch) => epoch.unlocked + epoch.locked);
  const every = steps[0]?.[1] ?? 1;
  const name = preset.variant === undefined ? preset.name : `${preset.name}, ${preset.variant}`;
  const value = (epoch: SimulatedEpoch): bigint => (epoch.granted * epoch.price) / WAD;
  const people = epochs.map((epoch) => epoch.people);
  const prices = epochs.map((epoch) => epoch.price);
  const plain =
    simulation.steadiness === null ? [] : [...simulate(withoutReserve(parameters.economy), { people, prices })];
  const isReserveUsed = epochs.some(({ reserve }) => reserve >= WAD);
  const drawn =
    every > 1 ? `Each step is the mean of ${every} epochs; balances are those at its end.` : 'One step an epoch.';
  return {
    title: `${name}: ${years(epochs)} simulated`,
    subtitle: `${day(epochs[0]?.start)} to ${day(epochs.at(-1)?.end)}, with an assumed price and crowd`,
    steps: steps.length,
    marks: yearMarks(steps.map(([from]) => epochs[from]?.start ?? 0)),
    panels: [
      {
        title: `Where the emission of an epoch went (${preset.token.symbol})`,
        height: 160,
        layers: [
          { kind: 'area', name: 'granted out of the budget', colour: '#0d9488', values: kept },
          { kind: 'area', name: 'withheld into the reserve', colour: '#cbd5e1', values: budget, base: kept },
          {
            kind: 'area',
            name: 'given back from the reserve',
            colour: '#f59e0b',
            values: mean(epochs, ({ budget: all, injected }) => all + injected),
            base: budget,
          },
          { kind: 'line', name: 'budget', colour: '#0f172a', values: budget, dashed: true },
        ],
      },
      {
        title: 'What the rewards of an epoch are worth (amount × price)',
        height: 130,
        layers: [
          ...(plain.length === 0
            ? []
            : [{ kind: 'line', name: 'without the reserve', colour: '#94a3b8', values: mean(plain, value) } as const]),
          { kind: 'line', name: 'with the reserve', colour: '#0d9488', values: mean(epochs, value) },
        ],
      },
      {
        title: `Price: ${result.price}`,
        height: 70,
        layers: [
          { kind: 'line', name: 'price of a token', colour: '#e11d48', values: mean(epochs, ({ price }) => price) },
        ],
      },
      {
        title: `People: ${result.people}`,
        height: 60,
        layers: [
          {
            kind: 'area',
            name: 'take part in an epoch',
            colour: '#94a3b8',
            values: mean(epochs, (epoch) => BigInt(epoch.people) * WAD),
          },
        ],
      },
      ...(isReserveUsed
        ? [
            {
              title: `Stabilisation reserve (${preset.token.symbol})`,
              height: 80,
              layers: [{ kind: 'area', name: 'balance', colour: '#818cf8', values: last((epoch) => epoch.reserve) }],
            } as const,
          ]
        : []),
      {
        title: `What was granted so far (${preset.token.symbol})`,
        height: 120,
        layers: [
          { kind: 'area', name: 'released', colour: '#0d9488', values: unlocked },
          { kind: 'area', name: 'still locked', colour: '#e2e8f0', values: granted, base: unlocked },
        ],
      },
    ],
    footnote: isReserveUsed ? drawn : `${drawn} The reserve never held a whole ${preset.token.symbol}.`,
  };
}

/** Equal parts of the epochs, the last one shorter. */
function stepsOf(count: number): readonly (readonly [number, number])[] {
  const size = Math.ceil(count / STEPS);
  return Array.from(
    { length: Math.ceil(count / size) },
    (_, at) => [at * size, Math.min(count, (at + 1) * size)] as const,
  );
}

/** Years and months, rounded to the month. */
function years(epochs: readonly SimulatedEpoch[]): string {
  const seconds = (epochs.at(-1)?.end ?? 0) - (epochs[0]?.start ?? 0);
  if (seconds < A_YEAR / 12) return counted(Math.round(seconds / 86_400), 'day');
  const months = Math.round((seconds * 12) / A_YEAR);
  const [whole, rest] = [Math.floor(months / 12), months % 12];
  const parts = [
    whole === 0 ? [] : whole === 1 ? ['a year'] : [`${whole} years`],
    rest === 0 ? [] : [counted(rest, 'month')],
  ];
  return parts.flat().join(' and ');
}

function day(time: number | undefined): string {
  return time === undefined ? '' : new Date(time * 1000).toISOString().slice(0, 10);
}

/** The steps in which a year begins, thinned out so that labels stay apart. */
export function yearMarks(starts: readonly number[]): Mark[] {
  const names = starts.map((start) => new Date(start * 1000).toISOString().slice(0, 4));
  const firsts = names.flatMap((text, at) => (text === names[at - 1] ? [] : [{ at, text }]));
  const every = Math.max(1, Math.ceil(firsts.length / 10));
  return firsts.filter((_, at) => at % every === 0);
}

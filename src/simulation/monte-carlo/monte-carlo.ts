// floats: a Monte Carlo simulation; figures are estimates for showing, and no amount is computed from them

import { MAX_PEOPLE } from '../given-paths.ts';
import { depositsOf, soldPool } from '../simulate-preset.ts';
import type { Assumed, Setting } from '../simulation-result.ts';
import type { Chances } from './draw-path.ts';
import type { ErrorBound } from './error-bound.ts';
import { errorBound } from './error-bound.ts';
import { expOf } from './exp.ts';
import type { PathBatch, PathTask } from './path-batch.ts';
import { sampledEpochs } from './path-batch.ts';
import { logarithmOf, pathPlan } from './path-plan.ts';
import type { PathQuantiles } from './quantiles.ts';
import { pathQuantiles } from './quantiles.ts';

/** More points than this are thinner than a line, and nobody reads them. */
export const SAMPLES = 120;

/** What output of this kind begins with. */
export const FLOATS_NOTE =
  'estimates in floating point, for showing and never for paying; without --paths the arithmetic is that of the contracts, to the wei';

/** How a Monte Carlo simulation is asked for. */
export interface PathsAsked extends Chances {
  readonly paths: number;
  readonly seed: number;
}

/** Many paths of one preset, summed up. */
export interface MonteCarlo extends Pick<Setting, 'preset' | 'parameters' | 'startFrom' | 'reference'> {
  readonly asked: PathsAsked;
  readonly people: string;
  readonly price: string;
  readonly unitsSold: number | null;
  readonly epochs: number;
  readonly samples: readonly { readonly epoch: number; readonly end: number }[];
  readonly quantiles: PathQuantiles;
  /** How far a path can be from the exact simulation of it, as a part of everything emitted and paid in. */
  readonly relativeError: ErrorBound['relative'];
}

/** What every path of a preset is drawn from and run through; `people` and `price` are the middle of all paths. */
export function pathTask(
  { parameters, epochs }: Setting,
  { people, price, unitsSold }: Assumed,
  { seed, paths: _, ...chances }: PathsAsked,
): PathTask {
  const { economy, unitPool } = parameters;
  const pool = soldPool(unitPool, unitsSold);
  const logarithms = new Map<bigint, number>();
  const logarithm = (wad: bigint): number => {
    const known = logarithms.get(wad) ?? logarithmOf(wad);
    logarithms.set(wad, known);
    return known;
  };
  return {
    plan: pathPlan({ economy, epochs, deposits: depositsOf(economy, pool), pool }),
    middle: {
      people: Float64Array.from(people.values),
      logPrice: Float64Array.from(price.values, logarithm),
      epochLength: economy.epochLength,
    },
    chances,
    seed,
    sampled: sampledEpochs(epochs, SAMPLES),
  };
}

/** Sums up what the batches of a task gave. */
export function monteCarloOf(
  setting: Setting,
  assumed: Assumed,
  asked: PathsAsked,
  task: PathTask,
  batches: readonly PathBatch[],
): MonteCarlo {
  const { preset, parameters, startFrom, reference, epochs } = setting;
  const { economy, unitPool } = parameters;
  return {
    ...{ preset, parameters, startFrom, reference, asked, epochs },
    ...{ people: assumed.people.words, price: assumed.price.words },
    unitsSold: unitPool === null ? null : (assumed.unitsSold ?? unitPool.units),
    samples: Array.from(task.sampled, (epoch) => ({ epoch, end: economy.start + (epoch + 1) * economy.epochLength })),
    quantiles: pathQuantiles(batches, asked.paths, task.sampled.length),
    relativeError: errorBound(task.plan, boundsOf(task)).relative,
  };
}

/** Walks turn round at a hundred times and at a hundredth of the middle. */
function boundsOf({ middle }: PathTask): { people: number; lowestPrice: number } {
  const people = Math.min(MAX_PEOPLE, middle.people.reduce((most, count) => Math.max(most, count), 0) * 100);
  const lowest = middle.logPrice.reduce((least, log) => (log === -Infinity ? least : Math.min(least, log)), 0);
  return { people, lowestPrice: expOf(lowest) / 100 };
}

// floats: paths of a Monte Carlo simulation; figures are estimates, and no amount is computed from them

import type { Chances, Middle } from './draw-path.ts';
import { drawPath } from './draw-path.ts';
import type { PathPlan } from './path-plan.ts';
import { pathStates } from './random-words.ts';
import type { Path } from './run-path.ts';
import { FIGURES, runPath, scratchFor } from './run-path.ts';

/** What all paths are drawn from; plain values and typed arrays, so that it can be handed to a worker as it is. */
export interface PathTask {
  readonly plan: PathPlan;
  readonly middle: Middle;
  readonly chances: Chances;
  readonly seed: number;
  /** Epochs whose figures are kept, by rising number. */
  readonly sampled: Uint32Array;
}

/** What some neighbouring paths gave. */
export interface PathBatch {
  /** Number of the first path. */
  readonly from: number;
  /** Path by path, sample by sample, the {@link FIGURES}. */
  readonly figures: Float64Array;
  /** Path by path: the share withheld, the dry years. */
  readonly summaries: Float64Array;
}

/** Figures of a summary. */
export const SUMMARY = 2;

/** Draws and runs the paths `from` to before `to`. The same task gives the same figures for a path in whatever batch it is run. */
export function runPaths(task: PathTask, from: number, to: number): PathBatch {
  const { plan, middle, chances, seed, sampled } = task;
  const size = sampled.length * FIGURES.length;
  const figures = new Float64Array((to - from) * size);
  const summaries = new Float64Array((to - from) * SUMMARY);
  const path: Path = { people: new Float64Array(plan.epochs), logPrice: new Float64Array(plan.epochs) };
  const scratch = scratchFor(plan);
  pathStates(seed, from, to).forEach((states, index) => {
    drawPath(middle, chances, states, path);
    const { withheldShare, dryYears } = runPath(plan, path, sampled, figures, index * size, scratch);
    summaries.set([withheldShare, dryYears], index * SUMMARY);
  });
  return { from, figures, summaries };
}

/** Equal parts of so many paths, one for each worker. */
export function splitPaths(paths: number, parts: number): readonly (readonly [from: number, to: number])[] {
  const count = Math.max(1, Math.min(paths, parts));
  const border = (part: number): number => Math.floor((paths * part) / count);
  return Array.from({ length: count }, (_, part) => [border(part), border(part + 1)] as const);
}

/** At most so many epochs, evenly spread; the last one always. */
export function sampledEpochs(epochs: number, most: number): Uint32Array {
  const every = Math.ceil(epochs / most);
  return Uint32Array.from({ length: Math.ceil(epochs / every) }, (_, at) => Math.min(epochs, (at + 1) * every) - 1);
}

// floats: quantiles of a Monte Carlo simulation; figures are estimates, and no amount is computed from them

import type { PathBatch } from './path-batch.ts';
import { SUMMARY } from './path-batch.ts';
import type { Figure } from './run-path.ts';
import { FIGURES } from './run-path.ts';

/** Parts of the paths that lie below a quantile, in per cent. */
export const LEVELS = [5, 25, 50, 75, 95] as const;

/** Five figures, aligned to {@link LEVELS}. */
export type Quantiles = readonly number[];

/** The quantiles of values, which are sorted on the way: between two values in proportion (R's type 7, the one of spreadsheets). */
export function quantilesOf(values: Float64Array): Quantiles {
  values.sort();
  return LEVELS.map((level) => {
    const place = ((values.length - 1) * level) / 100;
    const below = Math.floor(place);
    const [low, high] = [values[below] ?? 0, values[Math.min(values.length - 1, below + 1)] ?? 0];
    return low + (high - low) * (place - below);
  });
}

/** What the paths of all batches gave together. */
export interface PathQuantiles {
  /** By figure, then by sample. */
  readonly figures: Readonly<Record<Figure, readonly Quantiles[]>>;
  readonly withheldShare: Quantiles;
  readonly dryYears: Quantiles;
}

/** The quantiles over all paths; how they were split into batches makes no difference. */
export function pathQuantiles(batches: readonly PathBatch[], paths: number, samples: number): PathQuantiles {
  const size = samples * FIGURES.length;
  const values = new Float64Array(paths);
  const collected = (pick: (batch: PathBatch) => Float64Array, stride: number, place: number): Quantiles => {
    for (const batch of batches) {
      const source = pick(batch);
      for (let at = place, path = batch.from; at < source.length; at += stride) values[path++] = source[at] as number;
    }
    return quantilesOf(values);
  };
  const bySample = (figure: number): readonly Quantiles[] =>
    Array.from({ length: samples }, (_, sample) =>
      collected(({ figures }) => figures, size, sample * FIGURES.length + figure),
    );
  const figures = Object.fromEntries(FIGURES.map((name, index) => [name, bySample(index)]));
  return {
    figures: figures as Record<Figure, readonly Quantiles[]>, // One entry for each name.
    withheldShare: collected(({ summaries }) => summaries, SUMMARY, 0),
    dryYears: collected(({ summaries }) => summaries, SUMMARY, 1),
  };
}

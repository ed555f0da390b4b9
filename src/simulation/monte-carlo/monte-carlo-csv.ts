// floats: what a Monte Carlo simulation prints; figures are estimates, and no amount is computed from them

import type { MonteCarlo } from './monte-carlo.ts';
import { LEVELS } from './quantiles.ts';
import { FIGURES } from './run-path.ts';

/** One line for each sampled epoch and figure: its quantiles, in whole tokens as floats; times in unix seconds. */
export function monteCarloCsv({ samples, quantiles }: MonteCarlo): string {
  const lines = samples.flatMap(({ epoch, end }, at) =>
    FIGURES.map((figure) => [epoch, end, figure, ...(quantiles.figures[figure][at] ?? [])].join(',')),
  );
  return [['epoch', 'end', 'figure', ...LEVELS.map((level) => `float${level}`)].join(','), ...lines, ''].join('\n');
}

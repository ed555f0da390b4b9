import type { GasFigure } from './result.ts';

/** Writes down what each step cost. */
export interface GasBook {
  readonly note: (step: string, gas: bigint) => void;
  /** In the order in which the steps were first seen. */
  readonly figures: () => readonly GasFigure[];
}

/** An empty book. */
export function gasBook(): GasBook {
  const costs = new Map<string, bigint[]>();
  return {
    note: (step, gas) => {
      const list = costs.get(step);
      if (list === undefined) costs.set(step, [gas]);
      else list.push(gas);
    },
    figures: () => [...costs].map(([step, list]) => figure(step, list)),
  };
}

function figure(step: string, costs: readonly bigint[]): GasFigure {
  const sorted = [...costs].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = (place: number): bigint => sorted[place] ?? 0n;
  return {
    step,
    count: sorted.length,
    lowest: at(0),
    median: at(sorted.length >> 1),
    highest: at(sorted.length - 1),
  };
}

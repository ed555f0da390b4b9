import type { ScaleFigures, ScaleStep } from '../../snapshots/scale-page.ts';
import type { EngineRow } from '../engines/engines-bench.ts';
import type { TreeRow } from '../tree/tree-bench.ts';

/** A step as any bench may write it into its file. */
export interface StepRow extends ScaleStep {
  readonly kind: 'step';
}

/** The figures with what benches measured: of each step the largest size, in place of what stood there. */
export function withMeasured(figures: ScaleFigures, rows: readonly unknown[]): ScaleFigures {
  const largest = new Map<string, ScaleStep>();
  for (const step of rows.flatMap(stepOf)) {
    const known = largest.get(step.step);
    if (known === undefined || known.count <= step.count) largest.set(step.step, step);
  }
  const kept = figures.steps.filter(({ step }) => !largest.has(step));
  const steps = [...kept, ...largest.values()].sort((a, b) => (a.step < b.step ? -1 : 1));
  return { ...figures, steps };
}

function stepOf(row: unknown): ScaleStep[] {
  const { kind } = row as { readonly kind?: string };
  if (kind === 'engine') {
    const { policy, engine, rows, milliseconds } = row as EngineRow;
    return [
      { step: `score: ${policy}, ${engine}`, of: 'rows', count: rows, seconds: milliseconds / 1000, bench: 'engines' },
    ];
  }
  if (kind === 'tree') {
    const { name, input, leaves, milliseconds } = row as TreeRow;
    if (name !== 'lode' || input !== 'packed') return [];
    return [
      { step: 'tree from packed leaves', of: 'accounts', count: leaves, seconds: milliseconds / 1000, bench: 'tree' },
    ];
  }
  if (kind !== 'step') return [];
  const { step, of, count, seconds, bench } = row as StepRow;
  return [{ step, of, count, seconds, bench }];
}

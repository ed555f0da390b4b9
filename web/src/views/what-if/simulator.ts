import { InputError } from '../../../../src/protocol/errors.ts';
import { svgChart } from '../../../../src/simulation/chart/svg-chart.ts';
import { simulationChart } from '../../../../src/simulation/simulation-chart.ts';
import { simulationCsv } from '../../../../src/simulation/simulation-csv.ts';
import type { SimulationResult } from '../../../../src/simulation/simulation-result.ts';
import { simulateAsked, type Asked } from './asked.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** What the page asks for: a simulation, or a file of the last one. */
export type SimulateRequest =
  { readonly kind: 'run'; readonly asked: Asked } | { readonly kind: 'file'; readonly type: 'csv' | 'svg' };

/** What the worker says. */
export type SimulateAnswer =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'refused'; readonly reason: string; readonly field: string | null }
  | { readonly kind: 'file'; readonly type: 'csv' | 'svg'; readonly text: string };

let last: SimulationResult | null = null;

/** Answers what the page asks for; the last simulation is kept for the files that can be made of it. */
export function answerTo(request: SimulateRequest, presets: ReadonlyMap<string, string>): SimulateAnswer | null {
  if (request.kind === 'run') return run(request.asked, presets);
  if (last === null) return null;
  const { type } = request;
  const text = type === 'csv' ? simulationCsv(last.simulation.epochs) : svgChart(simulationChart(last));
  return { kind: 'file', type, text };
}

function run(asked: Asked, presets: ReadonlyMap<string, string>): SimulateAnswer {
  try {
    const text = presets.get(asked.preset);
    if (text === undefined) {
      return { kind: 'refused', reason: `there is no preset called '${asked.preset}'`, field: 'preset' };
    }
    last = simulateAsked(text, asked);
    return { kind: 'outcome', outcome: outcomeOf(last) };
  } catch (error) {
    const field = error instanceof InputError ? error.details['field'] : null;
    const reason = error instanceof InputError ? error.shortMessage : error instanceof Error ? error.message : 'failed';
    return { kind: 'refused', reason, field: typeof field === 'string' ? field : null };
  }
}

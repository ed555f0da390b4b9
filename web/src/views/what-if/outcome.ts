import type { Chart } from '../../../../src/simulation/chart/chart.ts';
import { readablePeriods, durationWords } from '../../../../src/simulation/readable-periods.ts';
import { simulationChart } from '../../../../src/simulation/simulation-chart.ts';
import { simulationDocument } from '../../../../src/simulation/simulation-json.ts';
import type { SimulationResult } from '../../../../src/simulation/simulation-result.ts';

/** A simulation as the page shows it: small enough to be handed over by the worker. */
export interface Outcome extends Omit<ReturnType<typeof simulationDocument>, 'format' | 'periods'> {
  readonly table: ReturnType<typeof readablePeriods>;
  readonly chart: Chart;
  readonly length: string;
  /** What else can be asked for with this preset. */
  readonly offers: Offers;
}

/** What a preset leaves open. */
export interface Offers {
  readonly title: string;
  readonly summary: string;
  readonly variants: readonly string[];
  readonly tasks: readonly { readonly name: string; readonly weight: bigint }[];
  /** How many units its pool sells; null without a pool. */
  readonly units: number | null;
}

/** A simulation as the page shows it. */
export function outcomeOf(result: SimulationResult): Outcome {
  const { preset, parameters, simulation } = result;
  const { economy, unitPool, tasks } = parameters;
  const { format: _format, periods: _periods, ...document } = simulationDocument(result);
  const acting = economy.tasks[0]?.value ?? [];
  return {
    ...document,
    table: readablePeriods(economy, simulation.epochs, simulation.unit),
    chart: simulationChart(result),
    length: durationWords(economy.epochLength),
    offers: {
      title: preset.title,
      summary: preset.summary,
      variants: preset.variants,
      tasks: tasks.map(({ id, title }) => ({
        name: title,
        weight: acting.find(({ task }) => task === id)?.weight ?? 0n,
      })),
      units: unitPool?.units ?? null,
    },
  };
}

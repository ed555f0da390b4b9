import { readFile } from 'node:fs/promises';

import type { Preset } from '../../settlement/preset/load-preset.ts';
import { loadPreset } from '../../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';
import type { Simulation } from '../../simulation/simulate-preset.ts';
import { epochsWithin, referencePrice, simulatePreset } from '../../simulation/simulate-preset.ts';
import { optionFault } from '../errors.ts';
import { presetFile } from '../../store/preset-file.ts';
import { peopleOf, pricesOf } from './world-options.ts';

/** What `lode simulate` is asked for. */
export interface SimulationRequest {
  readonly preset: string;
  readonly variant?: string | undefined;
  /** Unix seconds; without it the day from which the preset itself counts, else {@link DEFAULT_START}. */
  readonly from?: number | undefined;
  readonly years?: number | undefined;
  readonly participants: string;
  readonly price: string;
  readonly seed: number;
  readonly unitsSold?: number | undefined;
}

/** A simulation and what it was asked for, in words. */
export interface SimulationResult {
  readonly preset: Preset;
  readonly parameters: PresetParameters;
  /** Where the start comes from: `--from`, the preset's `start.date`, or neither. */
  readonly startFrom: 'option' | 'preset' | 'default';
  readonly simulation: Simulation;
  readonly people: string;
  readonly price: string;
  readonly reference: bigint;
  readonly unitsSold: number | null;
}

/** As many epochs as 250 years of days have. */
const MAX_EPOCHS = 100_000;
/** A simulation without a date is the same one every day. */
const DEFAULT_START = Date.UTC(2026, 0, 1) / 1000;

/** Reads the preset and the paths, and simulates. */
export async function runSimulation(request: SimulationRequest, cwd: string): Promise<SimulationResult> {
  const { variant, years, seed, unitsSold } = request;
  const preset = loadPreset(await readFile(await presetFile(request.preset, cwd), 'utf8'), { variant });
  const { from, startFrom } = startOf(request, preset);
  const parameters = presetParameters(preset, from);
  const { economy, unitPool } = parameters;
  if (unitsSold !== undefined && (unitPool === null || unitsSold > unitPool.units)) {
    const most = unitPool === null ? 'nothing, since the preset sells no units' : `at most ${unitPool.units}`;
    throw optionFault('--units-sold', `${unitsSold}`, most);
  }
  const epochs = epochsWithin(parameters, years);
  if (epochs > MAX_EPOCHS) throw optionFault('--years', `${years ?? ''}`, `at most ${MAX_EPOCHS} epochs in all`);
  const reference = referencePrice(economy);
  const horizon = { epochs, grid: { start: from, length: economy.epochLength }, reference, seed, cwd };
  const people = await peopleOf(request.participants, horizon);
  const price = await pricesOf(request.price, horizon);
  const simulation = simulatePreset({
    parameters,
    curve: preset.curve,
    world: { people: people.values, prices: price.values },
    ...(unitsSold === undefined ? {} : { unitsSold }),
  });
  const sold = unitPool === null ? null : (unitsSold ?? unitPool.units);
  return {
    preset,
    parameters,
    startFrom,
    simulation,
    people: people.words,
    price: price.words,
    reference,
    unitsSold: sold,
  };
}

function startOf(
  { from }: SimulationRequest,
  { start }: Preset,
): Pick<SimulationResult, 'startFrom'> & { readonly from: number } {
  if (from !== undefined) return { from, startFrom: 'option' };
  if (start?.date === undefined) return { from: DEFAULT_START, startFrom: 'default' };
  return { from: Date.parse(start.date) / 1000, startFrom: 'preset' };
}

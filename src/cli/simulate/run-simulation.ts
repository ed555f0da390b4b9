import { readFile } from 'node:fs/promises';

import type { Preset } from '../../settlement/preset/load-preset.ts';
import { loadPreset } from '../../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';
import type { Simulation } from '../../simulation/simulate-preset.ts';
import { epochsWithin, referencePrice, simulatePreset } from '../../simulation/simulate-preset.ts';
import { optionFault } from '../errors.ts';
import { presetFile } from '../options/preset-file.ts';
import { peopleOf, pricesOf } from './world-options.ts';

/** What `lode simulate` is asked for. */
export interface SimulationRequest {
  readonly preset: string;
  readonly variant?: string | undefined;
  /** Unix seconds. */
  readonly from: number;
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
  readonly simulation: Simulation;
  readonly people: string;
  readonly price: string;
  readonly reference: bigint;
  readonly unitsSold: number | null;
}

/** As many epochs as 250 years of days have. */
const MAX_EPOCHS = 100_000;

/** Reads the preset and the paths, and simulates. */
export async function runSimulation(request: SimulationRequest, cwd: string): Promise<SimulationResult> {
  const { variant, from, years, seed, unitsSold } = request;
  const preset = loadPreset(await readFile(await presetFile(request.preset, cwd), 'utf8'), { variant });
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
  return { preset, parameters, simulation, people: people.words, price: price.words, reference, unitsSold: sold };
}

import { readFile } from 'node:fs/promises';

import type { Assumed, Setting, SimulationResult } from '../../simulation/simulation-result.ts';
import { MAX_EPOCHS, settingOf, simulationIn } from '../../simulation/simulation-result.ts';
import { presetFile } from '../../store/preset-file.ts';
import { optionFault } from '../errors.ts';
import { peopleOf, pricesOf } from './world-options.ts';

/** What `lode simulate` is asked for. */
export interface SimulationRequest {
  readonly preset: string;
  readonly variant?: string | undefined;
  /** Unix seconds; without it the preset's own day, if it names one. */
  readonly from?: number | undefined;
  readonly years?: number | undefined;
  readonly participants: string;
  readonly price: string;
  readonly seed: number;
  readonly unitsSold?: number | undefined;
}

/** Reads the preset and the paths, and simulates. */
export async function runSimulation(request: SimulationRequest, cwd: string): Promise<SimulationResult> {
  const { setting, assumed } = await simulationInputs(request, cwd);
  return simulationIn(setting, assumed);
}

/** What a simulation is made from: a preset in time, and what is assumed of the world. */
export interface SimulationInputs {
  readonly setting: Setting;
  readonly assumed: Assumed;
}

/** Reads the preset, and the paths of people and price. */
export async function simulationInputs(request: SimulationRequest, cwd: string): Promise<SimulationInputs> {
  const { years, seed, unitsSold } = request;
  const setting = settingOf(await readFile(await presetFile(request.preset, cwd), 'utf8'), request);
  const { parameters, from, epochs, reference } = setting;
  const { economy, unitPool } = parameters;
  if (unitsSold !== undefined && (unitPool === null || unitsSold > unitPool.units)) {
    const most = unitPool === null ? 'nothing, since the preset sells no units' : `at most ${unitPool.units}`;
    throw optionFault('--units-sold', `${unitsSold}`, most);
  }
  if (epochs > MAX_EPOCHS) throw optionFault('--years', `${years ?? ''}`, `at most ${MAX_EPOCHS} epochs in all`);
  const horizon = { epochs, grid: { start: from, length: economy.epochLength }, reference, seed, cwd };
  const people = await peopleOf(request.participants, horizon);
  const price = await pricesOf(request.price, horizon);
  return { setting, assumed: { people, price, unitsSold } };
}

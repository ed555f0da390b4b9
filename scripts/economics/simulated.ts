import { readFileSync } from 'node:fs';

import { addCalendar } from '../../src/settlement/preset/calendar.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import type { PriceStory } from '../../src/simulation/price-paths.ts';
import { pricePath } from '../../src/simulation/price-paths.ts';
import type { Simulation } from '../../src/simulation/simulate-preset.ts';
import { epochsWithin, referencePrice, simulatePreset } from '../../src/simulation/simulate-preset.ts';

/** When the simulations of the tests and of docs/economics.md start. */
export const START = Date.UTC(2026, 0, 1) / 1000;

/** A preset by name and variant, as `lode simulate` reads it. */
export function presetOf(
  name: string,
  variant?: string,
  start = START,
): { preset: Preset; parameters: PresetParameters } {
  const text = readFileSync(new URL(`../../presets/${name}/preset.jsonc`, import.meta.url), 'utf8');
  const preset = loadPreset(text, { variant });
  return { preset, parameters: presetParameters(preset, start) };
}

/** What a simulation for a page or a test is given. */
export interface Scene {
  readonly name: string;
  readonly variant?: string;
  /** Calendar years from the start, or after the end of the curve; without either, the whole curve. */
  readonly years?: number;
  readonly yearsAfter?: number;
  /** People of an epoch; `ended` says that the curve had ended before it. */
  readonly people: number | ((epoch: number, ended: boolean) => number);
  readonly story?: PriceStory;
  readonly seed?: number;
  readonly unitsSold?: number;
}

/** Simulates a preset. */
export function simulated(scene: Scene): Simulation {
  const { preset, parameters } = presetOf(scene.name, scene.variant);
  const { economy, lastEmissionEpoch } = parameters;
  const { people, story = 'flat', seed = 1, unitsSold } = scene;
  const epochs = epochsWithin(parameters, scene.years) + epochsIn(parameters, scene.yearsAfter ?? 0);
  const at = typeof people === 'number' ? () => people : people;
  const reference = referencePrice(economy);
  return simulatePreset({
    parameters,
    curve: preset.curve,
    ...(unitsSold === undefined ? {} : { unitsSold }),
    world: {
      people: Array.from({ length: epochs }, (_, epoch) => at(epoch, epoch > lastEmissionEpoch)),
      prices: pricePath({ story, epochs, epochLength: economy.epochLength, reference, seed }),
    },
  });
}

/** Epochs that fit into so many years after the end of the curve. */
export function epochsIn({ economy, lastEmissionEpoch }: PresetParameters, years: number): number {
  const end = economy.start + (lastEmissionEpoch + 1) * economy.epochLength;
  return Math.round((addCalendar(end, years, 'year') - end) / economy.epochLength);
}

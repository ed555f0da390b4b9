import { readFileSync } from 'node:fs';

import { WAD } from '../../src/protocol/fixed-point.ts';
import type { EconomyParameters, ReserveLaw } from '../../src/settlement/economy-parameters.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import type { Simulation } from '../../src/simulation/simulate-preset.ts';
import { epochsWithin, referencePrice, simulatePreset } from '../../src/simulation/simulate-preset.ts';
import type { PriceStory } from '../../src/simulation/price-paths.ts';
import { pricePath } from '../../src/simulation/price-paths.ts';

/** When the simulations of the tests and of docs/economics.md start. */
export const START = Date.UTC(2026, 0, 1) / 1000;

/** The presets by name and variant, as `lode simulate` reads them. */
export function presetOf(name: string, variant?: string): { preset: Preset; parameters: PresetParameters } {
  const text = readFileSync(new URL(`../../presets/${name}/preset.jsonc`, import.meta.url), 'utf8');
  const preset = loadPreset(text, { variant });
  return { preset, parameters: presetParameters(preset, START) };
}

/** A preset over so many years with a constant number of people. */
export function simulated(given: {
  readonly name: string;
  readonly variant?: string;
  readonly years?: number;
  readonly people: number;
  readonly story?: PriceStory;
  readonly seed?: number;
  readonly unitsSold?: number;
}): Simulation {
  const { preset, parameters } = presetOf(given.name, given.variant);
  const epochs = epochsWithin(parameters, given.years);
  const { economy } = parameters;
  return simulatePreset({
    parameters,
    curve: preset.curve,
    ...(given.unitsSold === undefined ? {} : { unitsSold: given.unitsSold }),
    world: {
      people: new Array<number>(epochs).fill(given.people),
      prices: pricePath({
        story: given.story ?? 'flat',
        epochs,
        epochLength: economy.epochLength,
        reference: referencePrice(economy),
        seed: given.seed ?? 1,
      }),
    },
  });
}

/** A law like the published one of LingoPod. */
export const LAW: Omit<ReserveLaw, 'priceSource'> = {
  hasLaw: true,
  a: 988_333_333_912_756_600n,
  b: 23_351_015_961_853_240n,
  c: 135_565_508_037_430_160_000n,
  alpha: (2n * WAD) / 10n,
  priceRef: WAD / 100n,
  smoothing: 90,
  rho: WAD / 180n,
};

/** The economy of LingoAI with other figures where they are given. */
export function economyWith(law: Partial<ReserveLaw>, given: Partial<EconomyParameters> = {}): EconomyParameters {
  const { economy } = presetOf('lingoai').parameters;
  const reserve = economy.reserve.map(({ from, value }) => ({ from, value: { ...value, ...LAW, ...law } }));
  return { ...economy, reserve, ...given };
}

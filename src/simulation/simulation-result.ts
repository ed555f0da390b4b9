import type { Preset } from '../settlement/preset/load-preset.ts';
import { loadPreset } from '../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../settlement/preset/preset-parameters.ts';
import type { Told } from './given-paths.ts';
import type { Simulation } from './simulate-preset.ts';
import { epochsWithin, referencePrice, simulatePreset } from './simulate-preset.ts';

/** A preset that stands in time, and how much of it is simulated. */
export interface Setting {
  readonly preset: Preset;
  readonly parameters: PresetParameters;
  /** When epoch 0 begins, unix seconds, and where that comes from: asked for, the preset's `start.date`, or neither. */
  readonly from: number;
  readonly startFrom: 'option' | 'preset' | 'default';
  readonly epochs: number;
  /** The price that stories begin with (wad). */
  readonly reference: bigint;
}

/** A simulation and what it was asked for, in words. */
export interface SimulationResult extends Pick<Setting, 'parameters' | 'preset' | 'reference' | 'startFrom'> {
  readonly simulation: Simulation;
  readonly people: string;
  readonly price: string;
  readonly unitsSold: number | null;
}

export interface SettingOptions {
  readonly variant?: string | undefined;
  /** Unix seconds; without it the day from which the preset itself counts, else {@link DEFAULT_START}. */
  readonly from?: number | undefined;
  /** Calendar years; without them the whole curve. */
  readonly years?: number | undefined;
}

/** As many epochs as 250 years of days have. */
export const MAX_EPOCHS = 100_000;
/** A simulation without a date is the same one every day. */
const DEFAULT_START = Date.UTC(2026, 0, 1) / 1000; // integer: whole seconds

/**
 * Reads a preset's text and lays it out in time.
 *
 * @throws {InputError} `PRESET_INVALID`
 */
export function settingOf(text: string, { variant, from: asked, years }: SettingOptions): Setting {
  const preset = loadPreset(text, { variant });
  const date = preset.start?.date;
  const dated = date === undefined ? DEFAULT_START : Date.parse(date) / 1000; // integer: a day begins at a whole second
  const from = asked ?? dated;
  const startFrom = asked !== undefined ? 'option' : date === undefined ? 'default' : 'preset';
  const parameters = presetParameters(preset, from);
  const epochs = epochsWithin(parameters, years);
  return { preset, parameters, from, startFrom, epochs, reference: referencePrice(parameters.economy) };
}

/** What is assumed of the world. */
export interface Assumed {
  readonly people: Told<number>;
  readonly price: Told<bigint>;
  /** Without it all. */
  readonly unitsSold?: number | undefined;
}

/** Simulates a preset in its setting. */
export function simulationIn(
  { preset, parameters, startFrom, reference }: Setting,
  { people, price, unitsSold }: Assumed,
): SimulationResult {
  const { unitPool } = parameters;
  const simulation = simulatePreset({
    parameters,
    curve: preset.curve,
    world: { people: people.values, prices: price.values },
    ...(unitsSold === undefined ? {} : { unitsSold }),
  });
  return {
    ...{ preset, parameters, startFrom, reference, simulation },
    ...{ people: people.words, price: price.words },
    unitsSold: unitPool === null ? null : (unitsSold ?? unitPool.units),
  };
}

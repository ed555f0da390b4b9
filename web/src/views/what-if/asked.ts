import { InputError } from '../../../../src/protocol/errors.ts';
import { WAD } from '../../../../src/protocol/fixed-point.ts';
import { parseDecimal } from '../../../../src/settlement/preset/decimals.ts';
import { MAX_PEOPLE, peopleGiven, pricesGiven } from '../../../../src/simulation/given-paths.ts';
import {
  MAX_EPOCHS,
  settingOf,
  simulationIn,
  type Setting,
  type SimulationResult,
} from '../../../../src/simulation/simulation-result.ts';

/** What is asked for, as it stands in the page's address: texts, since what is half typed is none of the better things yet. */
export interface Asked {
  readonly preset: string;
  /** Empty: the preset as it stands. */
  readonly variant: string;
  /** `2026-01-01`; empty: the preset's own day. */
  readonly from: string;
  /** Empty: the whole curve. */
  readonly years: string;
  /** `500`, or `100:10000`. */
  readonly people: string;
  /** A story or a price. */
  readonly price: string;
  readonly seed: string;
  /** Empty: all. */
  readonly units: string;
  /** One for each task, `0.4,0.6`; empty: those of the preset. */
  readonly weights: string;
}

export type AskedField = keyof Asked;

/** What is simulated when nothing is asked for. */
export const UNASKED: Asked = {
  ...{ preset: 'lingoai', variant: '', from: '', years: '', people: '500', price: 'flat', seed: '1' },
  ...{ units: '', weights: '' },
};

/** The presets that come with lode. */
export const PRESETS: readonly string[] = ['langx', 'lingoai', 'lingopod', 'tnet'];

const FIELDS = Object.keys(UNASKED) as AskedField[]; // they are all that it has
/** What is longer is none of it. */
const LONGEST = 400;
const MOST_YEARS = 250n;
const MOST_SEED = 4_294_967_295n;

/** What a link asks for. One that names no preset means the deployment's own, if it is one of those that come with lode. */
export function askedIn(
  params: URLSearchParams,
  { name, variant }: { readonly name: string; readonly variant: string | null },
): Asked {
  const own = !params.has('preset') && PRESETS.includes(name) ? { preset: name, variant: variant ?? '' } : {};
  const given = FIELDS.flatMap((field) => {
    const text = params.get(field);
    return text === null ? [] : [[field, text.slice(0, LONGEST)] as const];
  });
  return { ...UNASKED, ...own, ...Object.fromEntries(given) };
}

/** The link to it: nothing stands in it that would be assumed anyway. */
export function paramsOf(asked: Asked): URLSearchParams {
  const params = new URLSearchParams({ preset: asked.preset });
  for (const field of FIELDS) if (asked[field] !== UNASKED[field]) params.set(field, asked[field]);
  return params;
}

/** What a shell takes for a word as it stands: a link may say anything, and whoever copies a command runs it. */
const PLAIN_WORD = /^[\w.:-]+$/;

/** The command that gives the same figures; null where none does. */
export function commandOf(asked: Asked): string | null {
  if (asked.weights !== '') return null;
  const options: readonly (readonly [name: string, value: string])[] = [
    ['--preset', asked.preset],
    ['--variant', asked.variant],
    ['--from', asked.from],
    ['--years', asked.years],
    ['--participants', asked.people],
    ['--price', asked.price],
    ['--seed', asked.seed === UNASKED.seed ? '' : asked.seed],
    ['--units-sold', asked.units],
  ];
  const given = options.filter(([, value]) => value !== '');
  if (given.some(([, value]) => !PLAIN_WORD.test(value))) return null;
  return ['lode simulate', ...given.map(([name, value]) => `${name} ${value}`)].join(' ');
}

/**
 * Simulates what is asked for, with the same code as the command line.
 *
 * @throws {InputError} `WHAT_IF_INVALID` with the field that cannot be read, `PRESET_INVALID`
 */
export function simulateAsked(text: string, asked: Asked): SimulationResult {
  const years = wholeIn(asked.years, 'years', 1n, MOST_YEARS);
  const seed = wholeIn(asked.seed, 'seed', 0n, MOST_SEED) ?? 1;
  const variant = asked.variant === '' ? undefined : asked.variant;
  const plain = settingOf(text, { variant, from: dayIn(asked.from), years });
  const setting = asked.weights === '' ? plain : withWeights(plain, asked.weights);
  const { epochs, parameters, reference } = setting;
  if (epochs > MAX_EPOCHS) throw invalid('years', asked.years, `at most ${MAX_EPOCHS} epochs in all`);
  const { unitPool, economy } = parameters;
  if (unitPool === null && asked.units !== '')
    throw invalid('units', asked.units, 'nothing: this preset sells no units');
  const unitsSold = unitPool === null ? undefined : wholeIn(asked.units, 'units', 0n, BigInt(unitPool.units));
  const people = peopleGiven(asked.people, epochs);
  if (people === null) throw invalid('people', asked.people, `whole numbers from 0 to ${MAX_PEOPLE}`);
  const price = pricesGiven(asked.price, { epochs, epochLength: economy.epochLength, reference, seed });
  if (price === null) throw invalid('price', asked.price, 'a price above zero, such as 0.02');
  return simulationIn(setting, { people, price, unitsSold });
}

/** The same setting, with these weights for all of the time. */
function withWeights(setting: Setting, given: string): Setting {
  const { parameters } = setting;
  const weights = given.split(',').map((text) => parseDecimal(text, 18));
  const tasks = parameters.tasks.map(({ id }, at) => ({ task: id, weight: weights[at] ?? -1n }));
  const sum = tasks.reduce((total, { weight }) => total + weight, 0n);
  if (weights.length !== tasks.length || tasks.some(({ weight }) => weight < 0n) || sum !== WAD) {
    throw invalid('weights', given, `${tasks.length} weights that sum to 1`);
  }
  const economy = { ...parameters.economy, tasks: [{ from: 0, value: tasks }] };
  return { ...setting, parameters: { ...parameters, economy } };
}

function wholeIn(text: string, field: AskedField, least: bigint, most: bigint): number | undefined {
  if (text === '') return undefined;
  const value = /^\d{1,15}$/.test(text) ? BigInt(text) : -1n;
  if (value < least || value > most) throw invalid(field, text, `a whole number from ${least} to ${most}`);
  return Number(value);
}

function dayIn(text: string): number | undefined {
  if (text === '') return undefined;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // Some days are read as one of the next month, which no command does.
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (!isDay || time < 0) throw invalid('from', text, 'a day from 1970 on, such as 2026-01-01');
  return time / 1000;
}

function invalid(field: AskedField, given: string, expected: string): InputError {
  return new InputError({
    code: 'WHAT_IF_INVALID',
    shortMessage: given === '' ? `needed is ${expected}` : `'${given}' cannot be used; expected is ${expected}`,
    details: { field, given, expected },
  });
}

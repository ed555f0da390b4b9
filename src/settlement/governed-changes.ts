import { z } from 'zod';

import { InputError } from '../protocol/errors.ts';
import { WAD } from '../protocol/fixed-point.ts';
import { tooDeepAt } from './json-depth.ts';
import type { PresetParameters } from './preset/preset-parameters.ts';
import { address, amount, count32 } from './report/report-fields.ts';

export const CHANGES_FORMAT = 'lode-changes-v1';

/** Whether addresses in lower case are sorted and none stands twice. */
function isRising(addresses: readonly string[]): boolean {
  return addresses.every((one, at) => at === 0 || (addresses[at - 1] ?? '') < one);
}

/** The registry takes no smaller weight. */
const MIN_WEIGHT = WAD / 1000n;

const schema = z.strictObject({
  format: z.literal(CHANGES_FORMAT),
  /** Who the chain asks for the price; stands in every record. */
  priceSource: address.optional(),
  /** The deployment's own contracts, by rising address: no row of the ledger may name them. */
  contracts: z.array(address).refine(isRising, 'not by rising address, each once').default([]),
  /** Weights of all tasks by name (wad), each acting from an epoch on. */
  weights: z.array(z.strictObject({ from: count32.min(1), tasks: z.record(z.string(), amount) })).default([]),
});

/** What a deployment has that no preset knows: addresses (price source, its own contracts), and what governance changed since. */
export type GovernedChanges = z.output<typeof schema>;

/**
 * Reads a file of changes (`lode-changes-v1`).
 *
 * @throws {InputError} `CHANGES_INVALID` with the path of what is wrong
 */
export function parseChanges(text: string): GovernedChanges {
  if (tooDeepAt(text) !== -1) throw fault('', 'nested too deeply');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw fault('', 'not JSON', cause);
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw fault(`/${issue?.path.join('/') ?? ''}`, issue?.message ?? 'not a file of changes');
}

/**
 * The parameters of a preset after these changes, held to the rules of the registry.
 *
 * @throws {InputError} `CHANGES_INVALID` when epochs do not rise, a table has other tasks than the preset, or weights that
 * are too small or do not sum to 1
 */
export function withChanges(parameters: PresetParameters, { priceSource, weights }: GovernedChanges): PresetParameters {
  const { economy, tasks } = parameters;
  const tables = weights.map(({ from, tasks: given }, at) => {
    const where = `/weights/${at}`;
    const before = weights[at - 1];
    if (before !== undefined && from <= before.from) throw fault(`${where}/from`, 'not after the change before it');
    const known = new Set(tasks.map(({ name }) => name));
    const unknown = Object.keys(given).find((name) => !known.has(name));
    if (unknown !== undefined) throw fault(`${where}/tasks/${unknown}`, 'the preset has no such task');
    const value = tasks.map(({ id, name }) => {
      const weight = Object.hasOwn(given, name) ? given[name] : undefined;
      if (weight === undefined || weight < MIN_WEIGHT) throw fault(`${where}/tasks/${name}`, `less than ${MIN_WEIGHT}`);
      return { task: id, weight };
    });
    const sum = value.reduce((total, { weight }) => total + weight, 0n);
    if (sum !== WAD) throw fault(`${where}/tasks`, `the weights sum to ${sum}, not to ${WAD}`);
    return { from, value };
  });
  const source = priceSource ?? null;
  const reserve = economy.reserve.map(({ from, value }) => ({
    from,
    value: source === null ? value : { ...value, priceSource: source },
  }));
  return { ...parameters, economy: { ...economy, reserve, tasks: [...economy.tasks, ...tables] } };
}

function fault(path: string, reason: string, cause?: unknown): InputError {
  return new InputError({
    code: 'CHANGES_INVALID',
    shortMessage: `the file of changes is wrong at ${path === '' ? 'its start' : path}: ${reason}`,
    details: { path, reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

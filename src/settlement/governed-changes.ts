import { z } from 'zod';

import { InputError } from '../protocol/errors.ts';
import { WAD } from '../protocol/fixed-point.ts';
import type { From, Over, PolicyVersion } from './economy-parameters.ts';
import { tooDeepAt } from './json-depth.ts';
import type { Policy } from './policy/policy.ts';
import { minimumScores } from './policy/policy-at.ts';
import type { PresetParameters, PresetTask } from './preset/preset-parameters.ts';
import { address, amount, count32, hash32 } from './report/report-fields.ts';
import { withPolicies } from './voted-policies.ts';

export const CHANGES_FORMAT = 'lode-changes-v1';

/** Whether addresses in lower case are sorted and none stands twice. */
function isRising(addresses: readonly string[]): boolean {
  return addresses.every((one, at) => at === 0 || (addresses[at - 1] ?? '') < one);
}

/** The registry takes no smaller weight. */
const MIN_WEIGHT = WAD / 1000n;

/** The registry starts a task that joins with the least minimum score; a later policy may raise it. */
const FIRST_MIN_SCORE = 1n;

/** The first epoch of a task that no table names. */
const NEVER = Number.MAX_SAFE_INTEGER;

const addedTask = z.strictObject({ id: z.int().min(1).max(65_535), name: z.string().min(1).max(64) });

const schema = z.strictObject({
  format: z.literal(CHANGES_FORMAT),
  /** Who the chain asks for the price; stands in every record. */
  priceSource: address.optional(),
  /** The deployment's own contracts, by rising address: no row of the ledger may name them. */
  contracts: z.array(address).refine(isRising, 'not by rising address, each once').default([]),
  /** Tasks that the registry has learnt since; each counts from the first table of weights on that names it. */
  tasks: z.array(addedTask).default([]),
  /** Weights of all tasks by name (wad), each acting from an epoch on. */
  weights: z.array(z.strictObject({ from: count32.min(1), tasks: z.record(z.string(), amount) })).default([]),
  /** Scoring policies that were voted for: each acts from an epoch on, and must hash to what stands on chain. */
  policies: z.array(z.strictObject({ from: count32.min(1), hash: hash32, policy: z.unknown() })).default([]),
  /** What pools paid into the reserve (wei) while `epoch` was the next to become final, which adds it to S. */
  deposits: z
    .array(z.strictObject({ epoch: count32, amount: amount.refine((value) => value > 0n, 'nothing') }))
    .refine((list) => list.every(({ epoch }, at) => at === 0 || (list[at - 1]?.epoch ?? 0) < epoch), 'epochs must rise')
    .default([]),
});

/**
 * What a deployment has that no preset knows: addresses (price source, its own contracts), what governance changed since, and
 * what its pools paid into the reserve.
 */
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
 * @throws {InputError} `CHANGES_INVALID` when epochs do not rise, a table lacks a task that counts, names one that is not
 * known, or has weights that are too small or do not sum to 1; when an added task is known already, or has no rules in an
 * epoch in which it counts
 */
export function withChanges(preset: PresetParameters, changes: GovernedChanges): PresetParameters {
  const parameters = withPolicies(preset, changes.policies, fault);
  const { economy } = parameters;
  const tasks = withAdded(parameters.tasks, changes);
  const first = new Set(parameters.tasks.map(({ name }) => name));
  const tables = changes.weights.map(({ from, tasks: given }, at) => {
    const where = `/weights/${at}`;
    const before = changes.weights[at - 1];
    if (before !== undefined && from <= before.from) throw fault(`${where}/from`, 'not after the change before it');
    const unknown = Object.keys(given).find((name) => !tasks.some((task) => task.name === name));
    if (unknown !== undefined) throw fault(`${where}/tasks/${unknown}`, 'the preset has no such task');
    const value = tasks.flatMap(({ id, name }) => {
      const weight = Object.hasOwn(given, name) ? given[name] : undefined;
      const counts = first.has(name) || (before !== undefined && Object.hasOwn(before.tasks, name));
      if (weight === undefined && !counts) return [];
      if (weight === undefined || weight < MIN_WEIGHT) throw fault(`${where}/tasks/${name}`, `less than ${MIN_WEIGHT}`);
      return [{ task: id, weight }];
    });
    const sum = value.reduce((total, { weight }) => total + weight, 0n);
    if (sum !== WAD) throw fault(`${where}/tasks`, `the weights sum to ${sum}, not to ${WAD}`);
    return { from, value };
  });
  for (const [at, { name }] of changes.tasks.entries()) {
    const from = tasks.find((task) => task.name === name)?.from ?? NEVER;
    const reason = rulesMissing(parameters.policy, name, from);
    if (reason !== undefined) throw fault(`/tasks/${at}/name`, reason);
  }
  const source = changes.priceSource ?? null;
  const reserve = economy.reserve.map(({ from, value }) => ({
    from,
    value: source === null ? value : { ...value, priceSource: source },
  }));
  const taskMap = new Map([...parameters.taskMap, ...changes.tasks.map(({ name }) => [name, name] as const)]);
  const changed = { ...economy, reserve, tasks: [...economy.tasks, ...tables] };
  const policy = changes.tasks.length === 0 ? economy.policy : policyWith(parameters, tasks, changed.tasks);
  return { ...parameters, tasks, taskMap, economy: { ...changed, policy } };
}

/** The tasks of the preset and those that were added, by rising id. */
function withAdded(
  tasks: PresetParameters['tasks'],
  { tasks: added, weights }: GovernedChanges,
): PresetParameters['tasks'] {
  const all = [...tasks];
  added.forEach(({ id, name }, at) => {
    if (all.some((task) => task.id === id)) throw fault(`/tasks/${at}/id`, 'a task has this id already');
    if (all.some((task) => task.name === name)) throw fault(`/tasks/${at}/name`, 'a task has this name already');
    const from = weights.find((table) => Object.hasOwn(table.tasks, name))?.from ?? NEVER;
    all.push({ id, name, title: name, weight: 0n, from });
  });
  return all.sort((a, b) => a.id - b.id);
}

/** What keeps a task from being scored in each epoch from `joins` on; nothing: the policy has rules for it in all of them. */
function rulesMissing({ segments }: Policy, name: string, joins: number): string | undefined {
  const starts = segments.filter(({ tasks }) => tasks.has(name));
  if (starts.length === 0) return 'the policy has no rules for it';
  const gap = segments.find(({ until, tasks }) => until > joins && !tasks.has(name));
  if (gap === undefined || joins === NEVER) return undefined;
  if (gap.from > joins)
    return `it counts from epoch ${joins} on, but from epoch ${gap.from} on the policy has no rules for it`;
  const later = starts.find(({ from }) => from > joins);
  const words = `it counts from epoch ${joins} on, but the policy has rules for it`;
  return later === undefined ? `${words} only before epoch ${gap.from}` : `${words} only from epoch ${later.from} on`;
}

/** Minimum scores aligned to the tasks of each epoch: a task that joins has 1, until the policy's next version says more. */
function policyWith(
  { policy, economy, tasks: first }: PresetParameters,
  tasks: readonly PresetTask[],
  tables: PresetParameters['economy']['tasks'],
): Over<PolicyVersion> {
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const [firstVersion] = economy.policy;
  const starts = [...new Set([...economy.policy, ...tables].map(({ from }) => from))].sort((a, b) => a - b);
  const versions: From<PolicyVersion>[] = [];
  let scores = new Map<number, bigint>();
  for (const from of starts) {
    const acting = tables.findLast((table) => table.from <= from)?.value ?? [];
    const version = economy.policy.find((entry) => entry.from === from);
    scores = new Map(
      acting.map(({ task }) => {
        if (version === undefined) return [task, scores.get(task) ?? FIRST_MIN_SCORE];
        const own = version.value.minScores[first.findIndex(({ id }) => id === task)];
        return [task, own ?? minimumScores(policy, from, [names.get(task) ?? ''])[0] ?? FIRST_MIN_SCORE];
      }),
    );
    const hash = version?.value.hash ?? versions.at(-1)?.value.hash ?? firstVersion?.value.hash ?? '';
    versions.push({ from, value: { hash, minScores: [...scores.values()] } });
  }
  return versions;
}

function fault(path: string, reason: string, cause?: unknown): InputError {
  return new InputError({
    code: 'CHANGES_INVALID',
    shortMessage: `the file of changes is wrong at ${path === '' ? 'its start' : path}: ${reason}`,
    details: { path, reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

import { InputError, InvariantError } from '../../protocol/errors.ts';
import type { AttributesFrom } from '../ledger/build-ledger.ts';
import { compareText } from '../ledger/rows.ts';
import type { RatingReader } from '../ledger/parse-rating.ts';
import type { Policy, PolicySegment } from './policy.ts';

/** The rules of an epoch. */
export function policyAt(policy: Policy, epoch: number): PolicySegment {
  const segment = policy.segments.find(({ from, until }) => from <= epoch && epoch < until);
  if (segment !== undefined) return segment;
  throw new InvariantError({
    code: 'POLICY_GAP',
    shortMessage: `no segment of the policy covers epoch ${epoch}`,
    details: { epoch },
  });
}

/**
 * The minimum scores of some tasks in an epoch, in their order, as the registry on chain holds them.
 *
 * @throws {InputError} `POLICY_TASK_MISSING` when the policy does not score one of them
 */
export function minimumScores(policy: Policy, epoch: number, tasks: readonly string[]): bigint[] {
  const rules = policyAt(policy, epoch).tasks;
  return tasks.map((task) => {
    const rule = rules.get(task);
    if (rule !== undefined) return rule.minimumScore;
    throw new InputError({
      code: 'POLICY_TASK_MISSING',
      shortMessage: `the policy has no rules for the task ${task} in epoch ${epoch}`,
      details: { task, epoch },
    });
  });
}

/** Every measure that counts in some epoch, by task: what the ledger takes as known. */
export function policyMeasures(policy: Policy): ReadonlyMap<string, ReadonlySet<string>> {
  const measures = new Map<string, Set<string>>();
  for (const { tasks } of policy.segments) {
    for (const [task, rules] of tasks) {
      const known = measures.get(task) ?? new Set<string>();
      for (const measure of rules.measures.keys()) known.add(measure);
      measures.set(task, known);
    }
  }
  return measures;
}

/**
 * The ratings that the policy can read, by task, then by attribute. A row's rating must be one that some epoch's rules for
 * its task read; where others stand in an epoch, it counts as unrated there.
 */
export function policyRatings(policy: Policy): ReadonlyMap<string, ReadonlyMap<string, RatingReader>> {
  const readers = new Map<string, Map<string, { labels: Set<string>; numbers: boolean }>>();
  for (const { tasks } of policy.segments) {
    for (const [task, { multipliers }] of tasks) {
      const { quality } = multipliers;
      if (quality === undefined) continue;
      const { attribute, rating } = quality;
      const ofTask = readers.get(task) ?? new Map<string, { labels: Set<string>; numbers: boolean }>();
      const reader = ofTask.get(attribute) ?? { labels: new Set<string>(), numbers: false };
      if (rating.kind === 'numeric') reader.numbers = true;
      else for (const label of rating.levels.keys()) reader.labels.add(label);
      readers.set(task, ofTask.set(attribute, reader));
    }
  }
  return readers;
}

/**
 * The attributes that the policy reads, by the time from which on and by task. A row is held to the rules of its own epoch: a
 * later phase, or a policy that is yet to be voted for, rejects nothing that was accepted before.
 */
export function policyAttributes(policy: Policy, clock: { readonly start: number; readonly length: number }) {
  return policy.segments.map(({ from, tasks }): AttributesFrom => {
    const ofTask = new Map<string, ReadonlySet<string>>();
    for (const [task, { multipliers }] of tasks) {
      const { quality, scarcity } = multipliers;
      ofTask.set(task, new Set([...(quality === undefined ? [] : [quality.attribute]), ...scarcity.keys()]));
    }
    return { from: clock.start + from * clock.length, ofTask };
  });
}

/** Every attribute that the policy reads in some epoch, rising. */
export function columnNames({ segments }: Policy): string[] {
  const names = segments.flatMap(({ tasks }) =>
    [...tasks.values()].flatMap(({ multipliers: { quality, scarcity } }) => [
      ...(quality === undefined ? [] : [quality.attribute]),
      ...scarcity.keys(),
    ]),
  );
  return [...new Set(names)].sort(compareText);
}

/** Whether a measure has a cap on the units of a day in some epoch, so that the order of a day's rows matters. */
export function hasMeasureCaps({ segments }: Policy): boolean {
  const measures = segments.flatMap(({ tasks }) =>
    [...tasks.values()].flatMap((rules) => [...rules.measures.values()]),
  );
  return measures.some(({ dailyCap }) => dailyCap !== undefined);
}

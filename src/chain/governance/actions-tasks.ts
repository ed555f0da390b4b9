import type { Result } from 'ethers';

import { ZERO_HASH } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import type { Policy } from '../../settlement/policy/policy.ts';
import { minimumScores, policyAt } from '../../settlement/policy/policy-at.ts';
import type { TaskWeight } from '../../settlement/economy-parameters.ts';
import { interfaceOf } from '../bindings.ts';
import { eventArguments } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import type { Action, Change, Description, Encoded, Ground } from './action.ts';
import { bigintIn, callTo, changed, NOTHING, numberIn } from './action.ts';
import type { Facts } from './facts.ts';
import { taskName } from './facts.ts';
import { before, pastEvents } from './past.ts';
import { part } from './units.ts';
import type { NewTable } from './weights.ts';
import { newTable, taskNamed } from './weights.ts';
import type { Wishes } from './wishes.ts';

const registry = interfaceOf('registry');

/** Tasks and their weights. */
export const TASKS: Action = {
  title: 'tasks and weights',
  contract: 'registry',
  acts: 'for future epochs',
  bounds: 'at most 16 tasks; each at least 0.1 %, together exactly 100 %; a retired task never comes back',
  wishes: ['setWeight', 'addTask', 'retireTask'],
  functions: { addTask: describeAdd, scheduleTasks: describeWeights },
  lastChange,
  encode: encodeTasks,
};

/** The scoring policy, and who counts as participant. */
export const POLICY: Action = {
  title: 'scoring policy and minimum scores',
  contract: 'registry',
  acts: 'for future epochs',
  bounds: 'a hash that is not 0; each minimum score at least 1',
  wishes: ['policy', 'policyUri', 'minScore'],
  functions: { schedulePolicy: describePolicy },
  lastChange,
  encode: encodePolicy,
};

async function lastChange({ connection }: Facts): Promise<number> {
  return Number(await connection.contracts.registry.lastChange());
}

/** The tasks of an epoch as they are scheduled now. */
interface Table {
  readonly rows: readonly (TaskWeight & { readonly minScore: bigint })[];
  readonly policyHash: string;
}

/** Reads the table of an epoch. */
export async function tableAt({ connection }: Facts, epoch: number): Promise<Table> {
  return await onChain(async () => {
    const { tasks, weights, minScores, policyHash } = await connection.contracts.registry.tasksAt(epoch);
    const rows = tasks.map((task, at) => ({
      task: Number(task),
      weight: weights[at] ?? 0n,
      minScore: minScores[at] ?? 1n,
    }));
    return { rows, policyHash };
  });
}

function isAboutTasks({ setWeight, addTask, retireTask }: Wishes): boolean {
  return [setWeight, addTask, retireTask].some((list) => list !== undefined && list.length > 0);
}

async function tableAfter(wishes: Wishes, { facts, from }: Ground): Promise<NewTable> {
  const { rows } = await tableAt(facts, from);
  if (!isAboutTasks(wishes)) return { rows, added: [], remainder: null };
  return newTable(rows, facts.tasks, wishes);
}

async function encodeTasks(wishes: Wishes, ground: Ground): Promise<Encoded> {
  if (!isAboutTasks(wishes)) return NOTHING;
  const { facts, from } = ground;
  const { rows, added, remainder } = await tableAfter(wishes, ground);
  const table = rows.map(({ task, weight }) => ({ task, weight }));
  const data = [
    ...added.map(({ task, name }) => registry.encodeFunctionData('addTask', [task, name])),
    registry.encodeFunctionData('scheduleTasks', [from, table]),
  ];
  const rest =
    remainder === null ? [] : [`rounding: ${remainder.wei} wei of 1e18 go to ${taskName(facts, remainder.task)}`];
  return { calls: data.map((call) => callTo(facts, 'registry', call)), notes: rest };
}

async function encodePolicy(wishes: Wishes, ground: Ground): Promise<Encoded> {
  const { policy: path, policyUri, minScore = [] } = wishes;
  if (path === undefined && policyUri === undefined && minScore.length === 0) return NOTHING;
  const { facts, from } = ground;
  if (path !== undefined && policyUri === undefined) {
    throw new InputError({
      code: 'POLICY_URI_MISSING',
      shortMessage: 'nobody could read the policy that they are to vote on',
      details: { next: 'publish the file and give --policy-uri' },
    });
  }
  const policy = path === undefined ? null : await ground.readPolicy(path);
  const now = await tableAt(facts, from);
  const { rows, added } = await tableAfter(wishes, ground);
  const names = new Map([...facts.tasks, ...added.map(({ task, name }) => [task, name] as const)]);
  const own = new Map(minScore.map(({ name, value }) => [taskNamed(names, name), value]));
  for (const task of own.keys()) {
    if (rows.some((row) => row.task === task)) continue;
    const given = names.get(task) ?? String(task);
    const shortMessage = `${given} does not count in epoch ${from}, so it has no minimum score there`;
    throw new InputError({ code: 'TASK_NOT_IN_TABLE', shortMessage, details: { given, from } });
  }
  const ofPolicy =
    policy === null
      ? []
      : minimumScores(
          policy,
          from,
          rows.map(({ task }) => names.get(task) ?? ''),
        );
  const scores = rows.map(({ task }, at) => ({
    task,
    minScore: own.get(task) ?? ofPolicy[at] ?? now.rows.find((row) => row.task === task)?.minScore ?? 1n,
  }));
  const hash = policy?.hash ?? now.policyHash;
  const uri = policyUri ?? (await lastUri(facts));
  const data = registry.encodeFunctionData('schedulePolicy', [from, hash, uri, scores]);
  return { calls: [callTo(facts, 'registry', data)], notes: policy === null ? [] : laterScores(policy, from) };
}

/** A policy that has other rules later on: what the chain has to be told then, too. */
function laterScores(policy: Policy, from: number): readonly string[] {
  const minimum = (epoch: number): string =>
    [...policyAt(policy, epoch).tasks].map(([task, rule]) => `${task} ${rule.minimumScore}`).join(', ');
  let before = minimum(from);
  const notes: string[] = [];
  for (const segment of policy.segments.filter((one) => one.from > from)) {
    const next = minimum(segment.from);
    if (next === before) continue;
    before = next;
    notes.push(`from epoch ${segment.from} on this policy has other minimum scores, to be proposed in time: ${next}`);
  }
  return notes;
}

async function lastUri({ connection }: Facts): Promise<string> {
  const { contracts, addressBook } = connection;
  const { registry: chain } = contracts;
  const events = await onChain(() => chain.queryFilter(chain.filters.PolicyScheduled(), addressBook.startBlock));
  const last = events.at(-1);
  return last === undefined ? '' : String(eventArguments(last).getValue('uri'));
}

function describeAdd(args: Result): Promise<Description> {
  const [task, name] = [numberIn(args, 'task'), String(args.getValue('name'))];
  return Promise.resolve({ words: `add the task ${name} as number ${task}`, changes: [], from: null });
}

async function describeWeights(args: Result, facts: Facts): Promise<Description> {
  const from = numberIn(args, 'from');
  const table = (args.getValue('table') as Result[]).map((row) => ({
    task: numberIn(row, 'task'),
    weight: bigintIn(row, 'weight'),
  }));
  const rows = weightsBefore(facts) ?? (await tableAt(facts, from)).rows;
  const changes: Change[] = [];
  for (const task of [...new Set([...rows, ...table].map((row) => row.task))].sort((a, b) => a - b)) {
    const [old, next] = [rows, table].map((list) => list.find((row) => row.task === task)?.weight);
    changes.push(
      ...changed(
        taskName(facts, task),
        old === undefined ? null : part(old),
        next === undefined ? 'retired' : part(next),
      ),
    );
  }
  const stay = rows.length - changes.filter(({ old }) => old !== null).length;
  const others = stay === 0 ? '' : `, ${stay} of ${rows.length} as they are`;
  return { words: `weights of the tasks from epoch ${from} on${others}`, changes, from };
}

/** The weights that an executed call found: the registry tells those of every task, changed or not; null where it was not executed. */
function weightsBefore(facts: Facts): readonly TaskWeight[] | null {
  const events = pastEvents(facts, 'WeightScheduled');
  if (events === null) return null;
  return events
    .map((event) => ({ task: numberIn(event, 'task'), weight: bigintIn(event, 'oldWeight') }))
    .filter(({ weight }) => weight > 0n);
}

/** The minimum scores that an executed call found; null where it was not executed. */
function scoresBefore(facts: Facts): readonly { readonly task: number; readonly minScore: bigint }[] | null {
  const events = pastEvents(facts, 'MinScoreScheduled');
  return events?.map((event) => ({ task: numberIn(event, 'task'), minScore: bigintIn(event, 'oldMinScore') })) ?? null;
}

async function describePolicy(args: Result, facts: Facts): Promise<Description> {
  const from = numberIn(args, 'from');
  const [hash, uri] = [String(args.getValue('newHash')), String(args.getValue('uri'))];
  const rows = scoresBefore(facts) ?? (await tableAt(facts, from)).rows;
  const ofEvent = (event: Result): string => String(event.getValue('oldHash'));
  const old = await before(facts, 'PolicyScheduled', ofEvent, async () => (await tableAt(facts, from)).policyHash);
  const scores = (args.getValue('minScores') as Result[]).flatMap((row) => {
    const task = numberIn(row, 'task');
    const was = rows.find((one) => one.task === task)?.minScore;
    const what = `minimum score of ${taskName(facts, task)}`;
    return changed(what, was === undefined ? null : String(was), String(bigintIn(row, 'minScore')));
  });
  const isSame = hash === old;
  const words = `${isSame ? 'minimum scores' : 'scoring policy'} from epoch ${from} on, to be read at ${uri || 'no address'}`;
  return {
    words,
    changes: [...changed('policy', old === ZERO_HASH ? null : old, hash), ...scores],
    from,
  };
}

import { InputError } from '../../protocol/errors.ts';
import { WAD } from '../../protocol/fixed-point.ts';
import type { TaskWeight } from '../../settlement/economy-parameters.ts';
import { formatWad } from '../../settlement/preset/decimals.ts';
import type { Wishes } from './wishes.ts';

/** The table of weights that somebody wants, and what it takes to get there. */
export interface NewTable {
  /** By rising number; the weights sum to exactly 1. */
  readonly rows: readonly TaskWeight[];
  readonly added: readonly { readonly task: number; readonly name: string }[];
  /** What was left over when the rest was split, and who got it; null when it came out even. */
  readonly remainder: { readonly task: number; readonly wei: bigint } | null;
}

/**
 * Applies what was asked for to a table: tasks that are named get what they are given, all others share the rest in the
 * proportions that they had, rounded down, and the largest of them gets what the rounding leaves.
 *
 * @param known every task that was ever added, by its number
 * @throws {InputError} `TASK_UNKNOWN`, `TASK_AMBIGUOUS`, `TASK_TWICE`, `TASK_EXISTS`, `TASK_NOT_IN_TABLE`, `WEIGHTS_OVER`, `WEIGHTS_SHORT`
 * @example
 * // of 0.4, 0.2 and 0.4 the first becomes 0.7: the others share 0.3 as 1 to 2
 */
export function newTable(
  old: readonly TaskWeight[],
  known: ReadonlyMap<number, string>,
  { setWeight = [], addTask = [], retireTask = [] }: Pick<Wishes, 'setWeight' | 'addTask' | 'retireTask'>,
): NewTable {
  let next = Math.max(0, ...known.keys());
  const added = addTask.map(({ name }) => {
    if ([...known.values()].includes(name)) throw fault('TASK_EXISTS', name, 'there is a task of that name already');
    return { task: ++next, name };
  });
  const names = new Map([...known, ...added.map(({ task, name }) => [task, name] as const)]);
  const given = new Map<number, bigint>();
  for (const { name, value } of [...setWeight, ...addTask]) give(given, taskNamed(names, name), name, value);
  const retired = new Set<number>();
  for (const name of retireTask) {
    const task = taskNamed(names, name);
    if (!old.some((row) => row.task === task))
      throw fault('TASK_NOT_IN_TABLE', name, 'that task does not count anyway');
    if (given.has(task) || retired.has(task)) throw fault('TASK_TWICE', name, 'that task was named before');
    retired.add(task);
  }
  const kept = old.filter(({ task }) => !given.has(task) && !retired.has(task));
  const rest = WAD - sum([...given.values()]);
  if (rest < 0n) throw sumFault('WEIGHTS_OVER', WAD - rest, 'the weights that were named sum to more than 1');
  if (kept.length === 0 && rest > 0n) {
    throw sumFault('WEIGHTS_SHORT', WAD - rest, 'all tasks were named, and their weights sum to less than 1');
  }
  const before = sum(kept.map(({ weight }) => weight));
  const shares = kept.map(({ task, weight }) => ({ task, weight: (weight * rest) / before }));
  const left = rest - sum(shares.map(({ weight }) => weight));
  // By the weights before: rounding makes small ones equal.
  const largest = kept.toSorted((a, b) => (a.weight > b.weight ? -1 : a.weight < b.weight ? 1 : a.task - b.task))[0];
  const rows = [
    ...[...given].map(([task, weight]) => ({ task, weight })),
    ...shares.map(({ task, weight }) => ({ task, weight: task === largest?.task ? weight + left : weight })),
  ];
  return {
    rows: rows.toSorted((a, b) => a.task - b.task),
    added,
    remainder: largest === undefined || left === 0n ? null : { task: largest.task, wei: left },
  };
}

/**
 * A task by its name or its number.
 *
 * @throws {InputError} `TASK_UNKNOWN`, `TASK_AMBIGUOUS`
 */
export function taskNamed(known: ReadonlyMap<number, string>, given: string): number {
  const found = [...known].filter(([, name]) => name === given).map(([task]) => task);
  const [first, second] = found;
  if (second !== undefined) {
    throw fault('TASK_AMBIGUOUS', given, `tasks ${found.join(' and ')} have that name: give the number`);
  }
  if (first !== undefined) return first;
  const number = /^[1-9]\d{0,4}$/.test(given) ? Number(given) : 0; // integer: five digits
  if (known.has(number)) return number;
  throw new InputError({
    code: 'TASK_UNKNOWN',
    shortMessage: `there is no task '${given}'`,
    details: { given, known: [...known].map(([task, name]) => `${task} ${name}`) },
  });
}

function give(given: Map<number, bigint>, task: number, name: string, value: bigint): void {
  if (given.has(task)) throw fault('TASK_TWICE', name, 'that task was named before');
  given.set(task, value);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, value) => all + value, 0n);
}

function fault(code: string, given: string, reason: string): InputError {
  return new InputError({ code, shortMessage: `'${given}': ${reason}`, details: { given } });
}

function sumFault(code: string, total: bigint, reason: string): InputError {
  const next = code === 'WEIGHTS_OVER' ? 'lower one of them' : 'name one task less, which then gets the rest';
  return new InputError({ code, shortMessage: reason, details: { sum: formatWad(total), bound: '1', next } });
}

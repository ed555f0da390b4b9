import { WAD } from '../../../../src/protocol/fixed-point.ts';
import type { TaskWeight } from '../../../../src/settlement/economy-parameters.ts';

export interface MoveWeight {
  readonly task: number;
  /** What it is to have (wad); it gets as much of that as the others can do without. */
  readonly to: bigint;
  /** The tasks that keep what they have. */
  readonly locked: ReadonlySet<number>;
  /** The least that a task may have (wad). */
  readonly minimum: bigint;
}

/**
 * Gives one task another weight; the others that are not locked give way, or take what it leaves, in proportion to what they have,
 * and none falls below the minimum. Shares are rounded down and the largest of them gets what that leaves, so that the weights sum to
 * exactly 1 again. A table in which nothing can give way stays as it is.
 *
 * @example
 * // of 0.4, 0.2 and 0.4 the first becomes 0.7: the others share 0.3 as 1 to 2
 */
export function moveWeight(table: readonly TaskWeight[], move: MoveWeight): readonly TaskWeight[] {
  const { task, to, locked, minimum } = move;
  const others = table.filter((row) => row.task !== task && !locked.has(row.task));
  const range = rangeOf(table, move);
  if (range === null) return table;
  const next = to < range.least ? range.least : to > range.most ? range.most : to;
  const kept = sum(table.filter((row) => row.task !== task && locked.has(row.task)));
  const shares = shared(others, WAD - kept - next, minimum);
  return table.map((row) => ({
    task: row.task,
    weight: row.task === task ? next : (shares.get(row.task) ?? row.weight),
  }));
}

/** Between what a task's weight can be moved; null where it cannot be, since it or all others are locked. */
export function rangeOf(
  table: readonly TaskWeight[],
  { task, locked, minimum }: Omit<MoveWeight, 'to'>,
): { readonly least: bigint; readonly most: bigint } | null {
  const others = table.filter((row) => row.task !== task && !locked.has(row.task));
  if (locked.has(task) || others.length === 0) return null;
  const kept = sum(table.filter((row) => row.task !== task && locked.has(row.task)));
  const most = WAD - kept - minimum * BigInt(others.length);
  return most < minimum ? null : { least: minimum, most };
}

/** All that are not locked get the same; what is left of the division goes to the first. */
export function evenly(table: readonly TaskWeight[], locked: ReadonlySet<number>): readonly TaskWeight[] {
  const free = table.filter(({ task }) => !locked.has(task));
  if (free.length === 0) return table;
  const rest = sum(free);
  const each = rest / BigInt(free.length);
  const first = free[0]?.task;
  return table.map((row) => {
    if (locked.has(row.task)) return row;
    const left = row.task === first ? rest - each * BigInt(free.length) : 0n;
    return { task: row.task, weight: each + left };
  });
}

function shared(rows: readonly TaskWeight[], rest: bigint, minimum: bigint): ReadonlyMap<number, bigint> {
  const shares = new Map<number, bigint>();
  // A weight of 0 has no proportion to anything; the contract has none.
  let open = rows.map(({ task, weight }) => ({ task, weight: weight === 0n ? 1n : weight }));
  let left = rest;
  for (;;) {
    const [total, now] = [sum(open), left];
    const short = open.filter(({ weight }) => weight * now < minimum * total);
    if (short.length === 0) break;
    for (const { task } of short) shares.set(task, minimum);
    left -= minimum * BigInt(short.length);
    open = open.filter((row) => !short.includes(row));
  }
  const total = sum(open);
  const rounded = open.map(({ task, weight }) => ({ task, weight: (weight * left) / total }));
  for (const { task, weight } of rounded) shares.set(task, weight);
  // By the weights before: rounding makes small ones equal.
  const largest = open.toSorted((a, b) => (a.weight > b.weight ? -1 : a.weight < b.weight ? 1 : a.task - b.task))[0];
  if (largest !== undefined) {
    shares.set(largest.task, (shares.get(largest.task) ?? 0n) + left - sum(rounded));
  }
  return shares;
}

function sum(rows: readonly TaskWeight[]): bigint {
  return rows.reduce((all, { weight }) => all + weight, 0n);
}

import { WAD } from '../protocol/fixed-point.ts';

/**
 * The simulation's assumption about work: each participant works in one task, and people choose tasks in the proportion of
 * their weights. Whole people: every task gets its share rounded down, and those left over go one by one to the tasks with the
 * largest remainders, the earlier task first where two are equal.
 *
 * The weights are wads that sum to 1e18, so the counts sum to `people`.
 *
 * @example
 * spreadByWeights(7, [4n * 10n ** 17n, 2n * 10n ** 17n, 10n ** 17n, 3n * 10n ** 17n]) // [3, 1, 1, 2]
 */
export function spreadByWeights(people: number, weights: readonly bigint[]): number[] {
  const shares = weights.map((weight, task) => {
    const exact = weight * BigInt(people);
    return { task, whole: exact / WAD, rest: exact % WAD };
  });
  const placed = shares.reduce((sum, { whole }) => sum + whole, 0n);
  const left = BigInt(people) - placed;
  const byRest = [...shares].sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : a.task - b.task));
  const counts = shares.map(({ whole }) => whole);
  byRest.forEach(({ task, whole }, place) => {
    if (BigInt(place) < left) counts[task] = whole + 1n;
  });
  return counts.map((count) => Number(count)); // integer: at most `people`, which is a number
}

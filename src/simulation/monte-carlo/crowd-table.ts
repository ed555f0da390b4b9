// floats: what a crowd of a Monte Carlo simulation counts for; figures are estimates, and no amount is computed from them

import { WAD } from '../../protocol/fixed-point.ts';
import { spreadByWeights } from '../spread.ts';

/** What people of an epoch count for under one table of weights and one account cap. */
export interface CrowdTable {
  /** By task, as parts of 1. */
  readonly weights: Float64Array;
  /** The same as whole numbers that add up to `unit`: with them a crowd is spread without any rounding. */
  readonly shares: Float64Array;
  readonly unit: number;
  /** The weights to the wad, for crowds that are too large for `shares`. */
  readonly exact: readonly bigint[];
  /** Most of a task's budget that one person gets, as a part of 1. */
  readonly cap: number;
}

/** Largest product of people and shares that a double holds exactly. */
const EXACT = 2 ** 53;

/** Weights and cap are wads. */
export function crowdTable(exact: readonly bigint[], cap: bigint): CrowdTable {
  const unit = exact.reduce((divisor, weight) => commonDivisor(divisor, weight), WAD);
  return {
    weights: Float64Array.from(exact, (weight) => Number(weight) / 1e18),
    shares: Float64Array.from(exact, (weight) => Number(weight / unit)),
    unit: Number(WAD / unit),
    exact,
    cap: Number(cap) / 1e18,
  };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

/** What a crowd counts for. */
export interface Crowd {
  /** Effective participants, m · Σ w_i n_i. */
  effective: number;
  /** The part of a payout that is granted: Σ w_i · min(1, n_i · cap) over the tasks in which somebody works. */
  granted: number;
}

/** Measures a crowd, a whole number of people, into `crowd`. People work as {@link spreadByWeights} says, to the last of them. */
export function measureCrowd(table: CrowdTable, people: number, counts: Float64Array, crowd: Crowd): void {
  const { weights, cap } = table;
  const tasks = weights.length;
  spread(table, people, counts);
  let [sum, granted] = [0, 0];
  for (let task = 0; task < tasks; task++) {
    const [weight, count] = [weights[task] as number, counts[task] as number];
    sum += weight * count;
    granted += weight * Math.min(1, count * cap);
  }
  crowd.effective = sum * tasks;
  crowd.granted = granted;
}

/** Largest remainders: whole shares first, then those left over one by one, the earlier task first where two remainders are equal. */
function spread({ shares, unit, exact }: CrowdTable, people: number, counts: Float64Array): void {
  if (people * unit >= EXACT) {
    counts.set(spreadByWeights(people, exact));
    return;
  }
  let placed = 0;
  for (let task = 0; task < shares.length; task++) {
    const product = (shares[task] as number) * people;
    const count = (product - (product % unit)) / unit;
    counts[task] = count;
    placed += count;
  }
  for (; placed < people; placed++) {
    let [largest, chosen] = [-1, 0];
    for (let task = 0; task < shares.length; task++) {
      // What is left of a task that has got one more is below 0.
      const rest = (shares[task] as number) * people - (counts[task] as number) * unit;
      if (rest > largest) [largest, chosen] = [rest, task];
    }
    counts[chosen] = (counts[chosen] as number) + 1;
  }
}

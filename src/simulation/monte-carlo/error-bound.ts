// floats: how far doubles can be from the exact simulation; no amount is computed from it

import type { PathPlan } from './path-plan.ts';

/** The largest relative error of one operation on doubles, 2^-53. */
const UNIT = 2 ** -53;
const WEI = 1e-18;

export interface ErrorBoundParameters {
  /** Most people of any epoch. */
  readonly people: number;
  /** Lowest price above 0 of any epoch, in whole units. */
  readonly lowestPrice: number;
}

/** How far a path in doubles can be from the exact one by the end of each epoch, in whole tokens. */
export interface ErrorBound {
  /** Of the reserve, and of what an epoch grants, withholds or injects. */
  readonly flows: Float64Array;
  /** Of what is locked or circulates. */
  readonly release: Float64Array;
  /** `release` at the end as a part of everything emitted and deposited: one figure for all. */
  readonly relative: number;
}

/**
 * The bound, derived and not measured; for u = 2^-53 and m tasks:
 *
 * 1. The factor of one epoch. The exponent x = b · (nEff − c) carries at most (m + 8)·u·|x| + (m + 6)·u·bc. The logistic's slope is at
 *    most a/4, and |x| times its slope at most 0.224·a, so L is off by a·(0.224·(m + 8) + (m + 6)·bc/4 + 5)·u and the exact side's
 *    own rounding of 5 wad units. The price term is off by α·(60 + 2·|ln P_ref|)·u, and by α/2 of the price's own last wad unit.
 * 2. The payout min(base · factor, R + S/T) has each of its figures to a few roundings: (m + 28)·u of R + S + deposits together
 *    with the booking, and base times the error of the factor. The exact side rounds down by less than a wei for each person and task.
 * 3. From epoch to epoch errors add and never grow: the reserve's step S → S + R − granted(S) has a slope from 0 to 1, since of one
 *    more token in it between none and all of it is granted. So the reserve is off by at most the sum of what epochs add, and S
 *    is at most what was emitted and deposited.
 * 4. What is released is Σ granted_e · φ_e with parts φ_e from 0 to 1 that fall with e under one set of terms, so (Abel) it is off by no
 *    more than the sum granted so far ever was, 2k − 1 times that under k sets one after another, and by the roundings of
 *    adding up: four an epoch, and two of a step for each cohort and epoch.
 */
export function errorBound(plan: PathPlan, { people, lowestPrice }: ErrorBoundParameters): ErrorBound {
  const { epochs, tables, cohorts } = plan;
  const flows = new Float64Array(epochs);
  const release = new Float64Array(epochs);
  const tasks = Math.max(...tables.map(({ weights }) => weights.length));
  const longestStep = cohorts.reduce((most, { step }) => Math.max(most, Math.min(1, step)), 0);
  let [sum, placed, sets, terms] = [0, 0, 0, -1];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const [own, deposit] = [plan.budget[epoch] as number, plan.deposited[epoch] as number];
    const base = own + (plan.rho[epoch] as number) * placed;
    const booked = (own + placed + deposit) * (tasks + 28) * UNIT;
    sum += base * factorError(plan, epoch, tasks, lowestPrice) + booked + (people + tasks + 8) * WEI;
    placed += own + deposit;
    flows[epoch] = sum;
    // A step above 0 tells terms apart; grants that are free at once have none.
    const pace = cohorts[plan.cohort[epoch] as number]?.step ?? 0;
    if (pace !== terms) [terms, sets] = [pace, sets + 1];
    const granted = (2 * sets - 1) * (sum + 2 * (epoch + 1) * UNIT * placed);
    const steps = 2 * (epoch + 1) * cohorts.length * longestStep;
    const outside = plan.circulating[epoch] as number;
    // Cohorts are rounded down each by itself, less than a wei.
    release[epoch] = granted + (4 * (epoch + 1) + steps) * UNIT * placed + 4 * UNIT * outside + cohorts.length * WEI;
  }
  const last = release[epochs - 1] as number;
  return { flows, release, relative: placed === 0 ? 0 : last / placed };
}

function factorError(plan: PathPlan, epoch: number, tasks: number, lowestPrice: number): number {
  if (plan.hasLaw[epoch] !== 1) return 0;
  const [a, alpha] = [plan.a[epoch] as number, plan.alpha[epoch] as number];
  const middle = (plan.b[epoch] as number) * (plan.c[epoch] as number);
  const level = a * (0.224 * (tasks + 8) + ((tasks + 6) * middle) / 4 + 5);
  const price = alpha * (60 + 2 * Math.abs(plan.logReference[epoch] as number));
  return (level + price) * UNIT + 10 * WEI + (alpha * WEI) / (2 * lowestPrice);
}

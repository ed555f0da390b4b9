// floats: one path of a Monte Carlo simulation; figures are estimates for showing, and no amount is computed from them

import type { Crowd } from './crowd-table.ts';
import { measureCrowd } from './crowd-table.ts';
import { expOf } from './exp.ts';
import type { PathPlan } from './path-plan.ts';

/** What is kept of a sampled epoch, in this order: people, price, whole tokens (floats, not wei), and tokens times price. */
export const FIGURES = [
  'people',
  'price',
  'granted',
  'withheld',
  'injected',
  'reserve',
  'circulating',
  'locked',
  'valuePerMiner',
] as const;
export type Figure = (typeof FIGURES)[number];

/** Who takes part and at what price, by epoch. */
export interface Path {
  /** Whole numbers. */
  readonly people: Float64Array;
  /** The price's natural logarithm; −∞ where there is none, which is neutral. */
  readonly logPrice: Float64Array;
}

/** A path as a whole. */
export interface PathSummary {
  /** Of everything that the curve emitted, the part that was withheld at first, whether it came back or not. */
  readonly withheldShare: number;
  /** Years at whose start, end or in between the reserve held less than the budget of the epoch that had just ended. */
  readonly dryYears: number;
}

/** The law's exponent and the price's ratio go no further than on chain. */
const MAX_EXPONENT = 130;
const LN_MAX_RATIO = 13.815510557964274;

/** Space that a run needs, kept from path to path. */
export interface Scratch {
  readonly counts: Float64Array;
  readonly steps: Float64Array;
  readonly rests: Float64Array;
}

/** Space for runs of a plan. */
export function scratchFor({ epochs, tables }: PathPlan): Scratch {
  const tasks = Math.max(...tables.map(({ weights }) => weights.length));
  return {
    counts: new Float64Array(tasks),
    // One place more takes what lies beyond the last epoch.
    steps: new Float64Array(epochs + 1),
    rests: new Float64Array(epochs + 1),
  };
}

/**
 * Runs one path through a plan: the law, the reserve and the release of `simulate` in doubles. `simulate` is the truth; how far
 * this can be from it is what `errorBound` computes. Writes the {@link FIGURES} of each of the epochs `sampled`, which rise, into
 * `out` from `at` on, sample after sample.
 */
export function runPath(
  plan: PathPlan,
  { people, logPrice }: Path,
  sampled: ArrayLike<number>,
  out: Float64Array,
  at: number,
  { counts, steps, rests }: Scratch,
): PathSummary {
  const { epochs, tables, table, budget, deposited, rho, release, year, cohorts, cohort, closes } = plan;
  steps.fill(0);
  rests.fill(0);
  const crowd: Crowd = { effective: 0, granted: 0 };
  let [measured, measuredBy] = [-1, -1];
  let [reserve, everGranted, unlocked, step, open] = [0, 0, 0, 0, 0];
  let [emitted, everWithheld, dryYears, dryYear] = [0, 0, 0, -1];
  let [sample, place] = [0, at];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const count = people[epoch] as number;
    const own = budget[epoch] as number;
    let granted = 0;
    if (count > 0) {
      const index = table[epoch] as number;
      if (count !== measured || index !== measuredBy) {
        measureCrowd(tables[index] as PathPlan['tables'][number], count, counts, crowd);
        [measured, measuredBy] = [count, index];
      }
      const base = own + (rho[epoch] as number) * reserve;
      const factor = plan.hasLaw[epoch] === 1 ? factorOf(plan, epoch, crowd.effective, logPrice[epoch] as number) : 1;
      const ceiling = own + (release[epoch] as number) * reserve;
      granted = factor > 0 ? Math.min(base * factor, ceiling) * crowd.granted : 0;
    }
    const withheld = Math.max(0, own - granted);
    // A rounding can take a last bit too much from a reserve that gives everything.
    reserve = Math.max(0, reserve + (own - granted) + (deposited[epoch] as number));
    emitted += own;
    everWithheld += withheld;
    everGranted += granted;
    if (reserve < own && dryYear !== year[epoch]) {
      dryYear = year[epoch] as number;
      dryYears++;
    }

    const joined = cohort[epoch] as number;
    if (joined < 0) unlocked += granted;
    else open += granted;
    if (joined >= 0 && closes[epoch] === 1) {
      const terms = cohorts[joined] as PathPlan['cohorts'][number];
      const first = Math.min(terms.first, epochs);
      const after = Math.min(terms.first + terms.steps, epochs);
      steps[first] = (steps[first] as number) + open * terms.step;
      steps[after] = (steps[after] as number) - open * terms.step;
      rests[after] = (rests[after] as number) + open * terms.rest;
      open = 0;
    }
    step += steps[epoch] as number;
    unlocked += step + (rests[epoch] as number);

    if (sampled[sample] === epoch) {
      const price = expOf(logPrice[epoch] as number);
      const miners = granted * (1 - (plan.foundationShare[epoch] as number));
      out[place] = count;
      out[place + 1] = price;
      out[place + 2] = granted;
      out[place + 3] = withheld;
      out[place + 4] = Math.max(0, granted - own);
      out[place + 5] = reserve;
      out[place + 6] = (plan.circulating[epoch] as number) + unlocked;
      out[place + 7] = Math.max(0, everGranted - unlocked);
      out[place + 8] = count === 0 ? 0 : (miners / count) * price;
      place += FIGURES.length;
      sample++;
    }
  }
  return { withheldShare: emitted === 0 ? 0 : everWithheld / emitted, dryYears };
}

/** L(nEff) − α · ln(P / P_ref), as `quotePayout` has it. */
function factorOf(plan: PathPlan, epoch: number, effective: number, logPrice: number): number {
  const exponent = (plan.b[epoch] as number) * ((plan.c[epoch] as number) - effective);
  const level = (plan.a[epoch] as number) / (1 + expOf(Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent))));
  if (logPrice === -Infinity) return level;
  const ratio = logPrice - (plan.logReference[epoch] as number);
  return level - (plan.alpha[epoch] as number) * Math.max(-LN_MAX_RATIO, Math.min(LN_MAX_RATIO, ratio));
}

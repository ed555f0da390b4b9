import type { Address } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import { mulDivDown, WAD } from '../protocol/fixed-point.ts';
import type { Cohort, Curve } from '../protocol/vesting-curve.ts';
import { accelerate, EMPTY_CURVE, join, leftOf, roll, totalOf, unlockedAt } from '../protocol/vesting-curve.ts';
import { curveHash } from '../protocol/vesting-curve.ts';
import { equalBytes } from '../protocol/words.ts';
import { accelerationOf } from './acceleration.ts';
import { fundsFrom } from './epoch-outcome.ts';
import type { AccountsFile, Manifest } from './report/report-schema.ts';

/** What an account earned in one task, step by step. */
export interface TaskSteps {
  readonly task: number;
  readonly score: bigint;
  readonly minimumScore: bigint;
  /** Whether the score reaches the minimum and the account counts as participant. */
  readonly counts: boolean;
  readonly participants: number;
  /** S_i: all scores of the task. */
  readonly scoreTotal: bigint;
  readonly weight: bigint;
  /** B_i in wei. */
  readonly budget: bigint;
  /** B_i · score / S_i, rounded down. */
  readonly share: bigint;
  /** B_i · cap, rounded down: the most that one account can earn of the task. */
  readonly most: bigint;
  /** The smaller of the two. */
  readonly grant: bigint;
}

/** How usage unlocked something early. */
export interface AccelerationSteps {
  readonly uses: bigint;
  /** What one use unlocks (wad). */
  readonly perUse: bigint;
  readonly bound: bigint;
  /** min(bound, uses · perUse), wad. */
  readonly part: bigint;
  /** Face amounts in cohorts before the grant. */
  readonly left: bigint;
  readonly amount: bigint;
  readonly cohorts: readonly { readonly end: number; readonly amount: bigint }[];
}

/** One epoch of one account from its scores to its wei. */
export interface Explanation {
  readonly epoch: number;
  readonly account: Address;
  readonly start: number;
  readonly end: number;
  /** Position of the leaf; null when the account has none. */
  readonly index: number | null;
  /** Leaves of the epoch's tree. */
  readonly leafCount: number;
  readonly budget: bigint;
  readonly base: bigint;
  readonly payout: bigint;
  readonly miners: bigint;
  /** What part of a task's budget one account can earn at most (wad). */
  readonly accountCap: bigint;
  readonly tasks: readonly TaskSteps[];
  readonly grant: bigint;
  readonly acceleration: AccelerationSteps;
  readonly cohort: { readonly end: number; readonly duration: number };
  readonly before: Curve;
  /** After finished cohorts were moved into `unlocked`. */
  readonly rolled: Curve;
  /** After the acceleration. */
  readonly accelerated: Curve;
  readonly after: Curve;
  /** Everything granted up to this epoch. */
  readonly total: bigint;
  /** What of it is free at the epoch's end. */
  readonly unlocked: bigint;
}

/** What an explanation is made from: the epoch's report, and the account's curves before and after. */
export interface ExplainInput {
  readonly manifest: Manifest;
  readonly accounts: AccountsFile;
  readonly account: Address;
  /** The account's curve in the parent's report; undefined when it had no leaf. */
  readonly before: Curve | undefined;
  /** Its leaf in this report; undefined when it has none. */
  readonly after: { readonly index: number; readonly curve: Curve } | undefined;
}

/**
 * Computes one account's epoch anew and shows each step. The result is held against the leaf of the report.
 *
 * @throws InputError `EXPLAIN_MISMATCH` when the steps do not lead to what the report says
 */
export function explain({ manifest, accounts, account, before, after }: ExplainInput): Explanation {
  const { record, settlement, outcome, unlockPerUse: perUse } = manifest;
  const row = accounts.accounts.find((entry) => entry.account === account);
  const scores = row?.scores ?? record.tasks.map(() => 0n);
  const { participants, scoreTotals } = settlement;
  const funds = fundsFrom(record, manifest.parent.reserve, participants, scoreTotals);
  const tasks = record.tasks.map((task, i): TaskSteps => {
    const [score, budget, scoreTotal] = [scores[i] ?? 0n, funds.taskBudgets[i] ?? 0n, scoreTotals[i] ?? 0n];
    const minimumScore = record.minScores[i] ?? 1n;
    const share = scoreTotal === 0n ? 0n : mulDivDown(budget, score, scoreTotal);
    const most = mulDivDown(budget, record.accountCap, WAD);
    return {
      task,
      score,
      minimumScore,
      counts: score >= minimumScore,
      participants: participants[i] ?? 0,
      scoreTotal,
      weight: record.weights[i] ?? 0n,
      budget,
      share,
      most,
      grant: share < most ? share : most,
    };
  });
  const grant = tasks.reduce((sum, step) => sum + step.grant, 0n);
  const rolled = roll(before ?? EMPTY_CURVE, record.end);
  const acceleration = accelerationSteps(rolled, row?.uses ?? 0n, perUse, record.accelerationBound);
  const ends = rolled.cohorts.map(({ end }) => end);
  const accelerated = accelerate(rolled, acceleration.amount, ends).curve;
  const cohort = { end: record.cohortEnd, duration: record.duration };
  const curve = join(accelerated, grant, cohort);
  if (!equalBytes(curveHash(curve), curveHash(after?.curve ?? EMPTY_CURVE))) {
    throw new InputError({
      code: 'EXPLAIN_MISMATCH',
      shortMessage: `the report of epoch ${manifest.epoch} gives ${account} another curve than its scores do`,
      details: { epoch: manifest.epoch, account },
    });
  }
  return {
    epoch: manifest.epoch,
    account,
    start: record.start,
    end: record.end,
    index: after?.index ?? null,
    leafCount: settlement.leafCount,
    budget: record.budget,
    base: outcome.base,
    payout: outcome.payout,
    miners: outcome.miners,
    accountCap: record.accountCap,
    tasks,
    grant,
    acceleration,
    cohort,
    before: before ?? EMPTY_CURVE,
    rolled,
    accelerated,
    after: curve,
    total: totalOf(curve),
    unlocked: unlockedAt(curve, record.end),
  };
}

/** Why usage unlocked nothing, in words; they fit behind "nothing:". */
export function whyNothingAccelerated({ uses, perUse, bound, left }: AccelerationSteps): string {
  if (bound === 0n || perUse === 0n) return 'acceleration is off in this epoch';
  if (uses === 0n) return 'none of what it made was used';
  return left === 0n ? 'nothing was locked that could be unlocked' : 'the part is less than the smallest amount';
}

function accelerationSteps(rolled: Curve, uses: bigint, perUse: bigint, bound: bigint): AccelerationSteps {
  const asked = uses * perUse;
  const amount = accelerationOf(rolled, uses, perUse, bound);
  const { taken } = accelerate(
    rolled,
    amount,
    rolled.cohorts.map(({ end }) => end),
  );
  const cohorts = rolled.cohorts.flatMap(({ end }: Cohort, i) => {
    const part = taken[i] ?? 0n;
    return part === 0n ? [] : [{ end, amount: part }];
  });
  return { uses, perUse, bound, part: asked < bound ? asked : bound, left: leftOf(rolled), amount, cohorts };
}

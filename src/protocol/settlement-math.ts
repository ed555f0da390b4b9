import { assertInput } from './errors.ts';
import { min, mulDivDown, WAD } from './fixed-point.ts';

/** A payout's two parts, in wei. */
export interface Split {
  readonly foundation: bigint;
  readonly miners: bigint;
}

/** Splits a payout between the foundation (rounded down) and the miners (the rest). `share` is a wad. */
export function splitPayout(payout: bigint, share: bigint): Split {
  const foundation = mulDivDown(payout, share, WAD);
  return { foundation, miners: payout - foundation };
}

/** The budget of each task, and what stays unused because nobody took part, in wei. */
export interface TaskBudgets {
  readonly budgets: readonly bigint[];
  readonly unused: bigint;
}

/** The miners' part by task, rounded down; a task without a participant gets 0. Throws `SettlementMath_LengthMismatch`. */
export function taskBudgetsDown(
  miners: bigint,
  weights: readonly bigint[],
  participants: readonly number[],
): TaskBudgets {
  assertSameLength(weights.length, participants.length);
  let unused = 0n;
  const budgets = weights.map((weight, index) => {
    const budget = mulDivDown(miners, weight, WAD);
    if (participants[index] !== 0) return budget;
    unused += budget;
    return 0n;
  });
  return { budgets, unused };
}

/** A score's part of a task's budget before the cap, in wei, rounded down. A total of 0 earns nothing. */
export function taskShareDown(budget: bigint, score: bigint, scoreTotal: bigint): bigint {
  return scoreTotal === 0n || score === 0n ? 0n : mulDivDown(budget, score, scoreTotal);
}

/** The most that one account can earn of a task's budget, in wei, rounded down; `cap` is a wad. */
export function taskCapDown(budget: bigint, cap: bigint): bigint {
  return mulDivDown(budget, cap, WAD);
}

/** What one score earns of a task's budget, in wei, rounded down and capped; `cap` is a wad. A total of 0 earns nothing. */
export function taskGrantDown(budget: bigint, score: bigint, scoreTotal: bigint, cap: bigint): bigint {
  return min(taskShareDown(budget, score, scoreTotal), taskCapDown(budget, cap));
}

/** What an account earns: the sum over the tasks of {@link taskGrantDown}. Throws `SettlementMath_LengthMismatch`. */
export function grantDown(
  budgets: readonly bigint[],
  scores: readonly bigint[],
  scoreTotals: readonly bigint[],
  cap: bigint,
): bigint {
  assertSameLength(budgets.length, scores.length);
  assertSameLength(budgets.length, scoreTotals.length);
  let amount = 0n;
  for (let index = 0; index < budgets.length; index++) {
    // Same lengths, checked above.
    amount += taskGrantDown(budgets[index] as bigint, scores[index] as bigint, scoreTotals[index] as bigint, cap);
  }
  return amount;
}

/** The foundation's grant, in proportion to what miners really got, in wei, rounded down; 0 if miners could get nothing. */
export function foundationGrantDown(foundation: bigint, granted: bigint, miners: bigint): bigint {
  return miners === 0n ? 0n : mulDivDown(foundation, granted, miners);
}

/** What goes into the reserve and what comes out of it, in wei; at most one of them is not 0. */
export interface Balance {
  readonly withheld: bigint;
  readonly injected: bigint;
}

/** Compares what was granted with the epoch's budget. */
export function balanceOf(budget: bigint, granted: bigint): Balance {
  return granted < budget ? { withheld: budget - granted, injected: 0n } : { withheld: 0n, injected: granted - budget };
}

/** Why an epoch granted another amount than its budget, in wei; the six figures add up to `budget - granted`. */
export interface Reasons {
  readonly reserveReturn: bigint;
  readonly noMiner: bigint;
  readonly participation: bigint;
  readonly priceAndClamp: bigint;
  readonly emptyTask: bigint;
  readonly capAndRounding: bigint;
}

/** What {@link reasonsOf} asks for, all in wei but `share`, a wad. */
export interface ReasonsParameters {
  readonly budget: bigint;
  readonly base: bigint;
  readonly levelled: bigint;
  readonly payout: bigint;
  readonly share: bigint;
  readonly unused: bigint;
  readonly granted: bigint;
  readonly hasParticipants: boolean;
}

/** Takes the difference of budget and grant apart, exactly. */
export function reasonsOf(parameters: ReasonsParameters): Reasons {
  const { budget, base, levelled, payout, share, unused, granted, hasParticipants } = parameters;
  const reserveReturn = budget - base;
  if (!hasParticipants) {
    return { reserveReturn, noMiner: base, participation: 0n, priceAndClamp: 0n, emptyTask: 0n, capAndRounding: 0n };
  }
  const { foundation, miners } = splitPayout(payout, share);
  const emptyTask = unused + foundationGrantDown(foundation, unused, miners);
  return {
    reserveReturn,
    noMiner: 0n,
    participation: base - levelled,
    priceAndClamp: levelled - payout,
    emptyTask,
    capAndRounding: payout - granted - emptyTask,
  };
}

function assertSameLength(expected: number, given: number): void {
  assertInput(expected === given, 'SettlementMath_LengthMismatch', 'lists that belong together differ in length', {
    expected,
    given,
  });
}

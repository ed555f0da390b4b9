import type { EpochRecord } from '../protocol/epoch-record.ts';
import { quotePayout } from '../protocol/reserve-math.ts';
import { WAD } from '../protocol/fixed-point.ts';
import type { Payout } from '../protocol/reserve-math.ts';
import type { Reasons } from '../protocol/settlement-math.ts';
import {
  balanceOf,
  foundationGrantDown,
  reasonsOf,
  splitPayout,
  taskBudgetsDown,
  taskGrantDown,
} from '../protocol/settlement-math.ts';
import type { ScoreRow } from './epoch-scores.ts';
import type { State } from './state.ts';

/** An epoch's money before anybody is paid. */
export interface EpochFunds {
  /** n_i, aligned to the tasks. */
  readonly participants: readonly number[];
  /** Accounts that count as participant of at least one task. */
  readonly distinct: number;
  /** S_i, scores below the minimum included. */
  readonly scoreTotals: readonly bigint[];
  readonly quote: Payout;
  /** The foundation's part of the payout, if everything is granted. */
  readonly foundation: bigint;
  readonly miners: bigint;
  /** B_i, 0 for a task without a participant. */
  readonly taskBudgets: readonly bigint[];
  /** Σ of the budgets that tasks without a participant would have had. */
  readonly unused: bigint;
  /** What an account with these scores earns. */
  grantsOf(scores: readonly bigint[] | undefined): AccountGrant;
}

/** What one account earns in an epoch, task by task. */
export interface AccountGrant {
  readonly scores: readonly bigint[];
  readonly grants: readonly bigint[];
  readonly capped: readonly boolean[];
  readonly grant: bigint;
}

/** What became of an epoch's money; `granted + withheld = budget + injected`. */
export interface EpochOutcome {
  readonly budget: bigint;
  readonly base: bigint;
  readonly payout: bigint;
  readonly miners: bigint;
  readonly taskBudgets: readonly bigint[];
  /** g, the sum of all leaves' grants. */
  readonly minersGranted: bigint;
  /** f, the foundation's grant. */
  readonly foundationGranted: bigint;
  /** g + f. */
  readonly granted: bigint;
  readonly withheld: bigint;
  readonly injected: bigint;
  /** Why the grant differs from the budget; they add up to `budget − granted`. */
  readonly reasons: Reasons;
  /** S after the epoch, deposits that joined included. */
  readonly reserveAfter: bigint;
}

/** Counts the scores and computes what they can earn. `reserve` is S before the epoch. */
export function epochFunds(record: EpochRecord, reserve: bigint, rows: readonly ScoreRow[]): EpochFunds {
  const participants = record.tasks.map(() => 0);
  const scoreTotals = record.tasks.map(() => 0n);
  let distinct = 0;
  for (const { scores } of rows) {
    const reached = scores.map((score, i) => score > 0n && score >= (record.minScores[i] ?? 1n));
    scores.forEach((score, i) => {
      scoreTotals[i] = (scoreTotals[i] ?? 0n) + score;
      if (reached[i] === true) participants[i] = (participants[i] ?? 0) + 1;
    });
    if (reached.includes(true)) distinct++;
  }
  return { ...fundsFrom(record, reserve, participants, scoreTotals), distinct };
}

/** The same from declared figures, as the chain computes it: nothing but the record, S, n_i and S_i. */
export function fundsFrom(
  record: EpochRecord,
  reserve: bigint,
  participants: readonly number[],
  scoreTotals: readonly bigint[],
): Omit<EpochFunds, 'distinct'> {
  const { weights, accountCap: cap } = record;
  const { reserve: law, budget, price } = record;
  const quote = quotePayout({ law, budget, reserve, price, weights, participants });
  const { foundation, miners } = splitPayout(quote.payout, record.foundationShare);
  const { budgets: taskBudgets, unused } = taskBudgetsDown(miners, weights, participants);
  const grantsOf = (given: readonly bigint[] | undefined): AccountGrant => {
    const scores = given ?? taskBudgets.map(() => 0n);
    let grant = 0n;
    const capped: boolean[] = [];
    const grants = taskBudgets.map((budget, i) => {
      const [score, total] = [scores[i] ?? 0n, scoreTotals[i] ?? 0n];
      const amount = taskGrantDown(budget, score, total, cap);
      capped.push(amount < taskGrantDown(budget, score, total, WAD));
      grant += amount;
      return amount;
    });
    return { scores, grants, capped, grant };
  };
  return { participants, scoreTotals, quote, foundation, miners, taskBudgets, unused, grantsOf };
}

/** Books the epoch once g is known. */
export function epochOutcome(
  record: EpochRecord,
  parent: Pick<State, 'reserve' | 'pending'>,
  funds: Omit<EpochFunds, 'distinct'>,
  minersGranted: bigint,
): EpochOutcome {
  const { miners, taskBudgets, unused } = funds;
  const { base, levelled, payout, hasParticipants } = funds.quote;
  const budget = record.budget;
  const foundationGranted = foundationGrantDown(funds.foundation, minersGranted, miners);
  const granted = minersGranted + foundationGranted;
  const { withheld, injected } = balanceOf(budget, granted);
  const why = reasonsOf({
    budget,
    base,
    levelled,
    payout,
    share: record.foundationShare,
    unused,
    granted,
    hasParticipants,
  });
  const reserveAfter = parent.reserve + withheld - injected + parent.pending;
  return {
    budget,
    base,
    payout,
    miners,
    taskBudgets,
    minersGranted,
    foundationGranted,
    granted,
    withheld,
    injected,
    reasons: why,
    reserveAfter,
  };
}

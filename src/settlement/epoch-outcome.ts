import type { EpochRecord } from '../protocol/epoch-record.ts';
import { quotePayout } from '../protocol/reserve-math.ts';
import { min } from '../protocol/fixed-point.ts';
import type { Payout } from '../protocol/reserve-math.ts';
import type { Reasons } from '../protocol/settlement-math.ts';
import {
  balanceOf,
  foundationGrantDown,
  reasonsOf,
  splitPayout,
  taskBudgetsDown,
  taskCapDown,
  taskShareDown,
} from '../protocol/settlement-math.ts';
import type { AmountColumn } from './columns/amount-column.ts';
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
  grantsOf(scores: readonly bigint[]): AccountGrant;
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

/** Counts the scores, a column for each task, and computes what they can earn. `reserve` is S before the epoch. */
export function epochFunds(record: EpochRecord, reserve: bigint, scores: readonly AmountColumn[]): EpochFunds {
  const reached = new Uint8Array(scores[0]?.length ?? 0);
  const participants: number[] = [];
  const scoreTotals: bigint[] = [];
  scores.forEach((column, i) => {
    const minimum = record.minScores[i] ?? 1n;
    let [count, total] = [0, 0n];
    for (let row = 0; row < column.length; row++) {
      const score = column.at(row);
      if (score === 0n) continue;
      total += score;
      if (score < minimum) continue;
      count++;
      reached[row] = 1;
    }
    participants.push(count);
    scoreTotals.push(total);
  });
  const distinct = reached.reduce((sum, is) => sum + is, 0);
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
  const caps = taskBudgets.map((taskBudget) => taskCapDown(taskBudget, cap));
  const grantsOf = (scores: readonly bigint[]): AccountGrant => {
    let grant = 0n;
    const capped: boolean[] = [];
    const grants = taskBudgets.map((taskBudget, i) => {
      const share = taskShareDown(taskBudget, scores[i] ?? 0n, scoreTotals[i] ?? 0n);
      const amount = min(share, caps[i] ?? 0n);
      capped.push(amount < min(share, taskBudget));
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

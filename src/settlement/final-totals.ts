import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import type { Payout } from '../protocol/reserve-math.ts';
import type { EpochOutcome } from './epoch-outcome.ts';
import { epochOutcome, fundsFrom } from './epoch-outcome.ts';
import type { Totals } from './next-totals.ts';
import { nextTotals } from './next-totals.ts';
import { GENESIS } from './state.ts';

/** What became final of an epoch, as far as the books of vault and reserve follow from it. */
export interface FinalDeclaration {
  readonly record: EpochRecord;
  readonly settlement: Pick<Settlement, 'participants' | 'scoreTotals' | 'granted' | 'accelerated'>;
  /** What pools had paid in, in wei. */
  readonly joined: bigint;
}

/** An epoch's money, and what vault and reserve hold after it. */
export interface FinalTotals {
  readonly quote: Payout;
  readonly outcome: EpochOutcome;
  readonly totals: Totals;
}

/**
 * What vault and reserve held after each final epoch, computed from the declarations alone as the contracts do it. Whoever holds the
 * last of them against the contracts knows that no epoch before was left out or bent.
 */
export function finalTotals(epochs: readonly FinalDeclaration[]): FinalTotals[] {
  let totals: Totals = GENESIS;
  return epochs.map(({ record, settlement, joined }) => {
    const funds = fundsFrom(record, totals.reserve, settlement.participants, settlement.scoreTotals);
    const outcome = epochOutcome(record, { reserve: totals.reserve, pending: joined }, funds, settlement.granted);
    totals = nextTotals(totals, record, settlement, outcome);
    return { quote: funds.quote, outcome, totals };
  });
}

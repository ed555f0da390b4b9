import type { BookedFinal, BookedProposal, SettlementBook } from '../../../src/chain/settlement-book.ts';
import { endOf, startOf, type EpochClock } from '../../../src/protocol/epoch-clock.ts';
import type { EpochRecord } from '../../../src/protocol/epoch-record.ts';

/** Where an epoch stands, in the order in which it gets there. */
export type EpochStage =
  | 'running'
  /** Over, and not closed yet. */
  | 'over'
  /** Closed, and nothing is proposed. */
  | 'closed'
  /** A settlement is proposed and can be challenged. */
  | 'open'
  /** Its window is over, and a leaf that somebody demanded to see was not shown yet. */
  | 'demanded'
  /** Its window is over, and it can be made final. */
  | 'due'
  | 'final';

/** An epoch with everything that events say about it. */
export interface EpochRow {
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  readonly stage: EpochStage;
  readonly record: EpochRecord | null;
  /** Every settlement that was proposed for it, the newest last. */
  readonly proposals: readonly BookedProposal[];
  readonly final: BookedFinal | null;
}

/** Every epoch that has begun at `now`, the newest first. */
export function epochRows(book: SettlementBook, clock: EpochClock, now: number): EpochRow[] {
  const proposals = new Map<number, BookedProposal[]>();
  for (const one of book.proposals) proposals.set(one.epoch, [...(proposals.get(one.epoch) ?? []), one]);
  const rows: EpochRow[] = [];
  for (let epoch = 0; startOf(clock, epoch) <= now || epoch < book.closed.length; epoch++) {
    const own = proposals.get(epoch) ?? [];
    const final = book.final[epoch] ?? null;
    const record = book.closed[epoch]?.record ?? null;
    const [start, end] = [startOf(clock, epoch), endOf(clock, epoch)];
    const pending = own.findLast(({ state }) => state === 'pending');
    const unsettled = pending === undefined ? 'closed' : proposalStage(pending, now);
    const unclosed = now < end ? 'running' : 'over';
    const stage = final !== null ? 'final' : record === null ? unclosed : unsettled;
    rows.push({ epoch, start, end, stage, record, proposals: own, final });
  }
  return rows.reverse();
}

function proposalStage({ until, demands }: BookedProposal, now: number): EpochStage {
  if (now < until) return 'open';
  return demands.some(({ state }) => state === 'open') ? 'demanded' : 'due';
}

/** The settlement that counts now: the one that became final, else the one that waits; null where there is neither. */
export function standing({ proposals, final }: Pick<EpochRow, 'final' | 'proposals'>): BookedProposal | null {
  return (
    proposals.find(({ proposalId }) => proposalId === final?.proposalId) ??
    proposals.findLast(({ state }) => state === 'pending') ??
    null
  );
}

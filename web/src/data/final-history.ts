import type { BookedFinal, SettlementBook } from '../../../src/chain/settlement-book.ts';
import type { EpochRecord } from '../../../src/protocol/epoch-record.ts';
import { RetryableError } from '../../../src/protocol/errors.ts';
import { curveHash, type Curve } from '../../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { finalTotals, type FinalTotals } from '../../../src/settlement/final-totals.ts';
import type { ProtocolFigures } from './protocol-figures.ts';

/** A final epoch, with its money computed anew. */
export interface HistoryEpoch extends FinalTotals {
  readonly record: EpochRecord;
  readonly final: BookedFinal;
}

/** What of the contracts' figures the history of epochs has to come to. */
export type HistoryEnd = Pick<ProtocolFigures, 'granted' | 'nextToFinalise' | 'reserve' | 'totalCurve'>;

/**
 * The final epochs of a book. The events are computed through from the first epoch on, and must come to what vault and reserve hold:
 * a node can leave none out, and bend none.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT`
 */
export function finalHistory(book: SettlementBook, end: HistoryEnd): HistoryEpoch[] {
  const declared = Array.from({ length: end.nextToFinalise }, (_, epoch) => {
    const [record, final] = [book.closed[epoch]?.record, book.final[epoch]];
    if (record === undefined || final === undefined) throw inconsistent(epoch);
    return { record, final, settlement: final.settlement, joined: final.joined };
  });
  const totals = finalTotals(declared);
  const epochs = declared.map(({ record, final }, epoch): HistoryEpoch => {
    const one = totals[epoch];
    if (one === undefined || one.outcome.reserveAfter !== final.reserveAfter) throw inconsistent(epoch);
    return { record, final, ...one };
  });
  const last = epochs.at(-1);
  if (last !== undefined) {
    const { totalCurve, reserve, totalGranted } = last.totals;
    const fits = reserve === end.reserve && totalGranted === end.granted && hash(totalCurve) === hash(end.totalCurve);
    if (!fits) throw inconsistent(last.record.epoch);
  }
  return epochs;
}

function hash(curve: Curve): string {
  return bytesToHex(curveHash(curve));
}

function inconsistent(epoch: number): RetryableError {
  return new RetryableError({
    code: 'NODE_INCONSISTENT',
    shortMessage: `the events up to epoch ${epoch} do not come to what the contracts hold`,
    details: { epoch, next: 'try again, or name another node that keeps all events since the deployment' },
  });
}

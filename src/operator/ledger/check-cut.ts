import { isRejectCode } from '../../settlement/ledger/fault.ts';
import { checkRejects } from '../../settlement/ledger/reject-limit.ts';
import type { Counts, LedgerKind, Reject } from '../../settlement/ledger/rows.ts';
import type { Cut } from './cut.ts';
import { CUT_KINDS } from './rows-of-cut.ts';

const NONE: Counts = { read: 0, accepted: 0, duplicates: 0, rejected: 0, outOfRange: 0 };

/**
 * Refuses a cut of whose new rows too many are unusable, by the limit that every ledger is held to. Late rows and rows of an id that
 * was counted before do not count: nothing is missing through them.
 *
 * @throws {InputError} `LEDGER_DAMAGED`, `LEDGER_REJECTS`
 */
export function checkCut({ counts, unusable }: Cut): void {
  const rejects = unusable.flatMap(({ kind, file, line, code, reason }): Reject[] =>
    isRejectCode(code) ? [{ kind, file, line, code, reason }] : [],
  );
  const of: Record<LedgerKind, Counts> = { contributions: NONE, usage: NONE, accounts: NONE, prices: NONE };
  for (const kind of CUT_KINDS) {
    const rejected = rejects.filter((reject) => reject.kind === kind).length;
    const accepted = counts[kind].cut;
    of[kind] = { ...NONE, read: accepted + rejected, accepted, rejected };
  }
  checkRejects({ rejects, counts: of });
}

import { InputError } from '../../protocol/errors.ts';
import type { Ledger } from './build-ledger.ts';
import type { RejectCode } from './fault.ts';
import type { LedgerKind, Reject } from './rows.ts';

/** How much of a ledger may be unusable before nothing is paid by it. */
export interface RejectLimit {
  /** Malformed rows of one kind of file, in parts per million of the rows read. */
  readonly partsPerMillion: bigint;
  /** So many malformed rows are let pass up to a half of all: in a ledger of ten rows one typing error is a tenth. */
  readonly rows: number;
  /** Whether a ledger is used though a file is damaged, so that nobody knows what is missing. */
  readonly damaged: boolean;
}

/** At most 5 %, or 20 rows that are no more than a half; no damaged files. */
export const DEFAULT_REJECT_LIMIT: RejectLimit = { partsPerMillion: 50_000n, rows: 20, damaged: false };

/** What of a ledger the limit is about. */
export type JudgedRows = Pick<Ledger, 'rejects' | 'counts'>;

const DAMAGE: readonly RejectCode[] = ['file-empty', 'file-truncated', 'file-corrupt', 'file-format', 'header'];
/** Well-formed rows that this economy has no use for: a choice of whoever wrote the mapping, not a fault of the file. */
const CHOICE: readonly RejectCode[] = ['task-unmapped', 'measure-unknown', 'usage-not-counted'];

/** The rejects that say that a whole file is damaged: what stood in the lost part is unknown. */
export function damageOf(ledger: JudgedRows): readonly Reject[] {
  return ledger.rejects.filter(({ code }) => DAMAGE.includes(code));
}

/**
 * Refuses a ledger of which too much is unusable.
 * Rows of tasks or measures that nobody mapped do not count against the limit: they are well formed. Whatever the limit
 * says, more malformed rows than others are too many, and so is a single one when no contribution counts at all: nobody
 * would be paid, and nobody told why.
 *
 * @throws {InputError} `LEDGER_DAMAGED` or `LEDGER_REJECTS`, with the first rejects in its details
 */
export function checkRejects(ledger: JudgedRows, limit: RejectLimit = DEFAULT_REJECT_LIMIT): void {
  const [damage] = damageOf(ledger);
  if (damage !== undefined && !limit.damaged) {
    throw new InputError({
      code: 'LEDGER_DAMAGED',
      shortMessage: `${damage.file}:${damage.line} ${damage.reason}`,
      details: { counts: ledger.counts, rejects: damageOf(ledger).slice(0, 20) },
    });
  }
  for (const kind of Object.keys(ledger.counts) as LedgerKind[]) check(ledger, kind, limit);
}

function check(ledger: JudgedRows, kind: LedgerKind, limit: RejectLimit): void {
  const { read, accepted } = ledger.counts[kind];
  const malformed = ledger.rejects.filter((reject) => reject.kind === kind && !CHOICE.includes(reject.code));
  const share = read === 0 ? 0n : (BigInt(malformed.length) * 1_000_000n) / BigInt(read);
  const [first] = malformed;
  const isMost = 2 * malformed.length > read;
  const isNothingLeft = kind === 'contributions' && accepted === 0;
  const isAboveLimit = malformed.length > limit.rows && share > limit.partsPerMillion;
  if (first === undefined || !(isMost || isNothingLeft || isAboveLimit)) return;
  throw new InputError({
    code: 'LEDGER_REJECTS',
    shortMessage: `${malformed.length} of ${read} rows of ${kind} are unusable, the first at ${first.file}:${first.line}: ${first.reason}`,
    details: { counts: ledger.counts, rejects: malformed.slice(0, 20) },
  });
}

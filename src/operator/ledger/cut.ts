import type { EpochClock } from '../../protocol/epoch-clock.ts';
import { endOf, epochAt, startOf } from '../../protocol/epoch-clock.ts';
import { InvariantError } from '../../protocol/errors.ts';
import type { RawFile } from '../../settlement/ledger/build-ledger.ts';
import type { Parsed } from '../../settlement/ledger/fault.ts';
import { Fault, isFault } from '../../settlement/ledger/fault.ts';
import { parseAccountRow, parseContribution, parseUsage } from '../../settlement/ledger/parse-rows.ts';
import type { AccountRow, Contribution, Place, RawRow, Usage } from '../../settlement/ledger/rows.ts';
import { compareText } from '../../settlement/ledger/rows.ts';
import { ACCOUNTS, CONTRIBUTIONS, USAGE } from '../../settlement/ledger/same-rows.ts';
import type { SameRows } from '../../settlement/ledger/settle-duplicates.ts';
import { comparePlaces, settleDuplicates } from '../../settlement/ledger/settle-duplicates.ts';
import { MAX_RECORD } from '../../settlement/ledger/split-lines.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import type { KnownRows } from './known-rows.ts';
import { accountLine, contributionLine, movedTo, REPORTED_TIME, usageLine } from './rows-of-cut.ts';
import type { CutKind, CutRows, QuarantineCode, QuarantinedRow } from './rows-of-cut.ts';

/** Everything that the sources hold at the moment of a cut, of all epochs. */
export type SourceFiles = Readonly<Record<CutKind, readonly RawFile[]>>;

/** By what rule an epoch is cut. */
export interface CutRules {
  readonly epoch: number;
  readonly clock: EpochClock;
  /** What becomes of rows of an epoch that is cut already. */
  readonly lateRows: 'reject' | 'next';
  /** Addresses in lower case that can never earn. */
  readonly forbidden: ReadonlySet<string>;
}

/**
 * Where each row that was read went: `read = cut + known + later + late + duplicates + quarantined`. Rows that were put into
 * quarantine by an earlier cut are known.
 */
export interface CutCounts {
  readonly read: number;
  /** Counted in this epoch; `moved` of them came late. */
  readonly cut: number;
  readonly moved: number;
  readonly known: number;
  /** Of an epoch that is not cut yet. */
  readonly later: number;
  /** Refused since their epoch was cut before they came. */
  readonly late: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** A cut, and where every row of the sources went. */
export interface Cut extends CutRows {
  readonly epoch: number;
  readonly counts: Readonly<Record<CutKind, CutCounts>>;
  /** The quarantined rows that are unusable by themselves, which the reject limit is about: not late, not of a known id. */
  readonly unusable: readonly QuarantinedRow[];
}

/**
 * Cuts an epoch out of all that the sources hold: what is new and belongs to this epoch or to an earlier one. What stands in an
 * earlier cut stays as it is, whatever the sources say by now. The result depends on what the rows say, not on their order.
 *
 * @throws {InvariantError} `CUT_COUNTS` if a row got lost, which is our own fault
 */
export function cutLedger(files: SourceFiles, known: KnownRows, rules: CutRules): Cut {
  const { forbidden } = rules;
  const contributions = new KindCut<Contribution>(CONTRIBUTION_ROWS, known, rules);
  contributions.take(files.contributions, (fields) => unreserved(parseContribution(fields, forbidden)));
  const usage = new KindCut<Usage>(USAGE_ROWS, known, rules);
  usage.take(files.usage, (fields) => unreserved(parseUsage(fields, forbidden)));
  const accounts = new KindCut<AccountRow>(ACCOUNT_ROWS, known, rules);
  accounts.take(files.accounts, (fields) => parseAccountRow(fields, forbidden));
  const all = [contributions, usage, accounts];
  return {
    epoch: rules.epoch,
    contributions: contributions.rows,
    usage: usage.rows,
    accounts: accounts.rows,
    quarantine: all.flatMap(({ quarantine }) => quarantine).sort(comparePlaces),
    unusable: all.flatMap(({ unusable }) => unusable).sort(comparePlaces),
    counts: { contributions: contributions.counts(), usage: usage.counts(), accounts: accounts.counts() },
  };
}

/** How rows of one kind are told apart, dated and written. */
interface KindOfRow<T> {
  readonly kind: CutKind;
  readonly same: SameRows<T>;
  readonly timeOf: (row: T) => number;
  readonly line: (row: T) => string;
  readonly compare: (a: T, b: T) => number;
  /** The row in another second; null where rows of this kind are never late. */
  readonly moved: ((row: T, time: number) => T) | null;
}

const CONTRIBUTION_ROWS: KindOfRow<Contribution> = {
  kind: 'contributions',
  same: CONTRIBUTIONS,
  timeOf: ({ time }) => time,
  line: contributionLine,
  compare: (a, b) => a.time - b.time || compareText(a.id, b.id),
  moved: movedTo,
};

const USAGE_ROWS: KindOfRow<Usage> = {
  kind: 'usage',
  same: USAGE,
  timeOf: ({ time }) => time,
  line: usageLine,
  compare: (a, b) => a.time - b.time || compareText(USAGE.contentOf(a), USAGE.contentOf(b)),
  moved: movedTo,
};

/** Whenever it comes, an account's badge counts from the cut that it comes in: it is about what somebody is, not did. */
const ACCOUNT_ROWS: KindOfRow<AccountRow> = {
  kind: 'accounts',
  same: ACCOUNTS,
  timeOf: ({ since }) => since,
  line: accountLine,
  compare: (a, b) => compareText(ACCOUNTS.keyOf(a), ACCOUNTS.keyOf(b)),
  moved: null,
};

/** What is wrong with a row, by the ledger's rules or by the cut's. */
class Trouble {
  readonly code: QuarantineCode;
  readonly words: string;

  constructor(code: QuarantineCode, words: string) {
    this.code = code;
    this.words = words;
  }
}

/** The cut writes this column itself: in a source it would say of a row that it had been moved. */
function unreserved<T extends Contribution | Usage>(row: Parsed<T>): T | Trouble | Fault {
  if (isFault(row) || !Object.hasOwn(row.attributes, REPORTED_TIME)) return row;
  return new Trouble('column-reserved', `the column ${REPORTED_TIME} is written by the cut itself`);
}

/** A row that could be read, where it stands, and as it was given. */
interface Given<T> {
  readonly row: T;
  readonly place: Place;
  readonly raw: RawRow;
}

/** Sorts the rows of one kind; every row that enters is accounted for. */
class KindCut<T> {
  readonly rows: T[] = [];
  readonly quarantine: QuarantinedRow[] = [];
  readonly unusable: QuarantinedRow[] = [];
  readonly #how: KindOfRow<T>;
  readonly #known: KnownRows;
  readonly #rules: CutRules;
  readonly #seen = new Map<string, number>();
  readonly #counts = { read: 0, cut: 0, moved: 0, known: 0, later: 0, late: 0, duplicates: 0, quarantined: 0 };

  constructor(how: KindOfRow<T>, known: KnownRows, rules: CutRules) {
    this.#how = how;
    this.#known = known;
    this.#rules = rules;
  }

  take(files: readonly RawFile[], parse: (fields: ReadonlyMap<string, string>) => T | Trouble | Fault): void {
    const fresh: Given<T>[] = [];
    // What is told of two rows that cannot be told apart must not depend on which file was read first.
    for (const { file, rows } of [...files].sort((a, b) => compareText(a.file, b.file))) {
      this.#counts.read += rows.length;
      for (const raw of rows) {
        const place = { file, line: raw.line };
        const row = 'fault' in raw ? raw.fault : parse(raw.fields);
        if (row instanceof Fault || row instanceof Trouble) this.#refuse(place, raw, row, true);
        else if (!this.#isCounted({ row, place, raw })) fresh.push({ row, place, raw });
      }
    }
    this.#settle(fresh);
    this.rows.sort(this.#how.compare);
  }

  counts(): CutCounts {
    const { read, cut, known, later, late, duplicates, quarantined } = this.#counts;
    if (read === cut + known + later + late + duplicates + quarantined && cut === this.rows.length) {
      return { ...this.#counts };
    }
    throw new InvariantError({
      code: 'CUT_COUNTS',
      shortMessage: 'the rows that were read are not the rows that are accounted for',
      details: { kind: this.#how.kind, epoch: this.#rules.epoch, ...this.#counts },
    });
  }

  /** Whether an earlier cut has a row of this name; if it says something else, the one that was counted stands. */
  #isCounted({ row, place, raw }: Given<T>): boolean {
    const { kind, same } = this.#how;
    const counted = this.#known.counted(kind, same.keyOf(row));
    if (counted === undefined) return false;
    const where = `in epoch ${counted.epoch}, which is cut`;
    if (same.nameOf !== undefined && same.nameOf(row) !== counted.name) {
      const words = `another spelling of the same ${same.what} stands ${where}`;
      this.#refuse(place, raw, new Fault('id-variant', words), false);
    } else if (same.contentOf(row) !== counted.content) {
      const words = `the same ${same.what} stands ${where}, with other content`;
      this.#refuse(place, raw, new Fault('conflict', words), false);
    } else {
      this.#counts.known++;
    }
    return true;
  }

  #settle(fresh: readonly Given<T>[]): void {
    const rawOf = new Map(fresh.map(({ row, raw }) => [row, raw]));
    const { unique, duplicates, refused } = settleDuplicates(fresh, this.#how.same);
    const laterPlaces = new Set(
      fresh.filter(({ row }) => this.#isLater(row)).map(({ place: { file, line } }) => `${line} ${file}`),
    );
    for (const { file, line } of duplicates) {
      if (laterPlaces.has(`${line} ${file}`)) this.#counts.later++;
      else this.#counts.duplicates++;
    }
    for (const { placed, fault } of refused) {
      // A row of a later epoch is told when its epoch is cut: its source may be corrected by then.
      if (this.#isLater(placed.row)) this.#counts.later++;
      else this.#refuse(placed.place, rawOf.get(placed.row) ?? { line: 0, fault }, fault, true);
    }
    for (const { row, place } of unique) {
      const raw = rawOf.get(row);
      if (raw !== undefined) this.#date({ row, place, raw });
    }
  }

  /** Counts a row in this epoch, unless it belongs to another one. */
  #date({ row, place, raw }: Given<T>): void {
    const { timeOf, moved } = this.#how;
    const { clock, epoch, lateRows } = this.#rules;
    const time = timeOf(row);
    if (this.#isLater(row)) {
      this.#counts.later++;
    } else if (moved === null || time >= startOf(clock, epoch)) {
      this.#count(row, { place, raw });
    } else if (time < clock.start) {
      this.#refuse(place, raw, new Trouble('before-start', 'its time is before epoch 0 began'), false);
    } else if (lateRows === 'next') {
      const before = this.rows.length;
      this.#count(moved(row, startOf(clock, epoch)), { place, raw });
      this.#counts.moved += this.rows.length - before;
    } else {
      const words = `it came after its epoch, ${epochAt(clock, time)}, was cut`;
      this.#refuse(place, raw, new Trouble('late', words), false);
    }
  }

  #count(row: T, { place, raw }: { readonly place: Place; readonly raw: RawRow }): void {
    if (new TextEncoder().encode(this.#how.line(row)).length > MAX_RECORD) {
      const words = `the row is longer than ${MAX_RECORD} bytes`;
      this.#refuse(place, raw, new Fault('record-too-long', words), true);
      return;
    }
    this.rows.push(row);
    this.#counts.cut++;
  }

  #isLater(row: T): boolean {
    return this.#how.timeOf(row) >= endOf(this.#rules.clock, this.#rules.epoch);
  }

  /** Puts a row into quarantine, unless an earlier cut did. */
  #refuse({ file, line }: Place, raw: RawRow, { code, words }: Fault | Trouble, isUnusable: boolean): void {
    const { kind } = this.#how;
    const fields = 'fields' in raw ? Object.fromEntries([...raw.fields].sort(([a], [b]) => compareText(a, b))) : null;
    // What a row says is known wherever it stands by now; where nobody could read what it says, only its place is known.
    const what = sha256Hex(new TextEncoder().encode(JSON.stringify([kind, fields ?? [file, line, code, words]])));
    const nth = this.#seen.get(what) ?? 0;
    this.#seen.set(what, nth + 1);
    const identity = `${what}-${nth}`;
    if (this.#known.isQuarantined(identity)) {
      this.#counts.known++;
      return;
    }
    if (code === 'late') this.#counts.late++;
    else this.#counts.quarantined++;
    const row: QuarantinedRow = { kind, file, line, code, reason: `${code}: ${words}`, identity, fields };
    this.quarantine.push(row);
    if (isUnusable) this.unusable.push(row);
  }
}

import type { EpochClock } from '../../protocol/epoch-clock.ts';
import { endOf, epochAt, startOf } from '../../protocol/epoch-clock.ts';
import { InvariantError } from '../../protocol/errors.ts';
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
import type { PassedFile, SeenFile } from './seen-files.ts';
import { MOST_REFUSED, UnreadFiles } from './seen-files.ts';

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
 * earlier cut stays as it is, whatever the sources say by now. The result depends on what the rows say, not on their order; files
 * are taken by their names, since what is told of two rows that cannot be told apart must not depend on which came first.
 */
export class LedgerCut {
  readonly #epoch: number;
  readonly #contributions: KindCut<Contribution>;
  readonly #usage: KindCut<Usage>;
  readonly #accounts: KindCut<AccountRow>;
  readonly #unread: UnreadFiles;

  /**
   * @param passed files that an earlier cut saw whole: their rows are counted without being read. They are all known from the
   *   beginning, since any row may have to be held against theirs.
   */
  constructor(known: KnownRows, rules: CutRules, passed: readonly PassedFile[] = []) {
    const { forbidden } = rules;
    this.#epoch = rules.epoch;
    this.#unread = new UnreadFiles(passed);
    const given = { known, rules, unread: this.#unread };
    this.#contributions = new KindCut({
      ...{ ...given, how: CONTRIBUTION_ROWS },
      parse: (fields) => unreserved(parseContribution(fields, forbidden)),
    });
    this.#usage = new KindCut({
      ...{ ...given, how: USAGE_ROWS },
      parse: (fields) => unreserved(parseUsage(fields, forbidden)),
    });
    this.#accounts = new KindCut({
      ...{ ...given, how: ACCOUNT_ROWS },
      parse: (fields) => parseAccountRow(fields, forbidden),
    });
    for (const { kind, rows } of passed) this.#of(kind).pass(rows);
  }

  /** Takes rows of a file; of each kind the files come by their names, and the rows of a file one after the other. */
  take(kind: CutKind, file: string, rows: readonly RawRow[]): void {
    this.#of(kind).take(file, rows);
  }

  /**
   * The cut, after every row was taken.
   *
   * @throws {InvariantError} `CUT_COUNTS` if a row got lost, which is our own fault
   */
  finish(): FinishedCut {
    const all = [this.#contributions, this.#usage, this.#accounts];
    for (const one of all) one.settle();
    const [contributions, usage, accounts] = [this.#contributions, this.#usage, this.#accounts];
    const cut: Cut = {
      epoch: this.#epoch,
      contributions: contributions.rows,
      usage: usage.rows,
      accounts: accounts.rows,
      quarantine: all.flatMap(({ quarantine }) => quarantine).sort(comparePlaces),
      unusable: all.flatMap(({ unusable }) => unusable).sort(comparePlaces),
      counts: { contributions: contributions.counts(), usage: usage.counts(), accounts: accounts.counts() },
    };
    return { cut, wanted: this.#unread.wanted, seen: new Map(all.flatMap((one) => one.seen())) };
  }

  #of(kind: CutKind): Pick<KindCut<never>, 'take' | 'pass'> {
    if (kind === 'contributions') return this.#contributions;
    return kind === 'usage' ? this.#usage : this.#accounts;
  }
}

/** A cut, and which files need not be read for the next one while they stay the same. */
export interface FinishedCut {
  readonly cut: Cut;
  /** Files that were passed and have to be read after all: a row of another one has to be held against theirs. */
  readonly wanted: ReadonlySet<string>;
  /** By their names; not among them is whatever the next epochs could come to another end with. */
  readonly seen: ReadonlyMap<string, SeenFile>;
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

/** What the rows of one kind are sorted by. */
interface KindOptions<T> {
  readonly how: KindOfRow<T>;
  readonly parse: (fields: ReadonlyMap<string, string>) => T | Trouble | Fault;
  readonly known: KnownRows;
  readonly rules: CutRules;
  readonly unread: UnreadFiles;
}

/** What is known of a file after its rows were taken. */
interface ReadFile {
  rows: number;
  readonly refused: Set<string>;
  /** Whether it could come to another end in a later epoch, though it stays the same. */
  isOpen: boolean;
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
  readonly #parse: KindOptions<T>['parse'];
  readonly #known: KnownRows;
  readonly #rules: CutRules;
  readonly #unread: UnreadFiles;
  readonly #fresh: Given<T>[] = [];
  readonly #files = new Map<string, ReadFile>();
  /** How often a row that is refused came, and where it was first. */
  readonly #seen = new Map<string, { count: number; readonly file: string }>();
  readonly #counts = { read: 0, cut: 0, moved: 0, known: 0, later: 0, late: 0, duplicates: 0, quarantined: 0 };

  constructor({ how, parse, known, rules, unread }: KindOptions<T>) {
    this.#how = how;
    this.#parse = parse;
    this.#known = known;
    this.#rules = rules;
    this.#unread = unread;
  }

  take(file: string, rows: readonly RawRow[]): void {
    this.#counts.read += rows.length;
    this.#file(file).rows += rows.length;
    for (const raw of rows) {
      const place = { file, line: raw.line };
      const row = 'fault' in raw ? raw.fault : this.#parse(raw.fields);
      if (row instanceof Fault || row instanceof Trouble) this.#refuse(place, raw, row, true);
      else if (!this.#isCounted({ row, place, raw })) this.#fresh.push({ row, place, raw });
    }
  }

  pass(rows: number): void {
    this.#counts.read += rows;
    this.#counts.known += rows;
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

  seen(): readonly (readonly [string, SeenFile])[] {
    return [...this.#files].flatMap(([name, { rows, refused, isOpen }]): [string, SeenFile][] =>
      isOpen || refused.size > MOST_REFUSED ? [] : [[name, { rows, refused: [...refused] }]],
    );
  }

  /** Whether an earlier cut has a row of this name; if it says something else, the one that was counted stands. */
  #isCounted({ row, place, raw }: Given<T>): boolean {
    const { kind, same } = this.#how;
    const counted = this.#known.counted(kind, same, row);
    if (counted === undefined) return false;
    const where = `in epoch ${counted.epoch}, which is cut`;
    if (counted.differs === 'in its spelling') {
      const words = `another spelling of the same ${same.what} stands ${where}`;
      this.#refuse(place, raw, new Fault('id-variant', words), false);
    } else if (counted.differs === 'in what it says') {
      const words = `the same ${same.what} stands ${where}, with other content`;
      this.#refuse(place, raw, new Fault('conflict', words), false);
    } else {
      this.#counts.known++;
    }
    return true;
  }

  /** Settles what the new rows come to beside each other. */
  settle(): void {
    const fresh = this.#fresh;
    const rawOf = new Map(fresh.map(({ row, raw }) => [row, raw]));
    for (const { row } of fresh) this.#unread.look(this.#keyOf(row));
    const { unique, duplicates, refused } = settleDuplicates(fresh, this.#how.same);
    const laterPlaces = new Set(
      fresh.filter(({ row }) => this.#isLater(row)).map(({ place: { file, line } }) => `${line} ${file}`),
    );
    const uncounted = new Set<string>();
    for (const { placed, fault } of refused) {
      // Another of them may be corrected or gone by the next epoch.
      this.#file(placed.place.file).isOpen = true;
      // A row of a later epoch is told when its epoch is cut: its source may be corrected by then.
      if (this.#isLater(placed.row)) this.#counts.later++;
      else this.#refuse(placed.place, rawOf.get(placed.row) ?? { line: 0, fault }, fault, true);
    }
    for (const { row, place } of unique) {
      const raw = rawOf.get(row);
      const before = this.rows.length;
      if (raw !== undefined) this.#date({ row, place, raw });
      if (this.rows.length > before) continue;
      uncounted.add(`${place.line} ${place.file}`);
      this.#file(place.file).refused.add(this.#keyOf(row));
    }
    for (const { file, line, of } of duplicates) {
      if (laterPlaces.has(`${line} ${file}`)) this.#counts.later++;
      else this.#counts.duplicates++;
      if (!uncounted.has(`${of.line} ${of.file}`)) continue;
      this.#file(file).isOpen = true;
      this.#file(of.file).isOpen = true;
    }
    this.rows.sort(this.#how.compare);
  }

  /** Counts a row in this epoch, unless it belongs to another one. */
  #date({ row, place, raw }: Given<T>): void {
    const { timeOf, moved } = this.#how;
    const { clock, epoch, lateRows } = this.#rules;
    const time = timeOf(row);
    if (this.#isLater(row)) {
      this.#counts.later++;
      this.#file(place.file).isOpen = true;
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
    const before = this.#seen.get(what) ?? { count: 0, file };
    this.#seen.set(what, { ...before, count: before.count + 1 });
    this.#note(file, what, before.file, fields !== null);
    const identity = `${what}-${before.count}`;
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

  /** What a file has that is refused, which tells whether it has to be read for the next epoch. */
  #note(file: string, what: string, first: string, isWhole: boolean): void {
    this.#unread.look(what);
    this.#file(file).refused.add(what);
    // A damaged file may be whole by then; of one row in two files the number tells which is meant.
    if (!isWhole) this.#file(file).isOpen = true;
    if (first === file) return;
    this.#file(file).isOpen = true;
    this.#file(first).isOpen = true;
  }

  #keyOf(row: T): string {
    return `${this.#how.kind} ${this.#how.same.keyOf(row)}`;
  }

  #file(name: string): ReadFile {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const file: ReadFile = { rows: 0, refused: new Set(), isOpen: false };
    this.#files.set(name, file);
    return file;
  }
}

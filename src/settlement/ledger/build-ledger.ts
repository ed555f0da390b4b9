import type { Address } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { Fault, isFault, quote } from './fault.ts';
import type { Parsed } from './fault.ts';
import { canRead } from './parse-rating.ts';
import type { RatingReader } from './parse-rating.ts';
import { parseAccountRow, parseContribution, parsePrice, parseUsage } from './parse-rows.ts';
import { isCanonical } from './parse-text.ts';
import { attributeOf, compareText } from './rows.ts';
import type {
  AccountRow,
  Contribution,
  Counts,
  Duplicate,
  LedgerKind,
  Place,
  PriceRow,
  RawRow,
  Reject,
  Usage,
} from './rows.ts';
import { ACCOUNTS, CONTRIBUTIONS, PRICES, USAGE } from './same-rows.ts';
import { comparePlaces, settleDuplicates } from './settle-duplicates.ts';
import type { Placed, SameRows } from './settle-duplicates.ts';

/** The rows of one file; `file` is the name that rejects give, so a name that is the same on every machine. */
export interface RawFile {
  readonly file: string;
  readonly rows: readonly RawRow[];
}

/** What decides which rows count, beside the rows themselves. */
export interface LedgerRules {
  /** Addresses in lower case that can never earn: the protocol's own contracts. */
  readonly forbidden?: ReadonlySet<string>;
  /** Which task of the protocol a task name of the ledger counts for; a name that is not here is refused. */
  readonly taskMap: ReadonlyMap<string, string>;
  /** The measures that the policy knows, by task of the protocol; a task that is not here, or no map, takes any. */
  readonly measures?: ReadonlyMap<string, ReadonlySet<string>>;
  /** The ratings that the policy can read, by task of the protocol, then by attribute; nothing else is checked. */
  readonly ratings?: ReadonlyMap<string, ReadonlyMap<string, RatingReader>>;
  /** The attributes that the policy reads, each entry from a time (seconds since 1970, rising) until the next, by task of the protocol. */
  readonly attributes?: readonly AttributesFrom[];
  /** Half-open: rows at `end` and after, or before `start`, are out of range. Seconds since 1970. */
  readonly range: { readonly start: number; readonly end: number };
  /** The epochs of the range, half-open, for prices that are given by epoch. */
  readonly epochs?: { readonly from: number; readonly to: number };
}

/** Which attributes of a task's rows have to be canonical from a time on, since their values are compared. */
export interface AttributesFrom {
  readonly from: number;
  readonly ofTask: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface LedgerFiles {
  readonly contributions: readonly RawFile[];
  readonly usage?: readonly RawFile[];
  readonly accounts?: readonly RawFile[];
  readonly prices?: readonly RawFile[];
}

/** The rows that count, in an order that does not depend on the files', and what became of all the others. */
export interface Ledger {
  /** By time, then by id. */
  readonly contributions: readonly Contribution[];
  /** By time, contribution and attributes. */
  readonly usage: readonly Usage[];
  /** By account, then by badge. */
  readonly accounts: readonly AccountRow[];
  /** By epoch or time. */
  readonly prices: readonly PriceRow[];
  /** By file and line. */
  readonly rejects: readonly Reject[];
  readonly duplicates: readonly Duplicate[];
  readonly outOfRange: readonly Place[];
  readonly counts: Readonly<Record<LedgerKind, Counts>>;
}

/** The authors of contributions that count and are not among the rows: other means have judged them. */
export type Elsewhere = ReadonlyMap<string, Address>;

/**
 * Judges every row of a ledger. None is repaired and none gets lost: for each kind of file
 * `read = accepted + duplicates + rejected + outOfRange`.
 *
 * The result depends on what the rows say, never on their order or on that of the files (only the places named in
 * rejects and duplicates do).
 *
 * @param elsewhere contributions by their id that uses may name besides those of the files
 * @throws {InvariantError} `LEDGER_COUNTS` if a row got lost, which is our own fault
 */
export function buildLedger(files: LedgerFiles, rules: LedgerRules, elsewhere: Elsewhere = new Map()): Ledger {
  const forbidden = rules.forbidden ?? new Set<string>();
  const inRange = (time: number) => time >= rules.range.start && time < rules.range.end;

  const contributions = new Tally<Contribution>('contributions', (row) => row.time);
  contributions.read(files.contributions, (fields) => parseContribution(fields, forbidden));
  contributions.settle(CONTRIBUTIONS);
  const authors = new Map(contributions.rows.map(({ row }) => [row.id, row.account]));
  contributions.refuse((row) => countsFor(row, rules));
  const counting = new Set(contributions.rows.map(({ row }) => row.id));
  contributions.limit((row) => inRange(row.time));

  const usage = new Tally<Usage>('usage', (row) => row.time);
  usage.read(files.usage ?? [], (fields) => parseUsage(fields, forbidden));
  usage.refuse((row) => {
    const author = elsewhere.get(row.contribution);
    return usageFault(
      row,
      author ?? authors.get(row.contribution),
      author !== undefined || counting.has(row.contribution),
    );
  });
  usage.settle(USAGE);
  usage.limit((row) => inRange(row.time));

  const accounts = new Tally<AccountRow>('accounts', (row) => row.since);
  accounts.read(files.accounts ?? [], (fields) => parseAccountRow(fields, forbidden));
  accounts.settle(ACCOUNTS);
  accounts.limit((row) => row.since < rules.range.end);

  const epochs = rules.epochs ?? { from: 0, to: Number.MAX_SAFE_INTEGER };
  const prices = new Tally<PriceRow>('prices', (row) => ('time' in row ? row.time : undefined));
  prices.read(files.prices ?? [], parsePrice);
  prices.settle(PRICES);
  prices.limit((row) => ('time' in row ? inRange(row.time) : row.epoch >= epochs.from && row.epoch < epochs.to));

  const all = [contributions, usage, accounts, prices];
  return {
    contributions: contributions.sorted((a, b) => a.time - b.time || compareText(a.id, b.id)),
    usage: usage.sorted((a, b) => a.time - b.time || compareText(USAGE.contentOf(a), USAGE.contentOf(b))),
    accounts: accounts.sorted((a, b) => compareText(ACCOUNTS.keyOf(a), ACCOUNTS.keyOf(b))),
    prices: prices.sorted((a, b) => moment(a) - moment(b)),
    rejects: all.flatMap((tally) => tally.rejects).sort(comparePlaces),
    duplicates: all.flatMap((tally) => tally.duplicates).sort(comparePlaces),
    outOfRange: all.flatMap((tally) => tally.outOfRange).sort(comparePlaces),
    counts: {
      contributions: contributions.counts(),
      usage: usage.counts(),
      accounts: accounts.counts(),
      prices: prices.counts(),
    },
  };
}

/** The sum of counts, for a whole ledger. */
export function totalCounts(counts: Readonly<Record<LedgerKind, Counts>>): Counts {
  const sum = (pick: (counts: Counts) => number) => Object.values(counts).reduce((total, one) => total + pick(one), 0);
  return {
    read: sum((one) => one.read),
    accepted: sum((one) => one.accepted),
    duplicates: sum((one) => one.duplicates),
    rejected: sum((one) => one.rejected),
    outOfRange: sum((one) => one.outOfRange),
  };
}

/**
 * Whether a contribution of this task and measure, with these attributes and with any id, account and units that are accepted, counts
 * at any time.
 */
export function alwaysCounts(fields: ReadonlyMap<string, string>, rules: LedgerRules): boolean {
  const row = parseContribution(new Map([...Object.entries(ANY_ROW), ...fields]), new Set());
  if (isFault(row)) return false;
  const moments = [0, ...(rules.attributes ?? []).map(({ from }) => from)];
  return moments.every((time) => countsFor({ ...row, time }, rules) === undefined);
}

const ANY_ROW = { id: 'any', account: `0x${'1'.repeat(40)}`, time: '2000-01-01T00:00:00Z', units: '1' };

function moment(row: PriceRow): number {
  return 'time' in row ? row.time : row.epoch;
}

function countsFor(row: Contribution, rules: LedgerRules): Fault | undefined {
  const { taskMap, measures, ratings } = rules;
  const { task, measure, attributes } = row;
  const target = taskMap.get(task);
  if (target === undefined)
    return new Fault('task-unmapped', `the task ${quote(task)} counts for none of the protocol's tasks`);
  const known = measures?.get(target);
  if (known !== undefined && !known.has(measure)) {
    return new Fault('measure-unknown', `the policy has no measure ${quote(measure)} for the task ${target}`);
  }
  for (const [attribute, reader] of ratings?.get(target) ?? []) {
    const rating = attributeOf(attributes, attribute);
    if (rating !== undefined && !canRead(reader, rating)) {
      return new Fault(
        'quality-invalid',
        `${quote(rating)} in the column ${attribute} is no rating that the policy knows`,
      );
    }
  }
  const read = rules.attributes?.findLast(({ from }) => from <= row.time)?.ofTask.get(target) ?? [];
  for (const attribute of read) {
    const value = attributeOf(attributes, attribute);
    if (value !== undefined && !isCanonical(value)) {
      const words = `${quote(value)} in the column ${attribute} has invisible characters or an unusual spelling`;
      return new Fault('text-not-canonical', words);
    }
  }
  return undefined;
}

function usageFault({ contribution, account }: Usage, author: string | undefined, counts: boolean): Fault | undefined {
  if (author === undefined) {
    return new Fault('usage-unknown-contribution', `no usable contribution has the id ${quote(contribution)}`);
  }
  if (author !== account) return new Fault('usage-not-author', `${account} is not the contribution's author`);
  return counts
    ? undefined
    : new Fault('usage-not-counted', `the contribution ${quote(contribution)} itself counts for no task`);
}

/** Sorts the rows of one kind of file into those that count and the others; every row that enters is accounted for. */
class Tally<T> {
  readonly rejects: Reject[] = [];
  readonly duplicates: Duplicate[] = [];
  readonly outOfRange: Place[] = [];
  rows: readonly Placed<T>[] = [];
  readonly #kind: LedgerKind;
  readonly #timeOf: (row: T) => number | undefined;
  #read = 0;

  constructor(kind: LedgerKind, timeOf: (row: T) => number | undefined) {
    this.#kind = kind;
    this.#timeOf = timeOf;
  }

  read(files: readonly RawFile[], parse: (fields: ReadonlyMap<string, string>) => Parsed<T>): void {
    const rows: Placed<T>[] = [];
    for (const { file, rows: raws } of files) {
      this.#read += raws.length;
      for (const raw of raws) {
        const row = 'fault' in raw ? raw.fault : parse(raw.fields);
        const place: Place = { file, line: raw.line };
        if (isFault(row)) this.#reject(place, row);
        else rows.push({ row, place });
      }
    }
    this.rows = rows;
  }

  settle(same: SameRows<T>): void {
    const { unique, duplicates, refused } = settleDuplicates(this.rows, same);
    for (const { placed, fault } of refused) this.#reject(placed.place, fault, placed.row);
    for (const duplicate of duplicates) this.duplicates.push({ ...duplicate, kind: this.#kind });
    this.rows = unique;
  }

  refuse(faultOf: (row: T) => Fault | undefined): void {
    this.rows = this.rows.filter(({ row, place }) => {
      const fault = faultOf(row);
      if (fault !== undefined) this.#reject(place, fault, row);
      return fault === undefined;
    });
  }

  limit(inRange: (row: T) => boolean): void {
    this.rows = this.rows.filter(({ row, place }) => {
      const within = inRange(row);
      if (!within) this.outOfRange.push(place);
      return within;
    });
  }

  sorted(compare: (a: T, b: T) => number): readonly T[] {
    return this.rows.map(({ row }) => row).sort(compare);
  }

  counts(): Counts {
    const counts: Counts = {
      read: this.#read,
      accepted: this.rows.length,
      duplicates: this.duplicates.length,
      rejected: this.rejects.length,
      outOfRange: this.outOfRange.length,
    };
    const { read, accepted, duplicates, rejected, outOfRange } = counts;
    if (accepted + duplicates + rejected + outOfRange !== read) {
      throw new InvariantError({
        code: 'LEDGER_COUNTS',
        shortMessage: 'DIFF-2: the rows accepted, rejected, duplicate and out of range are not the rows read',
        details: { kind: this.#kind, ...counts },
      });
    }
    return counts;
  }

  #reject(place: Place, fault: Fault, row?: T): void {
    const time = row === undefined ? undefined : this.#timeOf(row);
    const reject: Reject = { ...place, kind: this.#kind, code: fault.code, reason: `${fault.code}: ${fault.words}` };
    this.rejects.push(time === undefined ? reject : { ...reject, time });
  }
}

import type { Address } from '../../protocol/brands.ts';
import { keccak256Many } from '../../protocol/keccak.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { writeCurve } from '../../protocol/vesting-curve.ts';
import { hexToBytes, viewOf, WORD } from '../../protocol/words.ts';
import { KEY } from './account-keys.ts';
import type { CohortTerms } from './account-table.ts';
import { AccountTable } from './account-table.ts';
import { AmountColumn } from './amount-column.ts';

/** Curves of one length that are hashed together. */
const BATCH = 256;

/** Curves of the same number of cohorts that wait to be hashed. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly rows: Uint32Array;
  count: number;
}

/** How many accounts a table will hold at most, and how many cohorts it makes room for at first. */
export interface Capacity {
  readonly accounts: number;
  readonly cohorts: number;
}

/** Writes a table from one account to the next; curves are hashed many at a time. Accounts must come by rising address. */
export class TableBuilder {
  readonly #keys: Uint8Array;
  readonly #unlocked: AmountColumn;
  readonly #firstCohort: Uint32Array;
  #cohortTerms: Uint32Array;
  #cohortAmounts: AmountColumn;
  readonly #curveHashes: Uint8Array;
  readonly #terms: CohortTerms[] = [];
  /** The number of terms by their end and duration. */
  readonly #numbers = new Map<number, Map<number, number>>();
  readonly #waiting = new Map<number, Waiting>();
  #accounts = 0;
  #cohorts = 0;

  constructor({ accounts, cohorts }: Capacity) {
    this.#keys = new Uint8Array(accounts * KEY);
    this.#unlocked = new AmountColumn(accounts);
    this.#firstCohort = new Uint32Array(accounts + 1);
    this.#cohortTerms = new Uint32Array(cohorts);
    this.#cohortAmounts = new AmountColumn(cohorts);
    this.#curveHashes = new Uint8Array(accounts * WORD);
  }

  /** How many accounts there are so far: the position of the next. */
  get length(): number {
    return this.#accounts;
  }

  /** Adds the account at a position of packed keys. */
  push(keys: Uint8Array, index: number, curve: Curve): void {
    const row = this.#accounts;
    this.#keys.set(keys.subarray(index * KEY, (index + 1) * KEY), row * KEY);
    this.#unlocked.set(row, curve.unlocked);
    this.#reserve(curve.cohorts.length);
    for (const cohort of curve.cohorts) {
      this.#cohortTerms[this.#cohorts] = this.#numberOf(cohort);
      this.#cohortAmounts.set(this.#cohorts, cohort.amount);
      this.#cohorts++;
    }
    this.#accounts++;
    this.#firstCohort[this.#accounts] = this.#cohorts;
    this.#wait(row, curve);
  }

  /** Takes accounts of another table over as they are, from position `from` up to but not including `to`. */
  copy(table: AccountTable, from: number, to: number): void {
    const { keys, unlocked, firstCohort, cohortTerms, cohortAmounts, curveHashes, terms } = table.columns;
    const [row, cohort] = [this.#accounts, this.#cohorts];
    // Within the table, as are all that follow.
    const [first, end] = [firstCohort[from] as number, firstCohort[to] as number];
    this.#reserve(end - first);
    this.#keys.set(keys.subarray(from * KEY, to * KEY), row * KEY);
    this.#unlocked.copy(unlocked, from, row, to - from);
    this.#curveHashes.set(curveHashes.subarray(from * WORD, to * WORD), row * WORD);
    this.#cohortAmounts.copy(cohortAmounts, first, cohort, end - first);
    for (let at = first; at < end; at++) {
      this.#cohortTerms[cohort + at - first] = this.#numberOf(terms[cohortTerms[at] as number] as CohortTerms);
    }
    for (let at = from + 1; at <= to; at++) {
      this.#firstCohort[row + at - from] = cohort + (firstCohort[at] as number) - first;
    }
    this.#accounts += to - from;
    this.#cohorts += end - first;
  }

  /** The table of all accounts so far; the builder is of no use afterwards. */
  finish(): AccountTable {
    for (const waiting of this.#waiting.values()) this.#hash(waiting);
    const [accounts, cohorts] = [this.#accounts, this.#cohorts];
    return new AccountTable({
      keys: this.#keys.subarray(0, accounts * KEY),
      unlocked: this.#unlocked.head(accounts),
      firstCohort: this.#firstCohort.subarray(0, accounts + 1),
      cohortTerms: this.#cohortTerms.subarray(0, cohorts),
      cohortAmounts: this.#cohortAmounts.head(cohorts),
      curveHashes: this.#curveHashes.subarray(0, accounts * WORD),
      terms: this.#terms,
    });
  }

  #reserve(more: number): void {
    const needed = this.#cohorts + more;
    if (needed <= this.#cohortTerms.length) return;
    const room = Math.max(2 * this.#cohortTerms.length, needed);
    const [terms, amounts] = [new Uint32Array(room), new AmountColumn(room)];
    terms.set(this.#cohortTerms.subarray(0, this.#cohorts));
    amounts.copy(this.#cohortAmounts, 0, 0, this.#cohorts);
    this.#cohortTerms = terms;
    this.#cohortAmounts = amounts;
  }

  #numberOf({ end, duration }: CohortTerms): number {
    let durations = this.#numbers.get(end);
    if (durations === undefined) this.#numbers.set(end, (durations = new Map<number, number>()));
    let number = durations.get(duration);
    if (number === undefined) {
      number = this.#terms.push({ end, duration }) - 1;
      durations.set(duration, number);
    }
    return number;
  }

  #wait(row: number, curve: Curve): void {
    const size = WORD * (curve.cohorts.length + 1);
    let waiting = this.#waiting.get(size);
    if (waiting === undefined) {
      const bytes = new Uint8Array(BATCH * size);
      waiting = { bytes, view: viewOf(bytes), rows: new Uint32Array(BATCH), count: 0 };
      this.#waiting.set(size, waiting);
    }
    writeCurve(waiting.view, waiting.count * size, curve);
    waiting.rows[waiting.count] = row;
    waiting.count++;
    if (waiting.count === BATCH) this.#hash(waiting);
  }

  #hash(waiting: Waiting): void {
    const { bytes, rows, count } = waiting;
    const size = bytes.length / BATCH; // integer: as it was made
    const hashes = new Uint8Array(count * WORD);
    keccak256Many(bytes.subarray(0, count * size), size, hashes);
    for (let index = 0; index < count; index++) {
      this.#curveHashes.set(hashes.subarray(index * WORD, (index + 1) * WORD), (rows[index] as number) * WORD);
    }
    waiting.count = 0;
  }
}

/** A table of accounts that are given one by one, by rising address. */
export function tableOf(accounts: readonly { readonly account: Address; readonly curve: Curve }[]): AccountTable {
  const cohorts = accounts.reduce((sum, { curve }) => sum + curve.cohorts.length, 0);
  const builder = new TableBuilder({ accounts: accounts.length, cohorts });
  for (const { account, curve } of accounts) builder.push(hexToBytes(account), 0, curve);
  return builder.finish();
}

/** The table without an account. */
export const NO_ACCOUNTS: AccountTable = tableOf([]);

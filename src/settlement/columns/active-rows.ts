import type { Address } from '../../protocol/brands.ts';
import { addressAt } from './account-keys.ts';
import { AmountColumn } from './amount-column.ts';
import type { Activity } from './epoch-columns.ts';

/** One account that did something in the epoch: it scored, or its contributions were used while it had something locked. */
export interface ActiveRow {
  /** The position of its leaf. */
  readonly index: number;
  readonly account: Address;
  /** Aligned to the tasks of the record. */
  readonly scores: readonly bigint[];
  /** What it earned per task, after the cap. */
  readonly grants: readonly bigint[];
  /** Per task, whether the cap took something. */
  readonly capped: readonly boolean[];
  readonly grant: bigint;
  readonly uses: bigint;
  /** Aligned to the unfinished cohorts of the parent's total curve. */
  readonly accelerated: readonly bigint[];
}

/** What a row adds to what the activity says of its account. */
type Earned = Pick<ActiveRow, 'index' | 'grants' | 'capped' | 'grant' | 'accelerated'>;

/** Everybody who did something in an epoch, by rising account, in columns; a row becomes an object only when it is asked for. */
export class ActiveRows implements Iterable<ActiveRow> {
  readonly #activity: Activity;
  readonly #cohorts: number;
  /** Where the activity has each row's account. */
  readonly #origin: Uint32Array;
  readonly #index: Uint32Array;
  readonly #grants: readonly AmountColumn[];
  readonly #grant: AmountColumn;
  /** A bit for each task. */
  readonly #capped: Uint16Array;
  /** What was accelerated of the few rows of which something was. */
  readonly #accelerated = new Map<number, readonly bigint[]>();
  #length = 0;

  /** @param cohorts how many unfinished ones the parent's total curve has */
  constructor(activity: Activity, cohorts: number) {
    const most = activity.uses.length;
    this.#activity = activity;
    this.#cohorts = cohorts;
    this.#origin = new Uint32Array(most);
    this.#index = new Uint32Array(most);
    this.#grants = activity.scores.map(() => new AmountColumn(most));
    this.#grant = new AmountColumn(most);
    this.#capped = new Uint16Array(most);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds the row of the account that the activity has at `origin`. */
  push(origin: number, { index, grants, capped, grant, accelerated }: Earned): void {
    const row = this.#length;
    this.#origin[row] = origin;
    this.#index[row] = index;
    grants.forEach((amount, i) => {
      if (amount > 0n) this.#grants[i]?.set(row, amount);
    });
    capped.forEach((is, i) => {
      if (is) this.#capped[row] = (this.#capped[row] ?? 0) | (1 << i); // At most 16 tasks.
    });
    this.#grant.set(row, grant);
    if (accelerated.some((amount) => amount > 0n)) this.#accelerated.set(row, accelerated);
    this.#length++;
  }

  /** The row at a position, from the end where it is below 0; undefined where there is none. */
  at(position: number): ActiveRow | undefined {
    const row = position < 0 ? this.#length + position : position;
    if (!Number.isInteger(row) || row < 0 || row >= this.#length) return undefined;
    const { accounts, scores, uses } = this.#activity;
    const origin = this.#origin[row] as number; // Within the length, as is all that follows.
    const capped = this.#capped[row] as number;
    return {
      index: this.#index[row] as number,
      account: addressAt(accounts, origin),
      scores: scores.map((column) => column.at(origin)),
      grants: this.#grants.map((column) => column.at(row)),
      capped: this.#grants.map((_, i) => ((capped >> i) & 1) === 1),
      grant: this.#grant.at(row),
      uses: uses[origin] as bigint,
      accelerated: this.#accelerated.get(row) ?? new Array<bigint>(this.#cohorts).fill(0n),
    };
  }

  /** The position of the leaf of a row that there is. */
  leafAt(row: number): number {
    return this.#index[row] as number;
  }

  *[Symbol.iterator](): Generator<ActiveRow> {
    for (let row = 0; row < this.#length; row++) yield this.at(row) as ActiveRow;
  }
}

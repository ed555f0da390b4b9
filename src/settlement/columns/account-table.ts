import type { Address } from '../../protocol/brands.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { WORD } from '../../protocol/words.ts';
import { addressAt, KEY, positionOf } from './account-keys.ts';
import type { AmountColumn } from './amount-column.ts';

/** One account between two epochs. */
export interface AccountState {
  readonly account: Address;
  /** The address as 20 bytes. */
  readonly key: Uint8Array;
  readonly curve: Curve;
  readonly curveHash: Uint8Array;
}

/** When a cohort's release begins, and for how long it goes on: few of them for very many accounts. */
export interface CohortTerms {
  readonly end: number;
  readonly duration: number;
}

/** What a table of accounts is made of. */
export interface AccountColumns {
  /** 20 bytes each, rising. */
  readonly keys: Uint8Array;
  readonly unlocked: AmountColumn;
  /** Where each account's cohorts begin, and behind the last one where they end. */
  readonly firstCohort: Uint32Array;
  /** Which of the terms each cohort has. */
  readonly cohortTerms: Uint32Array;
  readonly cohortAmounts: AmountColumn;
  readonly curveHashes: Uint8Array;
  readonly terms: readonly CohortTerms[];
}

/**
 * Accounts and their curves by rising address, in columns: some hundred bytes for each, and no object. An entry becomes one only
 * when it is asked for.
 */
export class AccountTable implements Iterable<AccountState> {
  readonly columns: AccountColumns;
  readonly length: number;

  constructor(columns: AccountColumns) {
    this.columns = columns;
    this.length = columns.keys.length / KEY; // integer: whole keys
  }

  /** The account at a position, which is that of its leaf, from the end where it is below 0; undefined where there is none. */
  at(position: number): AccountState | undefined {
    const index = position < 0 ? this.length + position : position;
    if (!Number.isInteger(index) || index < 0 || index >= this.length) return undefined;
    const { keys, curveHashes } = this.columns;
    return {
      account: addressAt(keys, index),
      key: keys.subarray(index * KEY, (index + 1) * KEY),
      curve: this.curveAt(index),
      curveHash: curveHashes.subarray(index * WORD, (index + 1) * WORD),
    };
  }

  /** The position of an account; -1 where it has none. */
  indexOf(key: Uint8Array): number {
    const { keys } = this.columns;
    const index = positionOf(keys, key);
    const isThere = index < this.length && key.every((byte, at) => keys[index * KEY + at] === byte);
    return isThere ? index : -1;
  }

  /** The curve at a position that the table has. */
  curveAt(index: number): Curve {
    const { unlocked, firstCohort, cohortTerms, cohortAmounts, terms } = this.columns;
    const cohorts: Curve['cohorts'][number][] = [];
    // Within the columns, as are all that follow.
    const end = firstCohort[index + 1] as number;
    for (let at = firstCohort[index] as number; at < end; at++) {
      const of = terms[cohortTerms[at] as number] as CohortTerms;
      cohorts.push({ end: of.end, duration: of.duration, amount: cohortAmounts.at(at) });
    }
    return { unlocked: unlocked.at(index), cohorts };
  }

  /** How many cohorts the account at a position has. */
  cohortsOf(index: number): number {
    const { firstCohort } = this.columns;
    return (firstCohort[index + 1] as number) - (firstCohort[index] as number);
  }

  /** Whether a cohort of the account at a position is finished at `time`: only then does rolling change its curve. */
  finishes(index: number, time: number): boolean {
    const { firstCohort, cohortTerms, terms } = this.columns;
    for (let at = firstCohort[index] as number; at < (firstCohort[index + 1] as number); at++) {
      const { end, duration } = terms[cohortTerms[at] as number] as CohortTerms;
      if (end + duration <= time) return true;
    }
    return false;
  }

  *[Symbol.iterator](): Generator<AccountState> {
    for (let index = 0; index < this.length; index++) yield this.at(index) as AccountState;
  }
}

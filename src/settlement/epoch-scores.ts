import type { Address } from '../protocol/brands.ts';
import { ZERO_ADDRESS } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import { MAX_UINT64, MAX_UINT96 } from '../protocol/words.ts';
import { addressAt, compareKeys, KEY, packKeys } from './columns/account-keys.ts';
import { AmountColumn } from './columns/amount-column.ts';
import type { Activity } from './columns/epoch-columns.ts';

/** What one account scored in one task of one epoch; never 0. */
export interface TaskScore {
  readonly account: Address;
  readonly task: number;
  readonly score: bigint;
}

/** How often an account's contributions were used in one epoch. */
export interface AccountUses {
  readonly account: Address;
  readonly uses: bigint;
}

/**
 * Lays scores and uses out in columns by rising account, one for each task, whatever order they came in.
 *
 * @throws InputError `SCORE_INVALID` for a score of 0 or ≥ 2^96, a task that the record does not have, the zero address, a
 * second score of the same account and task, or 2^64 uses or more
 */
export function layActivity(
  scores: readonly TaskScore[],
  uses: readonly AccountUses[],
  tasks: readonly number[],
): Activity {
  const column = new Map(tasks.map((task, index) => [task, index]));
  const accounts = [...new Set([...scores, ...uses].map(({ account }) => account))].sort();
  const rows = new Map(accounts.map((account, index) => [account, index]));
  const columns = tasks.map(() => new AmountColumn(accounts.length));
  for (const { account, task, score } of scores) {
    const index = column.get(task);
    const [into, row] = [columns[index ?? -1], rows.get(account)];
    if (into === undefined || row === undefined) throw invalid(account, task, 'the epoch has no such task');
    if (score <= 0n || score > MAX_UINT96) throw invalid(account, task, 'a score is at least 1 and below 2^96');
    if (account === ZERO_ADDRESS) throw invalid(account, task, 'the zero address cannot earn');
    if (into.at(row) !== 0n) throw invalid(account, task, 'scored twice');
    into.set(row, score);
  }
  const used = new BigUint64Array(accounts.length);
  for (const { account, uses: count } of uses) {
    if (count < 0n || count > MAX_UINT64) throw invalid(account, null, 'uses are at least 0 and below 2^64');
    used[rows.get(account) ?? -1] = count;
  }
  return { accounts: packKeys(accounts), scores: columns, uses: used };
}

/**
 * Looks at columns that come from outside: accounts must rise, each once and none of them 0, and no score be above 2^96 − 1.
 *
 * @throws InputError `SCORE_INVALID`
 */
export function checkActivity({ accounts, scores }: Activity, tasks: readonly number[]): void {
  const count = accounts.length / KEY; // integer: whole keys
  for (let index = 0; index < count; index++) {
    if (index > 0 && compareKeys(accounts, index - 1, accounts, index) >= 0) {
      throw invalid(addressAt(accounts, index), null, 'the accounts do not rise');
    }
  }
  scores.forEach((column, j) => {
    const { words } = column;
    for (let index = 0; index < count; index++) {
      if ((words[2 * index + 1] as bigint) >> 32n === 0n) continue; // As many as accounts.
      throw invalid(addressAt(accounts, index), tasks[j] ?? null, 'a score is at least 1 and below 2^96');
    }
  });
  if (count > 0 && addressAt(accounts, 0) === ZERO_ADDRESS && scores.some((column) => column.at(0) > 0n)) {
    throw invalid(ZERO_ADDRESS, null, 'the zero address cannot earn');
  }
}

/** Orders by lower-case address, which is the order of the leaves. */
export function byAccount(a: { readonly account: string }, b: { readonly account: string }): number {
  return a.account < b.account ? -1 : a.account > b.account ? 1 : 0;
}

function invalid(account: string, task: number | null, reason: string): InputError {
  return new InputError({
    code: 'SCORE_INVALID',
    shortMessage: `score of ${account}${task === null ? '' : ` in task ${task}`}: ${reason}`,
    details: { account, task, reason },
  });
}

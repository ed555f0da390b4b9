import type { Address } from '../protocol/brands.ts';
import { ZERO_ADDRESS } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import { MAX_UINT96 } from '../protocol/words.ts';

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

/** An account's scores aligned to the tasks of the record, at least one above 0. */
export interface ScoreRow {
  readonly account: Address;
  readonly scores: readonly bigint[];
}

/**
 * Lays scores out in rows by rising account, one column per task, whatever order they came in.
 *
 * @throws InputError `SCORE_INVALID` for a score of 0 or ≥ 2^96, a task that the record does not have, the zero address, or a
 * second score of the same account and task
 */
export function scoreRows(scores: readonly TaskScore[], tasks: readonly number[]): ScoreRow[] {
  const column = new Map(tasks.map((task, index) => [task, index]));
  const rows = new Map<Address, bigint[]>();
  for (const { account, task, score } of scores) {
    const index = column.get(task);
    if (index === undefined) throw invalid(account, task, 'the epoch has no such task');
    if (score <= 0n || score > MAX_UINT96) throw invalid(account, task, 'a score is at least 1 and below 2^96');
    if (account === ZERO_ADDRESS) throw invalid(account, task, 'the zero address cannot earn');
    let row = rows.get(account);
    if (row === undefined) rows.set(account, (row = tasks.map(() => 0n)));
    if (row[index] !== 0n) throw invalid(account, task, 'scored twice');
    row[index] = score;
  }
  return [...rows].map(([account, row]) => ({ account, scores: row })).sort(byAccount);
}

/** Orders by lower-case address, which is the order of the leaves. */
export function byAccount(a: { readonly account: string }, b: { readonly account: string }): number {
  return a.account < b.account ? -1 : a.account > b.account ? 1 : 0;
}

function invalid(account: string, task: number, reason: string): InputError {
  return new InputError({
    code: 'SCORE_INVALID',
    shortMessage: `score of ${account} in task ${task}: ${reason}`,
    details: { account, task, reason },
  });
}

import type { Address } from '../../protocol/brands.ts';
import type { EpochScores } from '../policy/score-steps.ts';
import { addressAt, KEY } from './account-keys.ts';
import { AmountColumn } from './amount-column.ts';

/** What one epoch's ledger came to, as columns by rising account. */
export interface EpochColumns {
  readonly epoch: number;
  /** Accounts that scored or were used, 20 bytes each, rising, each once. */
  readonly accounts: Uint8Array;
  /** Task numbers, rising, that anybody scored in. */
  readonly tasks: readonly number[];
  /** `scores[j].at(i)`: what account i scored in `tasks[j]`; 0 for nothing. */
  readonly scores: readonly AmountColumn[];
  /** How often account i's contributions were used. */
  readonly uses: BigUint64Array;
  readonly ineligible: EpochScores['ineligible'];
}

/** What a settlement needs of an epoch: {@link EpochColumns} whose tasks are those of the record. */
export type Activity = Pick<EpochColumns, 'accounts' | 'scores' | 'uses'>;

/** The columns of these tasks, in their order: one of zeros for a task that nobody scored in; other tasks are left out. */
export function activityIn(
  { accounts, tasks: scored, scores, uses }: EpochColumns,
  tasks: readonly number[],
): Activity {
  const count = accounts.length / KEY; // integer: whole keys
  return {
    accounts,
    uses,
    scores: tasks.map((task) => scores[scored.indexOf(task)] ?? new AmountColumn(count)),
  };
}

/** The same as lists, for what is small enough for them. */
export function scoresOf({ epoch, accounts, tasks, scores, uses, ineligible }: EpochColumns): EpochScores {
  const scored: { account: Address; task: number; score: bigint }[] = [];
  const used: { account: Address; uses: bigint }[] = [];
  uses.forEach((count, index) => {
    const account = addressAt(accounts, index);
    tasks.forEach((task, j) => {
      const score = scores[j]?.at(index) ?? 0n;
      if (score > 0n) scored.push({ account, task, score });
    });
    if (count > 0n) used.push({ account, uses: count });
  });
  return { epoch, scores: scored, uses: used, ineligible };
}

import { byAccount } from '../epoch-scores.ts';
import type { Address } from '../../protocol/brands.ts';
import type { EpochScores } from '../policy/score-steps.ts';
import { packKeys } from './account-keys.ts';
import { AmountColumn } from './amount-column.ts';
import type { EpochColumns } from './epoch-columns.ts';

/** Lists of scores and uses as columns: what `scoresOf` makes lists of again. */
export function columnsOf({ epoch, scores, uses, ineligible }: EpochScores): EpochColumns {
  const found = new Set<Address>([...scores, ...uses].map(({ account }) => account));
  const accounts = [...found]
    .map((account) => ({ account }))
    .sort(byAccount)
    .map(({ account }) => account);
  const places = new Map(accounts.map((account, index) => [account, index]));
  const place = (account: Address): number => places.get(account) ?? -1;
  const tasks = [...new Set(scores.map(({ task }) => task))].sort((a, b) => a - b);
  const columns = new Map(tasks.map((task) => [task, new AmountColumn(accounts.length)]));
  for (const { account, task, score } of scores) columns.get(task)?.set(place(account), score);
  const counts = new BigUint64Array(accounts.length);
  for (const { account, uses: count } of uses) counts[place(account)] = count;
  return { epoch, accounts: packKeys(accounts), tasks, scores: [...columns.values()], uses: counts, ineligible };
}

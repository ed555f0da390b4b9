import { createContext, use } from 'react';

import type { TransactionStore } from './transaction-store.ts';

export const TransactionsContext = createContext<TransactionStore | null>(null);

/** The transactions of the visitor, whichever view is open. */
export function useTransactions(): TransactionStore {
  const transactions = use(TransactionsContext);
  if (transactions === null) throw new TypeError('no transactions around this');
  return transactions;
}

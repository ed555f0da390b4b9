import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';

import { useDeployment } from '../data/deployment-context.ts';
import { followEvery } from './follow-every.ts';
import { sessionKeep } from './kept-transactions.ts';
import { TransactionStore } from './transaction-store.ts';
import { TransactionsContext } from './transactions-context.ts';

/** Follows what the visitor sends whichever view is open, and what was under way when the page was loaded. */
export function TransactionsProvider({ children }: { readonly children: ReactNode }) {
  const { addressBook, connection, config } = useDeployment();
  const queries = useQueryClient();
  const [store] = useState(() => {
    const deployment = `${addressBook.chainId}.${addressBook.contracts.vault}`;
    return new TransactionStore(sessionKeep(deployment, () => window.sessionStorage));
  });
  useEffect(() => {
    store.resume(async ({ hash, call, account }, steps) => {
      // What is known of failed calls is large, and few visitors come back to a transaction.
      const { followTransaction } = await import('./send-transaction.ts');
      const following = { provider: connection.provider, account, every: followEvery(config), ...steps };
      await followTransaction(hash, call, following);
      void queries.invalidateQueries({ queryKey: ['head'] });
    });
  }, [store, connection, config, queries]);
  return <TransactionsContext value={store}>{children}</TransactionsContext>;
}

import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useLocation } from 'react-router';

import { useDeployment } from '../data/deployment-context.ts';
import { useHead } from '../data/use-head.ts';
import { followEvery } from './follow-every.ts';
import { costOf, sendTransaction, type Cost, type GivenCall, type TransactionState } from './send-transaction.ts';
import { isSame, isUnderWay, type Tracked } from './transaction-store.ts';
import { useTransactions } from './transactions-context.ts';
import { useWallets } from './wallet-context.ts';

/** A transaction of the visitor's, from the estimate to the block it is in. */
export interface Transaction {
  readonly state: TransactionState;
  /** Whether something is under way here: nothing else can be sent meanwhile. */
  readonly isBusy: boolean;
  /** What is said once it counts, as it was given with the call. */
  readonly done: string | null;
  /** Sends a call in the name of the connected account; how it went is told by `state`. Does nothing while one is under way. */
  readonly send: (call: GivenCall, words: SentWords) => void;
  /** Follows it no longer; what was sent stays sent. */
  readonly stop: () => void;
}

/** What a transaction is called. */
export interface SentWords {
  /** What it does, as its button says. */
  readonly title: string;
  /** What is said once it counts. */
  readonly done?: string | undefined;
}

/**
 * A way to send one transaction after the other from a part of a view, which `name` tells from its other parts. What was sent is followed
 * also where the view is left, and stands here again for whoever comes back.
 */
export function useTransaction(name: string): Transaction {
  const { connection, config, addressBook } = useDeployment();
  const { connected, signer } = useWallets();
  const { pathname } = useLocation();
  const queries = useQueryClient();
  const store = useTransactions();
  const all = useSyncExternalStore(store.subscribe, store.all);
  const account = connected?.account ?? null;
  const slot = [pathname, name, account ?? 'nobody'].join(' ');
  useEffect(() => store.watch(slot), [store, slot]);

  const send = useCallback(
    (call: GivenCall, { title, done }: SentWords): void => {
      if (account === null) return;
      store.start({ slot, path: pathname, title, done: done ?? null, account, call }, async (steps) => {
        const { provider } = connection;
        const { chainId } = addressBook;
        await sendTransaction(call, { provider, account, signer, chainId, every: followEvery(config), ...steps });
        // What it changed is read from the newest block at once.
        void queries.invalidateQueries({ queryKey: ['head'] });
      });
    },
    [account, slot, pathname, store, connection, addressBook, config, signer, queries],
  );
  const own = all.findLast((one) => one.slot === slot);
  return {
    state: own?.state ?? { phase: 'idle' },
    isBusy: own !== undefined && isUnderWay(own),
    done: own?.done ?? null,
    send,
    stop: () => {
      if (own !== undefined) store.forget(own.id);
    },
  };
}

/** The same call of the connected account that is under way already, wherever in the page it was sent from; null where there is none. */
export function useTwin(call: GivenCall | null): Tracked | null {
  const { connected } = useWallets();
  const store = useTransactions();
  const all = useSyncExternalStore(store.subscribe, store.all);
  const account = connected?.account ?? null;
  if (call === null || account === null) return null;
  return all.find((one) => isUnderWay(one) && isSame(one, { account, call })) ?? null;
}

/**
 * What a call would cost the connected account now, or why the chain would refuse it, anew with every block; nothing is asked while
 * there is no call or no account.
 */
export function useCost(call: GivenCall | null): UseQueryResult<Cost> {
  const { connection } = useDeployment();
  const { connected } = useWallets();
  const head = useHead();
  const account = connected?.account ?? null;
  return useQuery({
    queryKey: ['cost', account, call?.to, call?.data, String(call?.value), head.data?.hash],
    queryFn: async () => {
      if (call === null || account === null) throw new TypeError('nothing to estimate');
      return await costOf(connection.provider, account, call, call.mostGas);
    },
    enabled: call !== null && account !== null && head.data !== undefined,
    // The same call a block ago cost about the same; another call did not.
    placeholderData: (before, query) =>
      query?.queryKey[1] === account && query.queryKey[3] === call?.data ? before : undefined,
  });
}

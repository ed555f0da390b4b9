import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';

import type { Call } from '../../../src/chain/calls.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { useHead } from '../data/use-head.ts';
import { costOf, sendTransaction, type Cost, type TransactionState } from './send-transaction.ts';
import { useWallets } from './wallet-context.ts';

/** Never asked for more often than that, in milliseconds. */
const QUICKEST = 500;
const SLOWEST = 4000;

/** A transaction of the visitor's, from the estimate to the block it is in. */
export interface Transaction {
  readonly state: TransactionState;
  /** Whether something is under way: nothing else can be sent meanwhile. */
  readonly isBusy: boolean;
  /** What is said once it counts, as it was given with the call. */
  readonly done: string | null;
  /** Sends a call in the name of the connected account; how it went is told by `state`. Does nothing while one is under way. */
  readonly send: (call: Call, done?: string) => void;
  /** Forgets the last one; does nothing while one is under way. */
  readonly reset: () => void;
}

/** A way to send one transaction after the other. */
export function useTransaction(): Transaction {
  const { connection, config } = useDeployment();
  const { connected, signer } = useWallets();
  const queries = useQueryClient();
  const [state, setState] = useState<TransactionState>({ phase: 'idle' });
  const [done, setDone] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  // Nobody waits for it where the view is left; it stays sent.
  useEffect(() => () => running.current?.abort(), []);

  const account = connected?.account ?? null;
  const send = useCallback(
    (call: Call, words?: string): void => {
      if (running.current !== null || account === null) return;
      const controller = new AbortController();
      running.current = controller;
      setDone(words ?? null);
      const { signal } = controller;
      const tell = (next: TransactionState): void => {
        if (!signal.aborted) setState(next);
      };
      const every = Math.min(SLOWEST, Math.max(QUICKEST, config.pollSeconds * 1000));
      const sending = { provider: connection.provider, account, signer, every, signal, tell };
      void sendTransaction(call, sending).finally(() => {
        running.current = null;
        // What it changed is read from the newest block at once.
        void queries.invalidateQueries({ queryKey: ['head'] });
      });
    },
    [account, connection, config, signer, queries],
  );
  const reset = useCallback(() => {
    if (running.current === null) setState({ phase: 'idle' });
  }, []);
  const isBusy = ['estimating', 'signing', 'sent'].includes(state.phase);
  return { state, isBusy, done, send, reset };
}

/**
 * What a call would cost the connected account now, or why the chain would refuse it, anew with every block; nothing is asked while
 * there is no call or no account.
 */
export function useCost(call: Call | null): UseQueryResult<Cost> {
  const { connection } = useDeployment();
  const { connected } = useWallets();
  const head = useHead();
  const account = connected?.account ?? null;
  return useQuery({
    queryKey: ['cost', account, call?.to, call?.data, String(call?.value), head.data?.hash],
    queryFn: async () => {
      if (call === null || account === null) throw new TypeError('nothing to estimate');
      return await costOf(connection.provider, account, call);
    },
    enabled: call !== null && account !== null && head.data !== undefined,
    // The same call a block ago cost about the same; another call did not.
    placeholderData: (before, query) =>
      query?.queryKey[1] === account && query.queryKey[3] === call?.data ? before : undefined,
  });
}

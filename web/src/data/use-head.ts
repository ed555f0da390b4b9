import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { agreedBlock, type AgreedBlock } from '../../../src/chain/agreement.ts';
import { useDeployment } from './deployment-context.ts';
import type { Deployment } from './open-deployment.ts';

/** The newest block that counts: every node has it, and enough blocks lie on top of it. It is asked for again and again. */
export function useHead(): UseQueryResult<AgreedBlock> {
  const { endpoints, config } = useDeployment();
  return useQuery({
    queryKey: ['head'],
    queryFn: async () => await agreedBlock(endpoints, config.confirmations),
    refetchInterval: config.pollSeconds * 1000,
    structuralSharing: true,
  });
}

/**
 * What `read` finds in the newest block that counts, read anew with every new block; meanwhile the answer of the block before
 * stays. `name` and `about` name what is read.
 */
export function useAtHead<T>(
  name: string,
  about: readonly (string | number)[],
  read: (deployment: Deployment, block: AgreedBlock) => Promise<T>,
): UseQueryResult<T> {
  const deployment = useDeployment();
  const head = useHead();
  const block = head.data;
  const queryKey = ['at head', name, ...about, block?.hash ?? null];
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      if (block === undefined) throw new TypeError('no block');
      return await read(deployment, block);
    },
    enabled: block !== undefined,
    // Only the block may be another: what was read about something else is no answer.
    placeholderData: (before, query) => (sameQuestion(query?.queryKey, queryKey) ? before : undefined),
  });
  // Without a block nothing is read: what went wrong then went wrong with the block.
  return block === undefined && head.isError ? (head as unknown as UseQueryResult<T>) : query;
}

function sameQuestion(one: readonly unknown[] | undefined, other: readonly unknown[]): boolean {
  return one?.length === other.length && one.slice(0, -1).every((part, at) => part === other[at]);
}

import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { assertStillThere, type AgreedBlock } from '../../../../src/chain/agreement.ts';
import { claimsFrom, readHoldings, type AccountClaims, type Holdings } from '../../../../src/claims/find-claims.ts';
import type { Address } from '../../../../src/protocol/brands.ts';
import type { FinalTree } from '../../../../src/settlement/final-tree.ts';
import type { FoundLeaf } from '../../../../src/store/fetch-leaves.ts';
import { useDeployment } from '../../data/deployment-context.ts';
import { treesOf } from '../../data/final-trees.ts';
import { useAtHead } from '../../data/use-head.ts';

/** What the chain alone says of accounts, and of the newest final epoch. */
export interface OnChain extends Holdings {
  readonly block: AgreedBlock;
  /** Null: no epoch is final yet. */
  readonly tree: FinalTree | null;
}

/** What accounts can claim, as far as it is known. */
export interface Claims {
  readonly chain: UseQueryResult<OnChain>;
  /** Their leaves in the newest final tree, each proven; not asked for where no epoch is final. */
  readonly leaves: UseQueryResult<readonly FoundLeaf[]>;
  /** Null as long as not all of it is known. */
  readonly accounts: readonly AccountClaims[] | null;
}

/**
 * What accounts can claim: read from the chain with every block, and from the reports once for each final epoch. The same accounts
 * must be asked about for as long as the component lives.
 */
export function useClaims(accounts: readonly Address[]): Claims {
  const deployment = useDeployment();
  const chain = useAtHead('holdings', accounts, async ({ endpoints }, block): Promise<OnChain> => {
    const holdings = await readHoldings({ endpoints, block }, accounts);
    const newest = holdings.finalEpochs - 1;
    const tree = newest < 0 ? null : await treesOf(deployment).treeOf({ endpoints, block }, newest);
    await assertStillThere(endpoints, block);
    return { ...holdings, block, tree };
  });
  const tree = chain.data?.tree ?? null;
  const leaves = useQuery({
    queryKey: ['leaves', tree?.epoch, tree?.root, ...accounts],
    queryFn: async () => {
      if (tree === null) throw new TypeError('no tree');
      return await Promise.all(accounts.map(async (account) => await treesOf(deployment).find(tree, account)));
    },
    enabled: tree !== null,
    // The places were asked several times before they were given up.
    retry: false,
  });
  return { chain, leaves, accounts: together(chain.data, leaves.data) };
}

function together(chain: OnChain | undefined, leaves: readonly FoundLeaf[] | undefined): AccountClaims[] | null {
  if (chain === undefined) return null;
  const { tree, block } = chain;
  if (tree !== null && leaves === undefined) return null;
  return chain.accounts.map((holding, at) => {
    const leaf = leaves?.[at];
    if (leaf !== undefined) return claimsFrom(holding, leaf, block.time);
    const { claimed: _, ...one } = holding;
    return { ...one, claim: null, rewards: null, from: null, shard: null };
  });
}

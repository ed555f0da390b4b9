import type { Address, Hash32 } from '../protocol/brands.ts';
import type { CheckedShard } from './report/shard-leaves.ts';

/** The tree of an epoch that is final on chain. */
export interface FinalTree {
  readonly epoch: number;
  readonly root: Hash32;
  readonly leafCount: number;
  /** The sha2-256 digest of the content id of its report: where to look for its leaves, and nothing more. */
  readonly reportCid: Hash32;
}

/**
 * Whether leaves that lead to a root show that an account has none: those before and after it stand next to each other, or at an end
 * of the tree. Leaves stand by rising account, so nothing can lie between the two. A shard that was cut short does not show it.
 */
export function showsAbsence(shards: readonly CheckedShard[], account: Address, leafCount: number): boolean {
  if (leafCount === 0) return true;
  let [before, after] = [-1, leafCount];
  for (const { leaves } of shards) {
    for (const { account: other, index } of leaves) {
      if (other === account) return false;
      if (other < account) before = Math.max(before, index);
      else after = Math.min(after, index);
    }
  }
  return after === before + 1;
}

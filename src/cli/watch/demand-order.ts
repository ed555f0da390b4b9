import type { LeafDemand } from '../../chain/disputed-proposal.ts';
import { openTree } from '../../settlement/faults/open-tree.ts';
import type { Judged } from './judge.ts';

/** Positions beside the first are looked through this far: further away a leaf proves nothing sooner than another. */
const FARTHEST = 4_096;

/**
 * Which leaves are to be demanded next: the one at `index`, where the next proof is missing something, then those beside it, nearest
 * first, of those that nothing opens and nobody demanded.
 */
export function wantedLeaves(
  { context, reveal }: Pick<Judged, 'context' | 'reveal'>,
  demands: readonly Pick<LeafDemand, 'index'>[],
  { index, most }: { readonly index: number; readonly most: number },
): number[] {
  const { settlement } = context;
  const { leaves } = openTree(settlement, reveal, 'curve and audit');
  const demanded = new Set(demands.map((demand) => demand.index));
  const wanted: number[] = [];
  const consider = (at: number): void => {
    if (wanted.length >= most || at < 0 || at >= settlement.leafCount || demanded.has(at)) return;
    const leaf = leaves[at];
    // The first is asked for whatever of it is known: its bytes can be too many for a proof.
    if (at === index || leaf?.curve === undefined || leaf.audit === undefined) wanted.push(at);
  };
  consider(index);
  for (let far = 1; far <= FARTHEST && wanted.length < most; far++) {
    consider(index + far);
    consider(index - far);
  }
  return wanted;
}

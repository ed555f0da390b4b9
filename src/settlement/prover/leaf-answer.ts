import { keccak256 } from '../../protocol/keccak.ts';
import { parentOf } from '../../protocol/positional-merkle.ts';
import { WORD } from '../../protocol/words.ts';
import type { Reveal } from '../faults/open-tree.ts';
import { openLeaf } from '../faults/open-tree.ts';
import type { TreeRoot } from '../faults/openings.ts';

/** What answers a demanded leaf: all bytes behind it, and its path. */
export interface LeafAnswer {
  readonly siblings: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly curve: Uint8Array;
  readonly audit: Uint8Array;
}

/** Finds in a report what answers the demand of a leaf; undefined where the report does not open it. */
export function leafAnswer(tree: TreeRoot, reveal: Reveal, index: number): LeafAnswer | undefined {
  const opening = openLeaf(tree, reveal, index);
  if (opening === undefined) return undefined;
  const { siblings, leaf } = opening;
  const [curve, audit] = [reveal(leaf.subarray(WORD, 2 * WORD)), reveal(leaf.subarray(2 * WORD))];
  return curve === undefined || audit === undefined ? undefined : { siblings, leaf, curve, audit };
}

/** All preimages that an answer shows: with the report's own they open more of the tree. */
export function* answerPreimages(index: number, { siblings, leaf, curve, audit }: LeafAnswer): Generator<Uint8Array> {
  const digest = keccak256(leaf);
  yield* [curve, audit, leaf, digest];
  let node = keccak256(digest);
  let at = index;
  for (const sibling of siblings) {
    const [left, right] = at % 2 === 0 ? [node, sibling] : [sibling, node];
    const pair = new Uint8Array(2 * WORD);
    pair.set(left);
    pair.set(right, WORD);
    yield pair;
    node = parentOf(left, right);
    at = (at - (at % 2)) / 2; // integer: the number is even
  }
}

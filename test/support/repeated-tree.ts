import { parseHash32 } from '../../src/protocol/brands.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { FaultInput } from '../../src/settlement/faults/find-fault.ts';
import type { Reveal } from '../../src/settlement/faults/open-tree.ts';
import { revealFrom } from '../../src/settlement/faults/open-tree.ts';
import type { ForgedLeaf } from './forgery.ts';
import { auditBytes, contextOf, curveBytes, wordsOf } from './forgery.ts';
import type { SettledCase } from './settled-cases.ts';

/** A node that was hashed, and may stand at any number of places. */
export interface Shown {
  readonly node: Uint8Array;
  /** What is behind it alone: two nodes, or all bytes of a leaf. */
  readonly preimages: readonly Uint8Array[];
}

/** A leaf, hashed, with all that is behind it. */
export function shownLeaf(leaf: ForgedLeaf): Shown {
  const [curve, audit] = [curveBytes(leaf), auditBytes(leaf)];
  const bytes = Buffer.concat([wordsOf(leaf.account), keccak256(curve), keccak256(audit)]);
  const digest = keccak256(bytes);
  return { node: keccak256(digest), preimages: [curve, audit, bytes, digest] };
}

/** A node over two others. */
export function shownPair(left: Shown, right: Shown): Shown {
  const pair = Buffer.concat([left.node, right.node]);
  return { node: keccak256(pair), preimages: [pair] };
}

/** A leaf, the node over two of them, the node over two of those, and so on: a tree of 2^depth leaves in `depth` hashes. */
export function selfSimilar(leaf: ForgedLeaf, depth: number): Shown[] {
  const levels = [shownLeaf(leaf)];
  for (let level = 1; level <= depth; level++) levels.push(shownPair(levels.at(-1)!, levels.at(-1)!));
  return levels;
}

/** What is judged when a settlement declares another root over so many leaves. */
export function inputUnder(one: SettledCase, root: Shown, leafCount: number, reveal: Reveal): FaultInput {
  const settlement = { ...one.settled.settlement, root: parseHash32(bytesToHex(root.node)), leafCount };
  return { context: contextOf(one.settled, settlement), reveal, revealParent: one.revealParent };
}

/** The preimages of these, looked up at most so many times. */
export function revealAtMost(most: number, shown: readonly Shown[]): Reveal {
  const reveal = revealFrom(shown.flatMap(({ preimages }) => preimages));
  let count = 0;
  return (hash) => {
    if (++count > most) throw new RangeError(`more than ${most} preimages were looked up`);
    return reveal(hash);
  };
}

import { keccak256 } from '../../protocol/keccak.ts';
import { depthOf, rootFrom } from '../../protocol/positional-merkle.ts';
import { bytesToHex } from '../../protocol/words.ts';
import type { Absence, CurveOpening, FaultContext, LeafOpening, NodeOpening } from './evidence.ts';
import { accountWord, isLeafWellFormed, opens, readCurve } from './raw-leaf.ts';

/** A tree as the chain knows it. */
export interface TreeRoot {
  readonly root: string;
  readonly leafCount: number;
}

/** Whether a node stands where it is said to stand: the path is exactly as long as the tree is high above it. */
export function isNodeOf(tree: TreeRoot, { level, index, node, siblings }: NodeOpening): boolean {
  const depth = depthOf(tree.leafCount);
  if (level < 0 || level > depth || siblings.length !== depth - level) return false;
  if (index < 0 || index >= 2 ** (depth - level)) return false; // integer: a power of two of a small whole number
  return bytesToHex(rootFrom(node, index, siblings)) === tree.root;
}

/** Whether a leaf's bytes stand at a position below the leaf count. */
export function isLeafOf(tree: TreeRoot, { index, siblings, leaf }: LeafOpening): boolean {
  if (index >= tree.leafCount) return false;
  return isNodeOf(tree, { level: 0, index, node: keccak256(keccak256(leaf)), siblings });
}

/** Whether `account` has no leaf in the tree. `time` is the end of the tree's epoch: canonical curves are so at that moment. */
export function isAbsent(
  tree: TreeRoot,
  account: bigint,
  absence: Absence,
  time: number,
  forbidden: FaultContext['forbidden'],
): boolean {
  if (absence.by === 'malformed') {
    const { leaf } = absence;
    if (!isLeafOf(tree, leaf) || accountWord(leaf.leaf) !== account || !opens(leaf.leaf, 32, leaf.curve)) return false;
    return !isLeafWellFormed(leaf.leaf, forbidden) || readCurve(leaf.curve, time) === undefined;
  }
  const { left, right } = absence;
  if (left === null && right === null) return tree.leafCount === 0;
  if (left !== null && !(isLeafOf(tree, left) && isBelow(left, account))) return false;
  if (right !== null && !(isLeafOf(tree, right) && isAbove(right, account))) return false;
  if (left === null) return right?.index === 0;
  if (right === null) return left.index === tree.leafCount - 1;
  return right.index === left.index + 1;
}

/** The account of a leaf of the parent with its curve, if both are well formed. */
export function parentLeaf(context: FaultContext, opening: CurveOpening) {
  const { parent, record, forbidden } = context;
  if (!isLeafOf(parent, opening) || !isLeafWellFormed(opening.leaf, forbidden)) return undefined;
  if (!opens(opening.leaf, 32, opening.curve)) return undefined;
  const curve = readCurve(opening.curve, record.start);
  const account = accountWord(opening.leaf);
  return curve === undefined || account === undefined ? undefined : { account, curve };
}

function isBelow({ leaf }: LeafOpening, account: bigint): boolean {
  const own = accountWord(leaf);
  return own !== undefined && own < account;
}

function isAbove({ leaf }: LeafOpening, account: bigint): boolean {
  const own = accountWord(leaf);
  return own !== undefined && own > account;
}

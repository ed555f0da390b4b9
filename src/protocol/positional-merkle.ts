import { assertInput } from './errors.ts';
import { keccak256, keccak256Many } from './keccak.ts';
import { equalBytes, WORD } from './words.ts';

/** A tree with all its nodes in one array: level 0 are the leaves, every level is as long as it needs to be. */
export interface PositionalTree {
  readonly leafCount: number;
  /** The exact length of a proof. */
  readonly depth: number;
  readonly nodes: Uint8Array;
  /** Index in `nodes` (in words) of each level's first node. */
  readonly levels: readonly number[];
}

/** The height of a tree, ceil(log2(leafCount)); 0 for no leaf and for one. */
export function depthOf(leafCount: number): number {
  return leafCount < 2 ? 0 : 32 - Math.clz32(leafCount - 1);
}

const ZERO = new Uint8Array(WORD);
const pair = new Uint8Array(2 * WORD);

/** The parent of two nodes: 0 if both are 0 (padding), else keccak256(left ++ right). */
export function parentOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (isZero(left) && isZero(right)) return new Uint8Array(WORD);
  pair.set(left, 0);
  pair.set(right, WORD);
  return keccak256(pair);
}

/**
 * Writes the parents of nodes that follow each other, as {@link parentOf} makes them; a last one without a neighbour has 0 beside it.
 *
 * @param nodes of one level, 32 bytes each; may lie in the same array as `parents`, but not over it
 * @param parents 32 bytes for every two nodes, rounded up
 */
export function writeParents(nodes: Uint8Array, parents: Uint8Array): void {
  const even = nodes.length - (nodes.length % (2 * WORD));
  keccak256Many(nodes.subarray(0, even), 2 * WORD, parents.subarray(0, even >>> 1));
  for (let at = 0; at < even; at += 2 * WORD) {
    // Few hashes begin with 0, so this asks for one byte of almost every pair.
    if (nodes[at] === 0 && isZero(nodes.subarray(at, at + 2 * WORD))) parents.fill(0, at >>> 1, (at >>> 1) + WORD);
  }
  if (even < nodes.length) parents.set(parentOf(nodes.subarray(even), ZERO), even >>> 1);
}

/** Builds the tree over leaf hashes packed one after the other. The array is copied. Throws `TREE_LEAVES_RAGGED`. */
export function buildTree(leaves: Uint8Array): PositionalTree {
  assertInput(leaves.length % WORD === 0, 'TREE_LEAVES_RAGGED', 'leaves must be 32 bytes each', {
    bytes: leaves.length,
  });
  const leafCount = leaves.length / WORD; // integer: whole words
  return treeOf(leafCount, (room) => {
    room.set(leaves);
  });
}

/** Builds the tree over leaf hashes that `write` writes, packed, to where the tree has its leaves; 0 where it writes nothing. */
export function treeOf(leafCount: number, write: (leaves: Uint8Array) => void): PositionalTree {
  const depth = depthOf(leafCount);
  const levels: number[] = [];
  let size = 0;
  for (let level = 0, width = leafCount; level <= depth; level++, width = (width + 1) >> 1) {
    levels.push(size);
    size += width;
  }
  const nodes = new Uint8Array(size * WORD);
  write(nodes.subarray(0, leafCount * WORD));
  for (let level = 0; level < depth; level++) {
    const [from, to, end = size] = levels.slice(level, level + 3);
    if (from === undefined || to === undefined) break; // Every level below the root has one above it.
    writeParents(nodes.subarray(from * WORD, to * WORD), nodes.subarray(to * WORD, end * WORD));
  }
  return { leafCount, depth, nodes, levels };
}

/** The tree's root: the leaf itself for one leaf, 0 for none. */
export function rootOf(tree: PositionalTree): Uint8Array {
  return tree.leafCount === 0 ? new Uint8Array(WORD) : nodeAt(tree, tree.depth, 0);
}

/** A node of the tree; 0 (padding) beside the level's last one. */
export function nodeAt(tree: PositionalTree, level: number, index: number): Uint8Array {
  const first = tree.levels[level] as number; // Callers stay within the depth.
  const end = tree.levels[level + 1] ?? tree.nodes.length / WORD; // integer: whole words
  const offset = (first + index) * WORD;
  return first + index < end ? tree.nodes.slice(offset, offset + WORD) : new Uint8Array(WORD);
}

/** The siblings of a leaf from the bottom up, exactly `depth` of them. Throws `TREE_INDEX_OUT_OF_RANGE`. */
export function proofOf(tree: PositionalTree, index: number): readonly Uint8Array[] {
  assertInput(
    Number.isInteger(index) && index >= 0 && index < tree.leafCount,
    'TREE_INDEX_OUT_OF_RANGE',
    'the tree has no leaf at this position',
    { index, leafCount: tree.leafCount },
  );
  const siblings: Uint8Array[] = [];
  for (let level = 0; level < tree.depth; level++) siblings.push(nodeAt(tree, level, (index >> level) ^ 1));
  return siblings;
}

/** The root that a leaf at `index` leads to with these siblings. Its position is not checked: see {@link verifyLeaf}. */
export function rootFrom(leaf: Uint8Array, index: number, siblings: readonly Uint8Array[]): Uint8Array {
  let node = leaf;
  let position = index;
  for (const sibling of siblings) {
    node = position % 2 === 0 ? parentOf(node, sibling) : parentOf(sibling, node);
    position >>>= 1;
  }
  return node;
}

/** What {@link verifyLeaf} asks for. */
export interface LeafProof {
  readonly root: Uint8Array;
  readonly leafCount: number;
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly siblings: readonly Uint8Array[];
}

/** Whether a leaf stands at a position of a tree: not 0, below the leaf count, the proof exactly as long as the tree is high. */
export function verifyLeaf({ root, leafCount, leaf, index, siblings }: LeafProof): boolean {
  if (isZero(leaf) || !Number.isInteger(index) || index < 0 || index >= leafCount) return false;
  if (siblings.length !== depthOf(leafCount)) return false;
  return equalBytes(rootFrom(leaf, index, siblings), root);
}

/** The nodes around a run of leaves, from which the root follows: what a file with a part of the leaves must also hold. */
export interface RangePath {
  /** Per level from the bottom up, the node left of the run, or `undefined` where the run starts on a left node. */
  readonly left: readonly (Uint8Array | undefined)[];
  /** Per level, the node right of the run, or `undefined` where it ends on a right node or at the tree's edge. */
  readonly right: readonly (Uint8Array | undefined)[];
}

/** The path around leaves `from` (inclusive) to `to` (exclusive). Throws `TREE_INDEX_OUT_OF_RANGE` on an empty or outside run. */
export function rangePathOf(tree: PositionalTree, from: number, to: number): RangePath {
  assertInput(
    from >= 0 && from < to && to <= tree.leafCount,
    'TREE_INDEX_OUT_OF_RANGE',
    'not a run of the tree’s leaves',
    {
      from,
      to,
      leafCount: tree.leafCount,
    },
  );
  const left: (Uint8Array | undefined)[] = [];
  const right: (Uint8Array | undefined)[] = [];
  let first = from;
  let last = to - 1;
  let width = tree.leafCount;
  for (let level = 0; level < tree.depth; level++) {
    left.push(first % 2 === 1 ? nodeAt(tree, level, first - 1) : undefined);
    right.push(last % 2 === 0 && last + 1 < width ? nodeAt(tree, level, last + 1) : undefined);
    first >>= 1;
    last >>= 1;
    width = (width + 1) >> 1;
  }
  return { left, right };
}

/** A run of leaves with its path: the root, and the proof of each leaf of the run, follow from it. */
export interface LeafRange {
  readonly leafCount: number;
  /** Position of the run's first leaf. */
  readonly from: number;
  /** The run's leaf hashes, packed. */
  readonly leaves: Uint8Array;
  readonly path: RangePath;
}

/** The root that a run of leaves leads to. */
export function rootFromRange(range: LeafRange): Uint8Array {
  const levels = rangeLevels(range);
  return (levels.at(-1) as RangeLevel).nodes.slice(0, WORD); // There is always level 0.
}

/** The siblings of the leaf at `index` of the whole tree, computed from a run that holds it. Throws `TREE_INDEX_OUT_OF_RANGE`. */
export function proofFromRange(range: LeafRange, index: number): readonly Uint8Array[] {
  const count = range.leaves.length / WORD; // integer: whole words
  assertInput(index >= range.from && index < range.from + count, 'TREE_INDEX_OUT_OF_RANGE', 'the run lacks this leaf', {
    index,
    from: range.from,
    count,
  });
  const levels = rangeLevels(range).slice(0, -1);
  return levels.map(({ first, nodes }, level) => {
    const offset = (((index >> level) ^ 1) - first) * WORD;
    return offset < nodes.length ? nodes.slice(offset, offset + WORD) : new Uint8Array(WORD);
  });
}

interface RangeLevel {
  /** Position of the first node in its level. */
  readonly first: number;
  readonly nodes: Uint8Array;
}

/** The run's nodes of each level, completed by the path so that every pair is whole (0 beyond the tree's edge). */
function rangeLevels({ leafCount, from, leaves, path }: LeafRange): readonly RangeLevel[] {
  const result: RangeLevel[] = [];
  let first = from;
  let nodes = leaves;
  for (let level = 0; level < depthOf(leafCount); level++) {
    const parts = [path.left[level], nodes, path.right[level]].filter((part) => part !== undefined);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    if (path.left[level] !== undefined) first -= 1;
    result.push({ first, nodes: whole });
    const above = new Uint8Array(((whole.length / WORD + 1) >> 1) * WORD); // integer: whole words
    writeParents(whole, above);
    first >>= 1;
    nodes = above;
  }
  result.push({ first, nodes });
  return result;
}

function isZero(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== 0) return false;
  return true;
}

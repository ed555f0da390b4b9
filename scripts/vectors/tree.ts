import { concat, keccak256, toBeHex, ZeroHash } from 'ethers';

import type { VectorValue } from './columns.ts';

const LEAF_COUNTS = [0, 1, 2, 3, 4, 5, 7, 8, 9];

function parent(left: string, right: string): string {
  return left === ZeroHash && right === ZeroHash ? ZeroHash : keccak256(concat([left, right]));
}

/** All levels of the whole tree with its padding written out, leaves first. */
function levelsOf(leaves: readonly string[]): readonly (readonly string[])[] {
  let width = 1;
  while (width < leaves.length) width *= 2;
  const levels = [Array.from({ length: width }, (_, index) => leaves[index] ?? ZeroHash)];
  for (let level = levels[0] ?? []; level.length > 1;) {
    level = Array.from({ length: level.length / 2 }, (_, index) =>
      parent(level[2 * index] ?? ZeroHash, level[2 * index + 1] ?? ZeroHash),
    );
    levels.push(level);
  }
  return levels;
}

/** Vectors of the positional tree: every proof of trees of every shape up to nine leaves. */
export function treeVectors(): Readonly<Record<string, VectorValue>> {
  const trees = LEAF_COUNTS.map((leafCount) => {
    const leaves = Array.from({ length: leafCount }, (_, index) => keccak256(toBeHex(index + 1, 32)));
    const levels = levelsOf(leaves);
    const depth = levels.length - 1;
    const proofs = leaves.flatMap((_, index) =>
      levels.slice(0, depth).map((level, height) => level[(index >> height) ^ 1] ?? ZeroHash),
    );
    return { leafCount: String(leafCount), depth: String(depth), leaves, root: levels[depth]?.[0] ?? ZeroHash, proofs };
  });
  return { count: String(trees.length), trees };
}

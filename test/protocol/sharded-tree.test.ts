import { expect } from 'chai';

import {
  buildTree,
  depthOf,
  nodeAt,
  parentOf,
  proofOf,
  rootFrom,
  rootOf,
} from '../../src/protocol/positional-merkle.ts';
import { WORD } from '../../src/protocol/words.ts';
import { random, runs } from '../support/effort.ts';

/** The node over a block of at most 2^k leaves, at level k whatever it holds. */
function blockNode(leaves: Uint8Array, k: number): Uint8Array {
  const tree = buildTree(leaves);
  let node = rootOf(tree);
  for (let level = tree.depth; level < k; level++) node = parentOf(node, new Uint8Array(WORD));
  return node;
}

describe('a tree built in blocks', () => {
  it('has the root and the proofs of the tree built whole', () => {
    const { index, uniform } = random('sharded tree');
    for (let run = 0; run < runs(40, 1_000); run++) {
      const count = 2 + index(300);
      const k = index(6);
      const leaves = Buffer.concat(
        Array.from({ length: count }, () => Buffer.from(uniform(256).toString(16).padStart(64, '0'), 'hex')),
      );
      const size = 2 ** k * WORD;
      const blocks = Array.from({ length: Math.ceil(leaves.length / size) }, (_, at) =>
        leaves.subarray(at * size, (at + 1) * size),
      );
      const above = buildTree(Buffer.concat(blocks.map((block) => blockNode(block, k))));
      const whole = buildTree(leaves);
      // A single block is the tree, which is no deeper than its leaves ask for.
      if (blocks.length > 1) {
        expect(Buffer.from(rootOf(above))).to.deep.equal(Buffer.from(rootOf(whole)));
        expect(above.depth + k).to.equal(depthOf(count));
      }
      const position = index(count);
      const block = buildTree(blocks[position >> k] ?? new Uint8Array());
      const own = Array.from({ length: Math.min(k, whole.depth) }, (_, level) =>
        level < block.depth ? nodeAt(block, level, ((position % 2 ** k) >> level) ^ 1) : new Uint8Array(WORD),
      );
      const siblings = [...own, ...(blocks.length > 1 ? proofOf(above, position >> k) : [])];
      expect(siblings.map((one) => Buffer.from(one))).to.deep.equal(
        proofOf(whole, position).map((one) => Buffer.from(one)),
      );
      const leaf = leaves.subarray(position * WORD, (position + 1) * WORD);
      expect(Buffer.from(rootFrom(leaf, position, siblings))).to.deep.equal(Buffer.from(rootOf(whole)));
    }
  });
});

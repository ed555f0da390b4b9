import { expect } from 'chai';
import fc from 'fast-check';

import {
  buildTree,
  depthOf,
  nodeAt,
  parentOf,
  proofFromRange,
  proofOf,
  rangePathOf,
  rootFrom,
  rootFromRange,
  rootOf,
  verifyLeaf,
} from '../../src/protocol/positional-merkle.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { bytesToHex, hexToBytes, WORD } from '../../src/protocol/words.ts';
import { random, runs, seed } from '../support/effort.ts';
import { plainLevels } from '../support/plain-tree.ts';
import { groups, readVectors } from '../support/vectors.ts';

interface TreeVector {
  readonly leafCount: string;
  readonly depth: string;
  readonly leaves: string[];
  readonly root: string;
  readonly proofs: string[];
}
const vectors = readVectors<{ trees: TreeVector[] }>('tree');

const packed = (leaves: readonly string[]): Uint8Array =>
  Uint8Array.from(leaves.flatMap((leaf) => [...hexToBytes(leaf)]));
const numbered = (count: number): Uint8Array =>
  packed(Array.from({ length: count }, (_, index) => bytesToHex(keccak256(Uint8Array.of(index & 255, index >> 8)))));
const leafAt = (leaves: Uint8Array, index: number): Uint8Array => leaves.slice(index * WORD, (index + 1) * WORD);
const options = (): { seed: number; numRuns: number } => ({ seed: seed(), numRuns: runs(100, 10_000) });

describe('positional tree', () => {
  for (const { leafCount, depth, leaves, root, proofs } of vectors.trees) {
    it(`has the root and the proofs of the vectors with ${leafCount} leaves`, () => {
      const tree = buildTree(packed(leaves));
      expect(tree.depth).to.equal(Number(depth));
      expect(bytesToHex(rootOf(tree))).to.equal(root);
      const expected = Number(depth) === 0 ? leaves.map(() => []) : groups(proofs, Number(depth));
      leaves.forEach((leaf, index) => {
        const siblings = proofOf(tree, index);
        expect(siblings.map(bytesToHex)).to.deep.equal(expected[index]);
        const proof = { root: rootOf(tree), leafCount: Number(leafCount), leaf: hexToBytes(leaf), index, siblings };
        expect(verifyLeaf(proof)).to.equal(true);
      });
    });
  }

  it('has the nodes that the plain builder makes, of every size and with leaves of 0', () => {
    const source = random('trees');
    const edges = [0, 1, 2, ...[2, 3, 6, 9, 10, 11].flatMap((k) => [2 ** k - 1, 2 ** k, 2 ** k + 1])];
    const others = Array.from({ length: runs(10, 300) }, () => source.index(5_000));
    for (const leafCount of [...edges, ...others]) {
      const leaves = Uint8Array.from({ length: leafCount * WORD }, () => source.index(256));
      // Runs of them, so that also nodes above are 0.
      for (let index = 0; index < leafCount; index++) {
        if (source.index(16) === 0) leaves.fill(0, index * WORD, (index + 1 + source.index(9)) * WORD);
      }
      const tree = buildTree(leaves);
      const levels = plainLevels(leaves);
      expect(tree.nodes, `${leafCount} leaves`).to.deep.equal(Uint8Array.from(Buffer.concat(levels.flat())));
      expect(rootOf(tree)).to.deep.equal(leafCount === 0 ? new Uint8Array(WORD) : levels.at(-1)![0]);
      expect(tree.levels).to.deep.equal(
        levels.map((_, at) => levels.slice(0, at).reduce((sum, { length }) => sum + length, 0)),
      );
    }
  });

  it('knows the height of the largest tree', () => {
    expect([0, 1, 2, 3, 4, 5, 2 ** 20, 2 ** 20 + 1, 2 ** 32 - 1].map(depthOf)).to.deep.equal([
      0, 0, 1, 2, 2, 3, 20, 21, 32,
    ]);
  });

  it('takes padding as 0 and refuses what is not a tree', () => {
    expect(bytesToHex(parentOf(new Uint8Array(WORD), new Uint8Array(WORD)))).to.equal(`0x${'00'.repeat(32)}`);
    expect(() => buildTree(new Uint8Array(33))).to.throw('TREE_LEAVES_RAGGED');
    expect(() => proofOf(buildTree(numbered(3)), 3)).to.throw('TREE_INDEX_OUT_OF_RANGE');
    expect(() => rangePathOf(buildTree(numbered(3)), 1, 1)).to.throw('TREE_INDEX_OUT_OF_RANGE');
  });

  it('ROOT-3: no inner node, zero leaf, index outside or proof of another length verifies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), fc.nat(), (leafCount, x, y, z) => {
        const leaves = numbered(leafCount);
        const tree = buildTree(leaves);
        const root = rootOf(tree);
        const index = x % leafCount;
        const siblings = proofOf(tree, index);
        const honest = { root, leafCount, leaf: leafAt(leaves, index), index, siblings };
        expect(verifyLeaf(honest), 'ROOT-3 honest').to.equal(true);
        const outside = leafCount + (y % 200);
        expect(verifyLeaf({ ...honest, index: outside }), 'ROOT-3 index').to.equal(false);
        expect(verifyLeaf({ ...honest, siblings: [...siblings, new Uint8Array(WORD)] }), 'ROOT-3 long').to.equal(false);
        expect(verifyLeaf({ ...honest, leaf: new Uint8Array(WORD) }), 'ROOT-3 zero').to.equal(false);
        for (let other = 0; other < leafCount; other++) {
          if (other !== index) expect(verifyLeaf({ ...honest, index: other }), 'ROOT-3 position').to.equal(false);
        }
        if (tree.depth > 0) {
          expect(verifyLeaf({ ...honest, siblings: siblings.slice(1) }), 'ROOT-3 short').to.equal(false);
          const level = 1 + (z % tree.depth);
          const inner = nodeAt(tree, level, index >> level);
          const path = siblings.slice(level);
          expect(bytesToHex(rootFrom(inner, index >> level, path)), 'a path from an inner node').to.equal(
            bytesToHex(root),
          );
          const forged = { root, leafCount, leaf: inner, index: index >> level, siblings: path };
          expect(verifyLeaf(forged), 'ROOT-3 inner node').to.equal(false);
        }
      }),
      options(),
    );
  });

  it('gives from any run of leaves with its path the same root and the same proofs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (leafCount, x, y) => {
        const leaves = numbered(leafCount);
        const tree = buildTree(leaves);
        const from = x % leafCount;
        const to = from + 1 + (y % (leafCount - from));
        const range = {
          leafCount,
          from,
          leaves: leaves.slice(from * WORD, to * WORD),
          path: rangePathOf(tree, from, to),
        };
        expect(bytesToHex(rootFromRange(range))).to.equal(bytesToHex(rootOf(tree)));
        for (let index = from; index < to; index++) {
          expect(proofFromRange(range, index).map(bytesToHex)).to.deep.equal(proofOf(tree, index).map(bytesToHex));
        }
        expect(() => proofFromRange(range, to)).to.throw('TREE_INDEX_OUT_OF_RANGE');
      }),
      options(),
    );
  });
});

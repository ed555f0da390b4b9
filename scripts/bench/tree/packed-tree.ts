import { keccak256Twice } from '../../../src/protocol/keccak.ts';
import { buildTree, proofOf, rootOf } from '../../../src/protocol/positional-merkle.ts';
import { bytesToHex, WORD } from '../../../src/protocol/words.ts';
import { ENTRY } from './content.ts';

/** What is left of a tree that was built. */
export interface BuiltTree {
  readonly root: string;
  /** Siblings in the proof of the first entry. */
  readonly proof: number;
  /** The leaf hashes, to see that all peers hashed the same content. */
  leaves(): Iterable<Uint8Array>;
}

/** Our tree over packed entries of 64 bytes. */
export function packedTree(packed: Uint8Array): BuiltTree {
  const hashes = new Uint8Array((packed.length / ENTRY) * WORD);
  keccak256Twice(packed, ENTRY, hashes);
  const tree = buildTree(hashes);
  return {
    root: bytesToHex(rootOf(tree)),
    proof: proofOf(tree, 0).length,
    *leaves() {
      for (let at = 0; at < hashes.length; at += WORD) yield hashes.subarray(at, at + WORD);
    },
  };
}

/** One figure of all leaf hashes, whatever order a tree has put them in. */
export function digestOf(built: BuiltTree): string {
  const sum = new Uint8Array(WORD);
  for (const leaf of built.leaves()) leaf.forEach((byte, index) => (sum[index] = (sum[index] ?? 0) ^ byte));
  return bytesToHex(sum);
}

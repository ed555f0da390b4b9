import { keccak256Twice } from '../../../src/protocol/keccak.ts';
import { buildTree, proofOf, rootOf } from '../../../src/protocol/positional-merkle.ts';
import { bytesToHex, hexToBytes, viewOf, WORD, writeHex, writeWord } from '../../../src/protocol/words.ts';
import type { Entry } from './content.ts';
import { ENTRY, entries, packedEntries } from './content.ts';

/** What is left of a tree that was built. */
export interface BuiltTree {
  readonly root: string;
  /** Siblings in the proof of the first entry. */
  readonly proof: number;
  /** The leaf hashes, to see that all peers hashed the same content. */
  leaves(): Iterable<Uint8Array>;
}

/** A way to build a tree: what is there before the clock starts, and what is timed. */
export interface TreeWay {
  readonly name: string;
  readonly prepare: (leaves: number) => Promise<() => BuiltTree>;
}

function packedTree(packed: Uint8Array): BuiltTree {
  const hashes = new Uint8Array(packed.length >>> 1); // integer: 32 bytes for 64
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

function pack(content: readonly Entry[]): Uint8Array {
  const packed = new Uint8Array(content.length * ENTRY);
  const view = viewOf(packed);
  content.forEach(([account, amount], index) => {
    writeHex(packed, index * ENTRY + 12, account);
    writeWord(view, index * ENTRY + WORD, amount);
  });
  return packed;
}

/** Trees over the same `(address, uint256)` entries: each leaf keccak256(keccak256(abi.encode(…))), each node the hash of two. */
export const TREE_WAYS = {
  packed: {
    name: 'lode, packed bytes',
    prepare: (leaves) => {
      const packed = packedEntries(leaves);
      return Promise.resolve(() => packedTree(packed));
    },
  },
  values: {
    name: 'lode, addresses and bigints',
    prepare: (leaves) => {
      const content = entries(leaves);
      return Promise.resolve(() => packedTree(pack(content)));
    },
  },
  openzeppelin: {
    name: '@openzeppelin/merkle-tree',
    prepare: async (leaves) => {
      const { StandardMerkleTree } = await import('@openzeppelin/merkle-tree');
      const content = entries(leaves).map(([account, amount]): [string, bigint] => [account, amount]);
      return () => {
        const tree = StandardMerkleTree.of(content, ['address', 'uint256']);
        return {
          root: tree.root,
          proof: tree.getProof(0).length,
          *leaves() {
            for (const entry of content) yield hexToBytes(tree.leafHash(entry));
          },
        };
      };
    },
  },
  merkletreejs: {
    name: 'merkletreejs, hashing by hash-wasm',
    prepare: async (leaves) => {
      const [{ MerkleTree }, { createKeccak }] = await Promise.all([import('merkletreejs'), import('hash-wasm')]);
      const content = entries(leaves);
      // It takes any hash function; this is the fastest that a program finds ready made.
      const hasher = await createKeccak(256);
      const hash = (bytes: Uint8Array): Buffer => Buffer.from(hasher.init().update(bytes).digest('binary'));
      return () => {
        const packed = pack(content);
        const hashes = content.map((_, index) => hash(hash(packed.subarray(index * ENTRY, (index + 1) * ENTRY))));
        const tree = new MerkleTree(hashes, hash, { sortPairs: true });
        const [first = Buffer.alloc(0)] = hashes;
        return { root: tree.getHexRoot(), proof: tree.getProof(first).length, leaves: () => hashes };
      };
    },
  },
} as const satisfies Readonly<Record<string, TreeWay>>;

export type TreeWayName = keyof typeof TREE_WAYS;

import { hexToBytes, viewOf, WORD, writeHex, writeWord } from '../../../src/protocol/words.ts';
import type { Entry } from './content.ts';
import { ENTRY, entries, packedEntries } from './content.ts';
import { hashWasmKeccak, nobleKeccak } from './hashers.ts';
import type { BuiltTree } from './packed-tree.ts';
import { packedTree } from './packed-tree.ts';

/** A way to build a tree: what is there before the clock starts, and what is timed. */
export interface TreeWay {
  readonly name: string;
  /** What it begins with: `values` have to be encoded first. */
  readonly input: 'packed' | 'values';
  readonly prepare: (leaves: number) => Promise<() => BuiltTree>;
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

/** It takes any hash function, and leaves that are hashed already. */
async function ofMerkleTreeJs(leaves: number, hash: (message: Uint8Array) => Uint8Array): Promise<() => BuiltTree> {
  const { MerkleTree } = await import('merkletreejs');
  const packed = packedEntries(leaves);
  const hashed = (bytes: Uint8Array): Buffer => Buffer.from(hash(bytes));
  return () => {
    const hashes = Array.from({ length: leaves }, (_, index) =>
      hashed(hash(packed.subarray(index * ENTRY, (index + 1) * ENTRY))),
    );
    const tree = new MerkleTree(hashes, hashed, { sortPairs: true });
    const [first = Buffer.alloc(0)] = hashes;
    return { root: tree.getHexRoot(), proof: tree.getProof(first).length, leaves: () => hashes };
  };
}

/** Trees over the same `(address, uint256)` entries: each leaf keccak256(keccak256(abi.encode(…))), each node the hash of two. */
export const TREE_WAYS = {
  packed: {
    name: 'lode',
    input: 'packed',
    prepare: (leaves) => {
      const packed = packedEntries(leaves);
      return Promise.resolve(() => packedTree(packed));
    },
  },
  values: {
    name: 'lode',
    input: 'values',
    prepare: (leaves) => {
      const content = entries(leaves);
      return Promise.resolve(() => packedTree(pack(content)));
    },
  },
  openzeppelin: {
    name: '@openzeppelin/merkle-tree',
    input: 'values',
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
  'merkletreejs-noble': {
    name: 'merkletreejs with @noble/hashes',
    input: 'packed',
    prepare: (leaves) => ofMerkleTreeJs(leaves, nobleKeccak()),
  },
  'merkletreejs-wasm': {
    name: 'merkletreejs with hash-wasm',
    input: 'packed',
    prepare: async (leaves) => ofMerkleTreeJs(leaves, await hashWasmKeccak()),
  },
} as const satisfies Readonly<Record<string, TreeWay>>;

export type TreeWayName = keyof typeof TREE_WAYS;

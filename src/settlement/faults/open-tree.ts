import { depthOf } from '../../protocol/positional-merkle.ts';
import { bytesToHex, hexToBytes, WORD } from '../../protocol/words.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import type { LeafOpening, MalformedFault, NodeOpening } from './evidence.ts';
import type { TreeRoot } from './openings.ts';
import { LEAF_LENGTH } from './raw-leaf.ts';

/** Gives the bytes that hash to `hash`, if the report has them. */
export type Reveal = (hash: Uint8Array) => Uint8Array | undefined;

/** A store of preimages: any bytes that a report shows, found by their hash. */
export function revealFrom(preimages: Iterable<Uint8Array>): Reveal {
  const store = new Map<string, Uint8Array>();
  for (const bytes of preimages) store.set(bytesToHex(keccak256(bytes)), bytes);
  return (hash) => store.get(bytesToHex(hash));
}

/** A leaf as far as its report opens it. */
export interface OpenedLeaf {
  readonly opening: LeafOpening;
  readonly curve: Uint8Array | undefined;
  readonly audit: Uint8Array | undefined;
}

/** A tree taken apart from its root: what every position holds, and what is not the shape of a tree. */
export interface OpenedTree {
  /** By position; undefined where the report does not open it, or where it holds no leaf. */
  readonly leaves: readonly (OpenedLeaf | undefined)[];
  /** Nodes that are 0 where a leaf must be, or are not 0 where none may be. */
  readonly misplaced: readonly NodeOpening[];
  /** Bytes that are neither node nor leaf. */
  readonly malformed: readonly MalformedFault[];
  /** The first position that is not opened down to what is needed of it. */
  readonly unavailable: number | undefined;
}

/** Positions beyond this are not walked: no report of this size can be checked in memory, nor is one expected. */
const MAX_WALK = 2 ** 24; // integer: 16,777,216

/**
 * Walks a tree from its root by the preimages that a report gives. What is found missing is noted and walked around, so
 * that a withheld leaf does not hide a fault elsewhere. Of the parent's tree only the curves are needed.
 */
export function openTree(tree: TreeRoot, reveal: Reveal, needs: 'curve' | 'curve and audit'): OpenedTree {
  const walk = new Walk(tree, reveal, needs);
  return walk.result();
}

class Walk {
  readonly #tree: TreeRoot;
  readonly #reveal: Reveal;
  readonly #needsAudit: boolean;
  readonly #depth: number;
  /** Known node values by level, then index; what is missing is unknown. */
  readonly #nodes: Map<number, Uint8Array>[];
  readonly #leaves: (OpenedLeaf | undefined)[] = [];
  readonly #misplaced: NodeOpening[] = [];
  readonly #malformed: MalformedFault[] = [];
  #unavailable: number | undefined;

  constructor(tree: TreeRoot, reveal: Reveal, needs: 'curve' | 'curve and audit') {
    this.#needsAudit = needs === 'curve and audit';
    this.#tree = tree;
    this.#reveal = reveal;
    this.#depth = depthOf(tree.leafCount);
    this.#nodes = Array.from({ length: this.#depth + 1 }, () => new Map<number, Uint8Array>());
  }

  result(): OpenedTree {
    this.#nodes[this.#depth]?.set(0, hexToBytes(this.#tree.root));
    for (let level = this.#depth; level > 0; level--) {
      for (const [index, node] of this.#nodes[level] ?? []) this.#descend(level, index, node);
    }
    for (const [index, node] of this.#nodes[0] ?? []) this.#openLeaf(index, node);
    const { leafCount } = this.#tree;
    if (this.#leaves.length < leafCount && leafCount <= MAX_WALK) this.#leaves.length = leafCount;
    return {
      leaves: this.#leaves,
      misplaced: this.#misplaced,
      malformed: this.#malformed,
      unavailable: this.#unavailable,
    };
  }

  /** Whether the node may be looked into: it is not 0, and it covers a position below the leaf count. */
  #isPlaced(level: number, index: number, node: Uint8Array): boolean {
    const first = index * 2 ** level; // integer: a power of two of a small whole number
    const wanted = first < this.#tree.leafCount;
    if (isZero(node) === wanted) this.#misplaced.push(this.#opening(level, index, node));
    return wanted && !isZero(node);
  }

  #descend(level: number, index: number, node: Uint8Array): void {
    if (!this.#isPlaced(level, index, node)) return;
    const bytes = this.#reveal(node);
    if (bytes === undefined) {
      this.#missing(index * 2 ** level); // integer: a power of two of a small whole number
    } else if (bytes.length !== 2 * WORD || isZero(bytes)) {
      this.#malformed.push({ kind: 'malformed', node: this.#opening(level, index, node), chain: [bytes] });
    } else {
      this.#nodes[level - 1]?.set(2 * index, bytes.subarray(0, WORD));
      this.#nodes[level - 1]?.set(2 * index + 1, bytes.subarray(WORD));
    }
  }

  #openLeaf(index: number, node: Uint8Array): void {
    if (!this.#isPlaced(0, index, node)) return;
    const digest = this.#reveal(node);
    const leaf = digest === undefined || digest.length !== WORD ? undefined : this.#reveal(digest);
    if (digest !== undefined && digest.length !== WORD) return this.#bad(index, node, [digest]);
    if (digest === undefined || leaf === undefined) return this.#missing(index);
    if (leaf.length !== LEAF_LENGTH) return this.#bad(index, node, [digest, leaf]);
    const curve = this.#reveal(leaf.subarray(WORD, 2 * WORD));
    const audit = this.#reveal(leaf.subarray(2 * WORD));
    if (curve === undefined || (this.#needsAudit && audit === undefined)) this.#missing(index);
    this.#leaves[index] = { opening: { index, siblings: this.#siblings(0, index), leaf }, curve, audit };
  }

  #bad(index: number, node: Uint8Array, chain: readonly Uint8Array[]): void {
    this.#malformed.push({ kind: 'malformed', node: this.#opening(0, index, node), chain });
  }

  #missing(position: number): void {
    if (this.#unavailable === undefined || position < this.#unavailable) this.#unavailable = position;
  }

  #opening(level: number, index: number, node: Uint8Array): NodeOpening {
    return { level, index, node, siblings: this.#siblings(level, index) };
  }

  /** A node is only known together with its sibling, so every sibling up to the root is known. */
  #siblings(level: number, index: number): Uint8Array[] {
    const siblings: Uint8Array[] = [];
    for (let at = index, above = level; above < this.#depth; above++) {
      const sibling = this.#nodes[above]?.get(at % 2 === 0 ? at + 1 : at - 1);
      if (sibling !== undefined) siblings.push(sibling);
      at = (at - (at % 2)) / 2; // integer: the number is even
    }
    return siblings;
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

import { depthOf } from '../../protocol/positional-merkle.ts';
import { hexToBytes, WORD } from '../../protocol/words.ts';
import type { LeafCountFault, LeafOpening, MalformedFault, NodeOpening, OrderFault } from './evidence.ts';
import type { TreeRoot } from './openings.ts';
import type { Reveal } from './preimages.ts';
import { keyOf } from './preimages.ts';
import { LEAF_LENGTH } from './raw-leaf.ts';

export { revealFrom } from './preimages.ts';
export type { Reveal } from './preimages.ts';

/** A leaf as far as its report opens it. */
export interface OpenedLeaf {
  readonly index: number;
  /** The bytes that were hashed into it: three words. */
  readonly leaf: Uint8Array;
  readonly curve: Uint8Array | undefined;
  readonly audit: Uint8Array | undefined;
}

/** A tree taken apart from its root: what its positions hold, and what is not the shape of a tree. */
export interface OpenedTree {
  /** What the report opens, by rising position. Of nodes that occur again only the first is looked into. */
  readonly leaves: readonly OpenedLeaf[];
  /** The first position found that is not opened down to what is needed of it. */
  readonly unavailable: number | undefined;
  /** A leaf of {@link leaves} with its path. */
  openingOf(leaf: OpenedLeaf): LeafOpening;
  /**
   * Nodes that are 0 where a leaf must be, or are not 0 where none may be; and bytes that are neither node nor leaf. A curve
   * or an audit is not read.
   */
  shapeFaults(): Iterable<LeafCountFault | MalformedFault>;
  /** Neighbours whose accounts do not rise. Where a node occurs twice and nothing is hidden or malformed there is one. */
  orderFaults(): Iterable<OrderFault>;
}

/**
 * Walks a tree from its root by the preimages that a report gives. What is found missing is noted and walked around, so
 * that a withheld leaf does not hide a fault elsewhere. Of the parent's tree only the curves are needed.
 *
 * No preimage is looked into twice, however many positions it stands at and whatever is declared, so that time and memory are
 * those of the report: in a tree of rising accounts no two nodes are equal.
 */
export function openTree(tree: TreeRoot, reveal: Reveal, needs: 'curve' | 'curve and audit'): OpenedTree {
  const walk = new Walk(tree, reveal, needs);
  walk.run();
  return walk;
}

/** The node at a position and its siblings from the bottom up; undefined where the report does not lead to it. */
export function openNode({ root, leafCount }: TreeRoot, reveal: Reveal, level: number, index: number) {
  const siblings: Uint8Array[] = [];
  let node = hexToBytes(root);
  for (let above = depthOf(leafCount); above > level; above--) {
    const bytes = reveal(node);
    if (bytes?.length !== 2 * WORD || isZero(bytes)) return undefined;
    const [left, right] = [bytes.subarray(0, WORD), bytes.subarray(WORD)];
    const low = index % 2 ** (above - level); // integer: a power of two of a small whole number
    const isLeft = low < 2 ** (above - level - 1); // integer: as above
    siblings.push(isLeft ? right : left);
    node = isLeft ? left : right;
  }
  return { level, index, node, siblings: siblings.reverse() } satisfies NodeOpening;
}

/** The leaf at a position; undefined where the report does not open it. */
export function openLeaf(tree: TreeRoot, reveal: Reveal, index: number): LeafOpening | undefined {
  const at = index < tree.leafCount ? openNode(tree, reveal, 0, index) : undefined;
  const digest = at === undefined ? undefined : reveal(at.node);
  const leaf = digest?.length === WORD ? reveal(digest) : undefined;
  return at === undefined || leaf?.length !== LEAF_LENGTH ? undefined : { index, siblings: at.siblings, leaf };
}

/** A node that is looked into, by the number that it got. */
interface Visit {
  readonly id: number;
  readonly index: number;
  readonly node: Uint8Array;
}

/** A node that is no part of a tree, and the bytes that show it where it is not its place alone. */
interface BadNode {
  readonly level: number;
  readonly index: number;
  readonly chain?: readonly Uint8Array[];
}

const NONE = -1;

/**
 * How many nodes are followed that occurred before at another level. One is enough for a fault unless bytes are missing, and
 * these are noted, to be demanded.
 */
const MAX_FOLLOWED = 1024;

class Walk implements OpenedTree {
  readonly leaves: OpenedLeaf[] = [];
  unavailable: number | undefined;
  readonly #tree: TreeRoot;
  readonly #reveal: Reveal;
  readonly #needsAudit: boolean;
  readonly #bad: BadNode[] = [];
  /** The nodes that stand above no position beyond the last leaf, each by its hash. */
  readonly #numbers = new Map<string, number>();
  /** Of each node by its number: its level and position, and the numbers of its two children, or of its leaf. */
  readonly #levels: number[] = [];
  readonly #indices: number[] = [];
  readonly #lefts: number[] = [];
  readonly #rights: number[] = [];
  #followed = 0;

  constructor(tree: TreeRoot, reveal: Reveal, needs: 'curve' | 'curve and audit') {
    this.#needsAudit = needs === 'curve and audit';
    this.#tree = tree;
    this.#reveal = reveal;
  }

  run(): void {
    const depth = depthOf(this.#tree.leafCount);
    let visits: Visit[] = [];
    this.#visit(visits, depth, 0, hexToBytes(this.#tree.root));
    for (let level = depth; level > 0; level--) {
      const below: Visit[] = [];
      for (const visit of visits) this.#descend(level, visit, below);
      visits = below;
    }
    for (const visit of visits) this.#openLeaf(visit);
    this.#numbers.clear();
  }

  openingOf({ index, leaf }: OpenedLeaf): LeafOpening {
    return { index, siblings: this.#nodeAt(0, index).siblings, leaf };
  }

  *shapeFaults(): Generator<LeafCountFault | MalformedFault> {
    for (const { level, index, chain } of this.#bad) {
      const node = this.#nodeAt(level, index);
      yield chain === undefined ? { kind: 'totals', node } : { kind: 'malformed', node, chain };
    }
  }

  /** Each pair of neighbours is the last leaf under one node and the first under another, which have one parent. */
  *orderFaults(): Generator<OrderFault> {
    const first = Int32Array.from(this.#lefts);
    const last = Int32Array.from(this.#rights);
    // A child has a higher number than any node that it was met under.
    for (let id = first.length - 1; id >= 0; id--) {
      const [left = NONE, right = NONE] = [this.#lefts[id], this.#rights[id]];
      const level = this.#levels[id] ?? 0;
      if (level === 0) continue;
      first[id] = first[left] ?? NONE;
      last[id] = last[right] ?? NONE;
      const [low, high] = [this.leaves[last[left] ?? NONE], this.leaves[first[right] ?? NONE]];
      if (low === undefined || high === undefined || isBelow(low.leaf, high.leaf)) continue;
      const middle = (2 * (this.#indices[id] ?? 0) + 1) * 2 ** (level - 1); // integer: a power of two of a small whole number
      yield {
        kind: 'order',
        left: this.openingOf({ ...low, index: middle - 1 }),
        right: this.openingOf({ ...high, index: middle }),
      };
    }
  }

  /** The number of a node, which is looked into if it is a new one; none where there is nothing to look into. */
  #visit(visits: Visit[], level: number, index: number, node: Uint8Array): number {
    const { leafCount } = this.#tree;
    const width = 2 ** level; // integer: a power of two of a small whole number
    const isWanted = index * width < leafCount;
    if (isZero(node) === isWanted) this.#bad.push({ level, index });
    if (!isWanted || isZero(node)) return NONE;
    const id = this.#levels.length;
    // What stands above the tree's end too is one node in each level.
    if ((index + 1) * width <= leafCount) {
      const key = keyOf(node);
      const known = this.#numbers.get(key);
      if (known !== undefined) return this.#levels[known] === level ? known : this.#follow(level, index, node);
      this.#numbers.set(key, id);
    }
    this.#levels.push(level);
    this.#indices.push(index);
    this.#lefts.push(NONE);
    this.#rights.push(NONE);
    visits.push({ id, index, node });
    return id;
  }

  #descend(level: number, { id, index, node }: Visit, below: Visit[]): void {
    const bytes = this.#reveal(node);
    if (bytes === undefined) {
      this.#missing(level, index);
    } else if (bytes.length !== 2 * WORD || isZero(bytes)) {
      this.#bad.push({ level, index, chain: [bytes] });
    } else {
      this.#lefts[id] = this.#visit(below, level - 1, 2 * index, bytes.subarray(0, WORD));
      this.#rights[id] = this.#visit(below, level - 1, 2 * index + 1, bytes.subarray(WORD));
    }
  }

  /**
   * A node that was met at a higher level cannot be a node here as well: whatever is below it comes too early there, which was
   * found there, or too late here.
   */
  #follow(level: number, index: number, from: Uint8Array): number {
    if (this.#followed++ >= MAX_FOLLOWED) return NONE;
    let node = from;
    for (let left = level; left > 0; left--) {
      const bytes = this.#reveal(node);
      if (bytes === undefined) this.#missing(level, index);
      if (bytes?.length !== 2 * WORD) return NONE;
      node = bytes.subarray(0, WORD);
    }
    const first = index * 2 ** level; // integer: a power of two of a small whole number
    const digest = this.#reveal(node);
    if (digest === undefined) this.#missing(level, index);
    else if (digest.length !== WORD) this.#bad.push({ level: 0, index: first, chain: [digest] });
    return NONE;
  }

  #openLeaf({ id, index, node }: Visit): void {
    const digest = this.#reveal(node);
    if (digest === undefined) return this.#missing(0, index);
    if (digest.length !== WORD) return void this.#bad.push({ level: 0, index, chain: [digest] });
    const leaf = this.#reveal(digest);
    if (leaf === undefined) return this.#missing(0, index);
    if (leaf.length !== LEAF_LENGTH) return void this.#bad.push({ level: 0, index, chain: [digest, leaf] });
    const curve = this.#reveal(leaf.subarray(WORD, 2 * WORD));
    const audit = this.#reveal(leaf.subarray(2 * WORD));
    if (curve === undefined || (this.#needsAudit && audit === undefined)) this.#missing(0, index);
    this.#lefts[id] = this.leaves.length;
    this.#rights[id] = this.leaves.length;
    this.leaves.push({ index, leaf, curve, audit });
  }

  #missing(level: number, index: number): void {
    const position = index * 2 ** level; // integer: a power of two of a small whole number
    if (this.unavailable === undefined || position < this.unavailable) this.unavailable = position;
  }

  /** A node that the walk came to, or one of equal bytes: all above it is known. */
  #nodeAt(level: number, index: number): NodeOpening {
    const opening = openNode(this.#tree, this.#reveal, level, index);
    return opening ?? { level, index, node: new Uint8Array(WORD), siblings: [] };
  }
}

/** Whether the first word of a leaf is less than another's. */
function isBelow(leaf: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < WORD; i++) {
    const [own = 0, others = 0] = [leaf[i], other[i]];
    if (own !== others) return own < others;
  }
  return false;
}

function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

import type { Curve } from '../../protocol/vesting-curve.ts';
import type { Absence, CurveOpening, FaultContext, LeafOpening } from './evidence.ts';
import type { OpenedLeaf, OpenedTree } from './open-tree.ts';
import { accountWord, isLeafWellFormed, readCurve } from './raw-leaf.ts';

/** The opened leaves of a tree by account. */
export class TreeAccounts {
  readonly #tree: OpenedTree;
  readonly #leafCount: number;
  readonly #words: readonly bigint[];
  readonly #leaves = new Map<bigint, OpenedLeaf>();

  constructor(tree: OpenedTree, leafCount: number) {
    this.#tree = tree;
    this.#leafCount = leafCount;
    this.#words = tree.leaves.map(({ leaf }) => accountWord(leaf) ?? 0n);
    for (const [at, word] of this.#words.entries()) {
      const leaf = tree.leaves[at];
      const isBetter = leaf?.curve !== undefined || !this.#leaves.has(word);
      if (leaf !== undefined && isBetter) this.#leaves.set(word, leaf);
    }
  }

  accounts(): Iterable<bigint> {
    return this.#leaves.keys();
  }

  leafOf(account: bigint): OpenedLeaf | undefined {
    return this.#leaves.get(account);
  }

  /**
   * The neighbours around an account that is not there, found among the opened leaves: whatever else is hidden does not matter.
   * Undefined where they are not side by side. The paths are looked up when they are asked for.
   */
  gapAround(account: bigint): (() => Absence) | undefined {
    if (this.#leaves.has(account)) return undefined;
    let [low, high] = [0, this.#words.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#words[middle] ?? 0n) < account) low = middle + 1;
      else high = middle;
    }
    const [left, right] = [this.#tree.leaves[low - 1], this.#tree.leaves[low]];
    if ((right?.index ?? this.#leafCount) !== (left?.index ?? -1) + 1) return undefined;
    return () => ({ by: 'neighbours', left: this.#openingOf(left), right: this.#openingOf(right) });
  }

  #openingOf(leaf: OpenedLeaf | undefined): LeafOpening | null {
    return leaf === undefined ? null : this.#tree.openingOf(leaf);
  }
}

/** What the previous tree has of an account. */
interface Before {
  /** Undefined where it had no leaf; a malformed one counts as none. */
  readonly curve: Curve | undefined;
  readonly evidence: () => CurveOpening | Absence;
}

/** The leaves of the previous tree by account. */
export class ParentAccounts {
  readonly #context: FaultContext;
  readonly #tree: OpenedTree;
  readonly #accounts: TreeAccounts;

  constructor(context: FaultContext, tree: OpenedTree) {
    this.#context = context;
    this.#tree = tree;
    this.#accounts = new TreeAccounts(tree, context.parent.leafCount);
  }

  accounts(): Iterable<bigint> {
    return this.#accounts.accounts();
  }

  /** Undefined where neither a leaf of the account is opened nor the two around it. */
  of(account: bigint): Before | undefined {
    const leaf = this.#accounts.leafOf(account);
    const bytes = leaf?.curve;
    if (leaf === undefined || bytes === undefined) {
      const gap = this.#accounts.gapAround(account);
      return gap === undefined ? undefined : { curve: undefined, evidence: gap };
    }
    const { record, forbidden } = this.#context;
    const curve = isLeafWellFormed(leaf.leaf, forbidden) ? readCurve(bytes, record.start) : undefined;
    const evidence = (): CurveOpening | Absence => {
      const opening = { ...this.#tree.openingOf(leaf), curve: bytes };
      return curve === undefined ? { by: 'malformed', leaf: opening } : opening;
    };
    return { curve, evidence };
  }
}

import type { AgreedBlock, Endpoint } from '../chain/agreement.ts';
import { agreed } from '../chain/agreement.ts';
import { readFinalTree } from '../chain/final-tree.ts';
import type { Address } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import type { FoundFile, FoundLeaf } from '../store/fetch-leaves.ts';
import { PublishedLeaves } from '../store/fetch-leaves.ts';
import { REPORT_LIMITS } from '../store/fetch-report.ts';
import type { ReportPlace } from '../store/report-place.ts';

/** Where claims are looked for: nodes that agree, and a block that they agree on. */
export interface ClaimChain {
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly block: AgreedBlock;
}

/**
 * The trees of final epochs and what was fetched of their reports. A tree that is final stays as it is, so whoever looks again with
 * every block asks the chain for no more than its root, and the places for nothing; what could not be found is looked for again.
 */
export class FinalTrees {
  readonly #places: readonly ReportPlace[];
  readonly #first: 'content id' | 'epoch';
  readonly #trees = new Map<number, FinalTree>();
  readonly #leaves = new Map<string, PublishedLeaves>();

  constructor(places: readonly ReportPlace[], first: 'content id' | 'epoch' = 'content id') {
    this.#places = places;
    this.#first = first;
  }

  /**
   * The tree of an epoch that is final in the block.
   *
   * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
   * @throws {RetryableError} `NODE_INCONSISTENT`
   */
  async treeOf({ endpoints, block }: ClaimChain, epoch: number): Promise<FinalTree> {
    const known = this.#trees.get(epoch);
    const what = `the root of epoch ${epoch}`;
    if (known !== undefined) {
      const now = await agreed(endpoints, what, async ({ contracts: { vault } }) => {
        const { root, leafCount } = await vault.rootOf(epoch, { blockTag: block.number });
        return { root: parseHash32(root), leafCount: Number(leafCount) };
      });
      if (now.root === known.root && now.leafCount === known.leafCount) return known;
    }
    const tree = await agreed(endpoints, what, async (one) => await readFinalTree(one, epoch, block.number));
    this.#trees.set(epoch, tree);
    return tree;
  }

  /** The content id of a tree's report. */
  cidOf(tree: FinalTree): string {
    return this.#leavesOf(tree).cid;
  }

  /** Finds the leaf of an account; the errors are those of {@link PublishedLeaves.find}. */
  async find(tree: FinalTree, account: Address): Promise<FoundLeaf> {
    return await this.#asking(tree, async (leaves) => await leaves.find(account));
  }

  /** Another file of the report; the errors are those of {@link PublishedLeaves.read}. */
  async read<T>(tree: FinalTree, path: string, parse: (bytes: Uint8Array) => T): Promise<FoundFile<T>> {
    return await this.#asking(tree, async (leaves) => await leaves.read(path, parse));
  }

  async #asking<T>(tree: FinalTree, ask: (leaves: PublishedLeaves) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#leavesOf(tree));
    } catch (error) {
      this.#leaves.delete(keyOf(tree));
      throw error;
    }
  }

  #leavesOf(tree: FinalTree): PublishedLeaves {
    const key = keyOf(tree);
    const leaves = this.#leaves.get(key) ?? new PublishedLeaves(this.#places, tree, REPORT_LIMITS, this.#first);
    this.#leaves.set(key, leaves);
    return leaves;
  }
}

function keyOf({ epoch, root, reportCid }: FinalTree): string {
  return `${epoch} ${root} ${reportCid}`;
}

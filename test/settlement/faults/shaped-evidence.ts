import type { Absence, Evidence } from '../../../src/settlement/faults/evidence.ts';
import { hashOf } from '../../support/forgery.ts';
import type { Opened } from './forged-evidence.ts';

type OpenedLeaf = Opened['leaves'][number];

/**
 * Every piece of evidence of the right shape that the leaves of a settlement and of its parent give, one after the other: each
 * pair of neighbours, each sum, the last leaf, each account's transition, each absence that there is, every chain of preimages.
 * Of an honest settlement none of it may prove anything; of a lie some of it does.
 */
export function* shapedEvidence({ leaves, before, depth }: Opened): Generator<Evidence> {
  const byAccount = new Map(before.map((leaf) => [accountOf(leaf), leaf]));
  for (const [i, leaf] of leaves.entries()) {
    const left = leaves[i - 1];
    if (left !== undefined) yield { kind: 'order', left, right: leaf };
    yield { kind: 'sum', before: left ?? null, leaf };
    yield { kind: 'totals', leaf };
    yield { kind: 'transition', before: byAccount.get(accountOf(leaf)) ?? absenceIn(before, leaf), leaf };
    const node = { level: 0, index: i, node: hashOf(hashOf(leaf.leaf)), siblings: leaf.siblings };
    const chain = [hashOf(leaf.leaf), leaf.leaf];
    yield { kind: 'malformed', node, chain: [...chain, leaf.curve], part: 'curve' };
    yield { kind: 'malformed', node, chain: [...chain, leaf.audit], part: 'audit' };
    yield { kind: 'totals', node };
    for (let level = 0; level < depth; level++) {
      const index = (i >>> level) ^ 1;
      yield { kind: 'totals', node: { level, index, node: leaf.siblings[level]!, siblings: siblingsOf(leaf, level) } };
    }
  }
  for (const leaf of before) yield { kind: 'dropped', before: leaf, absence: absenceIn(leaves, leaf) };
}

/** The path of a leaf's sibling at a level: its other child's hash stands in the leaf's own path one level up. */
function siblingsOf({ index, siblings, leaf }: OpenedLeaf, level: number): Uint8Array[] {
  let own: Uint8Array = hashOf(hashOf(leaf));
  for (let at = 0; at < level; at++) {
    const sibling = siblings[at]!;
    own = hashOf(((index >>> at) & 1) === 0 ? Buffer.concat([own, sibling]) : Buffer.concat([sibling, own]));
  }
  return [own, ...siblings.slice(level + 1)];
}

/** The neighbours of where an account's leaf is, or would be. */
function absenceIn(leaves: readonly OpenedLeaf[], { leaf }: Pick<OpenedLeaf, 'leaf'>): Absence {
  const account = accountOf({ leaf });
  const at = leaves.findIndex((other) => accountOf(other) >= account);
  const right = at < 0 ? leaves.length : at;
  return { by: 'neighbours', left: leaves[right - 1] ?? null, right: leaves[right] ?? null };
}

function accountOf({ leaf }: Pick<OpenedLeaf, 'leaf'>): string {
  return Buffer.from(leaf.subarray(0, 32)).toString('hex');
}

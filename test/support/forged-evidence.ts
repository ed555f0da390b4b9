import { proofOf, rootOf } from '../../src/protocol/positional-merkle.ts';
import { curvePreimage } from '../../src/protocol/vesting-curve.ts';
import type { Evidence } from '../../src/settlement/faults/evidence.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { Random } from './effort.ts';
import type { ForgedLeaf } from './forgery.ts';
import { auditBytes, curveBytes, forgeryOf, hashOf, wordsOf } from './forgery.ts';

/** A leaf with its path and all bytes behind it. */
interface OpenedLeaf {
  readonly index: number;
  readonly siblings: readonly Uint8Array[];
  readonly leaf: Uint8Array;
  readonly curve: Uint8Array;
  readonly audit: Uint8Array;
}

/** What a forger has at hand: every true leaf of this epoch's tree, of the one before and of older ones. */
export interface Material {
  readonly leaves: readonly OpenedLeaf[];
  readonly parent: readonly OpenedLeaf[];
  readonly older: readonly OpenedLeaf[];
  readonly depth: number;
  readonly root: Uint8Array;
}

/** Opens every leaf of an honest settlement, of the epochs before it (oldest first), and of one that is none of these. */
export function materialOf(
  settled: EpochSettlement,
  before: readonly EpochSettlement[],
  foreign: EpochSettlement,
): Material {
  return {
    leaves: openingsOf(settled),
    parent: before.length === 0 ? [] : openingsOf(before.at(-1)!),
    older: [...before.slice(0, -1), foreign].flatMap(openingsOf),
    depth: settled.tree.depth,
    root: rootOf(settled.tree),
  };
}

function openingsOf(settled: EpochSettlement): OpenedLeaf[] {
  const { leaves } = forgeryOf(settled);
  return leaves.map((leaf, index) => ({
    index,
    siblings: proofOf(settled.tree, index),
    leaf: bytesOf(leaf),
    curve: curvePreimage(settled.next.accounts.at(index)!.curve),
    audit: auditBytes(leaf),
  }));
}

function bytesOf(leaf: ForgedLeaf): Uint8Array {
  return Buffer.concat([wordsOf(leaf.account), hashOf(curveBytes(leaf)), hashOf(auditBytes(leaf))]);
}

/**
 * Evidence that looks right at every place but one, or at none: wrong neighbours, positions, paths, epochs, previous roots,
 * preimages of something else.
 */
export function forgedEvidence(material: Material, numbers: Random): Evidence {
  const { leaves, parent, older, depth, root } = material;
  const pick = <T>(list: readonly T[]): T => list[numbers.index(list.length)]!;
  const all = [...leaves, ...parent, ...older];
  const one = pick(leaves.length === 0 ? all : leaves);
  const next = leaves[one.index + 1] ?? leaves[0] ?? one;
  const last = leaves.at(-1) ?? one;
  const other = pick(all);
  const bent = (leaf: OpenedLeaf): OpenedLeaf =>
    pick([
      ...[leaf, leaf, leaf, leaf],
      { ...leaf, index: numbers.index(leaves.length + 3) },
      { ...leaf, index: (leaf.index ^ 1) >>> 0 },
      { ...leaf, siblings: leaf.siblings.slice(1) },
      { ...leaf, siblings: [...leaf.siblings, new Uint8Array(32)] },
      { ...leaf, siblings: other.siblings },
      { ...leaf, audit: other.audit },
      { ...leaf, curve: other.curve },
      { ...leaf, leaf: other.leaf },
    ]);
  const orNone = <T>(value: T): T | null => (numbers.index(3) === 0 ? null : value);
  const of = bent(one);
  const same = [...parent, ...older].find(({ leaf }) =>
    Buffer.from(leaf).subarray(0, 32).equals(one.leaf.subarray(0, 32)),
  );
  const previous = bent(pick([same ?? other, ...(parent.length > 0 ? [pick(parent)] : []), other]));
  const around = pick([
    [previous, parent[previous.index + 1] ?? other],
    [of, next],
    [other, pick(all)],
    [parent.at(-1) ?? other, null],
    [null, parent[0] ?? other],
  ] as const);
  const absence = pick([
    { by: 'neighbours' as const, left: around[0] ?? null, right: around[1] ?? null },
    { by: 'neighbours' as const, left: orNone(around[0] ?? null), right: orNone(around[1] ?? null) },
    { by: 'malformed' as const, leaf: previous },
  ]);
  const level = numbers.index(depth + 1);
  const node = pick([
    { level: 0, index: of.index, node: hashOf(hashOf(of.leaf)), siblings: of.siblings },
    { level, index: of.index >>> level, node: new Uint8Array(32), siblings: of.siblings.slice(level) },
    { level, index: of.index >>> level, node: other.siblings[0] ?? root, siblings: of.siblings.slice(level) },
    { level: depth, index: 0, node: root, siblings: [] },
    { level: depth + 1, index: 0, node: root, siblings: [] },
    { level: 0, index: last.index + 1, node: new Uint8Array(32), siblings: last.siblings },
  ]);
  return pick<Evidence>([
    { kind: 'order', left: of, right: pick([other, next, of]) },
    { kind: 'order', left: next, right: of },
    { kind: 'sum', before: orNone(pick([other, leaves[of.index - 1] ?? other])), leaf: of },
    { kind: 'totals', leaf: pick([of, bent(last)]) },
    { kind: 'totals', node },
    { kind: 'transition', before: pick([previous, absence]), leaf: of },
    { kind: 'dropped', before: previous, absence },
    {
      kind: 'malformed',
      node,
      chain: pick([
        [hashOf(of.leaf), of.leaf, pick([of.curve, of.audit])],
        [hashOf(of.leaf), of.leaf],
        [hashOf(of.leaf)],
        [of.leaf, of.curve],
        [Buffer.concat([of.siblings[0] ?? root, other.siblings[0] ?? root])],
        [],
      ]),
      part: pick(['curve' as const, 'audit' as const]),
    },
  ]);
}

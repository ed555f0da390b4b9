import { proofOf, rootOf } from '../../../src/protocol/positional-merkle.ts';
import { curvePreimage } from '../../../src/protocol/vesting-curve.ts';
import type { Evidence } from '../../../src/settlement/faults/evidence.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import type { Random } from '../../support/effort.ts';
import { auditBytes, forgeryOf, hashOf } from '../../support/forgery.ts';
import { runHistory } from '../../support/history.ts';
import type { Case } from './cases.ts';
import { leafBytes } from './lie-kit.ts';

export type Opened = ReturnType<typeof openings>;

/** Every leaf of a settlement and of its parent, opened. */
export function openings({ settled, history }: Case) {
  const leaves = openingsOf(settled);
  const before = settled.record.epoch === 0 ? [] : openingsOf(runHistory(history)[settled.record.epoch - 1]!);
  return { leaves, before, depth: settled.tree.depth, root: rootOf(settled.tree) };
}

function openingsOf(settled: EpochSettlement) {
  const { leaves } = forgeryOf(settled);
  return leaves.map((leaf, index) => ({
    index,
    siblings: proofOf(settled.tree, index),
    leaf: leafBytes(leaf),
    curve: curvePreimage(settled.next.accounts.at(index)!.curve),
    audit: auditBytes(leaf),
  }));
}

/** Evidence that looks right at every place but one, or at none. */
export function forgedEvidence({ leaves, before, depth, root }: Opened, numbers: Random): Evidence {
  const pick = <T>(list: readonly T[]): T => list[numbers.index(list.length)]!;
  const one = pick(leaves);
  const other = pick([...leaves, ...before]);
  const parent = before.length === 0 ? one : pick([...before, ...leaves]);
  const shifted = { ...one, index: numbers.index(leaves.length + 3) };
  const cut = { ...one, siblings: one.siblings.slice(1) };
  const leaf = pick([one, one, one, shifted, cut, { ...one, audit: other.audit }, { ...one, leaf: other.leaf }]);
  const orNone = <T>(value: T): T | null => (numbers.index(4) === 0 ? null : value);
  const absence = pick([
    { by: 'neighbours' as const, left: orNone(other), right: orNone(pick([...before, ...leaves])) },
    { by: 'malformed' as const, leaf: parent },
  ]);
  const level = numbers.index(depth + 1);
  const node = pick([
    { level: 0, index: one.index, node: hashOf(hashOf(one.leaf)), siblings: one.siblings },
    { level, index: one.index >>> level, node: new Uint8Array(32), siblings: one.siblings.slice(level) },
    { level: depth, index: 0, node: root, siblings: [] },
  ]);
  return pick<Evidence>([
    { kind: 'order', left: leaf, right: pick([other, leaves[one.index + 1] ?? one]) },
    { kind: 'sum', before: orNone(other), leaf },
    { kind: 'totals', leaf },
    { kind: 'totals', node },
    { kind: 'transition', before: pick([parent, absence]), leaf },
    { kind: 'dropped', before: parent, absence },
    {
      kind: 'malformed',
      node,
      chain: pick([
        [hashOf(one.leaf), one.leaf, pick([one.curve, one.audit])],
        [hashOf(one.leaf), one.leaf],
        [hashOf(one.leaf)],
        [one.leaf, one.curve],
        [],
      ]),
      part: pick(['curve' as const, 'audit' as const]),
    },
  ]);
}

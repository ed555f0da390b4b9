import type { Audit } from '../../protocol/settlement-leaf.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import type { Absence, AuditOpening, CurveOpening, Evidence, FaultContext, Finding } from './evidence.ts';
import type { Judged } from './judged.ts';
import { judge } from './judged.ts';
import type { OpenedLeaf, OpenedTree, Reveal } from './open-tree.ts';
import { openTree } from './open-tree.ts';
import { curveHash } from '../../protocol/vesting-curve.ts';
import { equalBytes, WORD } from '../../protocol/words.ts';
import { expectedCurve, sumsFollow, totalsMatch } from './predicates.ts';
import { accountWord, isLeafWellFormed, readAudit, readCurve } from './raw-leaf.ts';

/** What a proposal's report and its parent's report reveal. */
export interface FaultInput {
  readonly context: FaultContext;
  readonly reveal: Reveal;
  readonly revealParent: Reveal;
}

/**
 * Looks for a fault of a proposal that a verifier on chain could be shown, and gives it with its evidence. Null means that
 * the settlement is exactly what its scores and accelerations give. Never throws, whatever the bytes are.
 *
 * Scores and accelerated amounts themselves come from the ledger: whether they are true is not arithmetic.
 */
export function findFault({ context, reveal, revealParent }: FaultInput): Finding | null {
  const judged = judge(context);
  if (typeof judged === 'string') return { kind: 'refused', reason: judged };
  const tree = openTree(context.settlement, reveal, 'curve and audit');
  const shape = shapeFault(tree);
  const { leafCount } = context.settlement;
  // More leaves than any report opens: the first one beyond is demanded.
  if (shape === undefined && tree.leaves.length < leafCount) return { kind: 'unavailable', index: tree.leaves.length };
  const parent = openTree(context.parent, revealParent, 'curve');
  const evidence = shape ?? leafFaults(context, judged, tree, parent);
  if (evidence !== undefined) return { kind: evidence.kind, evidence };
  if (tree.unavailable !== undefined) return { kind: 'unavailable', index: tree.unavailable };
  return parent.unavailable === undefined ? null : { kind: 'parent-unavailable', index: parent.unavailable };
}

function shapeFault({ misplaced, malformed }: OpenedTree): Evidence | undefined {
  return malformed ?? (misplaced === undefined ? undefined : { kind: 'totals', node: misplaced });
}

/** A leaf whose bytes are all there and all well formed. */
interface ReadLeaf {
  readonly account: bigint;
  readonly opening: AuditOpening;
  readonly audit: Audit;
}

function leafFaults(context: FaultContext, judged: Judged, tree: OpenedTree, parent: OpenedTree): Evidence | undefined {
  const read: (ReadLeaf | undefined)[] = [];
  for (const leaf of tree.leaves) {
    const result = leaf === undefined ? undefined : readLeaf(context, judged, leaf);
    if (result !== undefined && 'kind' in result) return result;
    read.push(result);
  }
  return (
    orderFault(tree) ??
    sumFault(context, judged, read) ??
    transitionFault(context, judged, read, parent) ??
    droppedFault(context, tree, parent)
  );
}

function readLeaf(context: FaultContext, judged: Judged, leaf: OpenedLeaf): ReadLeaf | Evidence | undefined {
  const { opening, curve, audit } = leaf;
  const { index, siblings, leaf: bytes } = opening;
  const digest = keccak256(bytes);
  const node = { level: 0, index, siblings, node: keccak256(digest) };
  const bad = (...rest: readonly Uint8Array[]): Evidence => ({
    kind: 'malformed',
    node,
    chain: [digest, bytes, ...rest],
  });
  if (!isLeafWellFormed(bytes, context.forbidden)) return bad();
  if (curve !== undefined && readCurve(curve, context.record.end) === undefined)
    return { ...bad(curve), part: 'curve' } as Evidence;
  if (audit === undefined) return undefined;
  const figures = readAudit(audit, judged);
  if (figures === undefined) return { ...bad(audit), part: 'audit' } as Evidence;
  const account = accountWord(bytes);
  return account === undefined ? undefined : { account, opening: { ...opening, audit }, audit: figures };
}

function orderFault({ leaves }: OpenedTree): Evidence | undefined {
  for (let i = 1; i < leaves.length; i++) {
    const [left, right] = [leaves[i - 1]?.opening, leaves[i]?.opening];
    if (left === undefined || right === undefined) continue;
    const [low, high] = [accountWord(left.leaf), accountWord(right.leaf)];
    if (low !== undefined && high !== undefined && low >= high) return { kind: 'order', left, right };
  }
  return undefined;
}

function sumFault(
  context: FaultContext,
  judged: Judged,
  read: readonly (ReadLeaf | undefined)[],
): Evidence | undefined {
  for (let i = 0; i < read.length; i++) {
    const [before, leaf] = [read[i - 1], read[i]];
    if (leaf === undefined || (i > 0 && before === undefined)) continue;
    if (sumsFollow(context, judged, before?.audit ?? null, leaf.audit)) continue;
    return { kind: 'sum', before: before?.opening ?? null, leaf: leaf.opening };
  }
  const last = read.at(-1);
  return last === undefined || totalsMatch(context, last.audit) ? undefined : { kind: 'totals', leaf: last.opening };
}

function transitionFault(
  context: FaultContext,
  judged: Judged,
  read: readonly (ReadLeaf | undefined)[],
  parent: OpenedTree,
): Evidence | undefined {
  const before = new ParentAccounts(context, parent);
  for (const leaf of read) {
    if (leaf === undefined) continue;
    const last = before.of(leaf.account);
    // A parent that its report does not open is a matter of the epoch before.
    if (last === undefined) continue;
    const curve = expectedCurve(context, judged, 'by' in last ? undefined : last.curve, leaf.audit);
    const given = leaf.opening.leaf.subarray(WORD, 2 * WORD);
    if (curve !== undefined && equalBytes(curveHash(curve), given)) continue;
    return { kind: 'transition', before: 'by' in last ? last : last.opening, leaf: leaf.opening };
  }
  return undefined;
}

function droppedFault(context: FaultContext, tree: OpenedTree, parent: OpenedTree): Evidence | undefined {
  const present = new Set(tree.leaves.map((leaf) => (leaf === undefined ? undefined : accountWord(leaf.opening.leaf))));
  const before = new ParentAccounts(context, parent);
  for (const account of before.accounts()) {
    if (present.has(account)) continue;
    const last = before.of(account);
    const absence = absenceOf(account, tree);
    if (last === undefined || 'by' in last || absence === undefined) continue;
    return { kind: 'dropped', before: last.opening, absence };
  }
  return undefined;
}

/** The neighbours around an account that is not there; undefined when one of them is not opened. */
function absenceOf(account: bigint, { leaves }: OpenedTree): Absence | undefined {
  let [low, high] = [0, leaves.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const leaf = leaves[middle];
    const own = leaf === undefined ? undefined : accountWord(leaf.opening.leaf);
    if (own === undefined) return undefined;
    if (own < account) low = middle + 1;
    else high = middle;
  }
  const [left, right] = [leaves[low - 1]?.opening ?? null, leaves[low]?.opening ?? null];
  return { by: 'neighbours', left, right };
}

/** The leaves of the previous tree by account. A malformed one counts as absent. */
class ParentAccounts {
  readonly #tree: OpenedTree;
  readonly #found = new Map<bigint, { readonly curve: Curve; readonly opening: CurveOpening } | Absence>();

  constructor({ record, forbidden }: FaultContext, tree: OpenedTree) {
    this.#tree = tree;
    for (const leaf of tree.leaves) {
      const account = leaf === undefined ? undefined : accountWord(leaf.opening.leaf);
      if (leaf?.curve === undefined || account === undefined) continue;
      const opening = { ...leaf.opening, curve: leaf.curve };
      const curve = isLeafWellFormed(opening.leaf, forbidden) ? readCurve(leaf.curve, record.start) : undefined;
      this.#found.set(account, curve === undefined ? { by: 'malformed', leaf: opening } : { curve, opening });
    }
  }

  accounts(): Iterable<bigint> {
    return this.#found.keys();
  }

  of(account: bigint): { readonly curve: Curve; readonly opening: CurveOpening } | Absence | undefined {
    return this.#found.get(account) ?? absenceOf(account, this.#tree);
  }
}

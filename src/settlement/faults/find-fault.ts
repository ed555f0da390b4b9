import type { Audit } from '../../protocol/settlement-leaf.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { keccak256 } from '../../protocol/keccak.ts';
import type {
  Absence,
  AuditOpening,
  CurveOpening,
  Evidence,
  FaultContext,
  Finding,
  MalformedFault,
  Refusal,
} from './evidence.ts';
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

/** Everything that a report and its parent's show of a proposal. */
export type Examination =
  | { readonly refused: Refusal }
  | {
      readonly refused?: undefined;
      /**
       * Evidence by evidence, found while it is asked for. In a tree with one fault all of it holds; with several a
       * later one may not, since the order of leaves was counted on: {@link checkEvidence} tells.
       */
      readonly evidence: Iterable<Evidence>;
      /** The first leaf that the report does not open. */
      readonly unavailable: number | undefined;
      /** The first leaf of the epoch before that its report does not open, so that transitions cannot be judged. */
      readonly parentUnavailable: number | undefined;
    };

/** Takes a proposal apart by what its report and its parent's show. Never throws, whatever the bytes are. */
export function examine({ context, reveal, revealParent }: FaultInput): Examination {
  const judged = judge(context);
  if (typeof judged === 'string') return { refused: judged };
  const tree = openTree(context.settlement, reveal, 'curve and audit');
  const { leafCount } = context.settlement;
  // More leaves than any report opens: the first one beyond is demanded.
  if (tree.leaves.length < leafCount) {
    return { evidence: shapeFaults(tree), unavailable: tree.leaves.length, parentUnavailable: undefined };
  }
  const parent = openTree(context.parent, revealParent, 'curve');
  return {
    evidence: faults(context, judged, tree, parent),
    unavailable: tree.unavailable,
    parentUnavailable: parent.unavailable,
  };
}

/**
 * Looks for a fault of a proposal that a verifier on chain could be shown, and gives it with its evidence. Null means that
 * the settlement is exactly what its scores and accelerations give. Never throws, whatever the bytes are.
 *
 * Scores and accelerated amounts themselves come from the ledger: whether they are true is not arithmetic.
 */
export function findFault(input: FaultInput): Finding | null {
  const examination = examine(input);
  if (examination.refused !== undefined) return { kind: 'refused', reason: examination.refused };
  for (const evidence of examination.evidence) return { kind: evidence.kind, evidence };
  const { unavailable, parentUnavailable } = examination;
  if (unavailable !== undefined) return { kind: 'unavailable', index: unavailable };
  return parentUnavailable === undefined ? null : { kind: 'parent-unavailable', index: parentUnavailable };
}

function* shapeFaults({ misplaced, malformed }: OpenedTree): Generator<Evidence> {
  yield* malformed;
  for (const node of misplaced) yield { kind: 'totals', node };
}

/** A leaf whose bytes are all there and all well formed. */
interface ReadLeaf {
  readonly account: bigint;
  readonly opening: AuditOpening;
  readonly audit: Audit;
}

function* faults(context: FaultContext, judged: Judged, tree: OpenedTree, parent: OpenedTree): Generator<Evidence> {
  yield* shapeFaults(tree);
  const read: (ReadLeaf | undefined)[] = [];
  for (const leaf of tree.leaves) {
    const result = leaf === undefined ? undefined : readLeaf(context, judged, leaf);
    const isMalformed = result !== undefined && 'kind' in result;
    if (isMalformed) yield result;
    read.push(isMalformed ? undefined : result);
  }
  yield* orderFaults(tree);
  yield* sumFaults(context, judged, read);
  yield* transitionFaults(context, judged, read, parent);
  yield* droppedFaults(context, tree, parent);
}

function readLeaf(context: FaultContext, judged: Judged, leaf: OpenedLeaf): ReadLeaf | MalformedFault | undefined {
  const { opening, curve, audit } = leaf;
  const { index, siblings, leaf: bytes } = opening;
  const digest = keccak256(bytes);
  const node = { level: 0, index, siblings, node: keccak256(digest) };
  const bad = (...rest: readonly Uint8Array[]): MalformedFault => ({
    kind: 'malformed',
    node,
    chain: [digest, bytes, ...rest],
  });
  if (!isLeafWellFormed(bytes, context.forbidden)) return bad();
  if (curve !== undefined && readCurve(curve, context.record.end) === undefined)
    return { ...bad(curve), part: 'curve' };
  if (audit === undefined) return undefined;
  const figures = readAudit(audit, judged);
  if (figures === undefined) return { ...bad(audit), part: 'audit' };
  const account = accountWord(bytes);
  return account === undefined ? undefined : { account, opening: { ...opening, audit }, audit: figures };
}

function* orderFaults({ leaves }: OpenedTree): Generator<Evidence> {
  for (let i = 1; i < leaves.length; i++) {
    const [left, right] = [leaves[i - 1]?.opening, leaves[i]?.opening];
    if (left === undefined || right === undefined) continue;
    const [low, high] = [accountWord(left.leaf), accountWord(right.leaf)];
    if (low !== undefined && high !== undefined && low >= high) yield { kind: 'order', left, right };
  }
}

function* sumFaults(
  context: FaultContext,
  judged: Judged,
  read: readonly (ReadLeaf | undefined)[],
): Generator<Evidence> {
  for (let i = 0; i < read.length; i++) {
    const [before, leaf] = [read[i - 1], read[i]];
    if (leaf === undefined || (i > 0 && before === undefined)) continue;
    if (sumsFollow(context, judged, before?.audit ?? null, leaf.audit)) continue;
    yield { kind: 'sum', before: before?.opening ?? null, leaf: leaf.opening };
  }
  const last = read.at(-1);
  if (last !== undefined && !totalsMatch(context, last.audit)) yield { kind: 'totals', leaf: last.opening };
}

function* transitionFaults(
  context: FaultContext,
  judged: Judged,
  read: readonly (ReadLeaf | undefined)[],
  parent: OpenedTree,
): Generator<Evidence> {
  const before = new ParentAccounts(context, parent);
  for (const leaf of read) {
    if (leaf === undefined) continue;
    const last = before.of(leaf.account);
    // A parent that its report does not open is a matter of the epoch before.
    if (last === undefined) continue;
    const curve = expectedCurve(context, judged, 'by' in last ? undefined : last.curve, leaf.audit);
    const given = leaf.opening.leaf.subarray(WORD, 2 * WORD);
    if (curve !== undefined && equalBytes(curveHash(curve), given)) continue;
    yield { kind: 'transition', before: 'by' in last ? last : last.opening, leaf: leaf.opening };
  }
}

function* droppedFaults(context: FaultContext, tree: OpenedTree, parent: OpenedTree): Generator<Evidence> {
  const present = new Set(tree.leaves.map((leaf) => (leaf === undefined ? undefined : accountWord(leaf.opening.leaf))));
  const before = new ParentAccounts(context, parent);
  for (const account of before.accounts()) {
    if (present.has(account)) continue;
    const last = before.of(account);
    const absence = absenceOf(account, tree);
    if (last === undefined || 'by' in last || absence === undefined) continue;
    yield { kind: 'dropped', before: last.opening, absence };
  }
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

import { keccak256 } from '../../protocol/keccak.ts';
import type { Audit } from '../../protocol/settlement-leaf.ts';
import { curveHash } from '../../protocol/vesting-curve.ts';
import { equalBytes, WORD } from '../../protocol/words.ts';
import type { AuditOpening, Evidence, FaultContext, Finding, MalformedFault, Refusal } from './evidence.ts';
import type { Judged } from './judged.ts';
import { judge } from './judged.ts';
import type { OpenedLeaf, OpenedTree } from './open-tree.ts';
import { openTree } from './open-tree.ts';
import { expectedCurve, sumsFollow, totalsMatch } from './predicates.ts';
import type { Reveal } from './preimages.ts';
import { accountWord, isLeafWellFormed, readAudit, readCurve } from './raw-leaf.ts';
import { ParentAccounts, TreeAccounts } from './tree-accounts.ts';

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

/** A leaf whose bytes are all there and all well formed. */
interface ReadLeaf {
  readonly leaf: OpenedLeaf;
  readonly account: bigint;
  readonly audit: Audit;
  readonly opening: () => AuditOpening;
}

/** Goes leaf by leaf, so that of a tree no more is kept than its bytes. */
function* faults(context: FaultContext, judged: Judged, tree: OpenedTree, parent: OpenedTree): Generator<Evidence> {
  yield* tree.shapeFaults();
  yield* tree.orderFaults();
  const before = new ParentAccounts(context, parent);
  let last: ReadLeaf | undefined;
  for (const leaf of tree.leaves) {
    const read = readLeaf(context, judged, leaf, tree);
    const isMalformed = read !== undefined && 'kind' in read;
    if (isMalformed) yield read;
    const now = isMalformed ? undefined : read;
    if (now !== undefined) {
      const isNext = last?.leaf.index === leaf.index - 1;
      if (isNext || leaf.index === 0) yield* sumFaults(context, judged, isNext ? last : undefined, now);
      if (leaf.index === context.settlement.leafCount - 1 && !totalsMatch(context, now.audit)) {
        yield { kind: 'totals', leaf: now.opening() };
      }
      yield* transitionFaults(context, judged, now, before);
    }
    last = now;
  }
  yield* droppedFaults(new TreeAccounts(tree, context.settlement.leafCount), before);
}

function readLeaf(
  context: FaultContext,
  judged: Judged,
  leaf: OpenedLeaf,
  tree: OpenedTree,
): ReadLeaf | MalformedFault | undefined {
  const { leaf: bytes, curve, audit } = leaf;
  const bad = (...rest: readonly Uint8Array[]): MalformedFault => {
    const { index, siblings } = tree.openingOf(leaf);
    const digest = keccak256(bytes);
    const node = { level: 0, index, siblings, node: keccak256(digest) };
    return { kind: 'malformed', node, chain: [digest, bytes, ...rest] };
  };
  if (!isLeafWellFormed(bytes, context.forbidden)) return bad();
  if (curve !== undefined && readCurve(curve, context.record.end) === undefined)
    return { ...bad(curve), part: 'curve' };
  if (audit === undefined) return undefined;
  const figures = readAudit(audit, judged);
  if (figures === undefined) return { ...bad(audit), part: 'audit' };
  const account = accountWord(bytes);
  if (account === undefined) return undefined;
  return { leaf, account, audit: figures, opening: () => ({ ...tree.openingOf(leaf), audit }) };
}

/** Of a leaf and the one before it; undefined before the first. */
function* sumFaults(
  context: FaultContext,
  judged: Judged,
  before: ReadLeaf | undefined,
  { audit, opening }: ReadLeaf,
): Generator<Evidence> {
  if (sumsFollow(context, judged, before?.audit ?? null, audit)) return;
  yield { kind: 'sum', before: before?.opening() ?? null, leaf: opening() };
}

function* transitionFaults(
  context: FaultContext,
  judged: Judged,
  { account, audit, leaf, opening }: ReadLeaf,
  parents: ParentAccounts,
): Generator<Evidence> {
  const before = parents.of(account);
  // A parent that its report does not open is a matter of the epoch before.
  if (before === undefined) return;
  const curve = expectedCurve(context, judged, before.curve, audit);
  if (curve !== undefined && equalBytes(curveHash(curve), leaf.leaf.subarray(WORD, 2 * WORD))) return;
  yield { kind: 'transition', before: before.evidence(), leaf: opening() };
}

function* droppedFaults(present: TreeAccounts, parents: ParentAccounts): Generator<Evidence> {
  for (const account of parents.accounts()) {
    if (present.leafOf(account) !== undefined) continue;
    const gap = present.gapAround(account);
    const before = gap === undefined ? undefined : parents.of(account)?.evidence();
    if (gap === undefined || before === undefined || 'by' in before) continue;
    yield { kind: 'dropped', before, absence: gap() };
  }
}

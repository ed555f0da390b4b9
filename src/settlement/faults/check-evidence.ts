import { keccak256 } from '../../protocol/keccak.ts';
import { curveHash } from '../../protocol/vesting-curve.ts';
import { equalBytes, WORD } from '../../protocol/words.ts';
import type {
  AuditOpening,
  DroppedFault,
  Evidence,
  FaultContext,
  MalformedFault,
  NodeOpening,
  OrderFault,
  SumFault,
  TransitionFault,
} from './evidence.ts';
import type { Judged } from './judged.ts';
import { judge } from './judged.ts';
import { isAbsent, isLeafOf, isNodeOf, parentLeaf } from './openings.ts';
import { expectedCurve, sumsFollow, totalsMatch } from './predicates.ts';
import { accountWord, isLeafWellFormed, opens, readAudit, readCurve } from './raw-leaf.ts';

/**
 * Whether the evidence proves a fault of the proposal. Looks at nothing but the context and the evidence, as a contract
 * would; never throws, whatever the bytes are. An honest settlement on an honest parent withstands every evidence.
 */
export function checkEvidence(context: FaultContext, evidence: Evidence): boolean {
  const judged = judge(context);
  if (typeof judged === 'string') return false;
  switch (evidence.kind) {
    case 'order':
      return provesOrder(context, evidence);
    case 'sum':
      return provesSum(context, judged, evidence);
    case 'totals':
      return 'node' in evidence
        ? provesLeafCount(context, evidence.node)
        : provesTotals(context, judged, evidence.leaf);
    case 'transition':
      return provesTransition(context, judged, evidence);
    case 'dropped':
      return provesDropped(context, evidence);
    case 'malformed':
      return provesMalformed(context, judged, evidence);
  }
}

/** Two neighbours by their raw accounts; of malformed bytes there is no account to compare. */
function provesOrder({ settlement }: FaultContext, { left, right }: OrderFault): boolean {
  if (!isLeafOf(settlement, left) || !isLeafOf(settlement, right) || right.index !== left.index + 1) return false;
  const [low, high] = [accountWord(left.leaf), accountWord(right.leaf)];
  return low !== undefined && high !== undefined && low >= high;
}

function auditOf({ settlement }: FaultContext, judged: Judged, opening: AuditOpening) {
  if (!isLeafOf(settlement, opening) || !opens(opening.leaf, 64, opening.audit)) return undefined;
  return readAudit(opening.audit, judged);
}

function provesSum(context: FaultContext, judged: Judged, { before, leaf }: SumFault): boolean {
  const own = auditOf(context, judged, leaf);
  if (own === undefined) return false;
  if (before === null) return leaf.index === 0 && !sumsFollow(context, judged, null, own);
  const last = auditOf(context, judged, before);
  return last !== undefined && leaf.index === before.index + 1 && !sumsFollow(context, judged, last, own);
}

function provesTotals(context: FaultContext, judged: Judged, leaf: AuditOpening): boolean {
  const audit = auditOf(context, judged, leaf);
  if (audit === undefined || leaf.index !== context.settlement.leafCount - 1) return false;
  return !totalsMatch(context, audit);
}

function provesLeafCount({ settlement }: FaultContext, opening: NodeOpening): boolean {
  if (!isNodeOf(settlement, opening)) return false;
  const first = opening.index * 2 ** opening.level; // integer: a power of two of a small whole number
  return isZero(opening.node) === first < settlement.leafCount;
}

function provesTransition(context: FaultContext, judged: Judged, { before, leaf }: TransitionFault): boolean {
  const audit = auditOf(context, judged, leaf);
  const account = accountWord(leaf.leaf);
  if (audit === undefined || account === undefined) return false;
  const { parent, record, forbidden } = context;
  if ('by' in before) {
    if (!isAbsent(parent, account, before, record.start, forbidden)) return false;
    return !isExpected(leaf, expectedCurve(context, judged, undefined, audit));
  }
  const last = parentLeaf(context, before);
  if (last === undefined || last.account !== account) return false;
  return !isExpected(leaf, expectedCurve(context, judged, last.curve, audit));
}

function isExpected({ leaf }: AuditOpening, curve: ReturnType<typeof expectedCurve>): boolean {
  return curve !== undefined && equalBytes(curveHash(curve), leaf.subarray(WORD, 2 * WORD));
}

function provesDropped(context: FaultContext, { before, absence }: DroppedFault): boolean {
  const { settlement, record, forbidden } = context;
  const last = parentLeaf(context, before);
  // A malformed leaf of this tree is its own kind of fault.
  return (
    last !== undefined &&
    absence.by === 'neighbours' &&
    isAbsent(settlement, last.account, absence, record.end, forbidden)
  );
}

function provesMalformed(context: FaultContext, judged: Judged, { node: at, chain, part }: MalformedFault): boolean {
  const { settlement, record, forbidden } = context;
  const [first, second, third] = chain;
  if (!isNodeOf(settlement, at) || first === undefined || !equalBytes(keccak256(first), at.node)) return false;
  if (at.level > 0) return first.length !== 2 * WORD || isZero(first);
  // Positions at or above the leaf count must be 0, which is a fault of its own.
  if (at.index >= settlement.leafCount) return false;
  if (first.length !== WORD) return true;
  if (second === undefined || !equalBytes(keccak256(second), first)) return false;
  if (!isLeafWellFormed(second, forbidden)) return true;
  if (third === undefined || part === undefined) return false;
  if (!opens(second, part === 'curve' ? 32 : 64, third)) return false;
  return (part === 'curve' ? readCurve(third, record.end) : readAudit(third, judged)) === undefined;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

import { checkEvidence } from '../faults/check-evidence.ts';
import type { Evidence, FaultContext, MalformedFault, Refusal } from '../faults/evidence.ts';
import type { FaultInput } from '../faults/find-fault.ts';
import { examine } from '../faults/find-fault.ts';
import type { Fault } from './encode-proof.ts';
import { encodeProof, faultOf, malformedProofLength } from './encode-proof.ts';
import type { ProofCost } from './proof-cost.ts';
import { costOf } from './proof-cost.ts';

/** A proof that a verifier takes. */
export interface Disproof {
  readonly fault: Fault;
  readonly evidence: Evidence;
  readonly proof: Uint8Array;
  readonly cost: ProofCost;
}

/** Why a leaf has to be demanded: its bytes are not published, or they are too many for a transaction. */
export type DemandReason = 'withheld' | 'too-large';

/** What is to be done about a proposal. */
export type Verdict =
  /** Nothing: it is exactly what its scores and accelerations give. */
  | { readonly kind: 'sound' }
  /** Nothing: the distributor would not have taken it. */
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** One transaction disproves it. */
  | { readonly kind: 'disproof'; readonly disproof: Disproof; readonly others: number }
  /**
   * This leaf is to be demanded; an answer shows what is wrong, and none disproves the proposal. Where its bytes are too many,
   * `instead` is a proof that costs more than it should, for when it is too late for demands.
   */
  | { readonly kind: 'demand'; readonly index: number; readonly reason: DemandReason; readonly instead?: Disproof }
  /** The report of the epoch before does not open this leaf; apart from that nothing was found. */
  | { readonly kind: 'parent-unavailable'; readonly index: number };

/**
 * Bytes of a proof that stay below 1,500,000 gas whatever they are, at 40 for each. An honest leaf is below 5 kB and a proof
 * with the largest of them below 9 kB, so bytes that do not fit belong to no honest leaf, and a demand of theirs cannot be
 * answered.
 */
export const MAX_PROOF = 32 * 1024;
/** Proofs larger than this are never sent: nodes pass on no transaction of more than 128 kB. */
const MAX_DATA = 96 * 1024;
/** So many proofs are compared: one that makes every leaf false is not worth a proof for each. */
export const MAX_CANDIDATES = 64;

/**
 * Finds what is wrong with a proposal and the cheapest transaction that proves it. Every proof was judged by the same rules
 * as the contract's before it is returned.
 */
export function prove(input: FaultInput): Verdict {
  const examination = examine(input);
  if (examination.refused !== undefined) return { kind: 'refused', reason: examination.refused };
  const { disproofs, tooLarge } = collect(input, examination.evidence);
  const [cheapest, ...others] = disproofs;
  if (cheapest !== undefined) return { kind: 'disproof', disproof: cheapest, others: others.length };
  if (tooLarge !== undefined) {
    const { index, disproof: instead } = tooLarge;
    const holds = instead !== undefined && checkEvidence(input.context, instead.evidence);
    return { kind: 'demand', index, reason: 'too-large', ...(holds ? { instead } : {}) };
  }
  const { unavailable, parentUnavailable } = examination;
  if (unavailable !== undefined) return { kind: 'demand', index: unavailable, reason: 'withheld' };
  return parentUnavailable === undefined ? { kind: 'sound' } : { kind: 'parent-unavailable', index: parentUnavailable };
}

/** The first {@link MAX_CANDIDATES} proofs that hold, the cheapest first. */
export function disproofsOf(input: FaultInput): readonly Disproof[] {
  const examination = examine(input);
  if (examination.refused !== undefined) return [];
  return collect(input, examination.evidence).disproofs;
}

interface Collected {
  readonly disproofs: readonly Disproof[];
  /** A leaf whose bytes prove a fault and do not fit, and its proof if a node takes it at all. */
  readonly tooLarge: TooLarge | undefined;
}

interface TooLarge {
  readonly index: number;
  readonly disproof: Disproof | undefined;
}

/** Proofs are written only for what holds, and no more of them than are compared. */
function collect({ context }: FaultInput, found: Iterable<Evidence>): Collected {
  const disproofs: Disproof[] = [];
  let tooLarge: TooLarge | undefined;
  for (const evidence of found) {
    if (evidence.kind === 'malformed' && malformedProofLength(evidence) > MAX_PROOF) {
      tooLarge ??= tooLargeOf(context, evidence);
      continue;
    }
    if (!checkEvidence(context, evidence)) continue;
    disproofs.push(disproofOf(context, evidence));
    if (disproofs.length === MAX_CANDIDATES) break;
  }
  disproofs.sort((one, other) => one.cost.gas - other.cost.gas);
  return { disproofs, tooLarge };
}

function disproofOf(context: FaultContext, evidence: Evidence): Disproof {
  const proof = encodeProof(evidence);
  return { fault: faultOf(evidence), evidence, proof, cost: costOf(context, evidence, proof) };
}

function tooLargeOf(context: FaultContext, evidence: MalformedFault): TooLarge {
  const { level, index } = evidence.node;
  const isSendable = malformedProofLength(evidence) <= MAX_DATA;
  const first = index * 2 ** level; // integer: a power of two of a small whole number
  return { index: first, disproof: isSendable ? disproofOf(context, evidence) : undefined };
}

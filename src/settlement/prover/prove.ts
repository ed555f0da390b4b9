import { checkEvidence } from '../faults/check-evidence.ts';
import type { Evidence, Refusal } from '../faults/evidence.ts';
import type { FaultInput } from '../faults/find-fault.ts';
import { examine } from '../faults/find-fault.ts';
import type { Fault } from './encode-proof.ts';
import { encodeProof, faultOf } from './encode-proof.ts';
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
  /** This leaf is to be demanded; an answer shows what is wrong, and none disproves the proposal. */
  | { readonly kind: 'demand'; readonly index: number; readonly reason: DemandReason }
  /** The report of the epoch before does not open this leaf; apart from that nothing was found. */
  | { readonly kind: 'parent-unavailable'; readonly index: number };

/**
 * Proofs larger than this are not sent: nodes pass on no transaction of more than 128 kB. An honest leaf is below 5 kB, so
 * bytes that do not fit belong to no honest leaf, and a demand of theirs cannot be answered.
 */
export const MAX_PROOF = 96 * 1024;

/**
 * Finds what is wrong with a proposal and the cheapest transaction that proves it. Every proof was judged by the same rules
 * as the contract's before it is returned.
 */
export function prove(input: FaultInput): Verdict {
  const examination = examine(input);
  if (examination.refused !== undefined) return { kind: 'refused', reason: examination.refused };
  const { disproofs, tooLarge } = collect(input, examination.evidence);
  for (const disproof of disproofs) {
    if (!checkEvidence(input.context, disproof.evidence)) continue;
    return { kind: 'disproof', disproof, others: disproofs.length - 1 };
  }
  if (tooLarge !== undefined) return { kind: 'demand', index: tooLarge, reason: 'too-large' };
  const { unavailable, parentUnavailable } = examination;
  if (unavailable !== undefined) return { kind: 'demand', index: unavailable, reason: 'withheld' };
  return parentUnavailable === undefined ? { kind: 'sound' } : { kind: 'parent-unavailable', index: parentUnavailable };
}

/** All proofs that may hold, the cheapest first. */
export function disproofsOf(input: FaultInput): readonly Disproof[] {
  const examination = examine(input);
  if (examination.refused !== undefined) return [];
  const { disproofs } = collect(input, examination.evidence);
  return disproofs.filter(({ evidence }) => checkEvidence(input.context, evidence));
}

interface Collected {
  readonly disproofs: readonly Disproof[];
  /** A leaf whose bytes prove a fault and do not fit. */
  readonly tooLarge: number | undefined;
}

function collect({ context }: FaultInput, found: Iterable<Evidence>): Collected {
  const disproofs: Disproof[] = [];
  let tooLarge: number | undefined;
  for (const evidence of found) {
    const proof = encodeProof(evidence);
    if (proof.length <= MAX_PROOF) {
      disproofs.push({ fault: faultOf(evidence), evidence, proof, cost: costOf(context, evidence, proof) });
    } else if (evidence.kind === 'malformed') {
      tooLarge ??= evidence.node.index * 2 ** evidence.node.level; // integer: a power of two of a small whole number
    }
  }
  disproofs.sort((one, other) => one.cost.gas - other.cost.gas);
  return { disproofs, tooLarge };
}

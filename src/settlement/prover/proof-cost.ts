import { wordsToBytes } from '../../protocol/abi.ts';
import { recordWords, settlementWords } from '../../protocol/epoch-record.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { bytesToHex, WORD } from '../../protocol/words.ts';
import type { Absence, Evidence, FaultContext, LeafOpening } from '../faults/evidence.ts';
import type { Fault } from './encode-proof.ts';
import { faultOf } from './encode-proof.ts';

/** What a proof costs to bring: an estimate, good enough to choose by and to plan with; a node knows better. */
export interface ProofCost {
  /** Of the proof alone. */
  readonly bytes: number;
  /** Of the whole transaction. */
  readonly gas: number;
}

/** Gas of a transaction before anything runs, and of a byte of its data. */
const TRANSACTION = 21_000;
const ZERO_BYTE = 4;
const NONZERO_BYTE = 16;
/** A transaction that is mostly data pays at least this much for it. */
const ZERO_BYTE_FLOOR = 10;
const NONZERO_BYTE_FLOOR = 40;

/**
 * What `disprove` uses besides, by fault: reading the record and the declaration, judging, dropping the proposal, crediting two
 * accounts; and for each cohort of the total curve, which is read from storage and hashed, and stands in what is judged.
 * Measured on trees of a few leaves to a million; the tests compare with what is really used.
 */
const EXECUTION: Readonly<Record<Fault, { readonly base: number; readonly cohort: number }>> = {
  order: { base: 137_000, cohort: 3_000 },
  sum: { base: 160_000, cohort: 5_500 },
  totals: { base: 145_000, cohort: 4_100 },
  'leaf-count': { base: 133_000, cohort: 3_000 },
  transition: { base: 167_000, cohort: 7_000 },
  dropped: { base: 144_000, cohort: 3_500 },
  malformed: { base: 139_000, cohort: 3_000 },
};
/** One step up a tree, one task, and a settlement before this one. */
const STEP = 350;
const TASK = 1_700;
const PARENT = 6_500;

/**
 * What it costs to prove this with `disprove`. Modelled, not run: the data exactly, the rest by what was measured of each
 * kind of proof.
 */
export function costOf(context: FaultContext, evidence: Evidence, proof: Uint8Array): ProofCost {
  const [call, own] = [callData(context), countBytes(proof)];
  const zeros = call.zeros + own.zeros;
  const others = call.others + own.others;
  const steps = pathsOf(evidence).reduce((sum, siblings) => sum + siblings.length, 0);
  const { record, parent } = context;
  const { base, cohort } = EXECUTION[faultOf(evidence)];
  const before = record.epoch === 0 ? 0 : PARENT;
  const size = TASK * record.tasks.length + cohort * parent.totalCurve.cohorts.length;
  const execution = base + before + size + STEP * steps;
  const run = ZERO_BYTE * zeros + NONZERO_BYTE * others + execution;
  const least = ZERO_BYTE_FLOOR * zeros + NONZERO_BYTE_FLOOR * others;
  return { bytes: proof.length, gas: TRANSACTION + (run > least ? run : least) };
}

/** Bytes of data by what they cost. */
interface ByteCount {
  readonly zeros: number;
  readonly others: number;
}

const counted = new WeakMap<FaultContext, ByteCount>();

/** The data of the call besides the proof: record and settlement. */
function callData(context: FaultContext): ByteCount {
  const known = counted.get(context);
  if (known !== undefined) return known;
  const reportCid = parseHash32(bytesToHex(new Uint8Array(WORD).fill(1)));
  const words = [...recordWords(context.record), ...settlementWords({ ...context.settlement, reportCid })];
  const count = countBytes(wordsToBytes(words));
  counted.set(context, count);
  return count;
}

function countBytes(bytes: Uint8Array): ByteCount {
  let zeros = 0;
  for (const byte of bytes) if (byte === 0) zeros++;
  return { zeros, others: bytes.length - zeros };
}

/** The paths that a verifier climbs. */
function pathsOf(evidence: Evidence): readonly (readonly Uint8Array[])[] {
  const of = (...leaves: readonly (LeafOpening | null)[]) => leaves.flatMap((leaf) => (leaf ? [leaf.siblings] : []));
  const absent = (absence: Absence) =>
    absence.by === 'malformed' ? of(absence.leaf) : of(absence.left, absence.right);
  switch (evidence.kind) {
    case 'order':
      return of(evidence.left, evidence.right);
    case 'sum':
      return of(evidence.before, evidence.leaf);
    case 'totals':
      return 'node' in evidence ? [evidence.node.siblings] : of(evidence.leaf);
    case 'transition':
      return [...of(evidence.leaf), ...('by' in evidence.before ? absent(evidence.before) : of(evidence.before))];
    case 'dropped':
      return [...of(evidence.before), ...absent(evidence.absence)];
    case 'malformed':
      return [evidence.node.siblings];
  }
}

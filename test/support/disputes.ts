import type { Result } from 'ethers';
import { AbiCoder, hexlify } from 'ethers';

import type {
  DisputeStruct,
  LeafAnswerStruct,
} from '../../types/typechain/contracts/distribution/interfaces/ISettlementVerifier.ts';
import { ZERO_ADDRESS } from '../../src/protocol/brands.ts';
import type { Absence, AuditOpening, CurveOpening, Evidence } from '../../src/settlement/faults/evidence.ts';
import type { FaultContext, LeafOpening, NodeOpening } from '../../src/settlement/faults/evidence.ts';
import { curveWords } from './leaves.ts';
import { recordStruct, settlementStruct } from './protocol-fixture.ts';

/** The names of {Fault}, in its order. */
export const FAULTS = ['Order', 'Sum', 'Totals', 'LeafCount', 'Transition', 'Dropped', 'Malformed'] as const;
export type FaultName = (typeof FAULTS)[number];

/** A proof as the verifier takes it. */
export interface Proof {
  readonly fault: number;
  readonly bytes: string;
}

const OPENING = '(uint32 index, bytes32[] siblings, bytes leaf)';
const AUDIT = `(${OPENING} at, bytes audit)`;
const CURVE = `(${OPENING} at, bytes curve)`;
const NODE = '(uint8 level, uint32 index, bytes32 node, bytes32[] siblings)';
const ABSENCE = `(${OPENING}[] left, ${OPENING}[] right, ${CURVE}[] malformed)`;

/** The structs of the proofs, in the order of {Fault}; written from the interface, which prints them in no ABI. */
const STRUCTS: Record<FaultName, string> = {
  Order: `(${OPENING} left, ${OPENING} right)`,
  Sum: `(${AUDIT}[] before, ${AUDIT} leaf)`,
  Totals: `(${AUDIT} leaf)`,
  LeafCount: `(${NODE} node)`,
  Transition: `(${CURVE}[] before, ${ABSENCE}[] absence, ${AUDIT} leaf)`,
  Dropped: `(${CURVE} before, ${ABSENCE} absence)`,
  Malformed: `(${NODE} node, bytes[] chain, bool audit)`,
};

/** A proof of the named fault from its struct's values. */
export function encodeProof(name: FaultName, values: readonly unknown[]): Proof {
  const struct = `tuple${STRUCTS[name]}`;
  return { fault: FAULTS.indexOf(name), bytes: AbiCoder.defaultAbiCoder().encode([struct], [values]) };
}

/** The values of a proof's struct, as lists within lists. */
export function decodeProof(fault: number, bytes: string): unknown[] {
  const [values] = AbiCoder.defaultAbiCoder().decode([`tuple${STRUCTS[FAULTS[fault]!]}`], bytes);
  return (values as Result).toArray(true);
}

/** The evidence as a proof, by the interface's structs alone. */
export function proofOf(evidence: Evidence): Proof {
  switch (evidence.kind) {
    case 'order':
      return encodeProof('Order', [leaf(evidence.left), leaf(evidence.right)]);
    case 'sum':
      return encodeProof('Sum', [list(evidence.before, audit), audit(evidence.leaf)]);
    case 'totals':
      return 'node' in evidence
        ? encodeProof('LeafCount', [node(evidence.node)])
        : encodeProof('Totals', [audit(evidence.leaf)]);
    case 'transition': {
      const { before } = evidence;
      const parts = 'by' in before ? [[], [absence(before)]] : [[curve(before)], []];
      return encodeProof('Transition', [...parts, audit(evidence.leaf)]);
    }
    case 'dropped':
      return encodeProof('Dropped', [curve(evidence.before), absence(evidence.absence)]);
    case 'malformed':
      return encodeProof('Malformed', [
        node(evidence.node),
        evidence.chain.map((bytes) => hexlify(bytes)),
        evidence.part === 'audit',
      ]);
  }
}

const leaf = ({ index, siblings, leaf }: LeafOpening): unknown => [
  index,
  siblings.map((one) => hexlify(one)),
  hexlify(leaf),
];
const audit = (opening: AuditOpening): unknown => [leaf(opening), hexlify(opening.audit)];
const curve = (opening: CurveOpening): unknown => [leaf(opening), hexlify(opening.curve)];
const node = ({ level, index, node, siblings }: NodeOpening): unknown => [
  ...[level, index, hexlify(node)],
  siblings.map((one) => hexlify(one)),
];
const list = <T>(value: T | null, encode: (value: T) => unknown): unknown[] => (value === null ? [] : [encode(value)]);
const absence = (given: Absence): unknown =>
  given.by === 'malformed' ? [[], [], [curve(given.leaf)]] : [list(given.left, leaf), list(given.right, leaf), []];

/** What the distributor would make of the context, if its settlement were proposed. */
export function disputeOf({ record, parent, settlement, forbidden }: FaultContext): DisputeStruct {
  const [token = ZERO_ADDRESS, vault = ZERO_ADDRESS, reserve = ZERO_ADDRESS, distributor = ZERO_ADDRESS] = forbidden;
  return {
    record: recordStruct(record),
    settlement: settlementStruct(settlement),
    parentRoot: parent.root,
    parentLeafCount: parent.leafCount,
    reserve: parent.reserve,
    total: curveWords(parent.totalCurve),
    forbidden: [token, vault, reserve, distributor],
  };
}

/** A leaf with everything behind its hashes, as an answer to a demand. */
export function answerOf(opening: AuditOpening & CurveOpening): LeafAnswerStruct {
  return {
    siblings: opening.siblings.map((one) => hexlify(one)),
    leaf: hexlify(opening.leaf),
    curve: hexlify(opening.curve),
    audit: hexlify(opening.audit),
  };
}

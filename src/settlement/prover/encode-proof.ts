import type { AbiValue } from '../../protocol/abi-values.ts';
import { abiBytes, abiBytes32, abiEncode, abiList, abiTuple, abiWord } from '../../protocol/abi-values.ts';
import { WORD } from '../../protocol/words.ts';
import type {
  Absence,
  AuditOpening,
  CurveOpening,
  Evidence,
  LeafOpening,
  MalformedFault,
  NodeOpening,
} from '../faults/evidence.ts';

/** The contract's `Fault`, in its order. */
export const FAULTS = ['order', 'sum', 'totals', 'leaf-count', 'transition', 'dropped', 'malformed'] as const;
export type Fault = (typeof FAULTS)[number];

/** What the contract calls the fault that an evidence shows. */
export function faultOf(evidence: Evidence): Fault {
  return evidence.kind === 'totals' && 'node' in evidence ? 'leaf-count' : evidence.kind;
}

/** The number of a fault in the contract's `Fault`. */
export function faultNumber(fault: Fault): number {
  return FAULTS.indexOf(fault);
}

/** The bytes that the contract takes as proof: the ABI encoding of the fault's struct. */
export function encodeProof(evidence: Evidence): Uint8Array {
  return abiEncode(proofValue(evidence));
}

function proofValue(evidence: Evidence): AbiValue {
  switch (evidence.kind) {
    case 'order':
      return abiTuple([opening(evidence.left), opening(evidence.right)]);
    case 'sum':
      return abiTuple([optional(evidence.before, auditOpening), auditOpening(evidence.leaf)]);
    case 'totals':
      return abiTuple(['node' in evidence ? nodeOpening(evidence.node) : auditOpening(evidence.leaf)]);
    case 'transition': {
      const { before, leaf } = evidence;
      const [last, none] = 'by' in before ? [[], [absence(before)]] : [[curveOpening(before)], []];
      return abiTuple([abiList(last), abiList(none), auditOpening(leaf)]);
    }
    case 'dropped':
      return abiTuple([curveOpening(evidence.before), absence(evidence.absence)]);
    case 'malformed':
      return malformed(evidence);
  }
}

function malformed({ node, chain, part }: MalformedFault): AbiValue {
  return abiTuple([nodeOpening(node), abiList(chain.map(abiBytes)), abiWord(part === 'audit' ? 1n : 0n)]);
}

/** The length of what {@link encodeProof} makes of malformed bytes, which can be too many to make it. */
export function malformedProofLength({ node, chain }: MalformedFault): number {
  let length = WORD * (10 + node.siblings.length);
  for (const bytes of chain) length += 2 * WORD + bytes.length + ((WORD - (bytes.length % WORD)) % WORD);
  return length;
}

function opening({ index, siblings, leaf }: LeafOpening): AbiValue {
  return abiTuple([abiWord(BigInt(index)), path(siblings), abiBytes(leaf)]);
}

function auditOpening(leaf: AuditOpening): AbiValue {
  return abiTuple([opening(leaf), abiBytes(leaf.audit)]);
}

function curveOpening(leaf: CurveOpening): AbiValue {
  return abiTuple([opening(leaf), abiBytes(leaf.curve)]);
}

function nodeOpening({ level, index, node, siblings }: NodeOpening): AbiValue {
  return abiTuple([abiWord(BigInt(level)), abiWord(BigInt(index)), abiBytes32(node), path(siblings)]);
}

function absence(proof: Absence): AbiValue {
  if (proof.by === 'malformed') return abiTuple([abiList([]), abiList([]), abiList([curveOpening(proof.leaf)])]);
  return abiTuple([optional(proof.left, opening), optional(proof.right, opening), abiList([])]);
}

function optional<T>(value: T | null, encode: (value: T) => AbiValue): AbiValue {
  return abiList(value === null ? [] : [encode(value)]);
}

function path(siblings: readonly Uint8Array[]): AbiValue {
  return abiList(siblings.map(abiBytes32));
}

import type { Address } from './brands.ts';
import { keccak256, keccak256Twice } from './keccak.ts';
import { MAX_UINT128, MAX_UINT32, MAX_UINT96, readWord, viewOf, WORD, writeHex, writeWord } from './words.ts';

/** The audit part of a leaf: an account's inputs of one epoch, and the running sums up to and including its leaf. */
export interface Audit {
  /** Score per task of the record, by rising task id; below 2^96. */
  readonly scores: readonly bigint[];
  /** Wei accelerated per cohort of the parent's total curve unfinished at the epoch's end; below 2^128. */
  readonly accelerated: readonly bigint[];
  readonly runScores: readonly bigint[];
  /** Leaves so far whose score reaches the task's minimum. */
  readonly runParticipants: readonly number[];
  readonly runGranted: bigint;
  readonly runAccelerated: readonly bigint[];
}

/** What is wrong with the raw bytes of an audit; the names are those of the contract's `AuditFault`. */
export type AuditFault = 'Length' | 'Range';

/** The exact length in bytes of an audit's preimage. */
export function auditLength(tasks: number, cohorts: number): number {
  return WORD * (3 * tasks + 2 * cohorts + 1);
}

let buffer = new Uint8Array(auditLength(16, 26));
let view = viewOf(buffer);

/** The hash that a leaf holds of its audit part. */
export function auditHash(audit: Audit): Uint8Array {
  const length = auditLength(audit.scores.length, audit.accelerated.length);
  if (length > buffer.length) {
    buffer = new Uint8Array(length);
    view = viewOf(buffer);
  }
  writeAudit(view, 0, audit);
  return keccak256(buffer.subarray(0, length));
}

/** The preimage of {@link auditHash}. */
export function auditPreimage(audit: Audit): Uint8Array {
  const bytes = new Uint8Array(auditLength(audit.scores.length, audit.accelerated.length));
  writeAudit(viewOf(bytes), 0, audit);
  return bytes;
}

/** Writes the bytes that {@link auditHash} hashes, {@link auditLength} of them. */
export function writeAudit(target: DataView, start: number, audit: Audit): void {
  let offset = writeWords(target, start, audit.scores);
  offset = writeWords(target, offset, audit.accelerated);
  offset = writeWords(target, offset, audit.runScores);
  for (const count of audit.runParticipants) {
    writeWord(target, offset, 0n);
    target.setUint32(offset + 28, count);
    offset += WORD;
  }
  writeWord(target, offset, audit.runGranted);
  writeWords(target, offset + WORD, audit.runAccelerated);
}

function writeWords(target: DataView, offset: number, words: readonly bigint[]): number {
  let at = offset;
  for (const word of words) {
    writeWord(target, at, word);
    at += WORD;
  }
  return at;
}

/** An audit read from its preimage, or what is wrong with the bytes. */
export type DecodedAudit =
  { readonly fault: AuditFault; readonly audit?: undefined } | { readonly fault?: undefined; readonly audit: Audit };

/** Reads an audit's preimage; a fault is a result, not an error, since it is itself a proof. */
export function decodeAudit(preimage: Uint8Array, tasks: number, cohorts: number): DecodedAudit {
  if (preimage.length !== auditLength(tasks, cohorts)) return { fault: 'Length' };
  const source = viewOf(preimage);
  let position = 0;
  let fits = 0;
  const next = (max: bigint): bigint => {
    const word = readWord(source, WORD * position++);
    if (word <= max) fits++;
    return word;
  };
  const list = (count: number, max: bigint): bigint[] => Array.from({ length: count }, () => next(max));
  const audit: Audit = {
    scores: list(tasks, MAX_UINT96),
    accelerated: list(cohorts, MAX_UINT128),
    runScores: list(tasks, MAX_UINT128),
    // Only used when every count fits 32 bits.
    runParticipants: list(tasks, MAX_UINT32).map((count) => Number(count & MAX_UINT32)), // integer: below 2^32
    runGranted: next(MAX_UINT128),
    runAccelerated: list(cohorts, MAX_UINT128),
  };
  return fits === position ? { audit } : { fault: 'Range' };
}

/** Bytes of what a leaf is the hash of: account, curve hash and audit hash, a word each. */
export const LEAF_PREIMAGE = 3 * WORD;

const leafBuffer = new Uint8Array(LEAF_PREIMAGE);

/**
 * The hash of a leaf: keccak256(keccak256(abi.encode(account, curveHash, auditHash))). Hashed twice, so that no node of the
 * tree can pass for a leaf.
 */
export function leafHash(account: Address, curve: Uint8Array, audit: Uint8Array): Uint8Array {
  writeLeaf(leafBuffer, 0, account, curve, audit);
  return keccak256(keccak256(leafBuffer));
}

/** Writes the 96 bytes that {@link leafHash} hashes; those before the account have to be 0 already. */
export function writeLeaf(
  target: Uint8Array,
  offset: number,
  account: Address,
  curve: Uint8Array,
  audit: Uint8Array,
): void {
  writeHex(target, offset + 12, account);
  target.set(curve, offset + WORD);
  target.set(audit, offset + 2 * WORD);
}

/** The leaf hashes of many leaves, packed, from their bytes as {@link writeLeaf} writes them, one after the other. */
export function leafHashes(preimages: Uint8Array): Uint8Array {
  const hashes = new Uint8Array((preimages.length / LEAF_PREIMAGE) * WORD); // integer: whole leaves
  keccak256Twice(preimages, LEAF_PREIMAGE, hashes);
  return hashes;
}

import type { AbiField } from './abi.ts';
import { encodeFields, wordsToBytes } from './abi.ts';
import type { Address, Hash32 } from './brands.ts';
import { parseHash32 } from './brands.ts';
import { keccak256 } from './keccak.ts';
import type { ReserveLaw } from './reserve-math.ts';
import { bytesToHex, WORD } from './words.ts';

/** The reserve's parameters as the record holds them. */
export interface ReserveParameters extends ReserveLaw {
  readonly priceSource: Address;
}

/** Everything that an epoch is settled by, fixed when it closes; the fields are those of the contract's struct. */
export interface EpochRecord {
  readonly epoch: number;
  /** Unix seconds, inclusive. */
  readonly start: number;
  /** Unix seconds, exclusive. */
  readonly end: number;
  /** R, in wei. */
  readonly budget: bigint;
  /** Ids of the tasks with weight, rising. */
  readonly tasks: readonly number[];
  /** Wads that add up to 1e18, by task. */
  readonly weights: readonly bigint[];
  /** Score that makes a participant, at least 1, by task. */
  readonly minScores: readonly bigint[];
  readonly policyHash: Hash32;
  /** A wad; 0 means that there was none. */
  readonly price: bigint;
  readonly reserve: ReserveParameters;
  readonly foundation: Address;
  /** A wad below 0.5e18. */
  readonly foundationShare: bigint;
  /** The most of a task's budget that one account can earn, a wad. */
  readonly accountCap: bigint;
  /** The most of an account's cohorts that usage can free in one epoch, a wad. */
  readonly accelerationBound: bigint;
  /** End of the cohort that this epoch's grants join. */
  readonly cohortEnd: number;
  /** Release of that cohort in seconds; 0: free at once. */
  readonly duration: number;
  /** Challenge window in seconds. */
  readonly window: number;
  /** Bond of a proposal, in wei of the native coin. */
  readonly bond: bigint;
}

/** What an operator declares about an epoch; the fields are those of the contract's struct. */
export interface Settlement {
  readonly root: Hash32;
  readonly leafCount: number;
  readonly participants: readonly number[];
  readonly scoreTotals: readonly bigint[];
  /** g, the sum of the leaves' grants, in wei. */
  readonly granted: bigint;
  /** Wei by cohort of the parent's total curve unfinished at the epoch's end. */
  readonly accelerated: readonly bigint[];
  /** The sha2-256 digest in the content id of the report's folder. */
  readonly reportCid: Hash32;
}

/** What a proposal stands on; if any of it changed, the proposal would be about another state. */
export interface Basis {
  readonly recordHash: Hash32;
  readonly parentRoot: Hash32;
  /** S, in wei. */
  readonly reserve: bigint;
  readonly totalCurveHash: Hash32;
}

/** keccak256(abi.encode(record)). */
export function recordHash(record: EpochRecord): Hash32 {
  return hashWords([word(WORD), ...recordWords(record)]);
}

/** The record's own words in an ABI encoding, without the offset in front. */
export function recordWords(record: EpochRecord): readonly bigint[] {
  return encodeFields(recordFields(record));
}

/** The same of a settlement. */
export function settlementWords(settlement: Settlement): readonly bigint[] {
  return encodeFields(settlementFields(settlement));
}

/** keccak256(abi.encode(recordHash, parentRoot, reserve, totalCurveHash)). */
export function basisHash(basis: Basis): Hash32 {
  return hashWords([BigInt(basis.recordHash), BigInt(basis.parentRoot), basis.reserve, BigInt(basis.totalCurveHash)]);
}

/** keccak256(abi.encode(basis, settlement)). */
export function settlementHash(basis: Hash32, settlement: Settlement): Hash32 {
  return hashWords([BigInt(basis), word(2 * WORD), ...settlementWords(settlement)]);
}

function recordFields(record: EpochRecord): readonly AbiField[] {
  const { reserve } = record;
  return [
    word(record.epoch),
    word(record.start),
    word(record.end),
    record.budget,
    record.tasks.map(word),
    record.weights,
    record.minScores,
    BigInt(record.policyHash),
    record.price,
    reserve.hasLaw ? 1n : 0n,
    reserve.a,
    reserve.b,
    reserve.c,
    reserve.alpha,
    reserve.priceRef,
    word(reserve.smoothing),
    reserve.rho,
    BigInt(reserve.priceSource),
    BigInt(record.foundation),
    record.foundationShare,
    record.accountCap,
    record.accelerationBound,
    word(record.cohortEnd),
    word(record.duration),
    word(record.window),
    record.bond,
  ];
}

function settlementFields(settlement: Settlement): readonly AbiField[] {
  return [
    BigInt(settlement.root),
    word(settlement.leafCount),
    settlement.participants.map(word),
    settlement.scoreTotals,
    settlement.granted,
    settlement.accelerated,
    BigInt(settlement.reportCid),
  ];
}

function word(value: number): bigint {
  return BigInt(value);
}

function hashWords(words: readonly bigint[]): Hash32 {
  return parseHash32(bytesToHex(keccak256(wordsToBytes(words))));
}

import { AbiCoder, concat, getAddress, keccak256, toBeHex } from 'ethers';

import { chain, columns, type VectorValue } from './columns.ts';

const abi = AbiCoder.defaultAbiCoder();
/** Random field values, the same at every run. */
interface Source {
  readonly number: (bits: number) => bigint;
  readonly bytes32: () => string;
  readonly address: () => string;
  readonly list: (count: number, bits: number) => readonly bigint[];
}

function source(name: string): Source {
  const number = chain(name);
  return {
    number,
    bytes32: () => toBeHex(number(256), 32),
    address: () => toBeHex(number(160), 20),
    list: (count, bits) => Array.from({ length: count }, () => number(bits)),
  };
}

/** An account's preimages and hashes, by ethers' own encoder. */
function leafRow(
  { number, address, list }: Source,
  tasks: number,
  cohorts: number,
): Readonly<Record<string, VectorValue>> {
  const account = address();
  const curvePreimage = concat([number(100), ...list(cohorts, 208)].map((word) => toBeHex(word, 32)));
  const audit = {
    scores: list(tasks, 96),
    accelerated: list(cohorts, 128),
    runScores: list(tasks, 128),
    runParticipants: list(tasks, 32),
    runGranted: [number(128)],
    runAccelerated: list(cohorts, 128),
  };
  const words = Object.values(audit).flat();
  const auditPreimage = abi.encode(
    words.map(() => 'uint256'),
    words,
  );
  const curveHash = keccak256(curvePreimage);
  const auditHash = keccak256(auditPreimage);
  const leaf = keccak256(keccak256(abi.encode(['address', 'bytes32', 'bytes32'], [account, curveHash, auditHash])));
  const texts = Object.fromEntries(Object.entries(audit).map(([name, values]) => [name, values.map(String)]));
  return {
    tasks: String(tasks),
    cohorts: String(cohorts),
    account,
    curvePreimage,
    ...texts,
    auditPreimage,
    curveHash,
    auditHash,
    leaf,
  };
}

/** Vectors of a leaf's bytes. */
export function leafVectors(): Readonly<Record<string, VectorValue>> {
  const shapes = [
    [1, 0],
    [1, 1],
    [4, 7],
    [16, 26],
    [5, 0],
    [2, 13],
  ] as const;
  const from = source('leaf');
  const leaves = shapes.map(([tasks, cohorts]) => leafRow(from, tasks, cohorts));
  return { count: String(leaves.length), leaves };
}

const RECORD =
  'tuple(uint32 epoch, uint40 start, uint40 end, uint128 budget, uint16[] tasks, uint64[] weights, uint96[] minScores, ' +
  'bytes32 policyHash, uint256 price, tuple(bool hasLaw, uint64 a, uint64 b, uint128 c, uint64 alpha, uint128 priceRef, ' +
  'uint32 smoothing, uint64 rho, address priceSource) reserve, address foundation, uint64 foundationShare, uint64 accountCap, ' +
  'uint64 accelerationBound, uint40 cohortEnd, uint40 duration, uint32 window, uint128 bond)';
const SETTLEMENT =
  'tuple(bytes32 root, uint32 leafCount, uint32[] participants, uint128[] scoreTotals, uint128 granted, ' +
  'uint128[] accelerated, bytes32 reportCid)';

type Field = bigint | string | boolean | readonly bigint[] | { readonly [name: string]: bigint | string | boolean };

/** Figures as text; lists and nested structs by their parts. */
function text(value: Field): VectorValue {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly bigint[]).map(String);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, text(part as Field)]));
}

function recordCase(
  { number, bytes32, address, list }: Source,
  tasks: number,
  cohorts: number,
): Readonly<Record<string, VectorValue>> {
  const record: Record<string, Field> = {
    epoch: number(32),
    start: number(40),
    end: number(40),
    budget: number(128),
    tasks: list(tasks, 16),
    weights: list(tasks, 64),
    minScores: list(tasks, 96),
    policyHash: bytes32(),
    price: number(256),
    reserve: {
      hasLaw: tasks % 2 === 1,
      a: number(64),
      b: number(64),
      c: number(128),
      alpha: number(64),
      priceRef: number(128),
      smoothing: number(32),
      rho: number(64),
      priceSource: address(),
    },
    foundation: address(),
    foundationShare: number(64),
    accountCap: number(64),
    accelerationBound: number(64),
    cohortEnd: number(40),
    duration: number(40),
    window: number(32),
    bond: number(128),
  };
  const settlement: Record<string, Field> = {
    root: bytes32(),
    leafCount: number(32),
    participants: list(tasks, 32),
    scoreTotals: list(tasks, 128),
    granted: number(128),
    accelerated: list(cohorts, 128),
    reportCid: bytes32(),
  };
  const recordEncoded = abi.encode([RECORD], [record]);
  const recordHash = keccak256(recordEncoded);
  const basis = { parentRoot: bytes32(), reserve: number(128), totalCurveHash: bytes32() };
  const basisHash = keccak256(
    abi.encode(
      ['bytes32', 'bytes32', 'uint256', 'bytes32'],
      [recordHash, basis.parentRoot, basis.reserve, basis.totalCurveHash],
    ),
  );
  return {
    record: text(record as unknown as Field),
    recordEncoded,
    recordHash,
    basis: text(basis),
    basisHash,
    settlement: text(settlement as unknown as Field),
    settlementEncoded: abi.encode([SETTLEMENT], [settlement]),
    settlementHash: keccak256(abi.encode(['bytes32', SETTLEMENT], [basisHash, settlement])),
  };
}

/** Vectors of the record, the basis and the settlement, by ethers' own encoder. */
export function recordVectors(): Readonly<Record<string, VectorValue>> {
  const from = source('record');
  const cases = (
    [
      [0, 0],
      [1, 1],
      [5, 7],
      [16, 26],
    ] as const
  ).map(([tasks, cohorts]) => recordCase(from, tasks, cohorts));
  return { count: String(cases.length), cases };
}

/** Vectors of the clock, by hand: an epoch starts where the one before ends. */
export function clockVectors(): Readonly<Record<string, VectorValue>> {
  return columns([
    { start: 1000, length: 100, time: 1000, epoch: 0, startOf: 1000, endOf: 1100 },
    { start: 1000, length: 100, time: 1099, epoch: 0, startOf: 1000, endOf: 1100 },
    { start: 1000, length: 100, time: 1100, epoch: 1, startOf: 1100, endOf: 1200 },
    { start: 0, length: 86_400, time: 1_700_000_000, epoch: 19_675, startOf: 1_699_920_000, endOf: 1_700_006_400 },
    {
      start: 1_388_534_400,
      length: 604_800,
      time: 1_388_534_400,
      epoch: 0,
      startOf: 1_388_534_400,
      endOf: 1_389_139_200,
    },
    {
      start: 1_388_534_400,
      length: 604_800,
      time: 1_781_654_399,
      epoch: 649,
      startOf: 1_781_049_600,
      endOf: 1_781_654_400,
    },
    {
      start: 1_388_534_400,
      length: 604_800,
      time: 1_781_654_400,
      epoch: 650,
      startOf: 1_781_654_400,
      endOf: 1_782_259_200,
    },
    {
      start: 0,
      length: 43_200,
      time: 1_099_511_611_199,
      epoch: 25_451_657,
      startOf: 1_099_511_582_400,
      endOf: 1_099_511_625_600,
    },
  ]);
}

/** An address in the mixed case that ethers gives it, to test our own reading of checksums. */
export function checksumVectors(): Readonly<Record<string, VectorValue>> {
  const { address } = source('checksum');
  return columns(Array.from({ length: 16 }, () => address()).map((lower) => ({ lower, mixed: getAddress(lower) })));
}

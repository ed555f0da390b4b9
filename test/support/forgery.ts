import type { Address, Hash32 } from '../../src/protocol/brands.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import type { Settlement } from '../../src/protocol/epoch-record.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { FaultContext } from '../../src/settlement/faults/evidence.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { Random } from './effort.ts';

/** A leaf as a liar writes it: every field at will, or raw bytes in place of any part. */
export interface ForgedLeaf {
  account: bigint;
  unlocked: bigint;
  cohorts: { end: bigint; duration: bigint; amount: bigint }[];
  scores: bigint[];
  accelerated: bigint[];
  runScores: bigint[];
  runParticipants: bigint[];
  runGranted: bigint;
  runAccelerated: bigint[];
  rawLeaf?: Uint8Array;
  rawCurve?: Uint8Array;
  rawAudit?: Uint8Array;
  /** Stands at the leaf's position instead of its hash. */
  rawNode?: Uint8Array;
  /** Preimages that go with `rawNode`. */
  shown?: Uint8Array[];
  /** The report does not show this leaf. */
  withheld?: boolean;
}

/** A settlement that can be bent before it is hashed. */
export interface Forgery {
  leaves: ForgedLeaf[];
  declared: {
    leafCount: number;
    participants: number[];
    scoreTotals: bigint[];
    granted: bigint;
    accelerated: bigint[];
    root?: Hash32;
  };
  /** What the padding is made of, if not of zeros. */
  padding?: Uint8Array;
  /** Hash two zeros like any other pair. */
  hashZeros?: boolean;
}

/** The bytes of words one after the other; written here anew, so that the tests do not lean on what they test. */
export function wordsOf(...values: bigint[]): Uint8Array {
  return Buffer.from(values.map((value) => value.toString(16).padStart(64, '0')).join(''), 'hex');
}

export function curveBytes({ unlocked, cohorts }: Pick<ForgedLeaf, 'unlocked' | 'cohorts'>): Uint8Array {
  return wordsOf(unlocked, ...cohorts.map(({ end, duration, amount }) => (end << 168n) | (duration << 128n) | amount));
}

export function auditBytes(leaf: ForgedLeaf): Uint8Array {
  const { scores, accelerated, runScores, runParticipants, runGranted, runAccelerated } = leaf;
  return wordsOf(...scores, ...accelerated, ...runScores, ...runParticipants, runGranted, ...runAccelerated);
}

/** Takes an honest settlement apart, leaf by leaf, into figures. */
export function forgeryOf(settled: EpochSettlement): Forgery {
  const { record, settlement, rows, next } = settled;
  const byIndex = new Map([...rows].map((row) => [row.index, row]));
  const runScores = record.tasks.map(() => 0n);
  const runParticipants = record.tasks.map(() => 0n);
  const runAccelerated = settlement.accelerated.map(() => 0n);
  let runGranted = 0n;
  const leaves = [...next.accounts].map(({ account, curve }, index): ForgedLeaf => {
    const row = byIndex.get(index);
    const scores = row === undefined ? record.tasks.map(() => 0n) : [...row.scores];
    const accelerated = row === undefined ? settlement.accelerated.map(() => 0n) : [...row.accelerated];
    scores.forEach((score, i) => {
      runScores[i]! += score;
      if (score >= record.minScores[i]!) runParticipants[i]! += 1n;
    });
    accelerated.forEach((amount, j) => (runAccelerated[j]! += amount));
    runGranted += row?.grant ?? 0n;
    return {
      account: BigInt(account),
      unlocked: curve.unlocked,
      cohorts: curve.cohorts.map(({ end, duration, amount }) => ({
        end: BigInt(end),
        duration: BigInt(duration),
        amount,
      })),
      scores,
      accelerated,
      runScores: [...runScores],
      runParticipants: [...runParticipants],
      runGranted,
      runAccelerated: [...runAccelerated],
    };
  });
  const { leafCount, participants, scoreTotals, granted, accelerated } = settlement;
  return {
    leaves,
    declared: {
      leafCount,
      participants: [...participants],
      scoreTotals: [...scoreTotals],
      granted,
      accelerated: [...accelerated],
    },
  };
}

/** A hashed settlement and everything its report shows. */
export interface Assembled {
  readonly settlement: Omit<Settlement, 'reportCid'>;
  readonly preimages: readonly Uint8Array[];
}

/** Hashes a forgery into a tree of as many positions as its leaves need, and declares what it declares. */
export function assemble(forgery: Forgery): Assembled {
  const preimages: Uint8Array[] = [];
  const show = (bytes: Uint8Array): Uint8Array => {
    preimages.push(bytes);
    return keccak256(bytes);
  };
  let level = forgery.leaves.map((leaf) => {
    const before = preimages.length;
    const hash = leaf.rawNode ?? leafNode(leaf, show);
    if (leaf.withheld === true) preimages.length = before;
    preimages.push(...(leaf.shown ?? []));
    return hash;
  });
  const zero = new Uint8Array(32);
  let width = 1;
  while (width < level.length) width *= 2;
  while (level.length < width && level.length > 0) level.push(forgery.padding ?? zero);
  const isZero = (node: Uint8Array): boolean => node.every((byte) => byte === 0);
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]!];
      const empty = isZero(left) && isZero(right) && forgery.hashZeros !== true;
      above.push(empty ? zero : show(Buffer.concat([left, right])));
    }
    level = above;
  }
  const { root = parseHash32(bytesToHex(level[0] ?? zero)), ...declared } = forgery.declared;
  return { settlement: { root, ...declared }, preimages };
}

function leafNode(leaf: ForgedLeaf, show: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const curve = show(leaf.rawCurve ?? curveBytes(leaf));
  const audit = show(leaf.rawAudit ?? auditBytes(leaf));
  return show(show(leaf.rawLeaf ?? Buffer.concat([wordsOf(leaf.account), curve, audit])));
}

/** Running sums as they follow from each leaf's own figures, and declared totals to match; `grantOf` decides the grants. */
export function refit(forgery: Forgery, minScores: readonly bigint[], grantOf: (leaf: ForgedLeaf) => bigint): void {
  const { leaves, declared } = forgery;
  const runScores = declared.scoreTotals.map(() => 0n);
  const runParticipants = declared.participants.map(() => 0n);
  const runAccelerated = declared.accelerated.map(() => 0n);
  let runGranted = 0n;
  for (const leaf of leaves) {
    leaf.scores.forEach((score, i) => {
      runScores[i]! += score;
      if (score >= minScores[i]!) runParticipants[i]! += 1n;
    });
    leaf.accelerated.forEach((amount, j) => (runAccelerated[j]! += amount));
    runGranted += grantOf(leaf);
    Object.assign(leaf, {
      runScores: [...runScores],
      runParticipants: [...runParticipants],
      runGranted,
      runAccelerated: [...runAccelerated],
    });
  }
  declared.leafCount = leaves.length;
  declared.scoreTotals = runScores;
  declared.participants = runParticipants.map(Number);
  declared.granted = runGranted;
  declared.accelerated = runAccelerated;
}

/** What the chain knows of a settled epoch, with another declaration in place of the honest one. */
export function contextOf(
  { record, parent, settlement }: EpochSettlement,
  declared: FaultContext['settlement'] = settlement,
  forbidden: readonly Address[] = [],
): FaultContext {
  const { root, accounts, totalCurve, reserve } = parent;
  return { record, parent: { root, leafCount: accounts.length, totalCurve, reserve }, settlement: declared, forbidden };
}

/** keccak-256, under the name that the tests use. */
export function hashOf(bytes: Uint8Array): Uint8Array {
  return keccak256(bytes);
}

/** Puts other bytes into some of the leaves: of any length, or words where words stand. */
export function scramble({ leaves }: Forgery, numbers: Random): void {
  for (const leaf of leaves) {
    const bytes = (): Uint8Array => Uint8Array.from({ length: numbers.index(200) }, () => numbers.index(256));
    const part = numbers.index(8);
    if (part === 0) leaf.rawLeaf = bytes();
    if (part === 1) leaf.rawCurve = bytes();
    if (part === 2) leaf.rawAudit = bytes();
    if (part === 3) leaf.rawCurve = wordsOf(...Array.from({ length: numbers.index(30) }, () => numbers.bits(256)));
    if (part === 4) {
      const words = auditBytes(leaf).length / 32;
      leaf.rawAudit = wordsOf(...Array.from({ length: words }, () => numbers.bits(128)));
    }
  }
}

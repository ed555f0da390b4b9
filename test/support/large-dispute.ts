import { parseHash32, ZERO_HASH } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { depthOf, rootFrom } from '../../src/protocol/positional-merkle.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';
import { curvePreimage } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, WORD } from '../../src/protocol/words.ts';
import type { AuditOpening, CurveOpening, FaultContext } from '../../src/settlement/faults/evidence.ts';
import { hashOf, wordsOf } from './forgery.ts';
import { testAddress } from './history.ts';

/** The most that one epoch can have. */
export const TASKS = 16;
export const COHORTS = 26;

const START = 1_700_000_000;
const WEEK = 604_800;
const END = START + WEEK;
const LAST = END + 25 * WEEK;

/** A leaf with everything behind it. */
export type FullOpening = AuditOpening & CurveOpening;

/** A tree as the chain knows it. */
export interface Tree {
  readonly root: string;
  readonly leafCount: number;
}

/** Two neighbours of one tree. */
export interface Pair extends Tree {
  readonly left: FullOpening;
  readonly right: FullOpening;
}

/** The bytes of a leaf and what is behind it. */
export interface LeafParts {
  readonly account: bigint;
  readonly curve: Uint8Array;
  readonly audit: Uint8Array;
}

/** A tree of `leafCount` leaves of which two neighbours, from an even `index` on, are known; the rest is noise. */
export function pairOf(leafCount: number, index: number, left: LeafParts, right: LeafParts): Pair {
  const [low, high] = [leafOf(left), leafOf(right)];
  const noise = Array.from({ length: depthOf(leafCount) - 1 }, (_, level) => hashOf(wordsOf(BigInt(level))));
  const [lowNode, highNode] = [keccak256(keccak256(low)), keccak256(keccak256(high))];
  const siblings = [highNode, ...noise];
  return {
    root: bytesToHex(rootFrom(lowNode, index, siblings)),
    leafCount,
    left: { index, siblings, leaf: low, curve: left.curve, audit: left.audit },
    right: { index: index + 1, siblings: [lowNode, ...noise], leaf: high, curve: right.curve, audit: right.audit },
  };
}

/** The bytes of a leaf. */
export function leafOf({ account, curve, audit }: LeafParts): Uint8Array {
  const bytes = new Uint8Array(3 * WORD);
  bytes.set(wordsOf(account));
  bytes.set(hashOf(curve), WORD);
  bytes.set(hashOf(audit), 2 * WORD);
  return bytes;
}

/** A curve of as many cohorts as there can be, all of them unfinished. */
export function fullCurve(amount: bigint): Curve {
  const cohorts = Array.from({ length: COHORTS }, (_, j) => ({
    end: LAST - (COHORTS - 1 - j) * WEEK,
    duration: 30 * WEEK,
    amount: amount + BigInt(j),
  }));
  return { unlocked: amount, cohorts };
}

/** An audit with a score in each task, the whole oldest cohort accelerated, and sums of some leaves before it. */
export function fullAudit(amount: bigint, granted: bigint): Uint8Array {
  const each = (count: number, value: (i: number) => bigint): bigint[] =>
    Array.from({ length: count }, (_, i) => value(i));
  return wordsOf(
    ...each(TASKS, (i) => BigInt(i + 1) * 10n ** 9n),
    ...each(COHORTS, (j) => (j === 0 ? amount : 0n)),
    ...each(TASKS, (i) => BigInt(i + 1) * 10n ** 15n),
    ...each(TASKS, () => 1000n),
    granted,
    ...each(COHORTS, () => amount * 1000n),
  );
}

/** A full dispute over the two trees: sixteen tasks, a law, a price, a foundation, 26 cohorts. */
export function largeContext(own: Tree, parent: Tree | null): FaultContext {
  const weights = Array.from({ length: TASKS }, () => WAD / BigInt(TASKS));
  return {
    record: {
      ...{ epoch: 100, start: START, end: END, budget: 10n ** 25n },
      tasks: weights.map((_, i) => i + 1),
      weights,
      minScores: weights.map(() => 10n ** 6n),
      policyHash: parseHash32(`0x${'ab'.repeat(32)}`),
      price: WAD / 3n,
      reserve: {
        ...{ hasLaw: true, a: WAD, b: WAD / 50n, c: 135n * WAD, alpha: WAD / 5n, priceRef: WAD / 4n, smoothing: 60 },
        ...{ rho: WAD / 100n, priceSource: testAddress(1) },
      },
      ...{ foundation: testAddress(2), foundationShare: WAD / 10n, accountCap: WAD / 10n, accelerationBound: WAD / 5n },
      ...{ cohortEnd: LAST, duration: 30 * WEEK, window: 86_400, bond: WAD },
    },
    parent: {
      root: parent?.root ?? ZERO_HASH,
      leafCount: parent?.leafCount ?? 0,
      totalCurve: fullCurve(10n ** 24n),
      reserve: 10n ** 24n,
    },
    settlement: {
      root: parseHash32(own.root),
      leafCount: own.leafCount,
      // What could be proposed of so many leaves.
      participants: weights.map(() => Math.min(1000, own.leafCount)),
      scoreTotals: weights.map((_, i) => (own.leafCount === 0 ? 0n : BigInt(i + 1) * 10n ** 15n)),
      granted: own.leafCount === 0 ? 0n : 10n ** 22n,
      accelerated: Array.from({ length: COHORTS }, () => 10n ** 20n),
    },
    forbidden: [3, 4, 5, 6].map(testAddress),
  };
}

/** Parts of a leaf of the largest kind. */
export function fullLeaf(account: bigint, amount: bigint, granted = 10n ** 24n): LeafParts {
  return { account, curve: curvePreimage(fullCurve(amount)), audit: fullAudit(amount / 10n, granted) };
}

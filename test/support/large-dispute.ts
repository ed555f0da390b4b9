import { parseHash32, ZERO_HASH } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { depthOf, rootFrom } from '../../src/protocol/positional-merkle.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';
import { curvePreimage } from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, WORD } from '../../src/protocol/words.ts';
import type { AuditOpening, CurveOpening, Evidence, FaultContext } from '../../src/settlement/faults/evidence.ts';
import { START } from './contract-values.ts';
import { hashOf, wordsOf } from './forgery.ts';
import { testAddress } from './history.ts';

/** How much there is in an epoch. */
export interface DisputeSize {
  readonly tasks: number;
  /** Unfinished cohorts of the total curve, and of the leaves. */
  readonly cohorts: number;
}

/** The most that one epoch can have. */
export const LARGEST: DisputeSize = { tasks: 16, cohorts: 26 };

const WEEK = 604_800;
const END = Number(START) + WEEK; // A time.
const LAST = END + 25 * WEEK;

/** Leaves of the trees that are disputed, and where the leaves stand that are known: at the far end. */
export const LEAVES = 2 ** 20;
const FAR = LEAVES - 2;

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

/** A curve of so many cohorts, all of them unfinished. */
function fullCurve(amount: bigint, count: number): Curve {
  const cohorts = Array.from({ length: count }, (_, j) => ({
    end: LAST - (count - 1 - j) * WEEK,
    duration: 30 * WEEK,
    amount: amount + BigInt(j),
  }));
  return { unlocked: amount, cohorts };
}

/** An audit with a score in each task, the whole oldest cohort accelerated, and sums of some leaves before it. */
function fullAudit(amount: bigint, granted: bigint, { tasks, cohorts }: DisputeSize): Uint8Array {
  const each = (count: number, value: (i: number) => bigint): bigint[] =>
    Array.from({ length: count }, (_, i) => value(i));
  return wordsOf(
    ...each(tasks, (i) => BigInt(i + 1) * 10n ** 9n),
    ...each(cohorts, (j) => (j === 0 ? amount : 0n)),
    ...each(tasks, (i) => BigInt(i + 1) * 10n ** 15n),
    ...each(tasks, () => 1000n),
    granted,
    ...each(cohorts, () => amount * 1000n),
  );
}

/** A full dispute over the two trees, with a law, a price, a foundation; without `size` as large as there can be one. */
export function largeContext(own: Tree, parent: Tree | null, { tasks, cohorts } = LARGEST): FaultContext {
  const weights = Array.from({ length: tasks }, () => WAD / BigInt(tasks));
  return {
    record: {
      ...{ epoch: 100, start: Number(START), end: END, budget: 10n ** 25n },
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
      totalCurve: fullCurve(10n ** 24n, cohorts),
      reserve: 10n ** 24n,
    },
    settlement: {
      root: parseHash32(own.root),
      leafCount: own.leafCount,
      // What could be proposed of so many leaves.
      participants: weights.map(() => Math.min(1000, own.leafCount)),
      scoreTotals: weights.map((_, i) => (own.leafCount === 0 ? 0n : BigInt(i + 1) * 10n ** 15n)),
      granted: own.leafCount === 0 ? 0n : 10n ** 22n,
      accelerated: Array.from({ length: cohorts }, () => 10n ** 20n),
    },
    forbidden: [3, 4, 5, 6].map(testAddress),
  };
}

/** Parts of a leaf with everything; without `size` of the largest kind. */
export function fullLeaf(account: bigint, amount: bigint, size = LARGEST): LeafParts {
  const { cohorts } = size;
  const audit = fullAudit(amount / 10n, 10n ** 24n, size);
  return { account, curve: curvePreimage(fullCurve(amount, cohorts)), audit };
}

/** Two neighbours at the far end of a tree of a million leaves. */
export function farPair(account: bigint, size = LARGEST, amount = 10n ** 22n): Pair {
  return pairOf(LEAVES, FAR, fullLeaf(account, amount, size), fullLeaf(account + 7n, amount, size));
}

/** The dearest proof of each kind over trees of a million leaves: everything is computed before the fault is seen. */
export function dearestProofs(size = LARGEST): Readonly<Record<string, readonly [FaultContext, Evidence]>> {
  const contextOf = (own: Tree, before: Tree) => largeContext(own, before, size);
  const pair = farPair(1000n, size);
  const { left, right } = pair;
  const parent = farPair(1000n, size);
  const around = farPair(997n, size);
  const context = contextOf(pair, parent);
  const node = { level: 0, index: right.index, node: hashOf(hashOf(right.leaf)), siblings: right.siblings };
  const twice = fullLeaf(7n, 1n, size);
  const reversed = pairOf(LEAVES, FAR, twice, twice);
  const gap = pairOf(LEAVES, FAR, fullLeaf(900n, 1n, size), fullLeaf(1100n, 1n, size));
  return {
    order: [contextOf(reversed, parent), { kind: 'order', left: reversed.left, right: reversed.right }],
    sum: [context, { kind: 'sum', before: left, leaf: right }],
    totals: [context, { kind: 'totals', leaf: right }],
    'leaf count': [
      { ...context, settlement: { ...context.settlement, leafCount: LEAVES - 1 } },
      { kind: 'totals', node },
    ],
    'transition from a leaf': [context, { kind: 'transition', before: parent.left, leaf: left }],
    'transition of a newcomer': [
      contextOf(pair, around),
      { kind: 'transition', before: { by: 'neighbours', left: around.left, right: around.right }, leaf: left },
    ],
    dropped: [
      contextOf(gap, parent),
      { kind: 'dropped', before: parent.left, absence: { by: 'neighbours', left: gap.left, right: gap.right } },
    ],
    'malformed curve': malformedCurve(size, wordsOf(...Array.from({ length: size.cohorts + 2 }, () => 1n))),
    'malformed audit': malformed(size, 'audit', Buffer.concat([fullLeaf(1000n, 1n, size).audit, wordsOf(0n)])),
  };
}

/** These bytes in place of the curve of a leaf. */
export function malformedCurve(size: DisputeSize, bytes: Uint8Array): readonly [FaultContext, Evidence] {
  return malformed(size, 'curve', bytes);
}

function malformed(size: DisputeSize, part: 'curve' | 'audit', bytes: Uint8Array): readonly [FaultContext, Evidence] {
  const honest = fullLeaf(1000n, 1n, size);
  const bad = pairOf(LEAVES, FAR, { ...honest, [part]: bytes }, fullLeaf(1007n, 1n, size));
  const { index, siblings, leaf } = bad.left;
  const node = { level: 0, index, siblings, node: hashOf(hashOf(leaf)) };
  const context = largeContext(bad, farPair(1000n, size), size);
  return [context, { kind: 'malformed', node, chain: [hashOf(leaf), leaf, bytes], part }];
}

import { expect } from 'chai';
import { network } from 'hardhat';

import { ZERO_HASH } from '../../../src/protocol/brands.ts';
import { buildTree, proofOf as pathOf, rootOf } from '../../../src/protocol/positional-merkle.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import type { Absence, Evidence, FaultContext } from '../../../src/settlement/faults/evidence.ts';
import type { Proof } from '../../support/disputes.ts';
import { decodeProof, disputeOf, encodeProof, proofOf } from '../../support/disputes.ts';
import { hashOf, wordsOf } from '../../support/forgery.ts';
import type { FullOpening, LeafParts } from '../../support/large-dispute.ts';
import { fullLeaf, largeContext, leafOf } from '../../support/large-dispute.ts';

const { ethers } = await network.create();
const verifier = await ethers.deployContract('SettlementVerifier');

/** A tree with all its leaves opened, by account. */
interface Grove {
  readonly root: string;
  readonly leafCount: number;
  readonly of: (account: bigint) => FullOpening;
}

function grow(parts: readonly LeafParts[], leafCount = parts.length): Grove {
  const leaves = parts.map(leafOf);
  const tree = buildTree(Buffer.concat(leaves.map((leaf) => hashOf(hashOf(leaf)))));
  const openings = parts.map(({ account, curve, audit }, index) => {
    return { account, index, siblings: [...pathOf(tree, index)], leaf: leaves[index]!, curve, audit };
  });
  const of = (account: bigint): FullOpening => {
    const { account: _, ...opening } = openings.find((one) => one.account === account)!;
    return opening;
  };
  return { root: bytesToHex(rootOf(tree)), leafCount, of };
}

const FORBIDDEN = BigInt(largeContext({ root: ZERO_HASH, leafCount: 0 }, null).forbidden[0]!);
const leafAt = (account: bigint): LeafParts => fullLeaf(account, 10n ** 20n);
const badCurve = (account: bigint): LeafParts => ({ ...leafAt(account), curve: wordsOf(1n << 128n) });
const badAudit = (account: bigint): LeafParts => ({ ...leafAt(account), audit: wordsOf(1n) });

/** The tree before: 20 and 70 are malformed by their curves, the last one by its account. */
const parent = grow([leafAt(10n), badCurve(20n), leafAt(30n), leafAt(40n), badCurve(70n), leafAt(FORBIDDEN)]);
const ACCOUNTS = [5n, 10n, 20n, 25n, 30n, 50n, 1n << 170n];
/** Every curve in the tree is wrong, every sum and every total: each right proof of them succeeds. */
const own = grow([...ACCOUNTS.slice(0, 6).map(leafAt), badAudit(60n), leafAt(1n << 170n)]);
const context = largeContext(own, parent);
const { of } = own;
const neighbours = (left: bigint | null, right: bigint | null, tree = parent): Absence => ({
  by: 'neighbours',
  left: left === null ? null : tree.of(left),
  right: right === null ? null : tree.of(right),
});
const malformed = (account: bigint, change: Partial<FullOpening> = {}): Absence => ({
  by: 'malformed',
  leaf: { ...parent.of(account), ...change },
});
const newcomer = (account: bigint, before: Absence): Evidence => ({ kind: 'transition', before, leaf: of(account) });
const chainOf = (leaf: FullOpening, ...rest: Uint8Array[]): Evidence => ({
  kind: 'malformed',
  node: { level: 0, index: leaf.index, node: hashOf(hashOf(leaf.leaf)), siblings: leaf.siblings },
  chain: rest,
  part: 'curve',
});

/** The error's name without its prefix and its arguments; none if the proof is right. */
async function errorOf({ fault, bytes }: Proof, against: FaultContext): Promise<[string, ...unknown[]] | null> {
  try {
    expect(await verifier.proves(disputeOf(against), fault, bytes)).to.equal(true);
    return null;
  } catch (error) {
    const parsed = verifier.interface.parseError((error as { data: string }).data)!;
    return [parsed.name.replace('SettlementVerifier_', ''), ...parsed.args.map((arg: unknown) => arg)];
  }
}

/** A proof that succeeds in both, or fails in both and on chain for this reason. */
function judges(what: string, evidence: Evidence, error: readonly unknown[] | null, against = context): void {
  it(`${error === null ? 'takes' : 'refuses'} ${what}`, async () => {
    expect(checkEvidence(against, evidence), 'ROOT-4 off chain').to.equal(error === null);
    expect(await errorOf(proofOf(evidence), against), 'ROOT-4 on chain').to.deep.equal(error);
  });
}

/** Lists that no evidence off chain can have. */
function refuses(what: string, proof: Proof, given: bigint, expected: bigint): void {
  it(`refuses ${what}`, async () => {
    expect(await errorOf(proof, context)).to.deep.equal(['LengthMismatch', given, expected]);
  });
}

describe('SettlementVerifier refuses with what is wrong', () => {
  describe('absence', () => {
    judges('neighbours around the account', newcomer(25n, neighbours(20n, 30n)), null);
    judges('the first leaf, above it', newcomer(5n, neighbours(null, 10n)), null);
    judges('the last leaf, below it', newcomer(1n << 170n, neighbours(FORBIDDEN, null)), null);
    judges('leaves that are not neighbours', newcomer(25n, neighbours(10n, 30n)), ['NotAdjacent', 0n, 2n]);
    judges('neighbours below it', newcomer(25n, neighbours(10n, 20n)), ['NotAbsent', 25n]);
    judges('neighbours above it', newcomer(25n, neighbours(30n, 40n)), ['NotAbsent', 25n]);
    judges('its own leaf on the left', newcomer(30n, neighbours(30n, 40n)), ['NotAbsent', 30n]);
    judges('its own leaf on the right', newcomer(30n, neighbours(20n, 30n)), ['NotAbsent', 30n]);
    judges('a left leaf that is not the last', newcomer(25n, neighbours(20n, null)), ['NotAtEdge', 1n, 5n]);
    judges('a right leaf that is not the first', newcomer(25n, neighbours(null, 30n)), ['NotAtEdge', 2n, 0n]);
    judges('nothing, where there are leaves', newcomer(25n, neighbours(null, null)), ['NotAbsent', 25n]);
    judges('neighbours of another tree', newcomer(25n, neighbours(10n, 20n, own)), ['NotInTree', 0n, 1n]);
    judges('its own malformed leaf', newcomer(20n, malformed(20n)), null);
    const guest = grow([leafAt(FORBIDDEN)]);
    judges(
      'the leaf that the protocol’s own account had',
      { kind: 'transition', before: malformed(FORBIDDEN), leaf: guest.of(FORBIDDEN) },
      null,
      largeContext(guest, parent),
    );
    judges('its own sound leaf', newcomer(30n, malformed(30n)), ['NotAbsent', 30n]);
    judges('the malformed leaf of another', newcomer(30n, malformed(20n)), ['AccountMismatch', 20n, 30n]);
    const other = parent.of(30n).curve;
    judges('another curve in its place', newcomer(30n, malformed(30n, { curve: wordsOf(1n << 128n) })), [
      ...['PreimageMismatch', bytesToHex(hashOf(wordsOf(1n << 128n))), bytesToHex(hashOf(other))],
    ]);
  });

  describe('the leaf before', () => {
    const from = (account: bigint, before: bigint): Evidence => ({
      ...{ kind: 'transition', before: parent.of(before), leaf: of(account) },
    });
    judges('the account’s own', from(30n, 30n), null);
    judges('another account’s', from(30n, 10n), ['AccountMismatch', 10n, 30n]);
    judges('one with a malformed curve', from(20n, 20n), ['Malformed', 1n]);
    const dropped = (account: bigint, left: bigint, right: bigint): Evidence => ({
      ...{ kind: 'dropped', before: parent.of(account), absence: neighbours(left, right, own) },
    });
    judges('an account that was dropped', dropped(40n, 30n, 50n), null);
    judges('one that is still there', dropped(30n, 25n, 30n), ['NotAbsent', 30n]);
    judges('a malformed one that was dropped', dropped(70n, 60n, 1n << 170n), ['Malformed', 4n]);
    judges('the protocol’s own that was dropped', dropped(FORBIDDEN, 60n, 1n << 170n), ['Malformed', 5n]);
  });

  describe('order, sums and totals', () => {
    const less = { ...context, settlement: { ...context.settlement, leafCount: 7 } };
    judges('leaves in order', { kind: 'order', left: of(5n), right: of(10n) }, ['NoFault', 0n]);
    const twice = grow([leafAt(5n), badAudit(5n)]);
    const second = { ...twice.of(5n), ...grow([badAudit(5n)]).of(5n), index: 1 };
    const pair: Evidence = {
      kind: 'order',
      left: twice.of(5n),
      right: { ...second, siblings: [hashOf(hashOf(twice.of(5n).leaf))] },
    };
    judges('the same account twice', pair, null, largeContext(twice, parent));
    judges('leaves apart', { kind: 'order', left: of(30n), right: of(10n) }, ['NotAdjacent', 4n, 1n]);
    judges('a leaf beyond the count', { kind: 'totals', leaf: of(1n << 170n) }, ['NotInTree', 0n, 7n], less);
    judges('a sum after the one before', { kind: 'sum', before: of(5n), leaf: of(10n) }, null);
    judges('the first sum alone', { kind: 'sum', before: null, leaf: of(5n) }, null);
    judges('another sum alone', { kind: 'sum', before: null, leaf: of(10n) }, ['NotAtEdge', 1n, 0n]);
    judges('sums apart', { kind: 'sum', before: of(5n), leaf: of(20n) }, ['NotAdjacent', 0n, 2n]);
    judges('a malformed audit', { kind: 'sum', before: null, leaf: of(60n) }, ['Malformed', 6n]);
    judges('a malformed audit before', { kind: 'sum', before: of(60n), leaf: of(1n << 170n) }, ['Malformed', 6n]);
    judges('the last leaf', { kind: 'totals', leaf: of(1n << 170n) }, null);
    judges('another leaf', { kind: 'totals', leaf: of(50n) }, ['NotAtEdge', 5n, 7n]);
  });

  describe('malformed bytes', () => {
    const leaf = of(30n);
    const digest = hashOf(leaf.leaf);
    judges(
      'an account with dirty bits',
      chainOf(of(1n << 170n), hashOf(of(1n << 170n).leaf), of(1n << 170n).leaf),
      null,
    );
    judges('a sound curve', chainOf(leaf, digest, leaf.leaf, leaf.curve), ['NoFault', 6n]);
    judges('no preimage', chainOf(leaf), ['LengthMismatch', 0n, 1n]);
    judges('a digest alone', chainOf(leaf, digest), ['LengthMismatch', 1n, 2n]);
    judges('a sound leaf alone', chainOf(leaf, digest, leaf.leaf), ['LengthMismatch', 2n, 3n]);
    const mismatch = (given: Uint8Array, expected: Uint8Array) => [
      ...['PreimageMismatch', bytesToHex(hashOf(given)), bytesToHex(expected)],
    ];
    judges('another digest', chainOf(leaf, wordsOf(1n)), mismatch(wordsOf(1n), hashOf(digest)));
    judges('another leaf’s bytes', chainOf(leaf, digest, wordsOf(1n)), mismatch(wordsOf(1n), digest));
    const audit = chainOf(leaf, digest, leaf.leaf, leaf.audit);
    judges('an audit for a curve', audit, mismatch(leaf.audit, hashOf(leaf.curve)));
    const less = { ...context, settlement: { ...context.settlement, leafCount: 7 } };
    const beyond = of(1n << 170n);
    judges('a leaf beyond the count', chainOf(beyond, hashOf(beyond.leaf), beyond.leaf), ['NotInTree', 0n, 7n], less);
  });

  describe('lists of other lengths', () => {
    const values = (evidence: Evidence): unknown[] => {
      const { fault, bytes } = proofOf(evidence);
      return decodeProof(fault, bytes);
    };
    const [, absences, leaf] = values(newcomer(25n, neighbours(20n, 30n))) as [unknown, unknown[][][], unknown];
    const [[left, right]] = absences as [[unknown[], unknown[]]];
    const [before] = values({ kind: 'transition', before: parent.of(30n), leaf: of(30n) }) as [unknown[]];
    const [, [[, , own20]]] = values(newcomer(20n, malformed(20n))) as [unknown, [[unknown, unknown, unknown[]]]];
    const transition = (first: unknown[], second: unknown[]) => encodeProof('Transition', [first, second, leaf]);
    refuses('a leaf before and an absence', transition(before, absences), 2n, 1n);
    refuses('neither', transition([], []), 0n, 1n);
    refuses('two absences', transition([], [...absences, ...absences]), 2n, 1n);
    refuses('two leaves on the left', transition([], [[[...left, ...left], right, []]]), 2n, 1n);
    refuses('two leaves on the right', transition([], [[left, [...right, ...right], []]]), 2n, 1n);
    refuses('neighbours of a malformed leaf', transition([], [[left, right, own20]]), 2n, 0n);
    refuses('two malformed leaves', transition([], [[[], [], [...own20, ...own20]]]), 2n, 1n);
    refuses('a malformed leaf for a dropped one', encodeProof('Dropped', [before[0], [[], [], own20]]), 1n, 0n);
    const [sumBefore, sumLeaf] = values({ kind: 'sum', before: of(5n), leaf: of(10n) }) as [unknown[], unknown];
    refuses('two sums before', encodeProof('Sum', [[...sumBefore, ...sumBefore], sumLeaf]), 2n, 1n);
  });
});

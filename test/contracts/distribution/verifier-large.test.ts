import { expect } from 'chai';
import { network } from 'hardhat';

import { ZERO_HASH } from '../../../src/protocol/brands.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { checkEvidence } from '../../../src/settlement/faults/check-evidence.ts';
import type { Evidence, FaultContext } from '../../../src/settlement/faults/evidence.ts';
import { answerOf, disputeOf, proofOf } from '../../support/disputes.ts';
import { hashOf, wordsOf } from '../../support/forgery.ts';
import { settlementStruct } from '../../support/protocol-fixture.ts';
import type { LeafParts, Pair } from '../../support/large-dispute.ts';
import { dearestProofs, farPair, fullLeaf, largeContext, LEAVES, pairOf } from '../../support/large-dispute.ts';

const { ethers } = await network.create();
const verifier = await ethers.deployContract('SettlementVerifier');

/** What the dearest proof may cost, calldata included. */
const MOST_GAS = 1_500_000n;

async function gasOf(context: FaultContext, evidence: Evidence): Promise<bigint> {
  expect(checkEvidence(context, evidence), 'ROOT-4 off chain').to.equal(true);
  const { fault, bytes } = proofOf(evidence);
  expect(await verifier.proves(disputeOf(context), fault, bytes), 'ROOT-4 on chain').to.equal(true);
  return await verifier.proves.estimateGas(disputeOf(context), fault, bytes);
}

async function ask(context: FaultContext, evidence: Evidence): Promise<boolean> {
  const { fault, bytes } = proofOf(evidence);
  return await verifier.proves(disputeOf(context), fault, bytes);
}

/** A tree of one leaf; `right` is the same one. */
function soleLeaf(parts: LeafParts): Pair {
  const { left } = pairOf(2, 0, parts, parts);
  const only = { ...left, siblings: [] };
  return { root: bytesToHex(hashOf(hashOf(left.leaf))), leafCount: 1, left: only, right: only };
}

const fullLeafOpening = (account: bigint) => soleLeaf(fullLeaf(account, 1n)).left;

/** That the only leaf of the parent is not in an empty tree. */
const dropped = ({ left }: Pair): Evidence => ({
  ...{ kind: 'dropped', before: left },
  absence: { by: 'neighbours', left: null, right: null },
});

/** The name of the error that a call ends with; none if it succeeds. */
async function errorOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    const { data } = error as { data?: string };
    return (data === undefined ? null : verifier.interface.parseError(data)?.name) ?? String(error);
  }
}

describe('SettlementVerifier at the limits', () => {
  for (const [name, [context, evidence]] of Object.entries(dearestProofs())) {
    it(`judges ${name} at depth 20 with 16 tasks and 26 cohorts for less than 1,500,000 gas`, async () => {
      const gas = await gasOf(context, evidence);
      expect(gas < MOST_GAS, `${gas}`).to.equal(true);
    });
  }

  it('ROOT-4 judges trees of 0, 1, 2 and 2^32 - 1 leaves at every place of theirs', async () => {
    for (const leafCount of [2, 3, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
      for (const index of [0, leafCount - 2 - (leafCount % 2)]) {
        const pair = pairOf(leafCount, index, fullLeaf(1007n, 1n), fullLeaf(1000n, 1n));
        const context = largeContext(pair, null);
        await gasOf(context, { kind: 'order', left: pair.left, right: pair.right });
        const moved = { ...pair.right, index: pair.right.index + 1 };
        expect(await errorOf(ask(context, { kind: 'order', left: pair.left, right: moved }))).to.match(/NotInTree$/);
        const cut = { ...pair.right, siblings: pair.right.siblings.slice(1) };
        expect(await errorOf(ask(context, { kind: 'order', left: pair.left, right: cut }))).to.match(/NotInTree$/);
      }
    }
    const alone = soleLeaf(fullLeaf(1000n, 1n));
    const single = largeContext(alone, null);
    await gasOf(single, { kind: 'sum', before: null, leaf: alone.left });
    await gasOf(single, { kind: 'totals', leaf: alone.left });
    // Nothing was there before: the first epoch's parent has no leaf and no root.
    const newcomer = { by: 'neighbours', left: null, right: null } as const;
    await gasOf(single, { kind: 'transition', before: newcomer, leaf: alone.left });
    const empty = largeContext({ ...alone, root: ZERO_HASH, leafCount: 0 }, null);
    const nothing = { level: 0, index: 0, node: new Uint8Array(32), siblings: [] };
    expect(await errorOf(ask(empty, { kind: 'totals', node: nothing }))).to.match(/NoFault$/);
    expect(await errorOf(ask(empty, { kind: 'totals', leaf: alone.left }))).to.match(/NotInTree$/);
    await gasOf({ ...empty, parent: { ...empty.parent, root: alone.root, leafCount: 1 } }, dropped(alone));
  });

  it('ROOT-4 sees a wrong leaf count at any level and beyond the last position', async () => {
    const zeros = (level: number, index: number) => ({ level, index, node: new Uint8Array(32), siblings: [] });
    const alone = soleLeaf(fullLeaf(1000n, 1n));
    const context = largeContext(alone, null);
    for (const node of [zeros(1, 0), zeros(0, 1), zeros(255, 0), zeros(32, 2 ** 32 - 1)]) {
      expect(await errorOf(ask(context, { kind: 'totals', node }))).to.match(/NotInTree$/);
    }
    // Half the tree is empty.
    const real = hashOf(wordsOf(1n));
    const node = { level: 19, index: 1, node: new Uint8Array(32), siblings: [real] };
    const root = bytesToHex(hashOf(Buffer.concat([real, new Uint8Array(32)])));
    const half = (leafCount: number): FaultContext => largeContext({ ...alone, root, leafCount }, null);
    await gasOf(half(LEAVES), { kind: 'totals', node });
    await gasOf(half(LEAVES / 2 + 1), { kind: 'totals', node });
    expect(await errorOf(ask(half(LEAVES / 2), { kind: 'totals', node }))).to.match(/NotInTree$/);
    const other = { ...node, index: 0, node: real, siblings: [new Uint8Array(32)] };
    expect(await errorOf(ask(half(LEAVES), { kind: 'totals', node: other }))).to.match(/NoFault$/);
  });

  it('ROOT-4 judges 90,000 bytes in place of a curve, an audit, a leaf and a pair of nodes', async () => {
    const long = new Uint8Array(90_000).fill(7);
    const honest = fullLeaf(1000n, 1n);
    const chainOf = ({ left }: Pair, ...rest: Uint8Array[]) => ({
      node: { level: 0, index: 0, node: hashOf(hashOf(left.leaf)), siblings: left.siblings },
      chain: [hashOf(left.leaf), left.leaf, ...rest],
    });
    const curve = soleLeaf({ ...honest, curve: long });
    const audit = soleLeaf({ ...honest, audit: long });
    const leaf = { ...curve, left: { ...curve.left, leaf: long }, root: bytesToHex(hashOf(hashOf(long))) };
    await gasOf(largeContext(curve, null), { kind: 'malformed', ...chainOf(curve, long), part: 'curve' });
    await gasOf(largeContext(audit, null), { kind: 'malformed', ...chainOf(audit, long), part: 'audit' });
    await gasOf(largeContext(leaf, null), { kind: 'malformed', ...chainOf(leaf) });
    const digest = largeContext({ ...curve, root: bytesToHex(hashOf(long)) }, null);
    const node = { level: 0, index: 0, node: hashOf(long), siblings: [] };
    await gasOf(digest, { kind: 'malformed', node, chain: [long] });
    await gasOf(
      { ...digest, settlement: { ...digest.settlement, leafCount: 2 } },
      { kind: 'malformed', node: { ...node, level: 1 }, chain: [long] },
    );
  });
});

describe('SettlementVerifier: opens', () => {
  const pair = farPair(1000n);
  const { settlement } = largeContext(pair, null);
  const answer = answerOf(pair.right);
  const asked = (index: number, given: Partial<typeof answer> = {}) =>
    errorOf(verifier.opens(settlementStruct(settlement), index, { ...answer, ...given }));

  it('takes a leaf with everything behind its hashes, at its own position', async () => {
    expect(await verifier.opens(settlementStruct(settlement), pair.right.index, answer)).to.equal(true);
    expect(await asked(pair.left.index)).to.equal('SettlementVerifier_NotInTree');
    expect(await asked(LEAVES)).to.equal('SettlementVerifier_NotInTree');
    expect(await asked(pair.right.index, { siblings: [] })).to.equal('SettlementVerifier_NotInTree');
  });

  it('asks for the bytes behind both hashes', async () => {
    const { curve, audit } = answerOf(fullLeafOpening(2n));
    expect(await asked(pair.right.index, { curve })).to.equal('SettlementVerifier_PreimageMismatch');
    expect(await asked(pair.right.index, { audit })).to.equal('SettlementVerifier_PreimageMismatch');
  });

  it('takes no bytes of a length that no honest leaf has, though they hash to what stands in the tree', async () => {
    const honest = fullLeaf(1000n, 1n);
    const answers = async (bad: Pair): Promise<string | null> =>
      await errorOf(verifier.opens(settlementStruct(largeContext(bad, null).settlement), 0, answerOf(bad.left)));
    expect(await answers(soleLeaf(honest))).to.equal(null);
    for (const length of [0, 31, 33, 28 * 32]) {
      const bad = soleLeaf({ ...honest, curve: new Uint8Array(length) });
      expect(await answers(bad), `a curve of ${length} bytes`).to.equal('SettlementVerifier_Malformed');
    }
    for (const length of [0, honest.audit.length - 32, honest.audit.length + 1]) {
      const bad = soleLeaf({ ...honest, audit: new Uint8Array(length) });
      expect(await answers(bad), `an audit of ${length} bytes`).to.equal('SettlementVerifier_LengthMismatch');
    }
    const alone = soleLeaf(honest);
    const long = Buffer.concat([alone.left.leaf, new Uint8Array(32)]);
    const bad = { ...alone, root: bytesToHex(hashOf(hashOf(long))), left: { ...alone.left, leaf: long } };
    expect(await answers(bad), 'a leaf of four words').to.equal('SettlementVerifier_Malformed');
  });
});

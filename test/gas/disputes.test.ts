import { expect } from 'chai';
import { network } from 'hardhat';
import type { NetworkConnection } from 'hardhat/types/network';

import { depthOf } from '../../src/protocol/positional-merkle.ts';
import { encodeProof } from '../../src/settlement/prover/encode-proof.ts';
import { costOf } from '../../src/settlement/prover/proof-cost.ts';
import { answerOf } from '../support/disputes.ts';
import type { DisputeWorld } from '../support/gas-disputes.ts';
import {
  asLargeAsSent,
  disproveDisputed,
  disputeWorld,
  included,
  inWorld,
  proposeDisputed,
} from '../support/gas-disputes.ts';
import { DEPTH, INITIAL_DATE } from '../support/gas-world.ts';
import { dearestProofs, farPair, largeContext, LARGEST, LEAVES } from '../support/large-dispute.ts';
import { matchSnapshot, readFigures } from '../support/snapshot.ts';

/** What any proof, demand or answer may cost, as a whole transaction. */
const MOST = 1_500_000;

/** An ordinary epoch, and the most that one can have. */
const SIZES = { 'four tasks, seven cohorts': { tasks: 4, cohorts: 7 }, 'sixteen tasks, 26 cohorts': LARGEST };

/** What claims cost before anything could be disproved. */
const CLAIMS_BEFORE: Readonly<Record<string, number>> = {
  'claim, vesting, depth 20, first, new holder': 116_460,
  'claim, vesting, depth 20, first, existing holder': 99_360,
  'claim, vesting, depth 20, repeated': 82_260,
  'claim, nothing vests, depth 20, first, new holder': 112_114,
  'claim, nothing vests, depth 20, repeated': 77_914,
  'claimTo, first': 116_776,
  'claimToBySig, first': 147_856,
  'claimMany of 10, repeated, for each': 49_078,
  'claimFoundation, repeated': 78_025,
};

for (const [title, size] of Object.entries(SIZES)) {
  describe(`gas: disputes at depth 20, ${title}`, function () {
    this.timeout(300_000);
    let hardhat: NetworkConnection;
    let world: DisputeWorld;
    let rewind: () => Promise<void>;

    before(async () => {
      hardhat = await network.create({ override: { initialDate: INITIAL_DATE } });
      world = await disputeWorld(hardhat, size);
      expect(depthOf(LEAVES)).to.equal(DEPTH);
    });
    after(async () => await hardhat.close());
    beforeEach(async () => {
      ({ restore: rewind } = await hardhat.networkHelpers.takeSnapshot());
    });
    afterEach(async () => await rewind());

    const gas = (step: string, used: bigint): void => {
      expect(Number(used), step).to.be.below(MOST);
      matchSnapshot('gas', `${step}, ${title}`, used);
    };

    for (const [name, [given, evidence]] of Object.entries({
      ...dearestProofs(size),
      'as large as any that is sent': asLargeAsSent(size),
    })) {
      it(`of a proof: ${name}`, async () => {
        const context = inWorld(world, given);
        const { receipt, bytes } = await disproveDisputed(world, context, evidence);
        // By what the cheapest proof is chosen.
        const modelled = costOf(context, evidence, encodeProof(evidence)).gas;
        expect(modelled / Number(receipt.gasUsed)).to.be.within(0.9, 1.1);
        gas(`disprove, ${name}`, receipt.gasUsed);
        matchSnapshot('gas', `disprove, ${name}, ${title}, bytes of proof`, bytes);
      });
    }

    it('of a demand, its answer, and what becomes of it without one', async () => {
      const { distributor, oscar, gwen, mallory, alice } = world.protocol;
      const { networkHelpers } = hardhat;
      const pair = farPair(1000n, size);
      const context = inWorld(world, largeContext(pair, farPair(1000n, size), size));
      const { settlement, proposalId } = await proposeDisputed(world, context);
      const { index } = pair.right;
      const value = await distributor.demandDeposit(proposalId);
      const demanded = await included(distributor.connect(mallory).demand(proposalId, index, { value }));
      gas('demand', demanded.gasUsed);

      const open = await networkHelpers.takeSnapshot();
      const answered = await included(distributor.connect(oscar).answer(settlement, index, answerOf(pair.right)));
      gas('answer', answered.gasUsed);
      await open.restore();
      await networkHelpers.time.increaseTo((await distributor.demandOf(proposalId, index)).deadline);
      const dropped = await included(distributor.connect(alice).disproveUnanswered(proposalId, index));
      gas('disprove, unanswered', dropped.gasUsed);
      expect((await distributor.proposalOf(proposalId)).state).to.equal(6n);
      await open.restore();
      await distributor.connect(gwen).veto(proposalId, 'false scores');
      const reclaimed = await included(distributor.connect(alice).reclaimDeposit(proposalId, index));
      gas('take a deposit back', reclaimed.gasUsed);
      const withdrawn = await included(distributor.connect(alice).withdrawBond(mallory.address));
      gas('withdraw what is credited', withdrawn.gasUsed);
      expect(await distributor.bondCreditOf(mallory.address)).to.equal(0n);
    });
  });
}

describe('gas: claims beside proofs', () => {
  it('claims cost no more than before anything could be disproved', () => {
    const figures = readFigures('gas');
    for (const [name, before] of Object.entries(CLAIMS_BEFORE)) {
      expect(Number(figures[name]), name).to.be.at.most(before);
    }
  });
});

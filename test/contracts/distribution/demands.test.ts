import { expect } from 'chai';
import { hexlify, toUtf8Bytes } from 'ethers';
import { network } from 'hardhat';

import { expectCoinBooked } from '../../support/coin-held.ts';
import { DEMAND, epochSteps, PROPOSAL, STATE } from '../../support/epoch-steps.ts';
import { BOND, QUIET, settlementStruct, twinOf, WEEK, WINDOW } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { time } = connection.networkHelpers;
const { closed, proposed, loadFixture } = epochSteps(connection, 'ScriptedVerifier');

const QUARTER = BigInt(WINDOW / 4);
const DEPOSIT = BOND / 32n;
const FOREVER = 2n ** 40n - 1n;
const LEAVES = 40;
const SHOWN = {
  siblings: [`0x${'07'.repeat(32)}`],
  leaf: hexlify(toUtf8Bytes('right')),
  curve: '0xc0',
  audit: '0xa0',
};

/** A settlement that says it has forty leaves; what they are, only the verifier would ask. */
async function wide() {
  const world = await closed();
  const settlement = { ...world.settlement, leafCount: LEAVES };
  const basis = await world.distributor.basisOf(0);
  await world.distributor.connect(world.oscar).propose(world.record, settlement, basis, { value: BOND });
  return { ...world, basis, settlement, until: (await world.distributor.proposalOf(1)).until };
}

/** Alice demanded leaf 2. */
async function demanded() {
  const world = await proposed();
  await world.distributor.connect(world.alice).demand(1, 2, { value: DEPOSIT });
  return { ...world, deadline: (await world.distributor.demandOf(1, 2)).deadline };
}

describe('EpochDistributor: demand', () => {
  it('takes a deposit and gives a quarter of the window for an answer', async () => {
    const { distributor, alice } = await loadFixture(proposed);
    const at = BigInt(await time.latest()) + 10n;
    await time.setNextBlockTimestamp(at);
    await expect(distributor.connect(alice).demand(1, 2, { value: DEPOSIT }))
      .to.emit(distributor, 'LeafDemanded')
      .withArgs(1n, 2n, alice.address, at + QUARTER, DEPOSIT);
    expect(await distributor.demandOf(1, 2)).to.deep.equal([alice.address, at + QUARTER, DEMAND.open, DEPOSIT]);
    expect((await distributor.proposalOf(1)).openDemands).to.equal(1n);
    await expectCoinBooked({ distributor });
  });

  it('is possible up to the second in which a quarter of the window is left, and not in the next', async () => {
    const { distributor, until } = await loadFixture(proposed);
    expect((await distributor.proposalOf(1)).demandUntil).to.equal(until - QUARTER);
    await time.setNextBlockTimestamp(until - QUARTER);
    await distributor.demand(1, 0, { value: DEPOSIT });
    expect((await distributor.demandOf(1, 0)).deadline).to.equal(until);
    await expect(distributor.demand(1, 1, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandsOver')
      .withArgs(until - QUARTER + 1n, until - QUARTER);
  });

  it('wants a leaf of the settlement, once', async () => {
    const { distributor, bob } = await loadFixture(demanded);
    await expect(distributor.demand(1, 3, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NoSuchLeaf')
      .withArgs(3n, 3n);
    await expect(distributor.connect(bob).demand(1, 2, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AlreadyDemanded')
      .withArgs(1n, 2n);
  });

  it('of a leaf that was shown is not possible again', async () => {
    const { distributor, settlement } = await loadFixture(demanded);
    await distributor.answer(settlement, 2, SHOWN);
    await expect(distributor.demand(1, 2, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AlreadyDemanded')
      .withArgs(1n, 2n);
  });

  it('costs twice as much with each sixteen that are open', async () => {
    const { distributor, settlement } = await loadFixture(wide);
    for (let index = 0; index < 33; index++) {
      const deposit = DEPOSIT * 2n ** BigInt(Math.floor(index / 16));
      expect(await distributor.demandDeposit(1)).to.equal(deposit);
      await expect(distributor.demand(1, index, { value: deposit - 1n }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DepositTooSmall')
        .withArgs(deposit - 1n, deposit);
      await distributor.demand(1, index, { value: deposit });
      expect((await distributor.demandOf(1, index)).deposit).to.equal(deposit);
    }
    expect(await distributor.demandDeposit(1), '33 open').to.equal(4n * DEPOSIT);
    await expectCoinBooked({ distributor });
    for (const index of [0, 20]) await distributor.answer(settlement, index, SHOWN);
    expect(await distributor.demandDeposit(1), '31 open').to.equal(2n * DEPOSIT);
    await expectCoinBooked({ distributor });
  });

  it('credits what was sent above the deposit', async () => {
    const { distributor, alice } = await loadFixture(proposed);
    await expect(distributor.connect(alice).demand(1, 0, { value: 3n * DEPOSIT }))
      .to.emit(distributor, 'BondCredited')
      .withArgs(1n, alice.address, 2n * DEPOSIT);
    expect((await distributor.demandOf(1, 0)).deposit).to.equal(DEPOSIT);
    await expectCoinBooked({ distributor });
  });

  it('reverts for a proposal that is not pending, never was, or was dropped', async () => {
    const { distributor, gwen } = await loadFixture(proposed);
    for (const id of [0n, 2n]) {
      await expect(distributor.demand(id, 0, { value: DEPOSIT }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
        .withArgs(id, 1n);
    }
    await distributor.connect(gwen).veto(1, '');
    await expect(distributor.demand(1, 0, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
      .withArgs(1n, 0n);
  });

  it('knows trees of no leaf and of one', async () => {
    const { distributor, oscar, economy, record } = await loadFixture(closed);
    const none = settlementStruct(twinOf(economy, QUIET).settlement);
    await distributor.connect(oscar).propose(record, none, await distributor.basisOf(0), { value: BOND });
    await expect(distributor.demand(1, 0, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NoSuchLeaf')
      .withArgs(0n, 0n);

    const single = await loadFixture(closed);
    const one = { ...single.settlement, leafCount: 1, participants: [1, 1], scoreTotals: [40n, 11n], granted: 0n };
    const basis = await single.distributor.basisOf(0);
    await single.distributor.connect(single.oscar).propose(single.record, one, basis, { value: BOND });
    await expect(single.distributor.demand(1, 1, { value: DEPOSIT }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NoSuchLeaf')
      .withArgs(1n, 1n);
    await single.distributor.demand(1, 0, { value: DEPOSIT });
    await single.distributor.answer(one, 0, { ...SHOWN, siblings: [] });
    expect((await single.distributor.demandOf(1, 0)).state).to.equal(DEMAND.answered);
  });
});

describe('EpochDistributor: answer', () => {
  it('gives a 32nd of the bond to whoever shows the leaf, and shows it to all', async () => {
    const { distributor, oscar, record, settlement, until } = await loadFixture(demanded);
    await expect(distributor.connect(oscar).answer(settlement, 2, SHOWN))
      .to.emit(distributor, 'LeafAnswered')
      .withArgs(1n, 2n, oscar.address, until, [SHOWN.siblings, SHOWN.leaf, SHOWN.curve, SHOWN.audit])
      .and.to.emit(distributor, 'BondCredited')
      .withArgs(1n, oscar.address, DEPOSIT);
    expect((await distributor.demandOf(1, 2)).state).to.equal(DEMAND.answered);
    expect((await distributor.proposalOf(1)).openDemands).to.equal(0n);
    await expectCoinBooked({ distributor });
    await time.increaseTo(until);
    await distributor.finalise(record, settlement);
  });

  it('costs the demander no more than that, however many are open', async () => {
    const { distributor, alice, bob, oscar, settlement } = await loadFixture(wide);
    for (let index = 0; index < 32; index++) {
      await distributor.connect(oscar).demand(1, index, { value: await distributor.demandDeposit(1) });
    }
    await distributor.connect(alice).demand(1, 32, { value: 4n * DEPOSIT });
    await expect(distributor.connect(bob).answer(settlement, 32, SHOWN))
      .to.emit(distributor, 'BondCredited')
      .withArgs(1n, bob.address, DEPOSIT)
      .and.to.emit(distributor, 'BondCredited')
      .withArgs(1n, alice.address, 3n * DEPOSIT);
    expect(await distributor.bondCreditOf(bob.address)).to.equal(DEPOSIT);
    expect(await distributor.bondCreditOf(alice.address)).to.equal(3n * DEPOSIT);
    await expectCoinBooked({ distributor });
  });

  it('works in the last second before the deadline, and not at it', async () => {
    const { distributor, settlement, deadline } = await loadFixture(demanded);
    await time.setNextBlockTimestamp(deadline - 1n);
    await distributor.answer(settlement, 2, SHOWN);
    const late = await loadFixture(demanded);
    await time.setNextBlockTimestamp(late.deadline);
    await expect(late.distributor.answer(late.settlement, 2, SHOWN))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AnswerOver')
      .withArgs(late.deadline, late.deadline);
  });

  it('leaves a quarter of the window for disproving, and never more than a quarter beyond its end (ROOT-2)', async () => {
    const { distributor, record, settlement, until } = await loadFixture(proposed);
    const last = until - QUARTER;
    for (const [index, at] of [last - 1000n, last - 1n, last].entries()) {
      await time.setNextBlockTimestamp(at);
      await distributor.demand(1, index, { value: DEPOSIT });
    }
    for (const [index, at] of [last + 5n, last + QUARTER - 2n, last + QUARTER - 1n].entries()) {
      await time.setNextBlockTimestamp(at);
      await expect(distributor.answer(settlement, index, SHOWN)).to.emit(distributor, 'LeafAnswered');
      expect((await distributor.proposalOf(1)).until).to.equal(at + QUARTER);
    }
    const end = until + QUARTER - 1n;
    await expect(distributor.demand(1, 2, { value: DEPOSIT })).to.be.revertedWithCustomError(
      distributor,
      'EpochDistributor_DemandsOver',
    );
    await time.setNextBlockTimestamp(end - 1n);
    await expect(distributor.finalise(record, settlement))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_WindowOpen')
      .withArgs(end - 1n, end);
    await time.setNextBlockTimestamp(end);
    await distributor.finalise(record, settlement);
  });

  it('reverts for a leaf that was not demanded, for another settlement, for a wrong leaf, and twice', async () => {
    const { distributor, verifier, settlement } = await loadFixture(demanded);
    await expect(distributor.answer(settlement, 1, SHOWN))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandNotOpen')
      .withArgs(1n, 1n, DEMAND.none);
    await expect(distributor.answer({ ...settlement, leafCount: 4 }, 2, SHOWN)).to.be.revertedWithCustomError(
      distributor,
      'EpochDistributor_SettlementMismatch',
    );
    await expect(distributor.answer(settlement, 2, { ...SHOWN, leaf: '0x' })).to.be.revertedWithCustomError(
      verifier,
      'ScriptedVerifier_Wrong',
    );
    await expect(distributor.answer(settlement, 2, { ...SHOWN, leaf: toUtf8Bytes('no') }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AnswerRefused')
      .withArgs(2n);
    await distributor.answer(settlement, 2, SHOWN);
    await expect(distributor.answer(settlement, 2, SHOWN))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandNotOpen')
      .withArgs(1n, 2n, DEMAND.answered);
    await expectCoinBooked({ distributor });
  });

  it('reverts when nothing is pending', async () => {
    const { distributor, gwen, settlement } = await loadFixture(demanded);
    await distributor.connect(gwen).veto(1, '');
    await expect(distributor.answer(settlement, 2, SHOWN))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
      .withArgs(0n);
  });

  it('is open to anyone while proposals are paused', async () => {
    const { distributor, gwen, mallory, settlement } = await loadFixture(demanded);
    await distributor.connect(gwen).pauseProposals();
    await distributor.connect(mallory).answer(settlement, 2, SHOWN);
    expect(await distributor.bondCreditOf(mallory.address)).to.equal(DEPOSIT);
  });
});

describe('EpochDistributor: disproveUnanswered', () => {
  it('drops the proposal from the deadline on, and pays the demander, whoever calls', async () => {
    const { distributor, alice, mallory, oscar, treasury, deadline } = await loadFixture(demanded);
    await time.setNextBlockTimestamp(deadline - 1n);
    await expect(distributor.disproveUnanswered(1, 2))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AnswerOpen')
      .withArgs(deadline - 1n, deadline);
    await time.setNextBlockTimestamp(deadline);
    await expect(distributor.connect(mallory).disproveUnanswered(1, 2))
      .to.emit(distributor, 'LeafUnanswered')
      .withArgs(0n, 1n, alice.address, 2n)
      .and.to.emit(distributor, 'OperatorSuspended')
      .withArgs(oscar.address, 1n, FOREVER);
    expect(await distributor.bondCreditOf(alice.address)).to.equal(BOND / 2n + DEPOSIT);
    expect(await distributor.bondCreditOf(treasury.address)).to.equal(BOND / 2n);
    expect(await distributor.bondCreditOf(mallory.address)).to.equal(0n);
    expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.disproved);
    expect((await distributor.demandOf(1, 2)).state).to.equal(DEMAND.returned);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    await expectCoinBooked({ distributor });
  });

  it('works also when the window is over: nothing is final with a demand open', async () => {
    const { distributor, record, settlement, until } = await loadFixture(demanded);
    await time.increaseTo(until + 1000n);
    await expect(distributor.finalise(record, settlement))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandsOpen')
      .withArgs(1n);
    await distributor.disproveUnanswered(1, 2);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
  });

  it('reverts for a leaf that was not demanded, or was shown, and twice', async () => {
    const { distributor, settlement, deadline } = await loadFixture(demanded);
    await distributor.demand(1, 0, { value: DEPOSIT });
    await distributor.answer(settlement, 0, SHOWN);
    await time.increaseTo(deadline);
    for (const [index, state] of [
      [0, DEMAND.answered],
      [1, DEMAND.none],
    ] as const) {
      await expect(distributor.disproveUnanswered(1, index))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandNotOpen')
        .withArgs(1n, index, state);
    }
    await distributor.disproveUnanswered(1, 2);
    await expect(distributor.disproveUnanswered(1, 2))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
      .withArgs(1n, 0n);
  });
});

describe('EpochDistributor: reclaimDeposit', () => {
  it('gives every demander the deposit back when the proposal falls in another way', async () => {
    for (const fall of ['veto', 'proof', 'unanswered'] as const) {
      const { distributor, alice, bob, gwen, carol, record, settlement, deadline } = await loadFixture(demanded);
      await distributor.connect(bob).demand(1, 0, { value: DEPOSIT });
      await expect(distributor.reclaimDeposit(1, 0))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_StillPending')
        .withArgs(1n);
      if (fall === 'veto') await distributor.connect(gwen).veto(1, 'no report');
      if (fall === 'proof') await distributor.connect(carol).disprove(record, settlement, 0n, toUtf8Bytes('right'));
      if (fall === 'unanswered') {
        await time.increaseTo(deadline);
        await distributor.disproveUnanswered(1, 2);
      }
      await expectCoinBooked({ distributor });
      await expect(distributor.reclaimDeposit(1, 0))
        .to.emit(distributor, 'BondCredited')
        .withArgs(1n, bob.address, DEPOSIT);
      if (fall !== 'unanswered') await distributor.connect(bob).reclaimDeposit(1, 2);
      for (const index of [0, 2]) {
        await expect(distributor.reclaimDeposit(1, index))
          .to.be.revertedWithCustomError(distributor, 'EpochDistributor_DemandNotOpen')
          .withArgs(1n, index, DEMAND.returned);
      }
      expect(await distributor.bondCreditOf(bob.address)).to.equal(DEPOSIT);
      const reward = fall === 'unanswered' ? BOND / 2n : 0n;
      expect(await distributor.bondCreditOf(alice.address)).to.equal(DEPOSIT + reward);
      expect((await distributor.proposalOf(1)).openDemands).to.equal(0n);
      await expectCoinBooked({ distributor });
    }
  });

  it('does not touch the deposits of the proposal that follows', async () => {
    const { distributor, alice, gwen, olga, record, settlement, basis } = await loadFixture(demanded);
    await distributor.connect(gwen).veto(1, '');
    await distributor.connect(olga).propose(record, settlement, basis, { value: BOND });
    expect((await distributor.demandOf(2, 2)).state).to.equal(DEMAND.none);
    await distributor.connect(alice).demand(2, 2, { value: DEPOSIT });
    await distributor.reclaimDeposit(1, 2);
    await expect(distributor.reclaimDeposit(2, 2))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_StillPending')
      .withArgs(2n);
    await expectCoinBooked({ distributor });
  });
});

describe('EpochDistributor: demands and pauses', () => {
  it('a pause moves the time for demands with the window (ROOT-2)', async () => {
    const { distributor, gwen, record, settlement, until } = await loadFixture(proposed);
    await time.setNextBlockTimestamp(until - 1n);
    await distributor.connect(gwen).pauseProposals();
    const moved = until + BigInt(WEEK);
    const { until: later, demandUntil } = await distributor.proposalOf(1);
    expect([later, demandUntil]).to.deep.equal([moved, moved - QUARTER]);
    await time.setNextBlockTimestamp(moved - QUARTER);
    await distributor.demand(1, 0, { value: DEPOSIT });
    await time.setNextBlockTimestamp(moved - 1n);
    await distributor.answer(settlement, 0, SHOWN);
    expect((await distributor.proposalOf(1)).until).to.equal(moved + QUARTER - 1n);
    await time.setNextBlockTimestamp(moved + QUARTER - 1n);
    await distributor.finalise(record, settlement);
  });

  it('a pause while only an answer keeps the window open adds its week and no more', async () => {
    const { distributor, gwen, settlement, until } = await loadFixture(proposed);
    await time.setNextBlockTimestamp(until - QUARTER);
    await distributor.demand(1, 0, { value: DEPOSIT });
    await time.setNextBlockTimestamp(until - 1n);
    await distributor.answer(settlement, 0, SHOWN);
    await time.setNextBlockTimestamp(until + 5n);
    await distributor.connect(gwen).pauseProposals();
    const proposal = await distributor.proposalOf(1);
    expect(proposal.until).to.equal(until - 1n + QUARTER + BigInt(WEEK));
    expect(proposal.demandUntil).to.equal(until - QUARTER + BigInt(WEEK));
  });

  it('a demand keeps its deadline in a pause', async () => {
    const { distributor, gwen, deadline } = await loadFixture(demanded);
    await distributor.connect(gwen).pauseProposals();
    expect((await distributor.demandOf(1, 2)).deadline).to.equal(deadline);
    await time.increaseTo(deadline);
    await distributor.disproveUnanswered(1, 2);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
  });

  it('a pause of a window that is over opens no demands', async () => {
    const { distributor, gwen, until } = await loadFixture(demanded);
    await time.setNextBlockTimestamp(until);
    await distributor.connect(gwen).pauseProposals();
    expect((await distributor.proposalOf(1)).demandUntil).to.equal(until - QUARTER);
    await distributor.disproveUnanswered(1, 2);
  });
});

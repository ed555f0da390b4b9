import { expect } from 'chai';
import { network } from 'hardhat';

import { epochSteps, PROPOSAL, STATE } from '../../support/epoch-steps.ts';
import { BOND, WEEK, WINDOW } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, closed, proposed, loadFixture } = epochSteps(connection);

const RULING_TIME = 30 * 86_400;
const FOREVER = 2n ** 40n - 1n;

/** Oscar's proposal was vetoed. */
async function vetoed() {
  const world = await proposed();
  await world.distributor.connect(world.gwen).veto(1, 'false scores');
  return { ...world, rulingUntil: (await world.distributor.proposalOf(1)).rulingUntil };
}

/** The same, a second before the time for a ruling is over. */
async function rulingAlmostOver() {
  const world = await vetoed();
  await time.increaseTo(world.rulingUntil - 2n);
  return world;
}

describe('EpochDistributor: veto', () => {
  describe('veto', () => {
    it('drops the proposal, holds the bond and suspends the operator', async () => {
      const { distributor, gwen, oscar } = await loadFixture(proposed);
      const at = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(at);
      await expect(distributor.connect(gwen).veto(1, 'false scores'))
        .to.emit(distributor, 'ProposalVetoed')
        .withArgs(0n, 1n, at + RULING_TIME, 'false scores')
        .and.to.emit(distributor, 'OperatorSuspended')
        .withArgs(oscar.address, 1n, at + RULING_TIME);
      expect(await distributor.stateOf(0)).to.equal(STATE.closed);
      expect(await distributor.pendingProposal()).to.equal(0n);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.vetoed);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
      expect(await distributor.bondCreditOf(oscar.address)).to.equal(0n);
      expect(await ethers.provider.getBalance(distributor)).to.equal(BOND);
    });

    it('works until the proposal is final, also after its window', async () => {
      const { distributor, gwen, until } = await loadFixture(proposed);
      await time.increaseTo(until + 1000n);
      await distributor.connect(gwen).veto(1, 'late');
      expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    });

    it('reverts once it is final, for another proposal, for none, and twice', async () => {
      const { distributor, gwen, record, settlement, until } = await loadFixture(proposed);
      await expect(distributor.connect(gwen).veto(2, ''))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
        .withArgs(2n, 1n);
      await time.increaseTo(until);
      await distributor.finalise(record, settlement);
      for (const id of [0n, 1n]) {
        await expect(distributor.connect(gwen).veto(id, ''))
          .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
          .withArgs(id, 0n);
      }
      const again = await loadFixture(vetoed);
      await expect(again.distributor.connect(again.gwen).veto(1, ''))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
        .withArgs(1n, 0n);
    });

    it('that arrives late does not hit the next proposal', async () => {
      const { distributor, gwen, oscar, record, settlement, basis } = await loadFixture(vetoed);
      await distributor.readmit(oscar.address);
      await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
      await expect(distributor.connect(gwen).veto(1, 'sent before'))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotPending')
        .withArgs(1n, 2n);
      expect(await distributor.pendingProposal()).to.equal(2n);
    });

    it('reaches a suspended operator who calls through the access manager', async () => {
      const { distributor, manager, oscar, record, settlement, basis } = await loadFixture(vetoed);
      const data = distributor.interface.encodeFunctionData('propose', [record, settlement, basis]);
      await expect(manager.connect(oscar).execute(await distributor.getAddress(), data, { value: BOND }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_OperatorIndirect')
        .withArgs(await manager.getAddress());
    });

    it('reverts for anyone but the guardian', async () => {
      const { distributor, oscar, mallory } = await loadFixture(proposed);
      for (const caller of [oscar, mallory]) {
        await expect(distributor.connect(caller).veto(1, ''))
          .to.be.revertedWithCustomError(distributor, 'AccessManagedUnauthorized')
          .withArgs(caller.address);
      }
    });

    it('lets another operator propose at once, but not the suspended one', async () => {
      const { distributor, oscar, olga, record, settlement, basis, rulingUntil } = await loadFixture(vetoed);
      await expect(distributor.connect(oscar).propose(record, settlement, basis, { value: BOND }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_OperatorSuspended')
        .withArgs(oscar.address, rulingUntil);
      await distributor.connect(olga).propose(record, settlement, basis, { value: BOND });
      await time.increase(WINDOW);
      await distributor.finalise(record, settlement);
      expect(await distributor.stateOf(0)).to.equal(STATE.final);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.vetoed);
      expect(await ethers.provider.getBalance(distributor), 'ROOT-5').to.equal(2n * BOND);
    });
  });

  describe('ruleVeto', () => {
    it('upheld: the treasury gets the bond and the operator stays suspended', async () => {
      const { distributor, oscar, treasury } = await loadFixture(vetoed);
      await expect(distributor.ruleVeto(1, true))
        .to.emit(distributor, 'VetoRuled')
        .withArgs(1n, true)
        .and.to.emit(distributor, 'BondCredited')
        .withArgs(1n, treasury.address, BOND)
        .and.to.emit(distributor, 'OperatorSuspended')
        .withArgs(oscar.address, 1n, FOREVER);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.forfeited);
      await time.increase(RULING_TIME);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
      await expect(distributor.withdrawBond(treasury.address)).to.changeEtherBalance(ethers, treasury, BOND);
      expect(await ethers.provider.getBalance(distributor), 'ROOT-5').to.equal(0n);
    });

    it('not upheld: the operator gets the bond back and is readmitted; the proposal stays dropped', async () => {
      const { distributor, oscar } = await loadFixture(vetoed);
      await expect(distributor.ruleVeto(1, false))
        .to.emit(distributor, 'BondCredited')
        .withArgs(1n, oscar.address, BOND)
        .and.to.emit(distributor, 'OperatorReadmitted')
        .withArgs(oscar.address);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.returned);
      expect(await distributor.suspended(oscar.address)).to.equal(false);
      expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    });

    it('works in the last second of its time, and reverts in the next', async () => {
      const { distributor } = await loadFixture(rulingAlmostOver);
      await distributor.ruleVeto(1, true);
      const late = await loadFixture(rulingAlmostOver);
      await time.setNextBlockTimestamp(late.rulingUntil);
      await expect(late.distributor.ruleVeto(1, true))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_RulingOver')
        .withArgs(late.rulingUntil, late.rulingUntil);
    });

    it('reverts for a proposal that was not vetoed, or was ruled about', async () => {
      const { distributor } = await loadFixture(vetoed);
      await distributor.ruleVeto(1, false);
      for (const [id, state] of [
        [1n, PROPOSAL.returned],
        [2n, PROPOSAL.none],
      ] as const) {
        await expect(distributor.ruleVeto(id, true))
          .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotVetoed')
          .withArgs(id, state);
      }
    });
  });

  describe('releaseBond', () => {
    it('reverts in the last second of the time for a ruling, and returns the bond in the next', async () => {
      const { distributor, oscar, mallory, rulingUntil } = await loadFixture(rulingAlmostOver);
      await expect(distributor.releaseBond(1))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_RulingOpen')
        .withArgs(rulingUntil - 1n, rulingUntil);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
      await time.setNextBlockTimestamp(rulingUntil);
      await expect(distributor.connect(mallory).releaseBond(1))
        .to.emit(distributor, 'BondCredited')
        .withArgs(1n, oscar.address, BOND)
        .and.to.emit(distributor, 'OperatorReadmitted')
        .withArgs(oscar.address);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.returned);
    });

    it('pays once (ROOT-5)', async () => {
      const { distributor, oscar, rulingUntil } = await loadFixture(vetoed);
      await time.increaseTo(rulingUntil);
      await distributor.releaseBond(1);
      await expect(distributor.releaseBond(1))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotVetoed')
        .withArgs(1n, PROPOSAL.returned);
      expect(await distributor.bondCreditOf(oscar.address)).to.equal(BOND);
    });

    it('is not needed for the operator to propose again', async () => {
      const { distributor, oscar, record, settlement, basis, rulingUntil } = await loadFixture(vetoed);
      await time.setNextBlockTimestamp(rulingUntil);
      await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
      expect(await distributor.suspended(oscar.address)).to.equal(false);
    });
  });

  describe('readmit', () => {
    it('ends a suspension; a ruling about the first veto then leaves that of a second alone', async () => {
      const { distributor, gwen, oscar, record, settlement, basis } = await loadFixture(vetoed);
      await expect(distributor.readmit(oscar.address))
        .to.emit(distributor, 'OperatorReadmitted')
        .withArgs(oscar.address);
      await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
      await distributor.connect(gwen).veto(2, 'again');
      await distributor.ruleVeto(1, false);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
      await distributor.ruleVeto(2, false);
      expect(await distributor.suspended(oscar.address)).to.equal(false);
      expect(await distributor.bondCreditOf(oscar.address)).to.equal(2n * BOND);
    });

    it('does not let a later veto shorten a suspension that has no end', async () => {
      const { distributor, gwen, oscar, record, settlement, basis } = await loadFixture(vetoed);
      await distributor.readmit(oscar.address);
      await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
      await distributor.ruleVeto(1, true);
      await distributor.connect(gwen).veto(2, 'again');
      expect(await distributor.suspendedUntil(oscar.address)).to.equal(FOREVER);
      await distributor.ruleVeto(2, false);
      expect(await distributor.suspended(oscar.address)).to.equal(true);
    });

    it('reverts for who is not suspended, and for anyone but governance', async () => {
      const { distributor, oscar, gwen } = await loadFixture(vetoed);
      await expect(distributor.readmit(gwen.address))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_OperatorNotSuspended')
        .withArgs(gwen.address);
      await expect(distributor.connect(oscar).readmit(oscar.address))
        .to.be.revertedWithCustomError(distributor, 'AccessManagedUnauthorized')
        .withArgs(oscar.address);
    });
  });
});

describe('EpochDistributor: pauseProposals', () => {
  it('stops proposals for exactly a week', async () => {
    const { distributor, gwen, oscar, record, settlement } = await loadFixture(closed);
    const basis = await distributor.basisOf(0);
    const at = (await time.latest()) + 10;
    await time.setNextBlockTimestamp(at);
    await expect(distributor.connect(gwen).pauseProposals())
      .to.emit(distributor, 'ProposalsPaused')
      .withArgs(at + WEEK, 0n, 0n);
    await time.setNextBlockTimestamp(at + WEEK - 1);
    await expect(distributor.connect(oscar).propose(record, settlement, basis, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_ProposalsPaused')
      .withArgs(at + WEEK - 1, at + WEEK);
    await time.setNextBlockTimestamp(at + WEEK);
    await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
  });

  it('lengthens an open window by a week (ROOT-2)', async () => {
    const { distributor, gwen, record, settlement, until } = await loadFixture(proposed);
    await time.setNextBlockTimestamp(until - 1n);
    await expect(distributor.connect(gwen).pauseProposals())
      .to.emit(distributor, 'ProposalsPaused')
      .withArgs(until - 1n + BigInt(WEEK), 1n, until + BigInt(WEEK));
    await time.setNextBlockTimestamp(until + BigInt(WEEK) - 1n);
    await expect(distributor.finalise(record, settlement))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_WindowOpen')
      .withArgs(until + BigInt(WEEK) - 1n, until + BigInt(WEEK));
    await time.setNextBlockTimestamp(until + BigInt(WEEK));
    await distributor.finalise(record, settlement);
  });

  it('leaves a window that is over as it is', async () => {
    const { distributor, gwen, record, settlement, until } = await loadFixture(proposed);
    await time.setNextBlockTimestamp(until);
    await distributor.connect(gwen).pauseProposals();
    await distributor.finalise(record, settlement);
    expect(await distributor.stateOf(0)).to.equal(STATE.final);
  });

  it('cannot follow another one before a week has passed since its end', async () => {
    const { distributor, gwen } = await loadFixture(fresh);
    await distributor.connect(gwen).pauseProposals();
    const next = (await distributor.pausedUntil()) + BigInt(WEEK);
    await time.setNextBlockTimestamp(next - 1n);
    await expect(distributor.connect(gwen).pauseProposals())
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_PauseTooSoon')
      .withArgs(next - 1n, next);
    await time.setNextBlockTimestamp(next);
    await distributor.connect(gwen).pauseProposals();
  });

  it('reverts for anyone but the guardian', async () => {
    const { distributor, mallory } = await loadFixture(fresh);
    await expect(distributor.connect(mallory).pauseProposals())
      .to.be.revertedWithCustomError(distributor, 'AccessManagedUnauthorized')
      .withArgs(mallory.address);
  });
});

describe('EpochDistributor: withdrawBond', () => {
  /** An operator that is a contract, with its bond back. */
  async function awkward() {
    const world = await closed();
    const { distributor, manager, record, settlement } = world;
    const operator = await ethers.deployContract('AwkwardOperator');
    await manager.grantRole(1, await operator.getAddress(), 0);
    const basis = await distributor.basisOf(0);
    const call = distributor.interface.encodeFunctionData('propose', [record, settlement, basis]);
    await operator.forward(await distributor.getAddress(), call, { value: BOND });
    await time.increase(WINDOW);
    await distributor.finalise(record, settlement);
    return { ...world, operator };
  }

  it('keeps the credit of an operator that refuses the coin, and never held the epoch up', async () => {
    const { distributor, operator } = await loadFixture(awkward);
    await operator.refuse(true);
    await expect(distributor.withdrawBond(operator))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_PaymentRefused')
      .withArgs(await operator.getAddress(), BOND);
    expect(await distributor.bondCreditOf(operator)).to.equal(BOND);
    await operator.refuse(false);
    await distributor.withdrawBond(operator);
    expect(await ethers.provider.getBalance(operator)).to.equal(BOND);
  });

  it('pays nothing twice when the operator calls back', async () => {
    const { distributor, operator } = await loadFixture(awkward);
    // Somebody else's coin to be stolen.
    await ethers.provider.send('hardhat_setBalance', [await distributor.getAddress(), `0x${(5n * BOND).toString(16)}`]);
    const again = distributor.interface.encodeFunctionData('withdrawBond', [await operator.getAddress()]);
    await operator.callBack(await distributor.getAddress(), again);
    await distributor.withdrawBond(operator);
    expect(await operator.calledBack()).to.equal(false);
    expect(await ethers.provider.getBalance(operator)).to.equal(BOND);
  });

  it('takes no coin outside of propose', async () => {
    const { distributor, mallory } = await loadFixture(fresh);
    await expect(mallory.sendTransaction({ to: await distributor.getAddress(), value: 1n })).to.be.revert(ethers);
  });
});

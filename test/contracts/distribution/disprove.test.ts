import { expect } from 'chai';
import { toUtf8Bytes } from 'ethers';
import { network } from 'hardhat';

import { ZERO_ADDRESS } from '../../support/contract-values.ts';
import { expectCoinBooked } from '../../support/coin-held.ts';
import { epochSteps, PROPOSAL, STATE } from '../../support/epoch-steps.ts';
import { BOND, WINDOW } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { closed, proposed, settled, loadFixture } = epochSteps(connection, 'ScriptedVerifier');

const FOREVER = 2n ** 40n - 1n;
const RIGHT = toUtf8Bytes('right');
const TRANSITION = 4n;

/** Mallory has disproved oscar's proposal. */
async function disproved() {
  const world = await proposed();
  await world.distributor.connect(world.mallory).disprove(world.record, world.settlement, TRANSITION, RIGHT);
  return world;
}

describe('EpochDistributor: disprove', () => {
  it('drops the proposal, shares the bond out and suspends the operator without end', async () => {
    const { distributor, mallory, oscar, treasury, record, settlement } = await loadFixture(proposed);
    await expect(distributor.connect(mallory).disprove(record, settlement, TRANSITION, RIGHT))
      .to.emit(distributor, 'ProposalDisproved')
      .withArgs(0n, 1n, mallory.address, TRANSITION)
      .and.to.emit(distributor, 'BondCredited')
      .withArgs(1n, mallory.address, BOND / 2n)
      .and.to.emit(distributor, 'BondCredited')
      .withArgs(1n, treasury.address, BOND / 2n)
      .and.to.emit(distributor, 'OperatorSuspended')
      .withArgs(oscar.address, 1n, FOREVER);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    expect(await distributor.pendingProposal()).to.equal(0n);
    expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.disproved);
    await expectCoinBooked({ distributor });
    await expect(distributor.withdrawBond(mallory.address)).to.changeEtherBalance(ethers, mallory, BOND / 2n);
    await expect(distributor.withdrawBond(treasury.address)).to.changeEtherBalance(ethers, treasury, BOND / 2n);
    expect(await ethers.provider.getBalance(distributor), 'ROOT-5').to.equal(0n);
  });

  it('gives an odd wei to the treasury', async () => {
    const odd = BOND + 1n;
    const { distributor, mallory, treasury, record, settlement } = await loadFixture(async function oddBond() {
      return await proposed({ challenge: [{ from: 0, value: { window: WINDOW, bond: odd } }] });
    });
    await distributor.connect(mallory).disprove(record, settlement, TRANSITION, RIGHT);
    expect(await distributor.bondCreditOf(mallory.address)).to.equal(BOND / 2n);
    expect(await distributor.bondCreditOf(treasury.address)).to.equal(BOND / 2n + 1n);
    await expectCoinBooked({ distributor });
  });

  it('lets another operator propose at once; the first one waits for governance', async () => {
    const { distributor, oscar, olga, record, settlement, basis } = await loadFixture(disproved);
    await time.increase(400 * 86_400);
    await expect(distributor.connect(oscar).propose(record, settlement, basis, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_OperatorSuspended')
      .withArgs(oscar.address, FOREVER);
    await distributor.connect(olga).propose(record, settlement, basis, { value: BOND });
    await time.increase(WINDOW);
    await distributor.finalise(record, settlement);
    await distributor.readmit(oscar.address);
    expect(await distributor.suspended(oscar.address)).to.equal(false);
    await expectCoinBooked({ distributor });
  });

  it('works after the window, until the proposal is final; then no more', async () => {
    const { distributor, record, settlement, until } = await loadFixture(proposed);
    await time.increaseTo(until + 10_000n);
    await distributor.disprove(record, settlement, TRANSITION, RIGHT);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    const late = await loadFixture(proposed);
    await time.increaseTo(late.until);
    await late.distributor.finalise(late.record, late.settlement);
    await expect(late.distributor.disprove(late.record, late.settlement, TRANSITION, RIGHT))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
      .withArgs(0n);
  });

  it('is not stopped by a pause', async () => {
    const { distributor, gwen, record, settlement } = await loadFixture(proposed);
    await distributor.connect(gwen).pauseProposals();
    await distributor.disprove(record, settlement, TRANSITION, RIGHT);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
  });

  it('works once: a copied proof finds nothing any more', async () => {
    const { distributor, alice, record, settlement } = await loadFixture(disproved);
    await expect(distributor.connect(alice).disprove(record, settlement, TRANSITION, RIGHT))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
      .withArgs(0n);
    expect(await distributor.bondCreditOf(alice.address)).to.equal(0n);
  });

  it('hits the same lie again when another operator proposes it', async () => {
    const { distributor, alice, olga, record, settlement, basis } = await loadFixture(disproved);
    await distributor.connect(olga).propose(record, settlement, basis, { value: BOND });
    await distributor.connect(alice).disprove(record, settlement, TRANSITION, RIGHT);
    expect(await distributor.suspended(olga.address)).to.equal(true);
    expect(await distributor.bondCreditOf(alice.address)).to.equal(BOND / 2n);
    await expectCoinBooked({ distributor });
  });

  it('passes the verifier’s own error on, and changes nothing by a wrong proof', async () => {
    const { distributor, verifier, record, settlement } = await loadFixture(proposed);
    await expect(
      distributor.disprove(record, settlement, TRANSITION, toUtf8Bytes('wrong')),
    ).to.be.revertedWithCustomError(verifier, 'ScriptedVerifier_Wrong');
    await expect(distributor.disprove(record, settlement, TRANSITION, toUtf8Bytes('no')))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotProven')
      .withArgs(TRANSITION);
    expect(await distributor.stateOf(0)).to.equal(STATE.proposed);
    await expectCoinBooked({ distributor });
  });

  it('reverts for another record, another settlement, a fault that there is none of, and before any proposal', async () => {
    const { distributor, record, settlement } = await loadFixture(proposed);
    await expect(
      distributor.disprove({ ...record, bond: 1n }, settlement, TRANSITION, RIGHT),
    ).to.be.revertedWithCustomError(distributor, 'EpochDistributor_RecordMismatch');
    await expect(
      distributor.disprove(record, { ...settlement, granted: 1n }, TRANSITION, RIGHT),
    ).to.be.revertedWithCustomError(distributor, 'EpochDistributor_SettlementMismatch');
    await expect(distributor.disprove({ ...record, epoch: 1 }, settlement, TRANSITION, RIGHT))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
      .withArgs(1n);
    await expect(distributor.disprove(record, settlement, 7n, RIGHT)).to.be.revert(ethers);
    const before = await loadFixture(closed);
    await expect(before.distributor.disprove(before.record, before.settlement, TRANSITION, RIGHT))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
      .withArgs(0n);
  });

  it('shows the verifier the first epoch without a parent', async () => {
    const { distributor, verifier, token, vault, reserve, record, settlement } = await loadFixture(proposed);
    await verifier.getFunction('expectDispute')({
      ...{ record, settlement, parentRoot: `0x${'00'.repeat(32)}`, parentLeafCount: 0, reserve: 0n },
      total: { unlocked: 0n, cohorts: [] },
      forbidden: [token, vault, reserve, distributor],
    });
    await distributor.disprove(record, settlement, TRANSITION, RIGHT);
  });

  it('shows the verifier the tree, the reserve and the curve before a later epoch', async () => {
    const world = await loadFixture(settled);
    const { distributor, verifier, token, vault, reserve, oscar, twin, next } = world;
    await time.increaseTo(next.record.end);
    await distributor.closeEpoch();
    await distributor
      .connect(oscar)
      .propose(next.record, next.settlement, await distributor.basisOf(1), { value: BOND });
    const total = await vault.totalCurve();
    const { root, accounts } = twin.next;
    expect(await reserve.reserve()).to.not.equal(0n);
    await verifier.getFunction('expectDispute')({
      ...{ record: next.record, settlement: next.settlement, parentRoot: root, parentLeafCount: accounts.length },
      ...{ reserve: await reserve.reserve(), forbidden: [token, vault, reserve, distributor] },
      total: { unlocked: total.unlocked, cohorts: [...total.cohorts] },
    });
    await distributor.disprove(next.record, next.settlement, TRANSITION, RIGHT);
    expect(await distributor.stateOf(1)).to.equal(STATE.closed);
    await expectCoinBooked(world);
  });

  it('leaves an earlier veto’s ruling without power over its suspension', async () => {
    const { distributor, gwen, oscar, record, settlement, basis } = await loadFixture(proposed);
    await distributor.connect(gwen).veto(1, 'false scores');
    await distributor.readmit(oscar.address);
    await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
    await distributor.disprove(record, settlement, TRANSITION, RIGHT);
    await distributor.ruleVeto(1, false);
    expect(await distributor.suspended(oscar.address)).to.equal(true);
    await expectCoinBooked({ distributor });
  });

  it('of oneself costs half the bond and the office', async () => {
    const { distributor, oscar, treasury, record, settlement } = await loadFixture(proposed);
    await distributor.connect(oscar).disprove(record, settlement, TRANSITION, RIGHT);
    expect(await distributor.bondCreditOf(oscar.address)).to.equal(BOND / 2n);
    expect(await distributor.bondCreditOf(treasury.address)).to.equal(BOND / 2n);
    expect(await distributor.suspendedUntil(oscar.address)).to.equal(FOREVER);
  });

  it('pays a prover that takes no coin later', async () => {
    const { distributor, record, settlement } = await loadFixture(proposed);
    const prover = await ethers.deployContract('AwkwardOperator');
    await prover.refuse(true);
    const call = distributor.interface.encodeFunctionData('disprove', [record, settlement, TRANSITION, RIGHT]);
    await prover.forward(await distributor.getAddress(), call);
    expect(await distributor.stateOf(0)).to.equal(STATE.closed);
    await prover.refuse(false);
    await expect(distributor.withdrawBond(prover)).to.changeEtherBalance(ethers, prover, BOND / 2n);
  });
});

describe('EpochDistributor: scheduleVerifier', () => {
  const DELAY = 30n * 86_400n;

  async function announced() {
    const world = await proposed();
    const second = await ethers.deployContract('ScriptedVerifier');
    await world.distributor.scheduleVerifier(second);
    const [, from] = await world.distributor.nextVerifier();
    return { ...world, second: await second.getAddress(), first: await world.verifier.getAddress(), from };
  }

  it('announces another verifier for proposals made in 30 days', async () => {
    const { distributor, verifier } = await loadFixture(proposed);
    const [first, second] = [await verifier.getAddress(), await ethers.deployContract('ScriptedVerifier')];
    const at = BigInt(await time.latest()) + 10n;
    await time.setNextBlockTimestamp(at);
    await expect(distributor.scheduleVerifier(second))
      .to.emit(distributor, 'VerifierScheduled')
      .withArgs(first, await second.getAddress(), at + DELAY);
    expect(await distributor.verifier()).to.equal(first);
    expect(await distributor.verifierAt(at + DELAY - 1n)).to.equal(first);
    expect(await distributor.verifierAt(at + DELAY)).to.equal(await second.getAddress());
    expect(await distributor.nextVerifier()).to.deep.equal([await second.getAddress(), at + DELAY]);
    await time.increaseTo(at + DELAY);
    expect(await distributor.verifier()).to.equal(await second.getAddress());
  });

  it('judges a proposal of the second before by the old one, for ever, and one of that second by the new one', async () => {
    for (const [late, expected] of [
      [0n, 'second'],
      [-1n, 'first'],
    ] as const) {
      const world = await loadFixture(announced);
      const { distributor, gwen, oscar, record, settlement, basis, from } = world;
      await distributor.connect(gwen).veto(1, 'to begin anew');
      await distributor.readmit(oscar.address);
      await time.setNextBlockTimestamp(from + late);
      await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
      await time.increase(60 * 86_400);
      expect((await distributor.proposalOf(2)).verifier).to.equal(world[expected]);
      expect((await distributor.proposalOf(1)).verifier).to.equal(world.first);
    }
  });

  it('replaces what was announced before and is not in force; the delay begins anew', async () => {
    const { distributor, first, second, from } = await loadFixture(announced);
    const third = await ethers.deployContract('ScriptedVerifier');
    await time.setNextBlockTimestamp(from - 1n);
    await expect(distributor.scheduleVerifier(third))
      .to.emit(distributor, 'VerifierScheduled')
      .withArgs(first, await third.getAddress(), from - 1n + DELAY);
    await time.increaseTo(from + 1n);
    expect(await distributor.verifier()).to.equal(first);
    await time.increaseTo(from - 1n + DELAY);
    expect(await distributor.verifier()).to.equal(await third.getAddress());
    expect(second).to.not.equal(first);
  });

  it('builds on what is in force', async () => {
    const { distributor, second, from } = await loadFixture(announced);
    const third = await ethers.deployContract('ScriptedVerifier');
    await time.setNextBlockTimestamp(from);
    await expect(distributor.scheduleVerifier(third))
      .to.emit(distributor, 'VerifierScheduled')
      .withArgs(second, await third.getAddress(), from + DELAY);
    expect(await distributor.verifier()).to.equal(second);
  });

  it('that takes every proof can drop proposals and take half of their bonds, and nothing else', async () => {
    const { distributor, token, mallory, oscar, record, settlement, basis, from } = await loadFixture(announced);
    await time.increaseTo(from);
    await distributor.finalise(record, settlement);
    const supply = await token.totalSupply();
    await distributor.closeEpoch();
    expect(await distributor.bondCreditOf(oscar.address)).to.equal(BOND);
    await expect(distributor.connect(mallory).disprove(record, settlement, 0n, RIGHT)).to.be.revertedWithCustomError(
      distributor,
      'EpochDistributor_NothingProposed',
    );
    expect(await token.totalSupply()).to.equal(supply);
    expect(basis).to.not.equal(await distributor.basisOf(1));
    await expectCoinBooked({ distributor });
  });

  it('reverts for an address without code, and for anyone but governance', async () => {
    const { distributor, verifier, mallory, gwen } = await loadFixture(proposed);
    for (const account of [mallory.address, ZERO_ADDRESS]) {
      await expect(distributor.scheduleVerifier(account))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_VerifierCodeless')
        .withArgs(account);
    }
    for (const caller of [mallory, gwen]) {
      await expect(distributor.connect(caller).scheduleVerifier(verifier))
        .to.be.revertedWithCustomError(distributor, 'AccessManagedUnauthorized')
        .withArgs(caller.address);
    }
  });
});

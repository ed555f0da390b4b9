import { expect } from 'chai';
import { network } from 'hardhat';

import type { Curve } from '../../../src/protocol/vesting-curve.ts';
import { accelerateEach, curveHash, EMPTY_CURVE, join, roll, unlockedAt } from '../../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { WAD, ZERO_ADDRESS } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import { curveOf, growTree } from '../../support/leaves.ts';
import { COHORT_END, deployVault, DURATION, endOf, grantOf, startOf, WEEK } from '../../support/vault-fixture.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const EMPTY = growTree([]);
const FOUNDATION = ethers.getAddress('0x00000000000000000000000000000000000000f1');

async function fresh() {
  return await deployVault(ethers);
}

/** A thousand seconds before epoch 0. */
async function beforeStart() {
  const world = await deployVault(ethers);
  await time.increaseTo(startOf(0) - 1000n);
  return world;
}

describe('VestingVault: settle', () => {
  it('takes epochs in order from the distributor only', async () => {
    const { vault, dora, mallory } = await loadFixture(fresh);
    await expect(vault.connect(mallory).settle(grantOf(0, EMPTY)))
      .to.be.revertedWithCustomError(vault, 'VestingVault_NotDistributor')
      .withArgs(mallory.address, dora.address);
    const distributor = vault.connect(dora);
    await expect(distributor.settle(grantOf(1, EMPTY)))
      .to.be.revertedWithCustomError(vault, 'VestingVault_EpochOutOfOrder')
      .withArgs(1n, 0n);
    await expect(distributor.settle(grantOf(0, EMPTY)))
      .to.emit(vault, 'RootAccepted')
      .withArgs(0n, EMPTY.root, 0n, 0n, 0n, 0n);
    await expect(distributor.settle(grantOf(0, EMPTY)))
      .to.be.revertedWithCustomError(vault, 'VestingVault_EpochOutOfOrder')
      .withArgs(0n, 1n);
  });

  it('rolls, accelerates and joins the total curve as the twin does', async () => {
    const { vault, settle } = await loadFixture(fresh);
    let expected: Curve = EMPTY_CURVE;
    for (let epoch = 0; epoch < 20; epoch++) {
      const cohortEnd = COHORT_END + BigInt(Math.trunc(epoch / 4)) * 4n * WEEK;
      const rolled = roll(expected, Number(endOf(epoch)));
      const accelerated = rolled.cohorts.map(({ amount }, i) => (i === 0 ? amount / BigInt(1 + (epoch % 5)) : 0n));
      const granted = epoch % 3 === 0 ? 0n : 100n * WAD + BigInt(epoch);
      const terms = { end: Number(cohortEnd), duration: Number(DURATION) };
      expected = join(accelerateEach(rolled, accelerated), granted, terms);
      await time.increaseTo(endOf(epoch));
      await settle(grantOf(epoch, EMPTY, { granted, accelerated, cohortEnd }));
      expect(await vault.totalCurveHash()).to.equal(bytesToHex(curveHash(expected)));
    }
    for (const at of [0, Number(endOf(19)), Number(endOf(25)), 2 ** 39]) {
      expect(await vault.unlockedTotalAt(at)).to.equal(unlockedAt(expected, at));
    }
  });

  it('reverts for accelerations that do not fit the cohorts', async () => {
    const { vault, settle } = await loadFixture(fresh);
    await settle(grantOf(0, EMPTY, { granted: 10n }));
    await expect(settle(grantOf(1, EMPTY)))
      .to.be.revertedWithCustomError(vault, 'VestingCurve_LengthMismatch')
      .withArgs(0n, 1n);
    await expect(settle(grantOf(1, EMPTY, { accelerated: [11n] })))
      .to.be.revertedWithCustomError(vault, 'VestingCurve_AccelerationTooLarge')
      .withArgs(11n, 10n);
    await settle(grantOf(1, EMPTY, { accelerated: [10n] }));
    expect(await vault.unlockedTotalAt(0)).to.equal(10n);
  });

  it('remembers what was granted up to each epoch', async () => {
    const { vault, settle } = await loadFixture(fresh);
    await settle(grantOf(0, EMPTY, { granted: 7n, duration: 0n }));
    await settle(grantOf(1, EMPTY, { granted: 2n, foundationGranted: 1n, duration: 0n }));
    expect(await Promise.all([0, 1, 2].map(async (epoch) => await vault.grantedUpTo(epoch)))).to.deep.equal([
      7n,
      10n,
      0n,
    ]);
    expect(await vault.totalGranted()).to.equal(10n);
  });
});

describe('VestingVault: claimFoundation', () => {
  it('pays what the foundation’s own curve has released, apart from its leaf, and nothing twice', async () => {
    const { vault, token, settle, mallory } = await loadFixture(fresh);
    const grant = { granted: 70n, foundationGranted: 30n, foundation: FOUNDATION };
    const tree = growTree([{ account: FOUNDATION, curve: curveOf(5n) }]);
    await expect(settle(grantOf(0, tree, grant)))
      .to.emit(vault, 'FoundationGranted')
      .withArgs(0n, FOUNDATION, 30n);
    await expect(vault.claimFoundation(FOUNDATION))
      .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
      .withArgs(FOUNDATION, 0n, 0n);
    await time.setNextBlockTimestamp(COHORT_END + DURATION / 2n);
    await expect(vault.connect(mallory).claimFoundation(FOUNDATION))
      .to.emit(vault, 'FoundationClaimed')
      .withArgs(FOUNDATION, 15n, 15n);
    await time.increaseTo(COHORT_END + DURATION);
    expect(await vault.foundationClaimable(FOUNDATION)).to.equal(15n);
    await vault.claimFoundation(FOUNDATION);
    expect(await vault.foundationClaimed(FOUNDATION)).to.equal(30n);
    expect(await vault.claimed(FOUNDATION)).to.equal(0n);
    await vault.claim(tree.claim(0, 0));
    expect(await token.balanceOf(FOUNDATION)).to.equal(35n);
    expect(await vault.foundationClaimable(FOUNDATION)).to.equal(0n);
  });

  it('starts an empty curve for a new foundation, and leaves the old one its own', async () => {
    const { vault, settle, alice } = await loadFixture(fresh);
    await settle(grantOf(0, EMPTY, { foundationGranted: 30n, foundation: FOUNDATION, duration: 0n }));
    await settle(grantOf(1, EMPTY, { foundationGranted: 4n, foundation: alice.address, duration: 0n }));
    expect((await vault.foundationCurve(FOUNDATION)).unlocked).to.equal(30n);
    expect((await vault.foundationCurve(alice.address)).unlocked).to.equal(4n);
  });

  it('stays within what all have together, too (VEST-3)', async () => {
    const { vault, settle, mallory } = await loadFixture(fresh);
    const stolen = growTree([{ account: mallory.address, curve: curveOf(100n) }]);
    const grant = { granted: 70n, foundationGranted: 30n, foundation: FOUNDATION, duration: 0n };
    await settle(grantOf(0, stolen, grant));
    await vault.claim(stolen.claim(0, 0));
    await expect(vault.claimFoundation(FOUNDATION))
      .to.be.revertedWithCustomError(vault, 'VestingVault_AboveUnlocked')
      .withArgs(130n, 100n);
  });
});

describe('VestingVault: setDistributor', () => {
  it('works once, by governance', async () => {
    const { manager, token, curve, vault, dora, mallory } = await loadFixture(fresh);
    await expect(vault.setDistributor(mallory.address))
      .to.be.revertedWithCustomError(vault, 'VestingVault_DistributorAlreadySet')
      .withArgs(dora.address);
    const addresses = await Promise.all([manager, token, curve].map(async (one) => await one.getAddress()));
    const other = await ethers.deployContract('VestingVault', [addresses[0]!, addresses[1]!, addresses[2]!, 4n, 0n]);
    await expect(other.connect(mallory).setDistributor(mallory.address))
      .to.be.revertedWithCustomError(other, 'AccessManagedUnauthorized')
      .withArgs(mallory.address);
    await expect(other.setDistributor(ZERO_ADDRESS)).to.be.revertedWithCustomError(
      other,
      'VestingVault_DistributorZero',
    );
    await expect(other.setDistributor(dora.address)).to.emit(other, 'DistributorSet').withArgs(dora.address);
  });
});

describe('VestingVault: scheduleTerms', () => {
  it('acts from its epoch on, and leaves earlier cohorts their terms', async () => {
    const { vault } = await loadFixture(beforeStart);
    await expect(vault.scheduleTerms(8, 2n, 3n * WEEK))
      .to.emit(vault, 'TermsScheduled')
      .withArgs(8n, 4n, DURATION, 2n, 3n * WEEK);
    const expected = [
      [0, startOf(4), DURATION],
      [3, startOf(4), DURATION],
      [4, startOf(8), DURATION],
      [7, startOf(8), DURATION],
      [8, startOf(10), 3n * WEEK],
      [9, startOf(10), 3n * WEEK],
      [11, startOf(12), 3n * WEEK],
    ] as const;
    for (const [epoch, cohortEnd, duration] of expected) {
      expect(await vault.cohortOf(epoch)).to.deep.equal([cohortEnd, duration]);
    }
    expect(await vault.termsAt(7)).to.deep.equal([0n, 4n, DURATION]);
    expect(await vault.termsAt(8)).to.deep.equal([8n, 2n, 3n * WEEK]);
  });

  it('reverts inside a cohort of the present terms', async () => {
    const { vault } = await loadFixture(beforeStart);
    await expect(vault.scheduleTerms(6, 2n, 0n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_TermsInsideCohort')
      .withArgs(6n, 2n, 4n);
  });

  it('reverts while the terms before the present ones are unfinished, to the epoch', async () => {
    const { vault } = await loadFixture(beforeStart);
    await vault.scheduleTerms(8, 1n, 0n);
    await expect(vault.scheduleTerms(15, 1n, WEEK))
      .to.be.revertedWithCustomError(vault, 'VestingVault_OlderTermsUnfinished')
      .withArgs(startOf(15), startOf(8) + DURATION);
    await vault.scheduleTerms(16, 1n, WEEK);
  });

  it('replaces terms of the same epoch, which then do not count as present ones', async () => {
    const { vault } = await loadFixture(beforeStart);
    await vault.scheduleTerms(8, 3n, WEEK);
    await expect(vault.scheduleTerms(8, 2n, 0n))
      .to.emit(vault, 'TermsScheduled')
      .withArgs(8n, 3n, WEEK, 2n, 0n);
    await expect(vault.scheduleTerms(4, 2n, 0n))
      .to.be.revertedWithCustomError(vault, 'EpochHistory_OutOfOrder')
      .withArgs(4n, 8n);
  });

  it('replaces the first terms while epoch 0 has not started', async () => {
    const { vault } = await loadFixture(beforeStart);
    await vault.scheduleTerms(0, 1n, 0n);
    expect(await vault.cohortOf(0)).to.deep.equal([startOf(1), 0n]);
  });

  it('reverts for an epoch that starts this very second, and works a second earlier', async () => {
    const { vault } = await loadFixture(beforeStart);
    await time.setNextBlockTimestamp(startOf(4));
    await expect(vault.scheduleTerms(4, 2n, 0n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_EpochStarted')
      .withArgs(4n, startOf(4), startOf(4));
    await time.setNextBlockTimestamp(startOf(4) - 1n);
    await vault.scheduleTerms(4, 2n, 0n);
  });

  it('reverts further ahead than a year', async () => {
    const { vault } = await loadFixture(beforeStart);
    const year = 366n * 86_400n;
    await time.setNextBlockTimestamp(startOf(60) - year - 1n);
    await expect(vault.scheduleTerms(60, 2n, 0n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_TooFarAhead')
      .withArgs(60n, startOf(60), startOf(60) - 1n);
    await time.setNextBlockTimestamp(startOf(60) - year);
    await vault.scheduleTerms(60, 2n, 0n);
  });

  it('keeps the bounds of cohort and release (GOV-2)', async () => {
    const { vault } = await loadFixture(beforeStart);
    const year = 366n * 86_400n;
    await vault.scheduleTerms(8, 52n, 52n * WEEK * 12n);
    await expect(vault.scheduleTerms(8, 53n, 0n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_CohortLengthOutOfBounds')
      .withArgs(53n * WEEK, WEEK, year);
    await expect(vault.scheduleTerms(8, 0n, 0n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_CohortLengthOutOfBounds')
      .withArgs(0n, WEEK, year);
    await vault.scheduleTerms(8, 1n, 12n * WEEK);
    await expect(vault.scheduleTerms(8, 1n, 12n * WEEK + 1n))
      .to.be.revertedWithCustomError(vault, 'VestingVault_DurationAboveMax')
      .withArgs(12n * WEEK + 1n, 12n * WEEK);
  });

  it('reverts for anyone but governance', async () => {
    const { vault, mallory } = await loadFixture(beforeStart);
    await expect(vault.connect(mallory).scheduleTerms(8, 1n, 0n))
      .to.be.revertedWithCustomError(vault, 'AccessManagedUnauthorized')
      .withArgs(mallory.address);
  });

  it('never lets more cohorts be open than a curve can hold, even by the widest change of terms', async () => {
    const { vault, settle } = await loadFixture(beforeStart);
    await vault.scheduleTerms(0, 1n, 12n * WEEK);
    await vault.scheduleTerms(14, 1n, 12n * WEEK - 1n);
    let most = 0;
    for (let epoch = 0; epoch < 40; epoch++) {
      const [cohortEnd, duration] = await vault.cohortOf(epoch);
      const { cohorts } = await vault.totalCurve();
      const open = cohorts.filter((word) => (word >> 168n) + ((word >> 128n) & (2n ** 40n - 1n)) > endOf(epoch));
      await settle(grantOf(epoch, EMPTY, { granted: 1n, accelerated: open.map(() => 0n), cohortEnd, duration }));
      most = Math.max(most, (await vault.totalCurve()).cohorts.length);
    }
    expect(most).to.equal(12);
  });
});

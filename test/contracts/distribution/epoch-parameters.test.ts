import { expect } from 'chai';
import { network } from 'hardhat';

import { START, WAD, ZERO_ADDRESS } from '../../support/contract-values.ts';
import { epochSteps } from '../../support/epoch-steps.ts';
import { BOND, deployProtocol, economyOf, WEEK, WINDOW } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, loadFixture } = epochSteps(connection);

const NEW_FOUNDATION = '0x00000000000000000000000000000000000000f1';
const startOf = (epoch: number) => Number(START) + epoch * WEEK;
const HALF = WAD / 2n;
const ETHER = WAD;

/** In the middle of epoch 2. */
async function epochTwo() {
  const world = await deployProtocol(ethers);
  await time.increaseTo(startOf(2) + 1000);
  return world;
}

type EpochParameters = Awaited<ReturnType<typeof fresh>>['parameters'];

/** One change of each kind: how it is made, and what it says before and after. */
const KINDS = {
  scheduleFoundation: {
    make: (parameters: EpochParameters, from: number) => parameters.scheduleFoundation(from, NEW_FOUNDATION, 5n),
    event: 'FoundationScheduled',
    args: [ethers.getAddress(`0x${'f0'.repeat(20)}`), WAD / 10n, NEW_FOUNDATION, 5n],
  },
  scheduleAccountCap: {
    make: (parameters: EpochParameters, from: number) => parameters.scheduleAccountCap(from, WAD),
    event: 'AccountCapScheduled',
    args: [WAD / 2n, WAD],
  },
  scheduleAccelerationBound: {
    make: (parameters: EpochParameters, from: number) => parameters.scheduleAccelerationBound(from, 0n),
    event: 'AccelerationBoundScheduled',
    args: [WAD / 4n, 0n],
  },
  scheduleChallenge: {
    make: (parameters: EpochParameters, from: number) => parameters.scheduleChallenge(from, 7n * 3600n, 2n * BOND),
    event: 'ChallengeScheduled',
    args: [WINDOW, BOND, 7n * 3600n, 2n * BOND],
  },
} as const;

describe('EpochParameters', () => {
  for (const [name, { make, event, args }] of Object.entries(KINDS)) {
    describe(name, () => {
      it('acts from the named epoch on, and prints old and new', async () => {
        const { parameters } = await loadFixture(epochTwo);
        await expect(make(parameters, 4))
          .to.emit(parameters, event)
          .withArgs(4n, ...args);
        const before = (await parameters.recordAt(3)).record.toString();
        const after = (await parameters.recordAt(4)).record.toString();
        for (const value of args.slice(args.length / 2)) {
          expect(after).to.contain(String(value));
        }
        expect(before).to.contain(String(args[0]));
      });

      it('reverts for an epoch that starts this very second, and works a second earlier', async () => {
        const { parameters } = await loadFixture(epochTwo);
        await time.setNextBlockTimestamp(startOf(3));
        await expect(make(parameters, 3))
          .to.be.revertedWithCustomError(parameters, 'EpochParameters_EpochStarted')
          .withArgs(3n, startOf(3), startOf(3));
        const again = await loadFixture(epochTwo);
        await time.setNextBlockTimestamp(startOf(3) - 1);
        await make(again.parameters, 3);
      });

      it('reverts for an epoch further ahead than a year', async () => {
        const { parameters } = await loadFixture(epochTwo);
        const latest = startOf(60) - 1;
        await time.setNextBlockTimestamp(latest - 366 * 86_400);
        await expect(make(parameters, 60))
          .to.be.revertedWithCustomError(parameters, 'EpochParameters_TooFarAhead')
          .withArgs(60n, startOf(60), latest);
        await time.setNextBlockTimestamp(latest + 1 - 366 * 86_400);
        await make(parameters, 60);
      });

      it('reverts for an epoch before the last change, and replaces one of the same epoch', async () => {
        const { parameters } = await loadFixture(epochTwo);
        await make(parameters, 5);
        await expect(make(parameters, 4))
          .to.be.revertedWithCustomError(parameters, 'EpochHistory_OutOfOrder')
          .withArgs(4n, 5n);
        const replaced = args.slice(args.length / 2);
        await expect(make(parameters, 5))
          .to.emit(parameters, event)
          .withArgs(5n, ...replaced, ...replaced);
      });

      it('reverts for anyone but governance', async () => {
        const { parameters, mallory } = await loadFixture(epochTwo);
        await expect(make(parameters.connect(mallory), 4))
          .to.be.revertedWithCustomError(parameters, 'AccessManagedUnauthorized')
          .withArgs(mallory.address);
      });
    });
  }

  describe('the bounds (GOV-2)', () => {
    it('keep the foundation’s share below one half', async () => {
      const { parameters } = await loadFixture(epochTwo);
      await parameters.scheduleFoundation(4, NEW_FOUNDATION, HALF - 1n);
      await expect(parameters.scheduleFoundation(4, NEW_FOUNDATION, HALF))
        .to.be.revertedWithCustomError(parameters, 'EpochParameters_ShareOutOfBounds')
        .withArgs(HALF, HALF - 1n);
    });

    it('want a foundation unless its share is 0', async () => {
      const { parameters } = await loadFixture(epochTwo);
      await parameters.scheduleFoundation(4, ZERO_ADDRESS, 0n);
      await expect(parameters.scheduleFoundation(4, ZERO_ADDRESS, 1n)).to.be.revertedWithCustomError(
        parameters,
        'EpochParameters_FoundationZero',
      );
    });

    it('keep the cap between a thousandth and all', async () => {
      const { parameters } = await loadFixture(epochTwo);
      const least = WAD / 1000n;
      for (const cap of [least, WAD]) await parameters.scheduleAccountCap(4, cap);
      for (const cap of [least - 1n, WAD + 1n]) {
        await expect(parameters.scheduleAccountCap(4, cap))
          .to.be.revertedWithCustomError(parameters, 'EpochParameters_CapOutOfBounds')
          .withArgs(cap, least, WAD);
      }
    });

    it('keep the acceleration bound at all or less', async () => {
      const { parameters } = await loadFixture(epochTwo);
      for (const bound of [0n, WAD]) await parameters.scheduleAccelerationBound(4, bound);
      await expect(parameters.scheduleAccelerationBound(4, WAD + 1n))
        .to.be.revertedWithCustomError(parameters, 'EpochParameters_AccelerationOutOfBounds')
        .withArgs(WAD + 1n, WAD);
    });

    it('keep the window between six hours and half an epoch', async () => {
      const { parameters } = await loadFixture(epochTwo);
      const [least, most] = [6n * 3600n, BigInt(WEEK) / 2n];
      for (const window of [least, most]) await parameters.scheduleChallenge(4, window, BOND);
      for (const window of [least - 1n, most + 1n]) {
        await expect(parameters.scheduleChallenge(4, window, BOND))
          .to.be.revertedWithCustomError(parameters, 'EpochParameters_WindowOutOfBounds')
          .withArgs(window, least, most);
      }
    });

    it('keep the bond between a thousandth of a coin and a thousand', async () => {
      const { parameters } = await loadFixture(epochTwo);
      const [least, most] = [ETHER / 1000n, 1000n * ETHER];
      for (const bond of [least, most]) await parameters.scheduleChallenge(4, WINDOW, bond);
      for (const bond of [least - 1n, most + 1n]) {
        await expect(parameters.scheduleChallenge(4, WINDOW, bond))
          .to.be.revertedWithCustomError(parameters, 'EpochParameters_BondOutOfBounds')
          .withArgs(bond, least, most);
      }
    });

    it('hold in the constructor, too', async () => {
      const economy = economyOf({ challenge: [{ from: 0, value: { window: WINDOW, bond: 0n } }] });
      const { parameters } = await loadFixture(fresh);
      await expect(deployProtocol(ethers, economy))
        .to.be.revertedWithCustomError(parameters, 'EpochParameters_BondOutOfBounds')
        .withArgs(0n, ETHER / 1000n, 1000n * ETHER);
    });
  });

  describe('the shortest epochs', () => {
    it('leave a window of exactly six hours', async () => {
      const economy = economyOf({
        epochLength: 43_200,
        terms: [{ from: 0, value: { cohortEpochs: 1, duration: 0 } }],
        challenge: [{ from: 0, value: { window: 21_600, bond: BOND } }],
      });
      const { parameters } = await deployProtocol(ethers, economy);
      expect(await parameters.challengeAt(0)).to.deep.equal([21_600n, BOND]);
    });
  });
});

describe('EpochDistributor: constructor', () => {
  it('wants a treasury and a verifier, and takes reserve and vault from the parameters', async () => {
    const { manager, token, parameters, distributor, reserve, vault, treasury, verifier } = await loadFixture(fresh);
    const args = [await manager.getAddress(), await token.getAddress(), await parameters.getAddress()] as const;
    const judge = await verifier.getAddress();
    await expect(
      ethers.deployContract('EpochDistributor', [...args, ZERO_ADDRESS, judge]),
    ).to.be.revertedWithCustomError(distributor, 'EpochDistributor_TreasuryZero');
    await expect(ethers.deployContract('EpochDistributor', [...args, treasury.address, treasury.address]))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_VerifierCodeless')
      .withArgs(treasury.address);
    expect(await distributor.RESERVE()).to.equal(await reserve.getAddress());
    expect(await distributor.VAULT()).to.equal(await vault.getAddress());
    expect(await distributor.verifier()).to.equal(judge);
    expect(await distributor.nextVerifier()).to.deep.equal([judge, 0n]);
  });
});

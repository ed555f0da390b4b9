import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { network } from 'hardhat';

import {
  DAY,
  MAX_UINT128,
  NO_LAW,
  plain,
  reserveLaw,
  START,
  WAD,
  ZERO_ADDRESS,
} from '../../support/contract-values.ts';
import type { ReserveLaw } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const MILLION = 1_000_000n;

/** The test is the token's minter (`oscar`), so that tokens can be made at will. */
async function deployReserve(parameters: ReserveLaw) {
  const [governor, oscar, distributor, vault, pool, mallory] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const authority = await manager.getAddress();
  const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', authority, [], MAX_UINT128]);
  await token.setMinter(oscar!.address);
  const curve = await ethers.deployContract('EmissionCurve', [
    START,
    DAY,
    [{ end: START + 100n * DAY, cumulative: 1n }],
  ]);
  const args = [authority, await token.getAddress(), await curve.getAddress(), { ...parameters }] as const;
  const reserve = await ethers.deployContract('StabilizationReserve', [...args]);
  const actors = {
    governor: governor!,
    oscar: oscar!,
    distributor: distributor!,
    vault: vault!,
    pool: pool!,
    mallory: mallory!,
  };
  return { reserve, token, curve, ...actors };
}

/** Nothing wired yet, before the start. */
async function freshReserve() {
  return deployReserve(reserveLaw());
}

/** Wired, with a pool that holds and has approved a million wei, in the middle of epoch 10. */
async function workingReserve() {
  const actors = await deployReserve(reserveLaw());
  const { reserve, token, oscar, distributor, pool } = actors;
  await reserve.setDistributor(distributor.address);
  await reserve.registerPool(pool.address);
  await token.connect(oscar).mint(pool.address, MILLION);
  await token.connect(pool).approve(await reserve.getAddress(), MILLION);
  await time.increaseTo(START + 10n * DAY + DAY / 2n);
  return actors;
}

/** With S = 1000 and nothing pending. */
async function filledReserve() {
  const actors = await workingReserve();
  await actors.token.connect(actors.oscar).mint(await actors.reserve.getAddress(), 1000n);
  await actors.reserve.connect(actors.distributor).settle(1000n, 0n, ZERO_ADDRESS);
  return actors;
}

describe('StabilizationReserve', () => {
  describe('constructor', () => {
    it('starts with nothing, and with its parameters for every epoch', async () => {
      const { reserve, token, curve } = await loadFixture(freshReserve);
      expect(await reserve.reserve()).to.equal(0n);
      expect(await reserve.pending()).to.equal(0n);
      expect(await reserve.distributor()).to.equal(ZERO_ADDRESS);
      expect(await reserve.TOKEN()).to.equal(await token.getAddress());
      expect(await reserve.CURVE()).to.equal(await curve.getAddress());
      expect(await reserve.lastChange()).to.equal(0n);
      for (const epoch of [0n, 2n ** 32n - 1n]) {
        expect(plain(await reserve.parametersAt(epoch))).to.deep.equal(reserveLaw());
      }
      await expect(reserve.deploymentTransaction())
        .to.emit(reserve, 'ParametersScheduled')
        .withArgs(0n, Object.values({ ...NO_LAW, smoothing: 0n }), Object.values(reserveLaw()));
    });

    it('takes parameters without a law', async () => {
      const { reserve } = await deployReserve(NO_LAW);
      expect(plain(await reserve.parametersAt(0))).to.deep.equal(NO_LAW);
    });

    it('refuses parameters out of bounds', async () => {
      const { reserve } = await loadFixture(freshReserve);
      await expect(deployReserve(reserveLaw({ smoothing: 1n })))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_OutOfRange')
        .withArgs(encodeBytes32String('smoothing'), 1n, 2n, 3650n);
    });
  });

  describe('setDistributor', () => {
    it('chooses the distributor, once and never again', async () => {
      const { reserve, distributor, mallory } = await loadFixture(freshReserve);
      await expect(reserve.setDistributor(ZERO_ADDRESS))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_DistributorZero')
        .withArgs();
      await expect(reserve.setDistributor(distributor.address))
        .to.emit(reserve, 'DistributorSet')
        .withArgs(distributor.address);
      expect(await reserve.distributor()).to.equal(distributor.address);
      for (const next of [mallory, distributor]) {
        await expect(reserve.setDistributor(next.address))
          .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_DistributorAlreadySet')
          .withArgs(distributor.address);
      }
    });

    it('is for governance only', async () => {
      const { reserve, mallory } = await loadFixture(freshReserve);
      await expect(reserve.connect(mallory).setDistributor(mallory.address))
        .to.be.revertedWithCustomError(reserve, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('registerPool', () => {
    it('lets a pool deposit from then on', async () => {
      const { reserve, pool } = await loadFixture(freshReserve);
      expect(await reserve.isPool(pool.address)).to.equal(false);
      await expect(reserve.registerPool(pool.address)).to.emit(reserve, 'PoolRegistered').withArgs(pool.address);
      expect(await reserve.isPool(pool.address)).to.equal(true);
    });

    it('refuses one that is registered, and nobody', async () => {
      const { reserve, pool } = await loadFixture(workingReserve);
      await expect(reserve.registerPool(pool.address))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_PoolExists')
        .withArgs(pool.address);
      await expect(reserve.registerPool(ZERO_ADDRESS))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_PoolZero')
        .withArgs();
    });

    it('is for governance only', async () => {
      const { reserve, mallory } = await loadFixture(freshReserve);
      await expect(reserve.connect(mallory).registerPool(mallory.address))
        .to.be.revertedWithCustomError(reserve, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('deposit', () => {
    it('RSRV-1 waits as pending and leaves S alone until the next settlement', async () => {
      const { reserve, token, pool, distributor } = await loadFixture(filledReserve);
      const deposit = reserve.connect(pool).deposit(300n);
      await expect(deposit).to.changeTokenBalances(ethers, token, [pool, reserve], [-300n, 300n]);
      await expect(deposit).to.emit(reserve, 'Deposited').withArgs(pool.address, 300n, 0n, 300n);
      await expect(reserve.connect(pool).deposit(1n))
        .to.emit(reserve, 'Deposited')
        .withArgs(pool.address, 1n, 300n, 301n);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(1000n);
      expect(await reserve.pending(), 'RSRV-1').to.equal(301n);

      await expect(reserve.connect(distributor).settle(0n, 0n, ZERO_ADDRESS))
        .to.emit(reserve, 'ReserveSettled')
        .withArgs(0n, 0n, 301n, 1000n, 1301n);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(1301n);
      expect(await reserve.pending(), 'RSRV-1').to.equal(0n);
    });

    it('refuses nothing', async () => {
      const { reserve, pool } = await loadFixture(workingReserve);
      await expect(reserve.connect(pool).deposit(0n))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_DepositZero')
        .withArgs();
    });

    it('refuses more than the pool has allowed or holds', async () => {
      const { reserve, token, pool } = await loadFixture(workingReserve);
      const address = await reserve.getAddress();
      await expect(reserve.connect(pool).deposit(MILLION + 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientAllowance')
        .withArgs(address, MILLION, MILLION + 1n);
      await token.connect(pool).approve(address, MILLION + 1n);
      await expect(reserve.connect(pool).deposit(MILLION + 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InsufficientBalance')
        .withArgs(pool.address, MILLION, MILLION + 1n);
      expect(await reserve.pending()).to.equal(0n);
    });

    it('refuses an amount of more than 128 bits before it asks for it', async () => {
      const { reserve, pool } = await loadFixture(workingReserve);
      await expect(reserve.connect(pool).deposit(MAX_UINT128 + 1n))
        .to.be.revertedWithCustomError(reserve, 'SafeCastOverflowedUintDowncast')
        .withArgs(128n, MAX_UINT128 + 1n);
    });

    it('is for registered pools only', async () => {
      const { reserve, mallory } = await loadFixture(workingReserve);
      await expect(reserve.connect(mallory).deposit(1n))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_NotPool')
        .withArgs(mallory.address);
    });
  });

  describe('settle', () => {
    it('RSRV-1 books what was withheld and has arrived', async () => {
      const { reserve, token, oscar, distributor } = await loadFixture(filledReserve);
      await token.connect(oscar).mint(await reserve.getAddress(), 50n);
      expect(await reserve.connect(distributor).settle.staticCall(50n, 0n, ZERO_ADDRESS)).to.equal(1050n);
      await expect(reserve.connect(distributor).settle(50n, 0n, ZERO_ADDRESS))
        .to.emit(reserve, 'ReserveSettled')
        .withArgs(50n, 0n, 0n, 1000n, 1050n);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(1050n);
    });

    it('RSRV-1 refuses to book what has not arrived, by a wei', async () => {
      const { reserve, token, oscar, distributor } = await loadFixture(filledReserve);
      await token.connect(oscar).mint(await reserve.getAddress(), 49n);
      await expect(reserve.connect(distributor).settle(50n, 0n, ZERO_ADDRESS))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_BalanceTooLow')
        .withArgs(1049n, 1050n);
    });

    it('RSRV-1 sends what is injected, up to half of S and no wei more', async () => {
      const { reserve, token, distributor, vault } = await loadFixture(filledReserve);
      await expect(reserve.connect(distributor).settle(0n, 501n, vault.address))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_InjectionTooHigh')
        .withArgs(501n, 500n);
      const settle = reserve.connect(distributor).settle(0n, 500n, vault.address);
      await expect(settle).to.changeTokenBalances(ethers, token, [reserve, vault], [-500n, 500n]);
      await expect(settle).to.emit(reserve, 'ReserveSettled').withArgs(0n, 500n, 0n, 1000n, 500n);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(500n);
    });

    it('RSRV-1 lets pending deposits raise S, not what may be injected', async () => {
      const { reserve, pool, distributor, vault } = await loadFixture(filledReserve);
      await reserve.connect(pool).deposit(100n);
      await expect(reserve.connect(distributor).settle(0n, 501n, vault.address))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_InjectionTooHigh')
        .withArgs(501n, 500n);
      await expect(reserve.connect(distributor).settle(0n, 500n, vault.address))
        .to.emit(reserve, 'ReserveSettled')
        .withArgs(0n, 500n, 100n, 1000n, 600n);
    });

    it('RSRV-1 takes no notice of donations', async () => {
      const { reserve, token, oscar, distributor, vault } = await loadFixture(filledReserve);
      await token.connect(oscar).mint(await reserve.getAddress(), 5000n);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(1000n);
      await reserve.connect(distributor).settle(0n, 400n, vault.address);
      expect(await reserve.reserve(), 'RSRV-1').to.equal(600n);
      expect(await token.balanceOf(await reserve.getAddress()), 'RSRV-1').to.equal(5600n);
    });

    it('injects nothing from an empty reserve', async () => {
      const { reserve, distributor, vault } = await loadFixture(workingReserve);
      await reserve.connect(distributor).settle(0n, 0n, vault.address);
      await expect(reserve.connect(distributor).settle(0n, 1n, vault.address))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_InjectionTooHigh')
        .withArgs(1n, 0n);
    });

    it('SETL-1 refuses to withhold and inject at once', async () => {
      const { reserve, distributor, vault } = await loadFixture(filledReserve);
      await expect(reserve.connect(distributor).settle(1n, 1n, vault.address), 'SETL-1')
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_BothWays')
        .withArgs(1n, 1n);
    });

    it('holds as much as 128 bits do', async () => {
      const { reserve, token, oscar, distributor, vault } = await loadFixture(workingReserve);
      const rest = MAX_UINT128 - MILLION;
      await token.connect(oscar).mint(await reserve.getAddress(), rest);
      await reserve.connect(distributor).settle(rest, 0n, vault.address);
      expect(await reserve.reserve()).to.equal(rest);
      await expect(reserve.connect(distributor).settle(MILLION + 1n, 0n, vault.address))
        .to.be.revertedWithCustomError(reserve, 'SafeCastOverflowedUintDowncast')
        .withArgs(128n, MAX_UINT128 + 1n);
    });

    it('is for the distributor only, not even for governance', async () => {
      const { reserve, governor, mallory, distributor } = await loadFixture(workingReserve);
      for (const caller of [governor, mallory]) {
        await expect(reserve.connect(caller).settle(0n, 0n, caller.address))
          .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_NotDistributor')
          .withArgs(caller.address, distributor.address);
      }
    });

    it('is for nobody before a distributor was chosen', async () => {
      const { reserve, governor } = await loadFixture(freshReserve);
      await expect(reserve.settle(0n, 0n, governor.address))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_NotDistributor')
        .withArgs(governor.address, ZERO_ADDRESS);
    });
  });

  describe('scheduleParameters', () => {
    it('acts from its epoch on, and the same epoch again replaces', async () => {
      const { reserve } = await loadFixture(workingReserve);
      const [first, second, third] = [reserveLaw(), reserveLaw({ a: WAD }), reserveLaw({ a: WAD / 2n })];
      await expect(reserve.scheduleParameters(11n, second))
        .to.emit(reserve, 'ParametersScheduled')
        .withArgs(11n, Object.values(first), Object.values(second));
      expect(plain(await reserve.parametersAt(10n))).to.deep.equal(first);
      expect(plain(await reserve.parametersAt(11n))).to.deep.equal(second);
      await expect(reserve.scheduleParameters(11n, third))
        .to.emit(reserve, 'ParametersScheduled')
        .withArgs(11n, Object.values(second), Object.values(third));
      await reserve.scheduleParameters(13n, NO_LAW);
      expect(plain(await reserve.parametersAt(10n))).to.deep.equal(first);
      expect(plain(await reserve.parametersAt(12n))).to.deep.equal(third);
      expect(plain(await reserve.parametersAt(2n ** 32n - 1n))).to.deep.equal(NO_LAW);
      expect(await reserve.lastChange()).to.equal(13n);
    });

    it('takes an epoch until the second before it starts', async () => {
      const { reserve } = await loadFixture(workingReserve);
      await time.setNextBlockTimestamp(START + 11n * DAY - 1n);
      await reserve.scheduleParameters(11n, NO_LAW);
      await time.setNextBlockTimestamp(START + 11n * DAY);
      await expect(reserve.scheduleParameters(11n, NO_LAW))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_EpochStarted')
        .withArgs(11n, START + 11n * DAY, START + 11n * DAY);
    });

    it('refuses an epoch before the last change, and one more than 366 days ahead', async () => {
      const { reserve } = await loadFixture(workingReserve);
      await reserve.scheduleParameters(12n, NO_LAW);
      await expect(reserve.scheduleParameters(11n, NO_LAW))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_BeforeLastChange')
        .withArgs(11n, 12n);
      const present = START + 11n * DAY;
      await time.setNextBlockTimestamp(present);
      await expect(reserve.scheduleParameters(378n, NO_LAW))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_TooFarAhead')
        .withArgs(378n, START + 378n * DAY, present + 366n * DAY);
      await time.setNextBlockTimestamp(present + 1n);
      await reserve.scheduleParameters(377n, NO_LAW);
    });

    it('looks 366 days ahead of the start while that has not come', async () => {
      const { reserve } = await loadFixture(freshReserve);
      await expect(reserve.scheduleParameters(367n, NO_LAW))
        .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_TooFarAhead')
        .withArgs(367n, START + 367n * DAY, START + 366n * DAY);
      await reserve.scheduleParameters(0n, NO_LAW);
      expect(plain(await reserve.parametersAt(0n))).to.deep.equal(NO_LAW);
    });

    it('is for governance only', async () => {
      const { reserve, mallory } = await loadFixture(workingReserve);
      await expect(reserve.connect(mallory).scheduleParameters(11n, NO_LAW))
        .to.be.revertedWithCustomError(reserve, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });

    const ranges: { name: keyof ReserveLaw; low: bigint; high: bigint; base?: ReserveLaw; type: bigint }[] = [
      { name: 'a', low: 1n, high: WAD, type: 64n },
      { name: 'b', low: 1n, high: 10n * WAD, type: 64n },
      { name: 'c', low: 0n, high: 10n ** 12n * WAD, type: 128n },
      { name: 'alpha', low: 0n, high: WAD, type: 64n },
      { name: 'priceRef', low: 1n, high: MAX_UINT128, type: 128n },
      { name: 'smoothing', low: 2n, high: 3650n, base: reserveLaw({ rho: 0n }), type: 32n },
      { name: 'rho', low: 0n, high: WAD / 30n, type: 64n },
      { name: 'rho', low: 0n, high: WAD / 2n, base: reserveLaw({ smoothing: 2n }), type: 64n },
      { name: 'a', low: 0n, high: WAD, base: NO_LAW, type: 64n },
      { name: 'b', low: 0n, high: 10n * WAD, base: NO_LAW, type: 64n },
      { name: 'priceRef', low: 0n, high: MAX_UINT128, base: NO_LAW, type: 128n },
      { name: 'smoothing', low: 2n, high: 3650n, base: NO_LAW, type: 32n },
    ];
    for (const { name, low, high, base = reserveLaw(), type } of ranges) {
      it(`GOV-2 keeps ${name} within ${low} and ${high} ${base.hasLaw ? 'with' : 'without'} a law`, async () => {
        const { reserve } = await loadFixture(workingReserve);
        for (const value of [low, high]) {
          await reserve.scheduleParameters(11n, { ...base, [name]: value });
          expect(plain(await reserve.parametersAt(11n)), 'GOV-2').to.deep.equal({ ...base, [name]: value });
        }
        for (const value of [low - 1n, high + 1n].filter((each) => each >= 0n && each < 2n ** type)) {
          await expect(reserve.scheduleParameters(11n, { ...base, [name]: value }), 'GOV-2')
            .to.be.revertedWithCustomError(reserve, 'StabilizationReserve_OutOfRange')
            .withArgs(encodeBytes32String(name), value, low, high);
        }
      });
    }
  });
});

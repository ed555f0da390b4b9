import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, MAX_UINT128, NO_LAW, WAD, ZERO_ADDRESS } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import {
  ALLOCATION,
  connectedPool,
  deployPool,
  PER_UNIT,
  RELEASE_OVER,
  SALE_END,
  UNITS,
} from '../../support/unit-pool-fixture.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const MAX_SPAN = 30n * 366n * DAY;

/** The most that leaves room for the curve of the fixture and splits into 3 units. */
const MOST = ((MAX_UINT128 - 1000n) / 3n) * 3n;

/** Nothing connected yet. */
async function fresh() {
  return await deployPool(ethers);
}

/** As a deployment leaves it. */
async function connected() {
  return await connectedPool(ethers);
}

/** Alice has 3 units, bob 1. */
async function sold() {
  const world = await connectedPool(ethers);
  await world.pool.allot([world.alice.address, world.bob.address], [3n, 1n]);
  return world;
}

/** Alice has all 3 units of nearly as much as an amount can be, released as slowly as can be. */
async function huge() {
  const world = await connectedPool(ethers, { allocation: MOST, units: 3n, releaseOver: MAX_SPAN });
  await world.pool.allot([world.alice.address], [3n]);
  return world;
}

/** Alice has 3 units, bob 1, and the sale is over. */
async function saleOver() {
  const world = await sold();
  await time.increaseTo(SALE_END);
  return world;
}

describe('UnitPool', () => {
  describe('constructor', () => {
    it('splits the allocation into units, and starts with none sold', async () => {
      const { pool, alice } = await loadFixture(fresh);
      expect(await pool.UNITS()).to.equal(UNITS);
      expect(await pool.PER_UNIT()).to.equal(PER_UNIT);
      expect(await pool.ALLOCATION()).to.equal(ALLOCATION);
      expect(await pool.SALE_END()).to.equal(SALE_END);
      expect(await pool.RELEASE_OVER()).to.equal(RELEASE_OVER);
      expect(await pool.MAX_SPAN()).to.equal(MAX_SPAN);
      expect(await pool.reserve()).to.equal(ZERO_ADDRESS);
      expect(await pool.token()).to.equal(ZERO_ADDRESS);
      expect(await pool.closed()).to.equal(false);
      expect([await pool.sold(), await pool.unsold(), await pool.paid()]).to.deep.equal([0n, UNITS, 0n]);
      expect(await pool.locked()).to.equal(ALLOCATION);
      expect([await pool.unitsOf(alice), await pool.claimable(alice), await pool.claimed(alice)]).to.deep.equal([
        0n,
        0n,
        0n,
      ]);
    });

    it('takes a single unit of a single wei, and as many as 32 bits hold', async () => {
      const one = await deployPool(ethers, { allocation: 1n, units: 1n });
      expect(await one.pool.PER_UNIT()).to.equal(1n);
      const most = 2n ** 32n - 1n;
      const many = await deployPool(ethers, { allocation: most, units: most });
      expect(await many.pool.PER_UNIT()).to.equal(1n);
    });

    it('refuses no units, no tokens, and an allocation that leaves a remainder', async () => {
      const { pool } = await loadFixture(fresh);
      await expect(deployPool(ethers, { units: 0n }))
        .to.be.revertedWithCustomError(pool, 'UnitPool_UnitsZero')
        .withArgs();
      await expect(deployPool(ethers, { allocation: 0n }))
        .to.be.revertedWithCustomError(pool, 'UnitPool_AllocationUneven')
        .withArgs(0n, UNITS, 0n);
      await expect(deployPool(ethers, { allocation: ALLOCATION - 1n }))
        .to.be.revertedWithCustomError(pool, 'UnitPool_AllocationUneven')
        .withArgs(ALLOCATION - 1n, UNITS, UNITS - 1n);
    });

    it('refuses a sale that is over or ends too late, and a release that lasts too long', async () => {
      const { pool, manager } = await loadFixture(fresh);
      const authority = await manager.getAddress();
      const deploy = async (saleEnd: bigint, releaseOver: bigint) =>
        await ethers.deployContract('UnitPool', [authority, ALLOCATION, UNITS, saleEnd, releaseOver]);
      for (const late of [0n, MAX_SPAN + 1n]) {
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        await expect(deploy(now + late, RELEASE_OVER))
          .to.be.revertedWithCustomError(pool, 'UnitPool_SaleEndOutOfRange')
          .withArgs(now + late, now + 1n, now + MAX_SPAN);
      }
      await expect(deploy(SALE_END, MAX_SPAN + 1n))
        .to.be.revertedWithCustomError(pool, 'UnitPool_ReleaseTooLong')
        .withArgs(MAX_SPAN + 1n, MAX_SPAN);
      for (const within of [1n, MAX_SPAN]) {
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        expect(await (await deploy(now + within, MAX_SPAN)).SALE_END()).to.equal(now + within);
      }
    });
  });

  describe('setReserve', () => {
    it('connects the pool, once and never again', async () => {
      const { pool, reserve, token } = await loadFixture(fresh);
      const address = await reserve.getAddress();
      await reserve.registerPool(await pool.getAddress());
      await expect(pool.setReserve(address))
        .to.emit(pool, 'ReserveSet')
        .withArgs(address, await token.getAddress());
      expect(await pool.reserve()).to.equal(address);
      expect(await pool.token()).to.equal(await token.getAddress());
      await expect(pool.setReserve(address))
        .to.be.revertedWithCustomError(pool, 'UnitPool_ReserveAlreadySet')
        .withArgs(address);
    });

    it('refuses a reserve that would not take what is not sold', async () => {
      const { pool, reserve } = await loadFixture(fresh);
      await expect(pool.setReserve(await reserve.getAddress()))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NotRegistered')
        .withArgs(await reserve.getAddress());
    });

    it('refuses to promise units without the tokens for them, to the last wei', async () => {
      const { pool, curve, manager } = await loadFixture(fresh);
      const poor = await ethers.deployContract('HostileToken');
      const args = [
        await manager.getAddress(),
        await poor.getAddress(),
        await curve.getAddress(),
        { ...NO_LAW },
      ] as const;
      const another = await ethers.deployContract('StabilizationReserve', [...args]);
      await another.registerPool(await pool.getAddress());
      await poor.mint(pool, ALLOCATION - 1n);
      await expect(pool.setReserve(await another.getAddress()))
        .to.be.revertedWithCustomError(pool, 'UnitPool_AllocationMissing')
        .withArgs(ALLOCATION - 1n, ALLOCATION);
      await poor.mint(pool, 1n);
      await pool.setReserve(await another.getAddress());
    });

    it('is for governance only', async () => {
      const { pool, reserve, mallory } = await loadFixture(fresh);
      await expect(pool.connect(mallory).setReserve(await reserve.getAddress()))
        .to.be.revertedWithCustomError(pool, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('allot', () => {
    it('books units to each account of the list, on top of what it has', async () => {
      const { pool, alice, bob } = await loadFixture(connected);
      const first = pool.allot([alice.address, bob.address, alice.address], [2n, 5n, 1n]);
      await expect(first).to.emit(pool, 'UnitsAllotted').withArgs(alice.address, 2n, 2n, 2n);
      await expect(first).to.emit(pool, 'UnitsAllotted').withArgs(bob.address, 5n, 5n, 7n);
      await expect(first).to.emit(pool, 'UnitsAllotted').withArgs(alice.address, 1n, 3n, 8n);
      await expect(pool.allot([alice.address], [4n]))
        .to.emit(pool, 'UnitsAllotted')
        .withArgs(alice.address, 4n, 7n, 12n);
      expect([await pool.unitsOf(alice), await pool.unitsOf(bob), await pool.sold()]).to.deep.equal([7n, 5n, 12n]);
      expect(await pool.unsold(), 'POOL-2').to.equal(UNITS - 12n);
      expect(await pool.locked()).to.equal(ALLOCATION);
    });

    it('POOL-2 sells all units, and not one more', async () => {
      const { pool, alice, bob } = await loadFixture(connected);
      await pool.allot([alice.address], [UNITS - 1n]);
      await expect(pool.allot([alice.address, bob.address], [1n, 1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NotEnoughUnits')
        .withArgs(1n, 1n, 0n);
      await expect(pool.allot([alice.address], [2n ** 256n - 1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NotEnoughUnits')
        .withArgs(0n, 2n ** 256n - 1n, 1n);
      expect(await pool.unitsOf(alice), 'POOL-2').to.equal(UNITS - 1n);
      await pool.allot([bob.address], [1n]);
      expect([await pool.sold(), await pool.unsold()], 'POOL-2').to.deep.equal([UNITS, 0n]);
      await expect(pool.allot([bob.address], [1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NotEnoughUnits')
        .withArgs(0n, 1n, 0n);
    });

    it('refuses no units, an empty list, and lists of different length', async () => {
      const { pool, alice, bob } = await loadFixture(connected);
      await expect(pool.allot([alice.address, bob.address], [1n, 0n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_UnitsOfAccountZero')
        .withArgs(1n, bob.address);
      await expect(pool.allot([], [])).to.be.revertedWithCustomError(pool, 'UnitPool_LengthMismatch').withArgs(0n, 0n);
      await expect(pool.allot([alice.address], [1n, 1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_LengthMismatch')
        .withArgs(1n, 2n);
      expect(await pool.sold()).to.equal(0n);
    });

    it('refuses nobody, and contracts that could never pass the tokens on', async () => {
      const { pool, token, reserve, alice } = await loadFixture(connected);
      for (const account of [
        ZERO_ADDRESS,
        ...(await Promise.all([pool, token, reserve].map((at) => at.getAddress()))),
      ]) {
        await expect(pool.allot([alice.address, account], [1n, 1n]))
          .to.be.revertedWithCustomError(pool, 'UnitPool_AccountInvalid')
          .withArgs(1n, account);
      }
    });

    it('waits until the pool holds its tokens', async () => {
      const { pool, alice } = await loadFixture(fresh);
      await expect(pool.allot([alice.address], [1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_ReserveNotSet')
        .withArgs();
    });

    it('goes on after the sale until somebody closes, and never after that', async () => {
      const { pool, carol } = await loadFixture(saleOver);
      await pool.allot([carol.address], [1n]);
      await pool.close();
      await expect(pool.allot([carol.address], [1n]))
        .to.be.revertedWithCustomError(pool, 'UnitPool_AlreadyClosed')
        .withArgs();
      expect(await pool.unitsOf(carol)).to.equal(1n);
    });

    it('is for governance only', async () => {
      const { pool, mallory } = await loadFixture(connected);
      await expect(pool.connect(mallory).allot([mallory.address], [1n]))
        .to.be.revertedWithCustomError(pool, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('close', () => {
    it('POOL-4 hands what belongs to unsold units to the reserve, where it waits', async () => {
      const { pool, token, reserve, mallory } = await loadFixture(saleOver);
      const returned = (UNITS - 4n) * PER_UNIT;
      const supply = await token.totalSupply();
      expect(await pool.connect(mallory).close.staticCall()).to.equal(returned);
      const close = pool.connect(mallory).close();
      await expect(close).to.changeTokenBalances(ethers, token, [pool, reserve], [-returned, returned]);
      await expect(close)
        .to.emit(pool, 'PoolClosed')
        .withArgs(4n, UNITS - 4n, returned);
      await expect(close)
        .to.emit(reserve, 'Deposited')
        .withArgs(await pool.getAddress(), returned, 0n, returned);
      expect([await reserve.reserve(), await reserve.pending()], 'RSRV-1').to.deep.equal([0n, returned]);
      expect(await pool.closed(), 'POOL-4').to.equal(true);
      expect(await pool.locked()).to.equal(4n * PER_UNIT);
      expect(await token.totalSupply(), 'POOL-5').to.equal(supply);
      expect(await token.allowance(pool, reserve)).to.equal(0n);
    });

    it('RSRV-1 raises S when the next epoch becomes final', async () => {
      const { pool, reserve, oscar } = await loadFixture(saleOver);
      await pool.close();
      const returned = (UNITS - 4n) * PER_UNIT;
      await expect(reserve.connect(oscar).settle(0n, 0n, ZERO_ADDRESS))
        .to.emit(reserve, 'ReserveSettled')
        .withArgs(0n, 0n, returned, 0n, returned);
      expect([await reserve.reserve(), await reserve.pending()], 'RSRV-1').to.deep.equal([returned, 0n]);
    });

    it('hands over everything if nothing was sold, and nothing if everything was', async () => {
      const none = await loadFixture(connected);
      await time.increaseTo(SALE_END);
      await expect(none.pool.close()).to.emit(none.pool, 'PoolClosed').withArgs(0n, UNITS, ALLOCATION);
      expect(await none.token.balanceOf(none.pool)).to.equal(0n);
      expect(await none.pool.locked()).to.equal(0n);

      const all = await loadFixture(connected);
      await all.pool.allot([all.alice.address], [UNITS]);
      await time.increaseTo(SALE_END);
      const close = all.pool.close();
      await expect(close).to.emit(all.pool, 'PoolClosed').withArgs(UNITS, 0n, 0n);
      await expect(close).to.not.emit(all.reserve, 'Deposited');
      expect(await all.reserve.pending()).to.equal(0n);
      expect(await all.pool.locked()).to.equal(ALLOCATION);
    });

    it('POOL-4 waits for the last second of the sale', async () => {
      const { pool } = await loadFixture(sold);
      await time.increaseTo(SALE_END - 2n);
      await time.setNextBlockTimestamp(SALE_END - 1n);
      await expect(pool.close())
        .to.be.revertedWithCustomError(pool, 'UnitPool_SaleOpen')
        .withArgs(SALE_END - 1n, SALE_END);
      await time.setNextBlockTimestamp(SALE_END);
      await pool.close();
    });

    it('POOL-4 works once', async () => {
      const { pool, reserve } = await loadFixture(saleOver);
      await pool.close();
      const pending = await reserve.pending();
      await expect(pool.close()).to.be.revertedWithCustomError(pool, 'UnitPool_AlreadyClosed').withArgs();
      expect(await reserve.pending(), 'POOL-4').to.equal(pending);
    });

    it('is no matter of an unconnected pool', async () => {
      const { pool } = await loadFixture(fresh);
      await time.increaseTo(SALE_END);
      await expect(pool.close()).to.be.revertedWithCustomError(pool, 'UnitPool_ReserveNotSet').withArgs();
    });

    it('cannot be stopped by shutting every restricted function', async () => {
      const { pool, reserve, manager } = await loadFixture(saleOver);
      await manager.setTargetClosed(await pool.getAddress(), true);
      await manager.setTargetClosed(await reserve.getAddress(), true);
      await pool.close();
    });
  });

  it('keeps donations out of its books', async () => {
    const { pool, token, alice, bob } = await loadFixture(saleOver);
    await time.increaseTo(SALE_END + RELEASE_OVER);
    await pool.claim(bob);
    await token.connect(bob).transfer(await pool.getAddress(), 7n * WAD);
    await expect(pool.close())
      .to.emit(pool, 'PoolClosed')
      .withArgs(4n, UNITS - 4n, (UNITS - 4n) * PER_UNIT);
    await pool.claim(alice);
    expect(await pool.locked()).to.equal(0n);
    expect(await token.balanceOf(pool), 'POOL-3').to.equal(7n * WAD);
  });

  it('counts no further than an amount can', async () => {
    const { pool, alice } = await loadFixture(huge);
    await time.increaseTo(SALE_END + MAX_SPAN);
    await pool.claim(alice);
    expect(await pool.paid()).to.equal(MOST);
    expect(await pool.releasedPerUnitAt(2n ** 256n - 1n)).to.equal(MOST / 3n);
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, NO_LAW, ZERO_ADDRESS } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import {
  ALLOCATION,
  connectedPool,
  deployPool,
  PER_UNIT,
  RELEASE_OVER,
  releasedPerUnit,
  SALE_END,
  TERMS,
} from '../../support/unit-pool-fixture.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

/** Alice has 3 units, bob 1; it is the last second of the sale. */
async function sold() {
  const world = await connectedPool(ethers);
  await world.pool.allot([world.alice.address, world.bob.address], [3n, 1n]);
  await time.increaseTo(SALE_END - 1n);
  return world;
}

/** Alice has 2 units, which are released at the sale's end. */
async function atOnce() {
  const world = await connectedPool(ethers, { releaseOver: 0n });
  await world.pool.allot([world.alice.address], [2n]);
  return world;
}

/** Units over a token that calls back in the middle of a transfer. */
async function hostile() {
  const { pool, manager, curve, alice, bob } = await deployPool(ethers);
  const token = await ethers.deployContract('HostileToken');
  await token.mint(pool, ALLOCATION);
  const args = [await manager.getAddress(), await token.getAddress(), await curve.getAddress(), { ...NO_LAW }] as const;
  const reserve = await ethers.deployContract('StabilizationReserve', [...args]);
  await reserve.registerPool(await pool.getAddress());
  await pool.setReserve(await reserve.getAddress());
  await pool.allot([alice.address, bob.address], [3n, 1n]);
  await time.increaseTo(SALE_END + RELEASE_OVER / 2n);
  return { pool, token, reserve, alice, bob };
}

describe('UnitPool claims', () => {
  it('GOV-4 and what is locked is remembered by time: all, less what was paid, less what nobody ordered', async () => {
    const { pool, alice } = await loadFixture(sold);
    const [claimedAt, closedAt] = [SALE_END + RELEASE_OVER / 2n, SALE_END + RELEASE_OVER];
    await time.setNextBlockTimestamp(claimedAt);
    await expect(pool.claim(alice))
      .to.emit(pool, 'LockedSupplyRecorded')
      .withArgs(ALLOCATION, ALLOCATION - (3n * PER_UNIT) / 2n);
    await time.setNextBlockTimestamp(closedAt);
    await pool.close();
    await expect(pool.lockedAt(closedAt))
      .to.be.revertedWithCustomError(pool, 'LockedSupply_NotPast')
      .withArgs(closedAt, closedAt);
    await time.increase(1);
    expect(await pool.lockedAt(0)).to.equal(0n);
    expect(await pool.lockedAt(claimedAt - 1n)).to.equal(ALLOCATION);
    expect(await pool.lockedAt(claimedAt)).to.equal(ALLOCATION - (3n * PER_UNIT) / 2n);
    expect(await pool.lockedAt(closedAt)).to.equal((5n * PER_UNIT) / 2n);
    expect(await pool.locked()).to.equal((5n * PER_UNIT) / 2n);
  });

  describe('release', () => {
    it('POOL-1 is nothing up to the sale’s end and all at its own end, to the second', async () => {
      const { pool } = await loadFixture(sold);
      const end = SALE_END + RELEASE_OVER;
      const second = PER_UNIT / RELEASE_OVER;
      expect(await pool.releasedPerUnitAt(0n)).to.equal(0n);
      expect(await pool.releasedPerUnitAt(SALE_END)).to.equal(0n);
      expect(await pool.releasedPerUnitAt(SALE_END + 1n)).to.equal(second);
      expect(await pool.releasedPerUnitAt(SALE_END + RELEASE_OVER / 2n)).to.equal(PER_UNIT / 2n);
      expect(await pool.releasedPerUnitAt(end - 1n)).to.equal((PER_UNIT * (RELEASE_OVER - 1n)) / RELEASE_OVER);
      expect(await pool.releasedPerUnitAt(end - 1n)).to.be.lessThan(PER_UNIT);
      expect(await pool.releasedPerUnitAt(end)).to.equal(PER_UNIT);
      expect(await pool.releasedPerUnitAt(end + 1n)).to.equal(PER_UNIT);
    });

    it('is all at once where a release lasts no time', async () => {
      const { pool, alice } = await loadFixture(atOnce);
      expect(await pool.releasedPerUnitAt(SALE_END - 1n)).to.equal(0n);
      expect(await pool.releasedPerUnitAt(SALE_END)).to.equal(PER_UNIT);
      await time.setNextBlockTimestamp(SALE_END);
      await expect(pool.claim(alice))
        .to.emit(pool, 'UnitsClaimed')
        .withArgs(alice.address, alice.address, 2n * PER_UNIT, 2n * PER_UNIT);
    });
  });

  describe('claim', () => {
    it('pays nothing before the release begins', async () => {
      const { pool, alice, mallory } = await loadFixture(sold);
      await time.setNextBlockTimestamp(SALE_END);
      await expect(pool.claim(alice))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NothingToClaim')
        .withArgs(alice.address, 0n, 0n);
      await time.setNextBlockTimestamp(SALE_END + 1n);
      await expect(pool.claim(mallory))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NothingToClaim')
        .withArgs(mallory.address, 0n, 0n);
    });

    it('POOL-1 pays every unit the same, the difference and no more, to the second and to the last wei', async () => {
      const { pool, token, alice, bob, mallory } = await loadFixture(sold);
      let before = 0n;
      const moments = [1n, 2n, 3n, DAY, RELEASE_OVER / 3n, RELEASE_OVER / 2n, RELEASE_OVER - 1n, RELEASE_OVER];
      for (const moment of moments) {
        const now = SALE_END + moment;
        const perUnit = releasedPerUnit(TERMS, now);
        await time.setNextBlockTimestamp(now);
        const claim = pool.connect(mallory).claim(alice);
        await expect(claim).to.changeTokenBalances(
          ethers,
          token,
          [pool, alice],
          [-3n * (perUnit - before), 3n * (perUnit - before)],
        );
        await expect(claim)
          .to.emit(pool, 'UnitsClaimed')
          .withArgs(alice.address, alice.address, 3n * (perUnit - before), 3n * perUnit);
        expect(await pool.claimed(alice), 'POOL-1').to.equal(3n * perUnit);
        expect(await pool.paid()).to.equal(3n * perUnit);
        expect(await pool.locked(), 'POOL-3').to.equal(ALLOCATION - 3n * perUnit);
        expect(await pool.claimable(alice)).to.equal(0n);
        expect(await pool.claimable(bob)).to.equal(perUnit);
        before = perUnit;
      }
      expect(before).to.equal(PER_UNIT);
      await expect(pool.claim(alice))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NothingToClaim')
        .withArgs(alice.address, 3n * PER_UNIT, 3n * PER_UNIT);
      expect(await pool.claim.staticCall(bob)).to.equal(PER_UNIT);
    });

    it('pays the same whether the pool is closed or not', async () => {
      const { pool, token, alice, bob } = await loadFixture(sold);
      await time.increaseTo(SALE_END + DAY);
      await pool.claim(alice);
      await pool.close();
      await time.increaseTo(SALE_END + RELEASE_OVER);
      await pool.claim(alice);
      await pool.claim(bob);
      expect(await token.balanceOf(alice)).to.equal(3n * PER_UNIT);
      expect(await token.balanceOf(bob)).to.equal(PER_UNIT);
      expect(await token.balanceOf(pool), 'POOL-3').to.equal(0n);
      expect(await pool.locked()).to.equal(0n);
    });

    it('pays at once what a late order has missed', async () => {
      const { pool, carol, alice } = await loadFixture(sold);
      await time.increaseTo(SALE_END + RELEASE_OVER / 2n);
      await pool.claim(alice);
      await time.setNextBlockTimestamp(SALE_END + RELEASE_OVER / 2n + 100n);
      await pool.allot([carol.address, alice.address], [1n, 1n]);
      const perUnit = releasedPerUnit(TERMS, SALE_END + RELEASE_OVER / 2n + 100n);
      expect(await pool.claimable(carol)).to.equal(perUnit);
      expect(await pool.claimable(alice)).to.equal(4n * perUnit - (await pool.claimed(alice)));
    });

    it('cannot be stopped by shutting every restricted function', async () => {
      const { pool, manager, alice } = await loadFixture(sold);
      await manager.setTargetClosed(await pool.getAddress(), true);
      await time.increaseTo(SALE_END + DAY);
      await pool.claim(alice);
    });
  });

  describe('claimTo', () => {
    it('pays the caller’s own units elsewhere', async () => {
      const { pool, token, alice, carol, mallory } = await loadFixture(sold);
      await time.setNextBlockTimestamp(SALE_END + DAY);
      const due = 3n * releasedPerUnit(TERMS, SALE_END + DAY);
      const claim = pool.connect(alice).claimTo(carol);
      await expect(claim).to.changeTokenBalances(ethers, token, [alice, carol], [0n, due]);
      await expect(claim).to.emit(pool, 'UnitsClaimed').withArgs(alice.address, carol.address, due, due);
      await expect(pool.connect(mallory).claimTo(mallory))
        .to.be.revertedWithCustomError(pool, 'UnitPool_NothingToClaim')
        .withArgs(mallory.address, 0n, 0n);
    });

    it('refuses nobody', async () => {
      const { pool, alice } = await loadFixture(sold);
      await expect(pool.connect(alice).claimTo(ZERO_ADDRESS))
        .to.be.revertedWithCustomError(pool, 'UnitPool_RecipientZero')
        .withArgs();
    });
  });

  describe('with a token that calls back', () => {
    it('pays no claim twice', async () => {
      const { pool, token, alice } = await loadFixture(hostile);
      const again = pool.interface.encodeFunctionData('claim', [alice.address]);
      await token.callBack(await pool.getAddress(), again);
      await pool.claim(alice);
      expect(await token.calledBack()).to.equal(false);
      expect((await token.answer()).slice(0, 10)).to.equal(
        pool.interface.getError('UnitPool_NothingToClaim')!.selector,
      );
      expect(await token.balanceOf(alice)).to.equal(await pool.claimed(alice));
      expect(await token.balanceOf(pool)).to.equal(await pool.locked());
    });

    it('is closed before the tokens move, and pays claims in between as ever', async () => {
      const { pool, token, reserve, bob } = await loadFixture(hostile);
      await token.callBack(await pool.getAddress(), pool.interface.encodeFunctionData('close'));
      await pool.close();
      expect(await token.calledBack()).to.equal(false);
      expect((await token.answer()).slice(0, 10)).to.equal(pool.interface.getError('UnitPool_AlreadyClosed')!.selector);
      expect(await reserve.pending()).to.equal(9_996n * PER_UNIT);
      await token.callBack(ZERO_ADDRESS, '0x');
      await pool.claim(bob);
      expect(await token.balanceOf(pool), 'POOL-3').to.equal(await pool.locked());
    });

    it('books nothing if the token says that it did not pay, or refuses', async () => {
      const { pool, token, reserve, alice } = await loadFixture(hostile);
      await token.sayFalse(true);
      await expect(pool.claim(alice)).to.be.revertedWithCustomError(pool, 'SafeERC20FailedOperation');
      await expect(pool.close()).to.be.revertedWithCustomError(reserve, 'SafeERC20FailedOperation');
      await token.sayFalse(false);
      await token.refuse(alice, true);
      await expect(pool.claim(alice)).to.be.revertedWithCustomError(token, 'HostileToken_Refused');
      expect([await pool.paid(), await pool.claimed(alice), await pool.closed()]).to.deep.equal([0n, 0n, false]);
    });
  });
});

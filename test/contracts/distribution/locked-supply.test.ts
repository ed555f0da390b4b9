import { expect } from 'chai';
import { network } from 'hardhat';

import { epochSteps } from '../../support/epoch-steps.ts';
import { claimOf, QUIET, twinOf, WEEK } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, proposed, settle, loadFixture } = epochSteps(connection);

/** Epoch 0 is final; in it alice, bob and carol were granted something, and something was withheld. */
async function final() {
  const world = await proposed();
  await time.increaseTo(world.until);
  await world.distributor.finalise(world.record, world.settlement);
  return { ...world, at: await time.latest() };
}

type World = Awaited<ReturnType<typeof final>>;

async function booked({ vault, reserve }: Pick<World, 'vault' | 'reserve'>): Promise<bigint> {
  const granted = (await vault.totalGranted()) - (await vault.released());
  return granted + (await reserve.reserve()) + (await reserve.pending());
}

describe('EpochDistributor: what is locked', () => {
  it('is nothing at the deployment, and that is written down', async () => {
    const { distributor } = await loadFixture(fresh);
    const receipt = await distributor.deploymentTransaction()!.wait();
    const { timestamp } = await ethers.provider.getBlock(receipt!.blockNumber).then((block) => block!);
    await expect(distributor.deploymentTransaction()).to.emit(distributor, 'LockedSupplyRecorded').withArgs(0n, 0n);
    expect(await distributor.lockedAt(timestamp)).to.equal(0n);
    expect(await distributor.lockedAt(0)).to.equal(0n);
  });

  it('GOV-4 is written down when an epoch becomes final: all that was minted and nobody holds', async () => {
    const world = await loadFixture(proposed);
    const { distributor, token, record, settlement, until } = world;
    await time.setNextBlockTimestamp(until);
    const receipt = await (await distributor.finalise(record, settlement)).wait();
    const supply = await token.totalSupply();
    expect(await booked(world)).to.equal(supply);
    await expect(receipt).to.emit(distributor, 'LockedSupplyRecorded').withArgs(0n, supply);
    await time.increase(1);
    expect(await distributor.lockedAt(until)).to.equal(supply);
    expect(await distributor.lockedAt(until - 1n)).to.equal(0n);
    // With the supply of the same second, so that at no time more is locked than exists.
    expect(await token.getPastTotalSupply(until)).to.equal(supply);
    expect(await token.getPastTotalSupply(until - 1n)).to.equal(0n);
  });

  it('costs claims nothing: it is written down with the next final epoch, or by anyone before', async () => {
    const world = await loadFixture(final);
    const { distributor, vault, twin, at, mallory } = world;
    const before = await booked(world);
    await time.increase(5 * WEEK);
    await vault.claim(claimOf(twin, 0));
    const paid = await vault.released();
    expect(paid).to.be.greaterThan(0n);
    expect(await booked(world)).to.equal(before - paid);
    await time.increase(1);
    expect(await distributor.lockedAt((await time.latest()) - 1)).to.equal(before);

    await expect(distributor.connect(mallory).recordLocked())
      .to.emit(distributor, 'LockedSupplyRecorded')
      .withArgs(before, before - paid);
    const then = await time.latest();
    await time.increase(1);
    expect(await distributor.lockedAt(then)).to.equal(before - paid);
    expect(await distributor.lockedAt(then - 1)).to.equal(before);
    expect(await distributor.lockedAt(at)).to.equal(before);
  });

  it('does not move by a transfer to vault or reserve', async () => {
    const world = await loadFixture(final);
    const { distributor, vault, reserve, token, twin, alice } = world;
    await time.increase(5 * WEEK);
    await vault.claim(claimOf(twin, 0));
    const account = await ethers.getImpersonatedSigner(twin.next.accounts.at(0)!.account);
    await connection.networkHelpers.setBalance(account.address, 10n ** 18n);
    await distributor.recordLocked();
    const then = await time.latest();
    const half = (await token.balanceOf(account)) / 2n;
    await token.connect(account).transfer(vault, half);
    await token.connect(account).transfer(reserve, half);
    await distributor.connect(alice).recordLocked();
    const later = await time.latest();
    await time.increase(1);
    expect(await distributor.lockedAt(later)).to.equal(await distributor.lockedAt(then));
  });

  it('follows the reserve and what waits to join it, epoch by epoch', async () => {
    const world = await loadFixture(final);
    const { distributor, reserve, economy, twin } = world;
    await time.increaseTo(twin.record.end + WEEK);
    await distributor.closeEpoch();
    await settle(world, twinOf(economy, QUIET, twin.next));
    const at = await time.latest();
    await time.increase(1);
    expect(await distributor.lockedAt(at)).to.equal(await booked(world));
    expect(await reserve.reserve()).to.be.greaterThan(twin.next.reserve);
  });

  it('answers about the past only, where nothing changes any more', async () => {
    const { distributor } = await loadFixture(final);
    const present = await time.latest();
    for (const moment of [present, present + 1]) {
      await expect(distributor.lockedAt(moment))
        .to.be.revertedWithCustomError(distributor, 'LockedSupply_NotPast')
        .withArgs(moment, present);
    }
  });
});

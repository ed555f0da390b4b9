import { expect } from 'chai';
import { network } from 'hardhat';

import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const loadFixture = fixtureLoader(networkHelpers);

async function settableSource() {
  const [owner, mallory] = await ethers.getSigners();
  return { source: await ethers.deployContract('SettablePriceSource'), owner: owner!, mallory: mallory! };
}

describe('SettablePriceSource', () => {
  it('gives the last price set before the end, and 0 before the first', async () => {
    const { source } = await loadFixture(settableSource);
    await expect(source.setPrice(100n, 5n)).to.emit(source, 'PriceSet').withArgs(100n, 0n, 5n);
    await expect(source.setPrice(200n, 7n)).to.emit(source, 'PriceSet').withArgs(200n, 5n, 7n);
    for (const [end, price] of [
      [0n, 0n],
      [100n, 0n],
      [101n, 5n],
      [200n, 5n],
      [201n, 7n],
      [2n ** 40n - 1n, 7n],
    ] as const) {
      expect(await source.priceOver(0n, end), `end ${end}`).to.equal(price);
    }
  });

  it('replaces the price of the same moment and refuses an earlier one', async () => {
    const { source } = await loadFixture(settableSource);
    await source.setPrice(100n, 5n);
    await source.setPrice(100n, 6n);
    expect(await source.priceOver(0n, 101n)).to.equal(6n);
    await expect(source.setPrice(99n, 6n)).to.be.revertedWithCustomError(source, 'CheckpointUnorderedInsertion');
  });

  it('is set by its owner only', async () => {
    const { source, mallory } = await loadFixture(settableSource);
    await expect(source.connect(mallory).setPrice(100n, 5n))
      .to.be.revertedWithCustomError(source, 'OwnableUnauthorizedAccount')
      .withArgs(mallory.address);
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { readClock, readClosedEpoch, readClosedRecord } from '../../src/chain/closed-epoch.ts';
import { EMPTY_CURVE } from '../../src/protocol/vesting-curve.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { expectCode } from '../support/expect-code.ts';
import {
  accountOf,
  BEFORE,
  closeNext,
  deployWorld,
  finalise,
  propose,
  settleOffChain,
  storyPreset,
} from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

describe('what an epoch is settled from, read from the chain', () => {
  it('is nothing before it is closed, all of it while it is the next, and the record for ever', async () => {
    const world = await loadFixture(deployed);
    const { alice, bob, fiona } = world.actors;
    const now = () => world.hardhat.ethers.provider.getBlockNumber();
    const read = async (epoch: number) => await readClosedEpoch(world.chain, epoch, await now());
    expect(await readClock(world.chain, await now())).to.deep.equal({
      start: START,
      length: world.parameters.economy.epochLength,
    });
    expect(await read(0)).to.equal(null);
    await world.setPrice(START, 10n ** 16n);
    const first = await closeNext(world);
    const before = await now();
    const zero = await read(0);
    expect(zero?.record).to.deep.equal(first.record);
    expect(zero?.recordHash).to.equal(first.recordHash);
    expect(zero?.parentReport).to.equal(null);
    const { root, totalCurve, reserve, pending, totalGranted } = BEFORE;
    expect(zero?.parent).to.deep.equal({ root, leafCount: 0, totalCurve, reserve, pending, totalGranted });
    expect(zero?.foundationCurve).to.deep.equal(EMPTY_CURVE);

    const scores = [alice, bob].map((signer) => ({ account: accountOf(signer), task: 1, score: 3n }));
    const settled = await settleOffChain(world, BEFORE, first, { scores });
    const { until } = await propose(world, settled);
    await finalise(world, settled, until);
    // Final now: it is settled from nothing any more, but its record stands.
    expect(await read(0)).to.equal(null);
    expect((await readClosedRecord(world.chain, 0, await now()))?.record).to.deep.equal(first.record);
    expect(await read(1)).to.equal(null);

    const second = await closeNext(world);
    const one = await read(1);
    const { next } = settled;
    expect(one?.record).to.deep.equal(second.record);
    expect(one?.parentReport).to.equal(settled.reportCid);
    expect(one?.parent.root).to.equal(next.root);
    expect(one?.parent.leafCount).to.equal(2);
    expect(one?.parent.totalCurve).to.deep.equal(next.totalCurve);
    expect(one?.parent.totalGranted).to.equal(next.totalGranted);
    expect(one?.foundationCurve).to.deep.equal(next.foundationCurves.get(accountOf(fiona)));
    // Closed, but the one before it is not final.
    await closeNext(world);
    expect(await read(2)).to.equal(null);
    expect((await readClosedRecord(world.chain, 2, await now()))?.record.epoch).to.equal(2);
    // As of a block, not as of now.
    expect((await readClosedEpoch(world.chain, 0, before))?.record).to.deep.equal(first.record);
  });

  it('is not believed without the event that it stands in', async () => {
    const world = await loadFixture(deployed);
    await closeNext(world);
    const block = await world.hardhat.ethers.provider.getBlockNumber();
    await closeNext(world);
    // A node that has lost the logs of the first block answers as one does that is asked from a later one on.
    const forgetful = { ...world.chain, addressBook: { ...world.chain.addressBook, startBlock: block + 1 } };
    await expectCode(readClosedRecord(forgetful, 0, block + 1), 'NODE_INCONSISTENT');
  });
});

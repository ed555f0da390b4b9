import { expect } from 'chai';
import { network } from 'hardhat';

import { recordToChain, settlementToChain } from '../../src/chain/convert.ts';
import { readState } from '../../src/chain/epoch-state.ts';
import { emittedBy } from '../../src/protocol/emission-curve.ts';
import type { State } from '../../src/settlement/state.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import {
  accountOf,
  BEFORE,
  closeNext,
  deployWorld,
  finalise,
  propose,
  settleOffChain,
  storyPreset,
  travelTo,
} from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;
const WEEK = 7 * 86_400;

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

describe('an operator who was away for six weeks', () => {
  it('catches up at more than two epochs a week; nothing of the emission is lost', async () => {
    const world = await loadFixture(deployed);
    const { alice, bob } = world.actors;
    const { economy } = world.parameters;
    const curve = { start: economy.start, periods: economy.curve };
    await world.setPrice(START, 10n ** 16n);
    await travelTo(world, START + 6 * WEEK + 3600);

    // Anyone closes all six at once; those closed more than a day after their end have no price.
    const closed = [];
    for (let epoch = 0; epoch < 6; epoch++) closed.push(await closeNext(world));
    expect(closed.map(({ priceReason }) => priceReason)).to.deep.equal([...Array<string>(5).fill('GraceOver'), 'Used']);
    expect(closed.map(({ record }) => record.price)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 10n ** 16n]);

    let state: State = BEFORE;
    for (const one of closed) {
      const scores = [alice, bob].map((signer) => ({ account: accountOf(signer), task: 1, score: 3n }));
      const settled = await settleOffChain(world, state, one, { scores });
      const { until } = await propose(world, settled);
      await finalise(world, settled, until);
      state = settled.next;
    }
    const { now, supply, nextToFinalise } = await readState(world.chain);
    expect(nextToFinalise).to.equal(6);
    expect(supply, 'EMIT-1').to.equal(emittedBy(curve, START + 6 * WEEK));
    const weeks = (now - START) / WEEK - 6;
    expect(6 / weeks, 'epochs a week').to.be.greaterThan(2);
  });

  it('cannot settle them out of order', async () => {
    const world = await loadFixture(deployed);
    await travelTo(world, START + 2 * WEEK);
    await closeNext(world);
    const second = await closeNext(world);
    const skipping = await settleOffChain(world, { ...BEFORE, epoch: 0 }, second, {});
    const { distributor } = world.chain.contracts;
    await expect(distributor.basisOf(1))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotNext')
      .withArgs(1, 0);
    const basis = `0x${'00'.repeat(32)}`;
    await expect(
      distributor
        .connect(world.actors.oscar)
        .propose(recordToChain(skipping.record), settlementToChain(skipping.declared), basis, {
          value: skipping.record.bond,
        }),
    )
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotNext')
      .withArgs(1, 0);
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { scheduleTasksCall } from '../../src/chain/calls.ts';
import { readOperation } from '../../src/chain/timelock.ts';
import { advanceOperation } from '../support/advance-operation.ts';
import type { State } from '../../src/settlement/state.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { World } from '../support/world.ts';
import { accountOf, BEFORE, deployWorld, runEpoch, storyPreset, travelTo } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;
const WAD = 10n ** 18n;

const NEW_TABLE = [
  { task: 1, weight: (WAD * 25n) / 100n },
  { task: 2, weight: (WAD * 20n) / 100n },
  { task: 3, weight: (WAD * 35n) / 100n },
  { task: 4, weight: (WAD * 20n) / 100n },
];
const REASON = 'translation is scarce';

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

/** Four equal miners, one in each task, so that a grant shows its task's weight. */
function workOf({ actors }: World) {
  const miners = [actors.alice, actors.bob, actors.carol, actors.dave];
  return { scores: miners.map((miner, index) => ({ account: accountOf(miner), task: index + 1, score: 10n })) };
}

describe('new weights by the council', () => {
  it('wait in the timelock and act exactly from the named epoch', async () => {
    const world = await loadFixture(deployed);
    const { council, carol } = world.actors;
    const call = scheduleTasksCall(world.chain.addresses, 2, NEW_TABLE);

    await travelTo(world, START + 3600);
    const scheduled = await advanceOperation(world.chain, council, call, REASON);
    expect(scheduled.state).to.equal('waiting');
    expect(scheduled.readyAt).to.equal((await world.hardhat.networkHelpers.time.latest()) + world.parameters.minDelay);
    expect((await advanceOperation(world.chain, council, call, REASON)).receipt, 'nothing to do yet').to.equal(null);
    await travelTo(world, scheduled.readyAt);
    expect((await advanceOperation(world.chain, council, call, REASON)).state).to.equal('done');

    // The economy off chain is told the same.
    const { economy } = world.parameters;
    const tasks = [...economy.tasks, { from: 2, value: NEW_TABLE }];
    const informed = { ...world, parameters: { ...world.parameters, economy: { ...economy, tasks } } };

    const grants: bigint[][] = [];
    let state: State = BEFORE;
    for (let epoch = 0; epoch < 4; epoch++) {
      const { settled } = await runEpoch(informed, state, workOf(world));
      state = settled.next;
      grants.push([...settled.rows].find(({ account }) => account === accountOf(carol))!.grants.slice());
      const { weights } = settled.record;
      expect(weights, `epoch ${epoch}`).to.deep.equal(
        epoch < 2 ? [4n, 2n, 1n, 3n].map((tenths) => (tenths * WAD) / 10n) : NEW_TABLE.map(({ weight }) => weight),
      );
      // By hand: the only miner of task 3 earns that task's whole budget, miners' part times weight.
      const { miners } = settled.outcome;
      expect(grants[epoch]![2]).to.equal((miners * (epoch < 2 ? 10n : 35n)) / 100n);
    }
  });

  it('come from nobody else, and not for an epoch that has started', async () => {
    const world = await loadFixture(deployed);
    const { council, mallory } = world.actors;
    const call = scheduleTasksCall(world.chain.addresses, 0, NEW_TABLE);
    await expectCode(advanceOperation(world.chain, mallory, call, REASON), 'AccessControlUnauthorizedAccount');

    await travelTo(world, START - 3600);
    const { readyAt } = await advanceOperation(world.chain, council, call, REASON);
    await travelTo(world, readyAt);
    await expectCode(advanceOperation(world.chain, council, call, REASON), 'TaskRegistry_EpochStarted', {
      from: 0n,
      start: BigInt(START),
      present: BigInt(readyAt + 1),
    });
    expect((await readOperation(world.chain, call, REASON)).state).to.equal('ready');
  });

  it('are refused by the registry when they do not sum to 1', async () => {
    const world = await loadFixture(deployed);
    const { council } = world.actors;
    const wrong = NEW_TABLE.map((entry) => (entry.task === 1 ? { ...entry, weight: entry.weight + 1n } : entry));
    const call = scheduleTasksCall(world.chain.addresses, 9, wrong);
    const { readyAt } = await advanceOperation(world.chain, council, call, 'a slip');
    await travelTo(world, readyAt);
    await expectCode(advanceOperation(world.chain, council, call, 'a slip'), 'TaskRegistry_WeightSumWrong', {
      sum: WAD + 1n,
      expected: WAD,
    });
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import type { Connection } from '../../src/chain/connect.ts';
import { readFinalEpochs } from '../../src/chain/final-epochs.ts';
import { RetryableError } from '../../src/protocol/errors.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import type { State } from '../../src/settlement/state.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import {
  accountOf,
  BEFORE,
  closeNext,
  deployWorld,
  propose,
  runEpoch,
  settleOffChain,
  storyPreset,
} from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);

/** Three final epochs, each with one miner more, and a fourth whose settlement waits. */
async function threeFinal() {
  const world = await deployWorld(hardhat, { start: 2_000_073_600, preset: storyPreset() });
  const { alice, bob, carol } = world.actors;
  const people = [alice, bob, carol].map(accountOf);
  const settled = [];
  let parent: State = BEFORE;
  for (let epoch = 0; epoch < 3; epoch++) {
    const [task] = world.parameters.tasks;
    const scores = people.slice(0, epoch + 1).map((account) => ({ account, task: task?.id ?? 0, score: 9n * WAD }));
    const one = await runEpoch(world, parent, { scores });
    settled.push(one.settled);
    parent = one.settled.next;
  }
  // One that waits: it is not final, and must not be among them.
  const closed = await closeNext(world);
  await propose(world, await settleOffChain(world, parent, closed, {}));
  return { world, settled, block: await hardhat.ethers.provider.getBlockNumber() };
}

/** The same chain through a node that answers a question about events in its own way. */
function showing({ chain }: { readonly chain: Connection }, change: (logs: unknown[]) => unknown[]): Connection {
  const provider = new Proxy(chain.provider, {
    get: (target, key): unknown => {
      if (key === 'getLogs') return async (filter: never) => change(await target.getLogs(filter));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...chain, provider };
}

describe('readFinalEpochs', () => {
  it('gives every final epoch with what it stands on, and none that only waits', async () => {
    const { world, settled, block } = await loadFixture(threeFinal);
    const epochs = await readFinalEpochs(world.chain, block);
    expect(epochs.map(({ epoch }) => epoch)).to.deep.equal([0, 1, 2]);
    for (const [at, one] of epochs.entries()) {
      const { record, declared, parent, next } = settled[at]!;
      expect(one.record).to.deep.equal(record);
      expect(one.settlement).to.deep.equal(declared);
      expect(one.basis).to.equal(basisOf(record, parent));
      expect({ before: one.reserveBefore, after: one.reserveAfter, deposits: one.deposits }).to.deep.equal({
        before: parent.reserve,
        after: next.reserve,
        deposits: [0n],
      });
    }
  });

  it('gives what was final in an older block', async () => {
    const { world } = await loadFixture(threeFinal);
    const { contracts, addressBook } = world.chain;
    const { distributor } = contracts;
    const finalised = await distributor.queryFilter(distributor.filters.EpochFinalised(), addressBook.startBlock);
    for (const [epoch, { blockNumber }] of finalised.entries()) {
      expect(await readFinalEpochs(world.chain, blockNumber - 1)).to.have.length(epoch);
      expect(await readFinalEpochs(world.chain, blockNumber)).to.have.length(epoch + 1);
    }
    expect(finalised).to.have.length(3);
  });

  it('believes no node that leaves an event out, or shows one that is not there', async () => {
    const { world, block } = await loadFixture(threeFinal);
    const { length } = await world.chain.provider.getLogs({
      address: [world.chain.addresses.distributor, world.chain.addresses.reserve],
      fromBlock: world.chain.addressBook.startBlock,
    });
    let refused = 0;
    for (let out = 0; out < length; out++) {
      const node = showing(world, (logs) => logs.filter((_, at) => at !== out));
      const epochs = await readFinalEpochs(node, block).catch((error: unknown) => {
        expect(error).to.be.instanceOf(RetryableError);
        refused++;
        return null;
      });
      // What is left out may be what says nothing of a final epoch; then all is as it was.
      if (epochs !== null) expect(epochs).to.deep.equal(await readFinalEpochs(world.chain, block));
    }
    expect(refused).to.be.greaterThan(8);
    const empty = readFinalEpochs(
      showing(world, () => []),
      block,
    );
    await expectCode(empty, 'NODE_INCONSISTENT');
    const twice = showing(world, (logs) => [...logs, ...logs]);
    await expectCode(readFinalEpochs(twice, block), 'NODE_INCONSISTENT');
  });
});

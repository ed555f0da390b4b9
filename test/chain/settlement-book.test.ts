import { expect } from 'chai';
import { network } from 'hardhat';

import type { Connection } from '../../src/chain/connect.ts';
import { EMPTY_BOOK, settlementLogs, withLogs } from '../../src/chain/settlement-book.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import type { State } from '../../src/settlement/state.ts';
import { finalHistory } from '../../web/src/data/final-history.ts';
import { epochRows, standing } from '../../web/src/data/epoch-rows.ts';
import { readFigures } from '../../web/src/data/protocol-figures.ts';
import { readTerms } from '../../web/src/data/terms.ts';
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

/** Two final epochs, and a third whose first settlement was vetoed and whose second waits. */
async function vetoedOnce() {
  const world = await deployWorld(hardhat, { start: 2_000_073_600, preset: storyPreset() });
  const { alice, bob, gina } = world.actors;
  const [task] = world.parameters.tasks;
  let parent: State = BEFORE;
  for (let epoch = 0; epoch < 2; epoch++) {
    const scores = [alice, bob].map((person) => ({ account: accountOf(person), task: task?.id ?? 0, score: 9n * WAD }));
    parent = (await runEpoch(world, parent, { scores })).settled.next;
  }
  const closed = await closeNext(world);
  const settled = await settleOffChain(world, parent, closed, {});
  const first = await propose(world, settled);
  await world.chain.contracts.distributor.connect(gina).veto(first.proposalId, 'a row too many');
  return { world, first, block: await hardhat.ethers.provider.getBlockNumber() };
}

async function bookOf(chain: Connection, block: number) {
  const logs = await settlementLogs(chain, { from: chain.addressBook.startBlock, to: block });
  return withLogs(EMPTY_BOOK, logs, chain);
}

describe('the book of settlements', () => {
  it('tells every epoch, every proposal and what became of it', async () => {
    const { world, first, block } = await loadFixture(vetoedOnce);
    const book = await bookOf(world.chain, block);
    expect(book.closed.map(({ epoch }) => epoch)).to.deep.equal([0, 1, 2]);
    expect(book.final.map(({ epoch }) => epoch)).to.deep.equal([0, 1]);
    expect(book.proposals.map(({ epoch, state }) => [epoch, state])).to.deep.equal([
      [0, 'final'],
      [1, 'final'],
      [2, 'vetoed'],
    ]);
    expect(book.proposals.at(-1)?.proposalId).to.equal(first.proposalId);
    expect(book.proposals.at(-1)?.veto?.reason).to.equal('a row too many');
    expect([...book.tasks.values()]).to.deep.equal(world.parameters.tasks.map(({ name }) => name));
  });

  it('is the same whether it is read at once or block by block', async () => {
    const { world, block } = await loadFixture(vetoedOnce);
    const { chain } = world;
    let book = EMPTY_BOOK;
    for (let at = chain.addressBook.startBlock; at <= block; at++) {
      book = withLogs(book, await settlementLogs(chain, { from: at, to: at }), chain);
    }
    expect(book).to.deep.equal(await bookOf(chain, block));
  });

  it('comes to what the contracts hold, and says so when it does not', async () => {
    const { world, block } = await loadFixture(vetoedOnce);
    const book = await bookOf(world.chain, block);
    const head = await hardhat.ethers.provider.getBlock(block);
    const agreedBlock = { number: block, hash: head?.hash ?? '', time: head?.timestamp ?? 0 };
    const figures = await readFigures([{ name: 'here', connection: world.chain }], agreedBlock);
    const epochs = finalHistory(book, figures);
    expect(epochs.map(({ final }) => [final.granted, final.payout, final.withheld, final.reasons])).to.deep.equal(
      epochs.map(({ outcome }) => [outcome.granted, outcome.payout, outcome.withheld, outcome.reasons]),
    );
    expect(figures.minted).to.equal(
      epochs.reduce((sum, { record }) => sum + record.budget, await world.chain.contracts.token.GENESIS()),
    );
    const without = { ...book, final: book.final.slice(0, 1) };
    await expectCode(
      Promise.resolve().then(() => finalHistory(without, figures)),
      'NODE_INCONSISTENT',
    );
    const [firstFinal, ...others] = book.final;
    const bent = { ...firstFinal!.settlement, granted: firstFinal!.settlement.granted - 1n };
    const other = { ...book, final: [{ ...firstFinal!, settlement: bent }, ...others] };
    await expectCode(
      Promise.resolve().then(() => finalHistory(other, figures)),
      'NODE_INCONSISTENT',
    );
  });

  it('gives a row for every epoch that has begun, the newest first', async () => {
    const { world, block } = await loadFixture(vetoedOnce);
    const book = await bookOf(world.chain, block);
    const { clock } = await readTerms([{ name: 'here', connection: world.chain }]);
    const now = (await hardhat.ethers.provider.getBlock(block))?.timestamp ?? 0;
    const rows = epochRows(book, clock, now);
    expect(rows.map(({ epoch }) => epoch)).to.deep.equal(rows.map((_, at) => rows.length - 1 - at));
    expect(rows.at(-1)?.stage).to.equal('final');
    expect(rows.find(({ epoch }) => epoch === 2)?.stage).to.equal('closed');
    expect(rows.map(standing).filter((one) => one !== null)).to.have.length(2);
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { finaliseEpoch, proposeSettlement, readBasis } from '../../src/chain/epoch-steps.ts';
import { readEpochState, readPendingProposal, readProposed } from '../../src/chain/epoch-state.ts';
import { sendCall } from '../../src/chain/send.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { Settled, World } from '../support/world.ts';
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

async function proposed() {
  const world = await deployWorld(hardhat, { start: 2_000_000_000, preset: storyPreset() });
  const { alice, bob, mallory } = world.actors;
  const honestWork = { scores: [score(alice, 1, 40n), score(bob, 4, 60n)] };
  const closed = await closeNext(world);
  const honest = await settleOffChain(world, BEFORE, closed, honestWork);
  // Arithmetically right, but mallory never did anything: no fraud proof could tell.
  const falseScores = { scores: [...honestWork.scores, score(mallory, 1, 1_000n)] };
  const dishonest = await settleOffChain(world, BEFORE, closed, falseScores);
  const { until, proposalId } = await propose(world, dishonest);
  return { world, honest, dishonest, until, proposalId };
}

const score = (signer: { address: string }, task: number, value: bigint) => ({
  account: accountOf(signer),
  task,
  score: value,
});

/** Sends a proposal whatever else is pending. */
async function proposeAs(world: World, who: keyof World['actors'], { record, declared }: Settled) {
  const basis = await readBasis(world.chain, record);
  return await proposeSettlement(world.chain, world.actors[who], { record, settlement: declared, basis });
}

describe('a settlement with false scores', () => {
  it('is vetoed, proposed again by another operator, and the honest one becomes final', async () => {
    const { world, honest, dishonest, until, proposalId } = await loadFixture(proposed);
    const { gina, council, oscar, dave, alice } = world.actors;
    const { distributor, authority, timelock } = world.chain.contracts;

    await distributor.connect(gina).veto(proposalId, 'mallory has no row in the ledger');
    expect(await readEpochState(world.chain, 0)).to.equal('closed');
    expect(await distributor.suspended(oscar)).to.equal(true);
    await travelTo(world, until);
    await expectCode(
      finaliseEpoch(world.chain, alice, { record: dishonest.record, settlement: dishonest.declared }),
      'EpochDistributor_NothingProposed',
      { epoch: 0n },
    );
    await expectCode(proposeAs(world, 'oscar', honest), 'EpochDistributor_OperatorSuspended');

    // Governance rules for the guardian, and makes dave an operator: both wait in the timelock.
    const calls = [
      [distributor, distributor.interface.encodeFunctionData('ruleVeto', [proposalId, true])],
      [authority, authority.interface.encodeFunctionData('grantRole', [1n, dave.address, 0])],
    ] as const;
    const targets = await Promise.all(calls.map(([contract]) => contract.getAddress()));
    const batch = [targets, [0n, 0n], calls.map(([, data]) => data), `0x${'00'.repeat(32)}`] as const;
    const salt = `0x${'01'.repeat(32)}`;
    const delay = await timelock.getMinDelay();
    await timelock.connect(council).scheduleBatch([...batch[0]], [...batch[1]], [...batch[2]], batch[3], salt, delay);
    await world.hardhat.networkHelpers.time.increase(delay);
    await timelock.connect(council).executeBatch([...batch[0]], [...batch[1]], [...batch[2]], batch[3], salt);
    expect(await distributor.bondCreditOf(timelock)).to.equal(dishonest.record.bond);
    expect(await distributor.suspended(oscar)).to.equal(true);

    const again = await proposeAs(world, 'dave', honest);
    expect(again.proposalId).to.equal(2n);
    expect((await readProposed(world.chain, 0))?.operator).to.equal(accountOf(dave));
    await finalise(world, honest, again.until);

    // And life goes on.
    await distributor.connect(dave).withdrawBond(dave);
    const closed = await closeNext(world);
    const next = await settleOffChain(world, honest.next, closed, { scores: [score(alice, 2, 5n)] });
    const third = await proposeAs(world, 'dave', next);
    await finalise(world, next, third.until);
  });

  it('gets its bond back when governance never rules, and stays dropped', async () => {
    const { world, honest, proposalId } = await loadFixture(proposed);
    const { gina, oscar, mallory } = world.actors;
    const { distributor } = world.chain.contracts;
    await distributor.connect(gina).veto(proposalId, 'the report cannot be fetched');
    await world.hardhat.networkHelpers.time.increase(await distributor.RULING_TIME());
    await distributor.connect(mallory).releaseBond(proposalId);
    expect(await distributor.bondCreditOf(oscar)).to.equal(honest.record.bond);
    expect(await distributor.suspended(oscar)).to.equal(false);
    const again = await proposeAs(world, 'oscar', honest);
    await finalise(world, honest, again.until);
  });

  it('is not vetoed by anybody but the guardian', async () => {
    const { world } = await loadFixture(proposed);
    const { distributor } = world.chain.contracts;
    for (const who of ['council', 'oscar', 'mallory', 'deployer'] as const) {
      const call = {
        to: world.chain.addresses.distributor,
        data: distributor.interface.encodeFunctionData('veto', [1, '']),
      };
      await expectCode(sendAs(world, who, call), 'AccessManagedUnauthorized', { caller: world.actors[who].address });
    }
  });
});

describe('an operator who asks again', () => {
  it('sends nothing when exactly this settlement is pending or final, and never another one over it', async () => {
    const { world, honest, dishonest, until, proposalId } = await loadFixture(proposed);
    const { alice } = world.actors;
    const repeated = await proposeAs(world, 'oscar', dishonest);
    expect([repeated.proposalId, repeated.receipt]).to.deep.equal([proposalId, null]);
    await expectCode(proposeAs(world, 'oscar', honest), 'PROPOSAL_DIFFERS');
    await finalise(world, dishonest, until);
    expect(await readPendingProposal(world.chain)).to.equal(null);

    const settled = { record: dishonest.record, settlement: dishonest.declared };
    expect((await finaliseEpoch(world.chain, alice, settled)).receipt).to.equal(null);
    await expectCode(finaliseEpoch(world.chain, alice, { ...settled, settlement: honest.declared }), 'ROOT_DIFFERS');
  });

  it('is told the arguments of whatever the contracts refuse', async () => {
    const { world, dishonest, until } = await loadFixture(proposed);
    const { alice } = world.actors;
    const settled = { record: dishonest.record, settlement: dishonest.declared };
    const present = BigInt(await world.hardhat.networkHelpers.time.latest()) + 1n;
    await expectCode(finaliseEpoch(world.chain, alice, settled), 'EpochDistributor_WindowOpen', {
      present,
      until: BigInt(until),
    });
    await finalise(world, dishonest, until);
    await closeNext(world);
    await expectCode(readBasis(world.chain, { ...dishonest.record, epoch: 1 }), 'RECORD_DIFFERS');
  });
});

async function sendAs(world: World, who: keyof World['actors'], call: { to: string; data: string }) {
  return await sendCall(world.actors[who], { ...call, to: accountOf({ address: call.to }), value: 0n });
}

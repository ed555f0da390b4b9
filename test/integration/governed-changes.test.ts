import { expect } from 'chai';
import { network } from 'hardhat';

import { checksumAddress, parseAddress } from '../../src/protocol/brands.ts';
import { proposeSettlement } from '../../src/chain/epoch-steps.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import type { State } from '../../src/settlement/state.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { deployHandedOver, enact, eventsOf, informed, START, weightTable } from '../support/voted-world.ts';
import type { Settled, Work, World } from '../support/world.ts';
import { accountOf, BEFORE, closeNext, propose, runEpoch, settleOffChain } from '../support/world.ts';

const hardhat = await network.create();
const { ethers } = hardhat;
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const WAD = 10n ** 18n;
const WEEK = 604_800;
/** The epoch from which every change of these stories acts; the one before it goes by what was. */
const FROM = 2;

async function handedOver() {
  return await deployHandedOver(hardhat);
}

/** Four equal miners, each in a task of its own. */
function workOf({ actors }: World, tasks: readonly number[] = [1, 2, 3, 4]): Work {
  const miners = [actors.alice, actors.bob, actors.carol, actors.dave];
  return { scores: tasks.map((task, index) => ({ account: accountOf(miners[index]!), task, score: 10n })) };
}

/** Runs epochs one after the other; the record of each is compared with what people off chain expect. */
async function run(world: World, works: readonly Work[]): Promise<Settled[]> {
  let state: State = BEFORE;
  const all: Settled[] = [];
  for (const work of works) {
    const { settled } = await runEpoch(world, state, work);
    state = settled.next;
    all.push(settled);
  }
  return all;
}

const WEIGHTS = [4n, 2n, 1n, 3n].map((tenths) => (tenths * WAD) / 10n);

function grantsOf(settled: Settled, account: { readonly address: string }): readonly bigint[] {
  return [...settled.rows].find((row) => row.account === accountOf(account))!.grants;
}

describe('what the holders change by a vote', () => {
  let world: World;
  beforeEach(async () => {
    world = await loadFixture(handedOver);
  });

  it('a task joins and another retires, from the named epoch', async () => {
    const { carol } = world.actors;
    const next = weightTable([1, 40n], [2, 20n], [4, 30n], [7, 10n]);
    const receipt = await enact(world, [
      ['registry', 'addTask', [7, 'dictation']],
      ['registry', 'scheduleTasks', [FROM, next]],
    ]);
    expect(eventsOf(world, receipt, 'registry', 'TaskAdded')).to.deep.equal([[7n, 'dictation']]);
    expect(eventsOf(world, receipt, 'registry', 'WeightScheduled')).to.deep.equal([
      [1n, 2n, WEIGHTS[0], WEIGHTS[0]],
      [2n, 2n, WEIGHTS[1], WEIGHTS[1]],
      [3n, 2n, WEIGHTS[2], 0n],
      [4n, 2n, WEIGHTS[3], WEIGHTS[3]],
      [7n, 2n, 0n, WAD / 10n],
    ]);

    const { tasks, policy } = world.parameters.economy;
    const { hash, minScores } = policy[0]!.value;
    const after = { hash, minScores: [minScores[0]!, minScores[1]!, minScores[3]!, 1n] };
    const told = informed(world, {
      tasks: [...tasks, { from: FROM, value: next }],
      policy: [policy[0]!, { from: FROM, value: after }],
    });
    const settled = await run(told, [workOf(world), workOf(world), workOf(world, [1, 2, 7, 4])]);
    expect(settled[1]!.record.tasks).to.deep.equal([1, 2, 3, 4]);
    expect(settled[2]!.record.tasks).to.deep.equal([1, 2, 4, 7]);
    // By hand: the only miner of the task has that task's whole budget, a tenth of the miners' part.
    expect(grantsOf(settled[1]!, carol)).to.deep.equal([0n, 0n, settled[1]!.outcome.miners / 10n, 0n]);
    expect(grantsOf(settled[2]!, carol)).to.deep.equal([0n, 0n, 0n, settled[2]!.outcome.miners / 10n]);
  });

  it('minimum scores: who stays below earns, and does not count as participant, from the named epoch', async () => {
    const { policy } = world.parameters.economy;
    const { hash, minScores } = policy[0]!.value;
    const higher = [minScores[0]!, minScores[1]!, 11n, minScores[3]!];
    const rows = higher.map((minScore, index) => ({ task: index + 1, minScore }));
    const receipt = await enact(world, [['registry', 'schedulePolicy', [FROM, hash, 'ipfs://policy', rows]]]);
    expect(eventsOf(world, receipt, 'registry', 'PolicyScheduled')).to.deep.equal([[2n, hash, hash, 'ipfs://policy']]);
    expect(eventsOf(world, receipt, 'registry', 'MinScoreScheduled')).to.deep.equal(
      higher.map((minScore, index) => [BigInt(index + 1), 2n, minScores[index], minScore]),
    );

    const told = informed(world, { policy: [policy[0]!, { from: FROM, value: { hash, minScores: higher } }] });
    const settled = await run(told, [workOf(world), workOf(world), workOf(world)]);
    expect(settled.map(({ settlement }) => [...settlement.participants])).to.deep.equal([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
      [1, 1, 0, 1],
    ]);
  });

  it('the scoring policy: no settlement by the old one is taken from the named epoch on', async () => {
    const { policy } = world.parameters.economy;
    const { hash, minScores } = policy[0]!.value;
    const newHash = ethers.id('a policy with another quality multiplier');
    const rows = minScores.map((minScore, index) => ({ task: index + 1, minScore }));
    const receipt = await enact(world, [['registry', 'schedulePolicy', [FROM, newHash, 'ipfs://next', rows]]]);
    expect(eventsOf(world, receipt, 'registry', 'PolicyScheduled')).to.deep.equal([[2n, hash, newHash, 'ipfs://next']]);

    const told = informed(world, { policy: [policy[0]!, { from: FROM, value: { hash: newHash, minScores } }] });
    const settled = await run(told, [workOf(world), workOf(world)]);
    expect(settled.map(({ record }) => record.policyHash)).to.deep.equal([hash, hash]);
    const closed = await closeNext(told);
    expect(closed.record.policyHash).to.equal(newHash);
    // Whoever still goes by the old policy has another record, which the chain does not take.
    const old = { ...closed, record: { ...closed.record, policyHash: settled[0]!.record.policyHash } };
    const wrong = await settleOffChain(told, settled[1]!.next, old, workOf(world));
    const basis = basisOf(closed.record, wrong.parent);
    const given = { record: old.record, settlement: wrong.declared, basis };
    await expectCode(proposeSettlement(world.chain, world.actors.oscar, given), 'EpochDistributor_RecordMismatch');
    await propose(told, await settleOffChain(told, settled[1]!.next, closed, workOf(world)));
  });

  it('the law of the reserve and the price source, from the named epoch', async () => {
    const old = world.parameters.economy.reserve[0]!.value;
    const source = await ethers.deployContract('SettablePriceSource');
    const address = (await source.getAddress()).toLowerCase();
    const next = { ...old, alpha: old.alpha / 2n, smoothing: old.smoothing + 1, rho: 0n, priceSource: address };
    await world.setPrice(0, old.priceRef);
    await source.getFunction('setPrice')(0, 2n * old.priceRef);
    const receipt = await enact(world, [['reserve', 'scheduleParameters', [FROM, next]]]);
    const values = (law: typeof old) => [
      ...[law.hasLaw, law.a, law.b, law.c, law.alpha, law.priceRef, BigInt(law.smoothing), law.rho],
      checksumAddress(parseAddress(law.priceSource)),
    ];
    expect(eventsOf(world, receipt, 'reserve', 'ParametersScheduled')).to.deep.equal([[2n, values(old), values(next)]]);

    const told = informed(world, {
      reserve: [
        { from: 0, value: old },
        { from: FROM, value: next },
      ],
    });
    const settled = await run(told, [workOf(world), workOf(world), workOf(world)]);
    expect(settled.map(({ record }) => record.price)).to.deep.equal([old.priceRef, old.priceRef, 2n * old.priceRef]);
    // A price above the reference pays out less: the new source is heard, the old one is not.
    expect(settled[2]!.outcome.reasons.priceAndClamp > 0n).to.equal(true);
    // At the reference price nothing but rounding is left.
    expect(settled[1]!.outcome.reasons.priceAndClamp * 10n ** 9n < settled[1]!.outcome.budget).to.equal(true);
  });

  it('the foundation, its share, the cap of an account and the acceleration bound, from the named epoch', async () => {
    const { bob, dave, fiona } = world.actors;
    const { economy } = world.parameters;
    const [oldCap, oldBound] = [economy.accountCap[0]!.value, economy.accelerationBound[0]!.value];
    const receipt = await enact(world, [
      ['parameters', 'scheduleFoundation', [FROM, dave.address, WAD / 5n]],
      ['parameters', 'scheduleAccountCap', [FROM, WAD / 4n]],
      ['parameters', 'scheduleAccelerationBound', [FROM, WAD / 100n]],
    ]);
    expect(eventsOf(world, receipt, 'parameters', 'FoundationScheduled')).to.deep.equal([
      [2n, fiona.address, WAD / 10n, dave.address, WAD / 5n],
    ]);
    expect(eventsOf(world, receipt, 'parameters', 'AccountCapScheduled')).to.deep.equal([[2n, oldCap, WAD / 4n]]);
    expect(eventsOf(world, receipt, 'parameters', 'AccelerationBoundScheduled')).to.deep.equal([
      [2n, oldBound, WAD / 100n],
    ]);

    const told = informed(world, {
      foundation: [...economy.foundation, { from: FROM, value: { account: accountOf(dave), share: WAD / 5n } }],
      accountCap: [...economy.accountCap, { from: FROM, value: WAD / 4n }],
      accelerationBound: [...economy.accelerationBound, { from: FROM, value: WAD / 100n }],
    });
    const busy = { ...workOf(world), uses: [{ account: accountOf(bob), uses: 1000n }] };
    const settled = await run(told, [workOf(world), busy, busy]);
    for (const [epoch, { record, outcome }] of settled.entries()) {
      const changed = epoch >= FROM;
      expect(record.foundation).to.equal(accountOf(changed ? dave : fiona));
      expect(outcome.payout - outcome.miners).to.equal(outcome.payout / (changed ? 5n : 10n));
      // By hand: the only miner of a task would have all of it; the new cap leaves a quarter.
      const budget = (outcome.miners * 2n) / 10n;
      expect(grantsOf(settled[epoch]!, bob)[1]).to.equal(changed ? budget / 4n : budget);
    }
    const freed = (one: Settled) => {
      const row = [...one.rows].find(({ account }) => account === accountOf(bob))!;
      return row.accelerated.reduce((sum, amount) => sum + amount, 0n);
    };
    const lockedBefore = (one: Settled) => {
      const { curve } = [...one.parent.accounts].find(({ account }) => account === accountOf(bob))!;
      return curve.cohorts.reduce((sum, { amount }) => sum + amount, 0n);
    };
    expect(freed(settled[1]!)).to.equal((lockedBefore(settled[1]!) * oldBound) / WAD);
    expect(freed(settled[2]!)).to.equal(lockedBefore(settled[2]!) / 100n);
  });

  it('window and bond of a proposal, from the named epoch', async () => {
    const { challenge } = world.parameters.economy;
    const old = challenge[0]!.value;
    const next = { window: 21_600, bond: 2n * old.bond };
    const receipt = await enact(world, [['parameters', 'scheduleChallenge', [FROM, next.window, next.bond]]]);
    expect(eventsOf(world, receipt, 'parameters', 'ChallengeScheduled')).to.deep.equal([
      [2n, BigInt(old.window), old.bond, 21_600n, next.bond],
    ]);
    const told = informed(world, { challenge: [...challenge, { from: FROM, value: next }] });
    const settled = await run(told, [workOf(world), workOf(world)]);
    const closed = await closeNext(told);
    const { until } = await propose(told, await settleOffChain(told, settled[1]!.next, closed, workOf(world)));
    expect(until).to.equal((await hardhat.networkHelpers.time.latest()) + next.window);
    expect(await ethers.provider.getBalance(world.chain.addresses.distributor)).to.equal(2n * old.bond + next.bond);
  });

  it('the terms of future cohorts; what was granted before keeps its own', async () => {
    const { terms } = world.parameters.economy;
    const old = terms[0]!.value;
    const from = old.cohortEpochs; // The first cohort's end.
    const next = { cohortEpochs: 2, duration: 2 * WEEK };
    const receipt = await enact(world, [['vault', 'scheduleTerms', [from, next.cohortEpochs, next.duration]]]);
    const [event] = eventsOf(world, receipt, 'vault', 'TermsScheduled');
    expect(event!.map(Number)).to.deep.equal([from, old.cohortEpochs, old.duration, next.cohortEpochs, next.duration]);
    const told = informed(world, { terms: [...terms, { from, value: next }] });
    const settled = await run(
      told,
      Array.from({ length: from + 1 }, () => workOf(world)),
    );
    const { cohorts } = settled.at(-1)!.next.totalCurve;
    const first = { end: START + from * WEEK, duration: old.duration };
    const second = { end: START + (from + 2) * WEEK, duration: next.duration };
    expect(cohorts.map(({ end, duration }) => ({ end, duration }))).to.deep.equal([first, second]);
  });

  it('operators and guardians are replaced on execution, for epochs that wait too', async () => {
    const { oscar, gina, dave, mallory } = world.actors;
    const { authority, distributor } = world.chain.contracts;
    const receipt = await enact(world, [
      ['authority', 'revokeRole', [1, oscar.address]],
      ['authority', 'grantRole', [1, dave.address, 0]],
      ['authority', 'revokeRole', [2, gina.address]],
      ['authority', 'grantRole', [2, mallory.address, 0]],
    ]);
    expect(eventsOf(world, receipt, 'authority', 'RoleRevoked')).to.deep.equal([
      [1n, oscar.address],
      [2n, gina.address],
    ]);
    expect(eventsOf(world, receipt, 'authority', 'RoleGranted').map(([role, who]) => [role, who])).to.deep.equal([
      [1n, dave.address],
      [2n, mallory.address],
    ]);
    const closed = await closeNext(world);
    const settled = await settleOffChain(world, BEFORE, closed, workOf(world));
    await expectCode(propose(world, settled), 'AccessManagedUnauthorized');
    await propose({ ...world, actors: { ...world.actors, oscar: dave } }, settled);
    await expect(distributor.connect(gina).veto(1, 'mine')).to.be.revertedWithCustomError(
      distributor,
      'AccessManagedUnauthorized',
    );
    await distributor.connect(mallory).veto(1, 'false rows');
    expect((await authority.hasRole(2, mallory)).isMember).to.equal(true);
  });
});

import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { id } from 'ethers';
import { network } from 'hardhat';

import { calledText, callLines, decodeCall } from '../../../src/chain/governance/decode.ts';
import type { Proposal } from '../../../src/chain/governance/propose.ts';
import { prepareProposal } from '../../../src/chain/governance/propose.ts';
import type { Wishes } from '../../../src/chain/governance/wishes.ts';
import { sendCall } from '../../../src/chain/send.ts';
import { RevertError } from '../../../src/chain/revert-error.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { WAD } from '../../../src/protocol/fixed-point.ts';
import { loadPreset } from '../../../src/settlement/preset/load-preset.ts';
import { expectCode } from '../../support/expect-code.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import { deployHandedOver, START } from '../../support/voted-world.ts';
import type { World } from '../../support/world.ts';
import { accountOf, deployWorld, storyPreset, travelTo, withUnitPool } from '../../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const DAY = 86_400;
const WEEK = 7 * DAY;
const STRANGER = parseAddress(`0x${'ab'.repeat(20)}`);
const LANGX = readFileSync(new URL('../../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8');

async function byCouncil(): Promise<World> {
  const world = await deployWorld(hardhat, { start: START, preset: withUnitPool(storyPreset()) });
  await travelTo(world, START + 10);
  return world;
}

async function byHolders(): Promise<World> {
  const world = await deployHandedOver(hardhat);
  await travelTo(world, START + 10);
  return world;
}

interface Asked {
  readonly from?: number;
  readonly reason?: string;
}

async function ask({ chain }: World, wishes: Wishes, { from, reason = 'a reason' }: Asked = {}): Promise<Proposal> {
  const proposer = null;
  const readPolicy = () => Promise.resolve(loadPreset(LANGX, { variant: 'demo' }).policy);
  return await prepareProposal(chain, { wishes, reason, from: from ?? null, proposer, readPolicy });
}

const lines = ({ calls }: Proposal) => calls.flatMap(callLines);
const tenths = (name: string, value: number) => ({ name, value: (BigInt(value) * WAD) / 10n });

describe('prepareProposal, while the council is in office', () => {
  let world: World;
  beforeEach(async () => {
    world = await loadFixture(byCouncil);
  });

  it('says of weights what was and what will be, and of the emission what each task gains', async () => {
    const proposal = await ask(world, { setWeight: [tenths('validation', 5)] });
    // Two weeks of the timelock or less, and a week of slack: the first epoch that begins after that.
    const { epoch, start, isChosen } = proposal.from;
    expect({ epoch, isChosen }).to.deep.equal({ epoch: proposal.dates.firstEpoch, isChosen: false });
    expect(start > proposal.dates.latest && start - proposal.dates.latest <= WEEK).to.equal(true);
    // 40, 20 and 10 % share the other half as 4 to 2 to 1.
    expect(lines(proposal)).to.deep.equal([
      `weights of the tasks from epoch ${epoch} on`,
      '  data-contribution: 40 % → 28.571428… %',
      '  data-processing: 20 % → 14.285714… %',
      '  cross-lingual-llm: 10 % → 7.142857… %',
      '  validation: 30 % → 50 %',
    ]);
    expect(proposal.notes).to.deep.equal(['rounding: 1 wei of 1e18 go to data-contribution']);
    const { emission } = proposal;
    expect(emission.budget).to.equal(await world.chain.contracts.curve.budgetOf(epoch));
    const miners = emission.budget - emission.budget / 10n;
    expect(emission.foundation).to.deep.equal({ before: emission.budget / 10n, after: emission.budget / 10n });
    expect(emission.tasks[3]).to.deep.equal({
      task: 4,
      name: 'validation',
      before: { weight: (3n * WAD) / 10n, tokens: (miners * 3n) / 10n },
      after: { weight: WAD / 2n, tokens: miners / 2n },
    });
  });

  it('is what the timelock executes, to the call: added, retired and weighed tasks with their policy', async () => {
    const policy = { policyUri: 'ipfs://policy', minScore: [{ name: 'validation', value: 7n }] };
    const wishes = { addTask: [tenths('dictation', 2)], retireTask: ['cross-lingual-llm'], ...policy };
    const proposal = await ask(world, wishes, { reason: 'more voices' });
    const { epoch } = proposal.from;
    expect(lines(proposal)).to.deep.equal([
      'add the task dictation as number 5',
      `weights of the tasks from epoch ${epoch} on`,
      '  data-contribution: 40 % → 35.555555… %',
      '  data-processing: 20 % → 17.777777… %',
      '  cross-lingual-llm: 10 % → retired',
      '  validation: 30 % → 26.666666… %',
      '  dictation: 20 %',
      `minimum scores from epoch ${epoch} on, to be read at ipfs://policy`,
      '  minimum score of validation: 1 → 7',
      '  minimum score of dictation: 1',
    ]);
    const { contracts } = world.chain;
    await sendCall(world.actors.council, proposal.outgoing);
    expect(await contracts.timelock.getOperationState(proposal.id)).to.equal(1n);
    const scheduled = await decodeCall(world.chain, proposal.outgoing);
    expect(scheduled.inner.flatMap(callLines)).to.deep.equal(lines(proposal));
    await hardhat.networkHelpers.time.increase(await contracts.timelock.getMinDelay());
    const calls = [proposal.calls.map(({ to }) => to), [0n, 0n, 0n], proposal.calls.map(({ data }) => data)] as const;
    const timelock = contracts.timelock.connect(world.actors.council);
    await timelock.executeBatch([...calls[0]], [...calls[1]], [...calls[2]], `0x${'0'.repeat(64)}`, id('more voices'));
    const { tasks, weights, minScores } = await contracts.registry.tasksAt(epoch);
    expect([...tasks]).to.deep.equal([1n, 2n, 4n, 5n]);
    expect(weights.reduce((sum, weight) => sum + weight, 0n)).to.equal(WAD);
    expect([...minScores]).to.deep.equal([1n, 1n, 7n, 1n]);
  });

  it('changes single numbers and leaves the others as the chain has them', async () => {
    const proposal = await ask(world, {
      reserve: [{ name: 'alpha', value: WAD / 4n }],
      priceSource: STRANGER,
      foundationShare: WAD / 5n,
      accountCap: WAD / 50n,
      accelerationBound: WAD / 20n,
      bond: 2n * WAD,
      releaseOver: 8 * WEEK,
    });
    const { contracts } = world.chain;
    const law = await contracts.reserve.parametersAt(0);
    const [source] = [law.priceSource.toLowerCase()];
    const { economy } = world.parameters;
    const [cap, bound] = [economy.accountCap[0]!.value, economy.accelerationBound[0]!.value];
    const written = lines(proposal).join('\n');
    const alpha = economy.reserve[0]!.value.alpha;
    expect(proposal.calls.map(({ function: name }) => name)).to.deep.equal([
      'scheduleParameters',
      'scheduleFoundation',
      'scheduleAccountCap',
      'scheduleAccelerationBound',
      'scheduleChallenge',
      'scheduleTerms',
    ]);
    expect(written).to.contain(`price source: ${source} → ${STRANGER}`).and.contain('share: 10 % → 20 %');
    expect(alpha === WAD / 4n || written.includes('alpha: ')).to.equal(true);
    expect(cap === WAD / 50n || written.includes('→ 2 %')).to.equal(true);
    expect(bound === WAD / 20n || written.includes('→ 5 %')).to.equal(true);
    expect(written).to.contain('bond: ').and.contain('→ 2 of the native coin\n').and.contain('→ 56 days');
    const fields = ['a', 'b', 'c', 'alpha', 'priceRef', 'smoothing', 'rho'];
    expect(written.match(new RegExp(`^  (${fields.join('|')}): `, 'gm'))).to.have.length(alpha === WAD / 4n ? 0 : 1);
    // The release changes with a cohort only.
    const terms = proposal.calls.at(-1)!;
    expect(terms.from! % economy.terms[0]!.value.cohortEpochs).to.equal(0);
    expect(proposal.emission.changes).to.equal(true);
  });

  it('names people, units and settlements', async () => {
    const { oscar, gina, alice, bob } = world.actors;
    const proposal = await ask(world, {
      grantOperator: [accountOf(alice)],
      revokeOperator: [accountOf(oscar)],
      revokeGuardian: [accountOf(gina)],
      grantGuardian: [accountOf(bob)],
      registerPool: [STRANGER],
      allot: [
        { account: accountOf(alice), units: 3n },
        { account: accountOf(alice), units: 2n },
      ],
      timelockDelay: 3 * DAY,
    });
    expect(lines(proposal)).to.deep.equal([
      `${accountOf(oscar)} is operator no more`,
      '  operator: yes → no',
      `${accountOf(alice)} becomes operator`,
      '  operator: no → yes',
      `${accountOf(gina)} is guardian no more`,
      '  guardian: yes → no',
      `${accountOf(bob)} becomes guardian`,
      '  guardian: no → yes',
      'book 5 units that were sold in advance',
      `  units of ${accountOf(alice)}: 0 → 3`,
      `  units of ${accountOf(alice)}: 3 → 5`,
      `${STRANGER} may pay into the reserve`,
      '  pool: no → yes',
      'how long everything waits that was decided',
      `  delay: ${proposal.dates.reason.match(/timelock (.*?) \+/)![1]!} → 3 days`,
    ]);
    expect(proposal.emission.changes).to.equal(false);
  });

  it('proposes a policy with the minimum scores that it has', async () => {
    const proposal = await ask(world, { policy: 'any', policyUri: 'ipfs://next' });
    const call = proposal.calls[0]!;
    expect(call.function).to.equal('schedulePolicy');
    const { policy } = loadPreset(LANGX, { variant: 'demo' });
    expect(calledText(call)).to.contain(`newHash ${policy.hash}, uri ipfs://next`);
    await expectCode(ask(world, { policy: 'any' }), 'POLICY_URI_MISSING');
    await expectCode(ask(world, { minScore: [{ name: 'typing', value: 1n }] }), 'TASK_UNKNOWN');
  });

  it('fails before anything is sent with the bound that would be broken', async () => {
    const error = await ask(world, { accountCap: WAD / 2000n }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RevertError);
    expect((error as RevertError).code).to.equal('EpochParameters_CapOutOfBounds');
    expect(Object.values((error as RevertError).details)).to.deep.equal([WAD / 2000n, WAD / 1000n, WAD]);
    await expectCode(ask(world, { setWeight: [{ name: 'validation', value: 1n }] }), 'TaskRegistry_WeightTooLow');
    await expectCode(ask(world, { timelockDelay: 3600 }), 'MiningTimelock_DelayOutOfRange');
    await expectCode(ask(world, { readmit: [STRANGER] }), 'EpochDistributor_OperatorNotSuspended');
    await expectCode(ask(world, { reserve: [{ name: 'rho', value: WAD }] }), 'StabilizationReserve_OutOfRange');
  });

  it('refuses what could not act in time, what is nothing, and what only the holders change', async () => {
    await expectCode(ask(world, { accountCap: WAD / 10n }, { from: 0 }), 'EPOCH_TOO_EARLY');
    await expectCode(ask(world, {}), 'NOTHING_PROPOSED');
    await expectCode(ask(world, { votingPeriod: 3 * DAY }), 'HOLDERS_ONLY');
    await expectCode(ask(world, { setReporter: [{ seat: 0, account: STRANGER }] }), 'PRICE_SOURCE_OTHER');
  });

  it('takes the epoch of a change that is scheduled already, if that is later', async () => {
    const first = await ask(world, { setWeight: [tenths('validation', 5)] }, { from: 20 });
    const { timelock } = world.chain.addresses;
    await hardhat.networkHelpers.setBalance(timelock, 10n ** 20n);
    await hardhat.networkHelpers.impersonateAccount(timelock);
    await sendCall(await hardhat.ethers.getSigner(timelock), first.calls[0]!);
    const next = await ask(world, { retireTask: ['1'] });
    expect([next.from.epoch, next.from.isChosen]).to.deep.equal([20, false]);
    expect(lines(next).join()).to.contain('  validation: 50 % → ');
    await expectCode(ask(world, { retireTask: ['1'] }, { from: 19 }), 'TaskRegistry_BeforeLastChange');
  });
});

describe('prepareProposal, once the holders are in office', () => {
  let world: World;
  beforeEach(async () => {
    world = await loadFixture(byHolders);
  });

  it('counts delay, vote, extension, timelock and an epoch of slack', async () => {
    const proposal = await ask(world, { setWeight: [tenths('validation', 5)] });
    const { contracts } = world.chain;
    const { governor, timelock } = contracts;
    const now = await hardhat.networkHelpers.time.latest();
    const way = [
      await governor.votingDelay(),
      await governor.votingPeriod(),
      await governor.lateQuorumVoteExtension(),
      await timelock.getMinDelay(),
    ].reduce((sum, part) => sum + part, 0n);
    expect(proposal.dates.latest).to.equal(now + Number(way) + WEEK);
    expect(proposal.office).to.equal('governor');
    expect(proposal.from.start > proposal.dates.latest).to.equal(true);
    const dates = proposal.dates.milestones.map(({ at }) => at);
    expect(dates).to.have.length(4);
    expect(dates, 'one after the other').to.deep.equal(dates.toSorted((a, b) => a - b));
  });

  it('changes how the holders vote, tried out as the governor would do it', async () => {
    const wishes = {
      votingDelay: 2 * DAY,
      votingPeriod: 6 * DAY,
      quorum: WAD / 5n,
      lateQuorum: DAY,
      proposalThreshold: 2n * WAD,
    };
    const proposal = await ask(world, wishes);
    expect(proposal.calls.map(({ function: name }) => name)).to.deep.equal([
      'setVotingDelay',
      'setVotingPeriod',
      'setProposalThreshold',
      'updateQuorumNumerator',
      'setLateQuorumVoteExtension',
    ]);
    expect(lines(proposal)).to.include('  proposal threshold: 1 votes → 2 votes');
    await expectCode(ask(world, { quorum: WAD / 1000n }), 'MiningGovernor_OutOfRange');
    await expectCode(ask(world, { votingDelay: 60 }), 'MiningGovernor_OutOfRange');
  });

  it('is the proposal that the governor makes of it, under the same number', async () => {
    const { alice } = world.actors;
    const facts = { wishes: { accountCap: WAD / 4n }, reason: 'fewer whales', from: null, proposer: accountOf(alice) };
    const readPolicy = () => Promise.reject(new Error('no policy is asked for'));
    const proposal = await prepareProposal(world.chain, { ...facts, readPolicy });
    expect(proposal.description).to.equal(`fewer whales\n#proposer=${alice.address}`);
    // In these words nobody else can.
    await expectCode(sendCall(world.actors.bob, proposal.outgoing), 'GovernorRestrictedProposer');
    await sendCall(alice, proposal.outgoing);
    expect(await world.chain.contracts.governor.state(proposal.id)).to.equal(0n);
    const decoded = await decodeCall(world.chain, proposal.outgoing);
    expect(decoded.inner.map(({ words }) => words)).to.deep.equal(proposal.calls.map(({ words }) => words));
  });
});

describe('decodeCall', () => {
  it('flags what it cannot read: strangers, unknown functions, bytes that are no arguments', async () => {
    const { chain } = await loadFixture(byCouncil);
    const { vault, parameters } = chain.addresses;
    const selector = chain.contracts.parameters.interface.getFunction('scheduleAccountCap').selector;
    for (const [to, data] of [
      [STRANGER, '0x12345678'],
      [vault, '0x12345678'],
      [vault, '0x'],
      [parameters, `${selector}12`],
    ] as const) {
      const call = await decodeCall(chain, { to, data, value: 0n });
      expect([call.raw, call.function, call.changes]).to.deep.equal([true, null, []]);
      expect(call.words).to.contain('RAW').and.contain(data);
    }
  });

  it('names function and arguments of what is no action of governance', async () => {
    const { chain } = await loadFixture(byCouncil);
    const data = chain.contracts.token.interface.encodeFunctionData('delegate', [STRANGER]);
    const call = await decodeCall(chain, { to: chain.addresses.token, data, value: 7n });
    expect(call.raw).to.equal(false);
    expect(callLines(call)[0]).to.match(/^token\.delegate\(delegatee 0x[abAB]+\), with 7 wei$/);
  });
});

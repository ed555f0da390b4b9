import { expect } from 'chai';
import type { Interface } from 'ethers';
import { network } from 'hardhat';

import { claimCall, scheduleTasksCall } from '../../src/chain/calls.ts';
import type { State } from '../../src/settlement/state.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { rising, SUPPORT } from '../support/governance-fixture.ts';
import type { Settled, World } from '../support/world.ts';
import { accountOf, BEFORE, claimOf, deployWorld, runEpoch, storyPreset, travelTo } from '../support/world.ts';

const hardhat = await network.create();
const { ethers } = hardhat;
const { time } = hardhat.networkHelpers;
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const START = 2_000_000_000;
const WAD = 10n ** 18n;
const WEEK = 604_800;

const NEW_TABLE = [
  { task: 1, weight: (WAD * 25n) / 100n },
  { task: 2, weight: (WAD * 20n) / 100n },
  { task: 3, weight: (WAD * 35n) / 100n },
  { task: 4, weight: (WAD * 20n) / 100n },
];
const OLD_WEIGHTS = [4n, 2n, 1n, 3n].map((tenths) => (tenths * WAD) / 10n);

/** The demo of LingoAI, with a hand-over that a few weeks of mining can reach. */
async function deployed() {
  const preset = storyPreset();
  const minimumVotes = 1_000n * WAD;
  const handover = { ...preset.governance.handover!, minimumVotes };
  const governance = { ...preset.governance, proposalThreshold: WAD, handover };
  return await deployWorld(hardhat, { start: START, preset: { ...preset, governance } });
}

/** Four equal miners, one in each task, so that a grant shows its task's weight. */
function workOf({ actors }: World) {
  const miners = [actors.alice, actors.bob, actors.carol, actors.dave];
  return { scores: miners.map((miner, index) => ({ account: accountOf(miner), task: index + 1, score: 10n })) };
}

describe('governance by the holders', () => {
  it('GOV-4 miners claim, delegate, take over, and vote new weights, which act exactly from the named epoch', async () => {
    const world = await loadFixture(deployed);
    const { alice, bob, carol, dave, council, mallory } = world.actors;
    const { token, vault, distributor, governor, handover } = world.chain.contracts;
    const voters = [alice, bob, carol];
    let state: State = BEFORE;
    let last: Settled | undefined;
    const advance = async (informed: World): Promise<Settled> => {
      const { settled } = await runEpoch(informed, state, workOf(world));
      state = settled.next;
      last = settled;
      return settled;
    };

    // Weeks of mining, until something has been released; nobody circulates anything before it is claimed.
    for (let epoch = 0; epoch < 8; epoch++) await advance(world);
    await time.increase(1);
    const before = (await time.latest()) - 1;
    expect(await governor.circulatingAt(before)).to.equal(0n);
    for (const voter of voters)
      await mallory.sendTransaction(claimCall(world.chain.addresses, claimOf(last!, accountOf(voter))));
    for (const voter of voters) await token.connect(voter).delegate(voter);
    await distributor.connect(mallory).recordLocked();
    await time.increase(WEEK + 2);
    const circulating = await governor.circulatingAt((await time.latest()) - 1);
    const held = await Promise.all(voters.map(async (voter) => await token.balanceOf(voter)));
    expect(circulating).to.equal(held.reduce((sum, one) => sum + one, 0n));
    expect(await token.getVotes(vault)).to.equal(0n);

    // Too few by themselves: dave never claimed, so he has no vote.
    await expect(handover.connect(council).handover(rising(dave))).to.be.revertedWithCustomError(
      handover,
      'Handover_VotesTooFew',
    );
    await handover.connect(council).handover(rising(...voters));

    // One proposes, two thirds agree, anyone queues and executes.
    const from = Number(await distributor.nextToClose()) + 4; // an epoch
    const { to, data } = scheduleTasksCall(world.chain.addresses, from, NEW_TABLE);
    const call = [[to], [0n], [data]] as [string[], bigint[], string[]];
    const reason = 'translation is scarce';
    await governor.connect(carol).propose(...call, reason);
    const id = await governor.hashProposal(...call, ethers.id(reason));
    await time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
    await governor.connect(alice).castVote(id, SUPPORT.for);
    await governor.connect(bob).castVote(id, SUPPORT.for);
    await governor.connect(carol).castVote(id, SUPPORT.against);
    await time.increaseTo((await governor.proposalDeadline(id)) + 1n);
    await governor.connect(mallory).queue(...call, ethers.id(reason));
    await time.increaseTo(await governor.proposalEta(id));
    await governor.connect(mallory).execute(...call, ethers.id(reason));

    // The economy off chain is told the same; the chain is caught up with.
    const { economy } = world.parameters;
    const tasks = [...economy.tasks, { from, value: NEW_TABLE }];
    const informed = { ...world, parameters: { ...world.parameters, economy: { ...economy, tasks } } };
    const carolsPart: bigint[] = [];
    for (let epoch = 8; epoch < from + 2; epoch++) {
      const settled = await advance(informed);
      expect(settled.record.weights, `epoch ${epoch}`).to.deep.equal(
        epoch < from ? OLD_WEIGHTS : NEW_TABLE.map(({ weight }) => weight),
      );
      // By hand: the only miner of task 3 earns that task's whole budget, the miners' part times the weight.
      const { grants } = [...settled.rows].find(({ account }) => account === accountOf(carol))!;
      expect(grants[2]).to.equal((settled.outcome.miners * (epoch < from ? 10n : 35n)) / 100n);
      carolsPart.push(grants[2]!);
    }
    expect(carolsPart.at(-1)! > carolsPart[0]!).to.equal(true);
  });

  it('GOV-3 after the hand-over no account of a person changes anything, whichever role it has', async () => {
    const world = await loadFixture(deployed);
    const { actors, chain } = world;
    // As if enough had been delegated: what is left to everybody is looked at, not how it came about.
    const { timelock, handover } = chain.contracts;
    const address = await handover.getAddress();
    await hardhat.networkHelpers.setBalance(address, 10n ** 20n);
    await hardhat.networkHelpers.impersonateAccount(address);
    const hand = timelock.connect(await ethers.getSigner(address));
    const [proposer, canceller, executor] = [
      await timelock.PROPOSER_ROLE(),
      await timelock.CANCELLER_ROLE(),
      await timelock.EXECUTOR_ROLE(),
    ];
    for (const role of [proposer, canceller, executor]) await hand.revokeRole(role, actors.council);
    for (const role of [proposer, canceller]) await hand.grantRole(role, chain.addresses.governor);
    await hand.grantRole(executor, ethers.ZeroAddress);
    await hand.handOver();
    await hand.renounceRole(await timelock.DEFAULT_ADMIN_ROLE(), address);

    await travelTo(world, START + WEEK);
    const people = [actors.deployer, actors.council, actors.oscar, actors.gina, actors.mallory, actors.fiona];
    const governed = governedCalls(world);
    expect(governed.length).to.be.greaterThan(15);
    for (const { to, data, name } of governed) {
      for (const person of people) await expect(person.call({ to, data }), name).to.revert(ethers);
    }
  });
});

/** Every way to a parameter or a role, with values that would be taken from the right caller. */
function governedCalls({ chain, actors }: World): { to: string; data: string; name: string }[] {
  const { addresses, contracts } = chain;
  const me = actors.mallory.address;
  const role = `0x${'0'.repeat(64)}`;
  type Key = keyof typeof contracts;
  const rows: readonly (readonly [Key, string, readonly unknown[]])[] = [
    ['registry', 'addTask', [77, 'golf']],
    ['registry', 'scheduleTasks', [30, NEW_TABLE]],
    ['registry', 'schedulePolicy', [30, ethers.id('policy'), '', NEW_TABLE.map(({ task }) => ({ task, minScore: 1 }))]],
    ['parameters', 'scheduleFoundation', [30, me, 1]],
    ['parameters', 'scheduleAccountCap', [30, WAD]],
    ['parameters', 'scheduleAccelerationBound', [30, WAD]],
    ['parameters', 'scheduleChallenge', [30, 86_400, WAD]],
    ['reserve', 'registerPool', [me]],
    ['reserve', 'setDistributor', [me]],
    ['vault', 'scheduleTerms', [28, 4, 0]],
    ['vault', 'setDistributor', [me]],
    ['token', 'setMinter', [me]],
    ['distributor', 'readmit', [me]],
    ['distributor', 'ruleVeto', [1, true]],
    ['authority', 'grantRole', [3, me, 0]],
    ['authority', 'grantRole', [1, me, 0]],
    ['authority', 'revokeRole', [2, actors.gina.address]],
    ['authority', 'setTargetFunctionRole', [addresses.registry, ['0x12345678'], 1]],
    ['authority', 'setTargetClosed', [addresses.registry, true]],
    ['authority', 'updateAuthority', [addresses.registry, me]],
    ['authority', 'seal', [me]],
    ['timelock', 'grantRole', [role, me]],
    ['timelock', 'updateDelay', [86_400]],
    ['timelock', 'handOver', []],
    ['timelock', 'schedule', [me, 0, '0x', role, role, 14 * 86_400]],
    ['governor', 'setVotingDelay', [3_600]],
    ['governor', 'setVotingPeriod', [86_400]],
    ['governor', 'setProposalThreshold', [0]],
    ['governor', 'updateQuorumNumerator', [WAD / 2n]],
    ['governor', 'setLateQuorumVoteExtension', [0]],
    ['governor', 'updateTimelock', [me]],
    ['governor', 'relay', [me, 0, '0x']],
    ['handover', 'handover', [[]]],
  ];
  return rows.map(([key, name, values]) => {
    const { interface: abi } = contracts[key] as { interface: Interface };
    return { to: addresses[key]!, data: abi.encodeFunctionData(name, values), name: `${key}.${name}` };
  });
}

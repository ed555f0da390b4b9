import { expect } from 'chai';
import hre, { network } from 'hardhat';

import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import { diagnosisText } from '../../src/cli/output/diagnosis-text.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { SUPPORT } from '../support/governance-fixture.ts';
import { deployHandedOver } from '../support/voted-world.ts';
import type { World } from '../support/world.ts';

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const handedOver = async () => await deployHandedOver(hardhat);

async function examine({ deployment }: World) {
  const { addressBook, inputs } = deployment;
  const compiled = (contract: string) => hre.artifacts.readArtifact(contract);
  const diagnosis = await diagnose({ addressBook, inputs, provider: ethers.provider, compiled });
  const { live, sound } = diagnosis;
  if (live === null) throw new Error('the code differs');
  const states = live.proposals.map(({ state, calls }) => [state, ...calls.map(({ call }) => call)]);
  return { sound, live, states, text: diagnosisText(diagnosis) };
}

/** Two changes of the cap, one after the other. */
async function proposeTwo({ chain, actors }: World) {
  const { governor, parameters } = chain.contracts;
  const propose = async (cap: bigint) => {
    const data = parameters.interface.encodeFunctionData('scheduleAccountCap', [40, cap]);
    const reason = `a cap of ${cap}`;
    const calls: [string[], bigint[], string[]] = [[chain.addresses.parameters], [0n], [data]];
    await governor.connect(actors.alice).propose(...calls, reason);
    const args: [...typeof calls, string] = [...calls, ethers.id(reason)];
    return { id: await governor.hashProposal(...args), args };
  };
  return [await propose(10n ** 17n), await propose(2n * 10n ** 17n)] as const;
}

describe('lode doctor, about decisions of the holders', () => {
  it('lists a proposal with its calls in words from its first day until it is executed or defeated', async () => {
    const world = await loadFixture(handedOver);
    const { governor } = world.chain.contracts;
    const { bob, carol, mallory } = world.actors;
    const calls = ['scheduleAccountCap(40, 100000000000000000)', 'scheduleAccountCap(40, 200000000000000000)'];
    const [carried, defeated] = await proposeTwo(world);
    expect((await examine(world)).states).to.deep.equal(calls.map((call) => ['pending', call]));

    await time.increaseTo((await governor.proposalSnapshot(defeated.id)) + 1n);
    for (const voter of [bob, carol]) {
      await governor.connect(voter).castVote(carried.id, SUPPORT.for);
      await governor.connect(voter).castVote(defeated.id, SUPPORT.against);
    }
    const active = await examine(world);
    expect(active.states).to.deep.equal(calls.map((call) => ['active', call]));
    expect(active.text).to.contain('before the holders').and.contain(`parameters.${calls[1]}`);

    await time.increaseTo((await governor.proposalDeadline(defeated.id)) + 1n);
    expect((await examine(world)).states).to.deep.equal([['succeeded', calls[0]]]);
    await governor.connect(mallory).queue(...carried.args);
    const queued = await examine(world);
    expect(queued.states).to.deep.equal([['queued', calls[0]]]);
    expect(queued.live.operations.map((operation) => [operation.state, operation.calls[0]?.call])).to.deep.equal([
      ['waiting', calls[0]],
    ]);

    await time.increaseTo(await governor.proposalEta(carried.id));
    await governor.connect(mallory).execute(...carried.args);
    const done = await examine(world);
    expect([done.states, done.live.operations, done.sound]).to.deep.equal([[], [], true]);
  });

  it('says that the holders decide, and no longer that the council could do harm', async () => {
    const world = await loadFixture(handedOver);
    const { council, deployer } = world.actors;
    const { live, text } = await examine(world);
    const holders = live.powers.find(({ role }) => role === 'the holders, by the governor');
    expect(holders).to.include({ address: world.chain.addresses.governor, held: 'contract' });
    const addresses = live.powers.map(({ address }) => address);
    for (const { address } of [council, deployer]) expect(addresses).not.to.include(address.toLowerCase());
    expect(text).to.contain('the holders decide').and.not.to.contain('the council is one key');
  });
});

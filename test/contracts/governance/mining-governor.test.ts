import { expect } from 'chai';
import { network } from 'hardhat';

import { WAD } from '../../support/contract-values.ts';
import type { GovernedCall, Governance } from '../../support/governance-fixture.ts';
import {
  CAP,
  FLOOR,
  governanceSteps,
  HOLDINGS,
  MIN_DELAY,
  NO_PREDECESSOR,
  SUPPORT,
  TERMS,
  VOTE,
  VOTING_DELAY,
  VOTING_PERIOD,
} from '../../support/governance-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, delegated, handedOver, weights, proposalOf, propose, carry, decide, saltOf, loadFixture } =
  governanceSteps(connection);

const DAY = 86_400;

/** Everything the governor lets a vote set, with a value inside, and the first ones outside on both sides. */
const SETTINGS = [
  ['votingDelay', 'setVotingDelay', BigInt(2 * DAY), 3600n, BigInt(30 * DAY)],
  ['votingPeriod', 'setVotingPeriod', BigInt(7 * DAY), BigInt(DAY), BigInt(30 * DAY)],
  ['proposalThreshold', 'setProposalThreshold', 5n * WAD, 0n, CAP / 100n],
  ['quorum', 'updateQuorumNumerator', WAD / 4n, WAD / 100n, WAD / 2n],
  ['lateQuorum', 'setLateQuorumVoteExtension', 0n, 0n, BigInt(7 * DAY)],
] as const;

/** The settings on which the steps of a vote depend. */
const LENGTHS: ReadonlyMap<string, bigint> = new Map([
  ['votingDelay', BigInt(VOTING_DELAY)],
  ['votingPeriod', BigInt(VOTING_PERIOD)],
]);

async function setting({ governor }: Governance, name: (typeof SETTINGS)[number][1], value: bigint) {
  const data = governor.interface.encodeFunctionData(name as 'setProposalThreshold', [value]); // each takes one number
  return { target: await governor.getAddress(), data };
}

/** The name of a setting as the error writes it. */
const label = (name: string) => ethers.encodeBytes32String(name);

describe('MiningGovernor', () => {
  describe('constructor', () => {
    it('takes the terms as they are', async () => {
      const { governor, token, locked, timelock } = await loadFixture(fresh);
      expect(await governor.votingDelay()).to.equal(VOTING_DELAY);
      expect(await governor.votingPeriod()).to.equal(VOTING_PERIOD);
      expect(await governor.proposalThreshold()).to.equal(TERMS.proposalThreshold);
      expect(await governor['quorumNumerator()']()).to.equal(TERMS.quorum);
      expect(await governor.quorumDenominator()).to.equal(WAD);
      expect(await governor.lateQuorumVoteExtension()).to.equal(TERMS.lateQuorum);
      expect(await governor.QUORUM_FLOOR()).to.equal(FLOOR);
      expect(await governor.TOKEN()).to.equal(await token.getAddress());
      expect(await governor.timelock()).to.equal(await timelock.getAddress());
      expect(await governor.lockedSupplies()).to.deep.equal([await locked.getAddress()]);
      expect(await governor.CLOCK_MODE()).to.equal('mode=timestamp');
    });

    it('GOV-2 refuses terms outside the bounds', async () => {
      const { governor, token, timelock, locked } = await loadFixture(fresh);
      const deploy = async (terms: Partial<Record<keyof typeof TERMS, bigint>>, count = 1) =>
        await ethers.deployContract('MiningGovernor', [
          await token.getAddress(),
          await timelock.getAddress(),
          Array<string>(count).fill(await locked.getAddress()),
          { ...TERMS, ...terms },
        ]);
      const ranges = [
        ...SETTINGS.map(([name, , , low, high]) => [name, low, high] as const),
        ['quorumFloor', 1n, CAP / 2n] as const,
      ];
      for (const [name, low, high] of ranges) {
        await deploy({ [name]: low });
        await deploy({ [name]: high });
        for (const value of low === 0n ? [high + 1n] : [low - 1n, high + 1n]) {
          await expect(deploy({ [name]: value }), `${name} ${value}`)
            .to.be.revertedWithCustomError(governor, 'MiningGovernor_OutOfRange')
            .withArgs(label(name), value, low, high);
        }
      }
      await deploy({}, 4);
      await expect(deploy({}, 5))
        .to.be.revertedWithCustomError(governor, 'MiningGovernor_TooManyLocked')
        .withArgs(5n, 4n);
    });
  });

  describe('quorum', () => {
    it('GOV-4 is a part of what circulates: what is locked is left out, at the time it was', async () => {
      const { governor, locked } = await loadFixture(fresh);
      const before = await time.latest();
      await locked.set(150_000n * WAD - 1n);
      const at = await time.latest();
      await time.increase(100);
      expect(await governor.circulatingAt(before)).to.equal(200_000n * WAD);
      expect(await governor.quorum(before)).to.equal(20_000n * WAD);
      expect(await governor.circulatingAt(at)).to.equal(50_000n * WAD + 1n);
      expect(await governor.quorum(at)).to.equal(FLOOR);
      await locked.set(0n);
      await time.increase(100);
      expect(await governor.circulatingAt(at)).to.equal(50_000n * WAD + 1n);
    });

    it('is rounded up, never under the floor, and asks only the past', async () => {
      const { governor, locked } = await loadFixture(fresh);
      await locked.set(99_999n * WAD - 1n);
      const at = await time.latest();
      await time.increase(1);
      expect(await governor.quorum(at)).to.equal(10_000n * WAD + WAD / 10n + 1n);
      for (const amount of [200_000n * WAD, 2n ** 200n]) {
        await locked.set(amount);
        const then = await time.latest();
        await time.increase(1);
        expect(await governor.circulatingAt(then)).to.equal(0n);
        expect(await governor.quorum(then)).to.equal(FLOOR);
      }
      const token = await ethers.getContractAt('MiningToken', await governor.TOKEN());
      await expect(governor.quorum(await time.latest())).to.be.revertedWithCustomError(token, 'ERC5805FutureLookup');
    });
  });

  describe('before the hand-over', () => {
    it('nobody proposes, so that no old majority waits for its day', async () => {
      const world = await loadFixture(delegated);
      const { governor, alice } = world;
      const { args, description } = await proposalOf(world, [await weights(world, 70n)], 'too early');
      await expect(governor.connect(alice).propose(...args, description)).to.be.revertedWithCustomError(
        governor,
        'MiningGovernor_NotInOffice',
      );
    });
  });

  describe('a vote', () => {
    it('from proposal to effect, and not a second before the delay is over', async () => {
      const world = await loadFixture(handedOver);
      const { governor, registry, alice, bob, mallory } = world;
      const proposal = await propose(world, [await weights(world, 70n)], 'more of task 1');
      await governor.connect(alice).castVote(proposal.id, SUPPORT.for);
      await governor.connect(bob).castVote(proposal.id, SUPPORT.against);
      await time.increase(VOTING_PERIOD + 1);
      await governor.connect(mallory).queue(...proposal.args, proposal.hash);
      const ready = await governor.proposalEta(proposal.id);
      expect(ready).to.equal((await time.latest()) + MIN_DELAY);
      await time.setNextBlockTimestamp(ready - 1n);
      await expect(governor.connect(mallory).execute(...proposal.args, proposal.hash)).to.revert(ethers);
      await time.setNextBlockTimestamp(ready);
      await governor.connect(mallory).execute(...proposal.args, proposal.hash);
      expect((await registry.tasksAt(299)).weights[0]).to.equal(WAD / 2n);
      expect((await registry.tasksAt(300)).weights[0]).to.equal((7n * WAD) / 10n);
    });

    it('can be executed in the timelock by anyone', async () => {
      const world = await loadFixture(handedOver);
      const { governor, timelock, mallory } = world;
      const proposal = await carry(world, [await weights(world, 70n)], 'open to all');
      const salt = await saltOf(governor, proposal.hash);
      await timelock.connect(mallory).executeBatch(...proposal.args, NO_PREDECESSOR, salt);
      expect(await governor.state(proposal.id)).to.equal(VOTE.executed);
    });

    it('that is lost never executes: against, tied, or without a quorum', async () => {
      const world = await loadFixture(handedOver);
      const { governor, alice, bob, carol, locked, token } = world;
      const half = HOLDINGS.alice - HOLDINGS.bob - HOLDINGS.carol;
      expect(half, 'alice has what bob and carol have together').to.equal(0n);
      const ballots = [
        {
          why: 'against',
          votes: [
            [bob, SUPPORT.for],
            [alice, SUPPORT.against],
          ],
        },
        {
          why: 'tied',
          votes: [
            [alice, SUPPORT.for],
            [bob, SUPPORT.against],
            [carol, SUPPORT.against],
          ],
        },
        { why: 'nobody came', votes: [] },
        { why: 'only abstained', votes: [[alice, SUPPORT.abstain]] },
      ] as const;
      for (const { why, votes } of ballots) {
        const proposal = await propose(world, [await weights(world, 70n)], why);
        for (const [voter, support] of votes) await governor.connect(voter).castVote(proposal.id, support);
        await time.increase(VOTING_PERIOD + 1);
        await expectLost(world, proposal, why);
      }
      // A tenth of 200,000 has to take part, and carol has 20,000: a wei less is not enough.
      await token.connect(carol).transfer(alice, 1n);
      const proposal = await propose(world, [await weights(world, 70n)], 'a wei too few');
      await governor.connect(carol).castVote(proposal.id, SUPPORT.for);
      await time.increase(VOTING_PERIOD + 1);
      await expectLost(world, proposal, 'a wei too few');
      // All but 1,000 locked: the floor still asks for 10,000.
      await locked.set(199_000n * WAD);
      await token.connect(carol).transfer(alice, 10_001n * WAD);
      const few = await propose(world, [await weights(world, 70n)], 'below the floor');
      await governor.connect(carol).castVote(few.id, SUPPORT.for);
      await time.increase(VOTING_PERIOD + 1);
      await expectLost(world, few, 'below the floor');
    });

    it('GOV-4 counts nothing that was borrowed or bought after the snapshot, nor moved twice', async () => {
      const world = await loadFixture(handedOver);
      const { governor, token, alice, bob, dave, mallory } = world;
      await token.connect(mallory).delegate(mallory);
      const proposal = await propose(world, [await weights(world, 70n)], 'a loan');
      await token.connect(dave).transfer(mallory, HOLDINGS.dave);
      await governor.connect(mallory).castVote(proposal.id, SUPPORT.for);
      expect((await governor.proposalVotes(proposal.id)).forVotes).to.equal(0n);
      // Alice votes and hands her tokens on: they do not vote again.
      await governor.connect(alice).castVote(proposal.id, SUPPORT.for);
      await token.connect(alice).transfer(bob, HOLDINGS.alice);
      await governor.connect(bob).castVote(proposal.id, SUPPORT.against);
      const { forVotes, againstVotes } = await governor.proposalVotes(proposal.id);
      expect([forVotes, againstVotes]).to.deep.equal([HOLDINGS.alice, HOLDINGS.bob]);
      await expect(governor.connect(alice).castVote(proposal.id, SUPPORT.for)).to.be.revertedWithCustomError(
        governor,
        'GovernorAlreadyCastVote',
      );
    });

    it('GOV-4 a flash loan gives no votes: neither to propose nor to vote', async () => {
      const world = await loadFixture(handedOver);
      const { governor, token, dave } = world;
      const borrower = await ethers.deployContract('FlashVoter', [await governor.getAddress()]);
      await token.connect(dave).approve(borrower, HOLDINGS.dave);
      const { args, description } = await proposalOf(world, [await weights(world, 70n)], 'a flash');
      await expect(borrower.proposeWith(dave, HOLDINGS.dave, ...args, description))
        .to.be.revertedWithCustomError(governor, 'GovernorInsufficientProposerVotes')
        .withArgs(await borrower.getAddress(), 0n, TERMS.proposalThreshold);
      const proposal = await propose(world, [await weights(world, 70n)], 'an honest one');
      await borrower.voteWith(dave, HOLDINGS.dave, proposal.id);
      expect((await governor.proposalVotes(proposal.id)).forVotes).to.equal(0n);
      expect(await token.balanceOf(dave)).to.equal(HOLDINGS.dave);
    });

    it('takes the threshold to propose', async () => {
      const world = await loadFixture(handedOver);
      const { governor, mallory } = world;
      const { args, description } = await proposalOf(world, [await weights(world, 70n)], 'spam');
      await expect(governor.connect(mallory).propose(...args, description))
        .to.be.revertedWithCustomError(governor, 'GovernorInsufficientProposerVotes')
        .withArgs(mallory.address, 0n, TERMS.proposalThreshold);
    });

    it('is called off by its proposer while it has not begun, and never executes', async () => {
      const world = await loadFixture(handedOver);
      const { governor, alice, bob } = world;
      const proposal = await proposalOf(world, [await weights(world, 70n)], 'second thoughts');
      await governor.connect(alice).propose(...proposal.args, proposal.description);
      await expect(governor.connect(bob).cancel(...proposal.args, proposal.hash)).to.be.revertedWithCustomError(
        governor,
        'GovernorUnableToCancel',
      );
      await governor.connect(alice).cancel(...proposal.args, proposal.hash);
      await time.increase(VOTING_DELAY + VOTING_PERIOD);
      await expectLost(world, proposal, 'cancelled');
    });

    it('lasts longer when the quorum comes late', async () => {
      const world = await loadFixture(handedOver);
      const { governor, alice } = world;
      const proposal = await propose(world, [await weights(world, 70n)], 'at the last minute');
      const deadline = await governor.proposalDeadline(proposal.id);
      await time.setNextBlockTimestamp(deadline - 60n);
      await governor.connect(alice).castVote(proposal.id, SUPPORT.for);
      expect(await governor.proposalDeadline(proposal.id)).to.equal(deadline - 60n + BigInt(TERMS.lateQuorum));
    });

    it('that was carried and queued by nobody expires', async () => {
      const world = await loadFixture(handedOver);
      const { governor, alice } = world;
      const proposal = await propose(world, [await weights(world, 70n)], 'forgotten');
      await governor.connect(alice).castVote(proposal.id, SUPPORT.for);
      const last = (await governor.proposalDeadline(proposal.id)) + (await governor.QUEUE_PERIOD());
      await time.increaseTo(last);
      expect(await governor.state(proposal.id)).to.equal(VOTE.succeeded);
      await time.increaseTo(last + 1n);
      expect(await governor.state(proposal.id)).to.equal(VOTE.expired);
      await expect(governor.queue(...proposal.args, proposal.hash)).to.be.revertedWithCustomError(
        governor,
        'GovernorUnexpectedProposalState',
      );
    });
  });

  describe('its own settings', () => {
    it('GOV-2 change by a vote within their bounds, and fail with the bound outside of them', async () => {
      const world = await loadFixture(handedOver);
      const { governor } = world;
      for (const [name, setter, inside, low, high] of SETTINGS) {
        for (const value of low === 0n ? [high + 1n] : [low - 1n, high + 1n]) {
          await expect(decide(world, [await setting(world, setter, value)], `${name} ${value}`))
            .to.be.revertedWithCustomError(governor, 'MiningGovernor_OutOfRange')
            .withArgs(label(name), value, low, high);
        }
        await decide(world, [await setting(world, setter, inside)], `${name} inside`);
        // Back, so that the next vote takes as long as the helpers think.
        const old: bigint | undefined = LENGTHS.get(name);
        if (old !== undefined) await slowly(world, await setting(world, setter, old), `${name} back`);
      }
      expect(await governor['quorumNumerator()']()).to.equal(WAD / 4n);
      expect(await governor.proposalThreshold()).to.equal(5n * WAD);
      expect(await governor.lateQuorumVoteExtension()).to.equal(0n);
    });

    it('change neither from outside nor by what is executed in the timelock without the governor', async () => {
      const world = await loadFixture(handedOver);
      const { governor, timelock, alice, council } = world;
      for (const caller of [alice, council]) {
        await expect(governor.connect(caller).setVotingDelay(3600))
          .to.be.revertedWithCustomError(governor, 'GovernorOnlyExecutor')
          .withArgs(caller.address);
      }
      const call = await setting(world, 'setVotingDelay', 3600n);
      const proposal = await carry(world, [call], 'around the governor');
      const salt = await saltOf(governor, proposal.hash);
      await expect(timelock.executeBatch(...proposal.args, NO_PREDECESSOR, salt)).to.revert(ethers);
      await governor.execute(...proposal.args, proposal.hash);
      expect(await governor.votingDelay()).to.equal(3600n);
    });

    it('GOV-1 leave the timelock alone, even by a vote', async () => {
      const world = await loadFixture(handedOver);
      const { governor, timelock, mallory } = world;
      const data = governor.interface.encodeFunctionData('updateTimelock', [mallory.address]);
      await expect(decide(world, [{ target: await governor.getAddress(), data }], 'a shorter way'))
        .to.be.revertedWithCustomError(governor, 'MiningGovernor_TimelockFixed')
        .withArgs(await timelock.getAddress());
    });

    it('GOV-1 a relay through the governor waits as long as anything else', async () => {
      const world = await loadFixture(handedOver);
      const { governor, timelock, registry } = world;
      const { target, data } = await weights(world, 70n);
      const relay = async (to: string, inner: string): Promise<GovernedCall> => ({
        target: await governor.getAddress(),
        data: governor.interface.encodeFunctionData('relay', [to, 0n, inner]),
      });
      const controller = await timelock.getAddress();
      const salt = ethers.id('inner');
      const schedule = (delay: number) =>
        timelock.interface.encodeFunctionData('schedule', [target, 0n, data, NO_PREDECESSOR, salt, delay]);
      await expect(decide(world, [await relay(controller, schedule(MIN_DELAY - 1))], 'at once'))
        .to.be.revertedWithCustomError(timelock, 'TimelockInsufficientDelay')
        .withArgs(MIN_DELAY - 1, MIN_DELAY);
      await expect(decide(world, [await relay(target, data)], 'directly'))
        .to.be.revertedWithCustomError(registry, 'AccessManagedUnauthorized')
        .withArgs(await governor.getAddress());
    });
  });
});

/** Decides with whatever delay and period the governor has now. */
async function slowly(world: Governance, call: GovernedCall, description: string): Promise<void> {
  const { governor, alice, bob } = world;
  const proposal = await proposalOf(world, [call], description);
  await governor.connect(alice).propose(...proposal.args, description);
  await time.increase((await governor.votingDelay()) + 1n);
  for (const voter of [alice, bob]) await governor.connect(voter).castVote(proposal.id, SUPPORT.for);
  await time.increase((await governor.votingPeriod()) + 1n);
  await governor.queue(...proposal.args, proposal.hash);
  await time.increase(MIN_DELAY);
  await governor.execute(...proposal.args, proposal.hash);
}

/** GOV-1: neither queued nor executed, by nobody, ever. */
async function expectLost(
  { governor, mallory }: Governance,
  { id, args, hash }: Awaited<ReturnType<typeof proposalOf>>,
  why: string,
): Promise<void> {
  expect([VOTE.defeated, VOTE.canceled], why).to.include(await governor.state(id));
  for (const step of ['queue', 'execute'] as const) {
    await expect(governor.connect(mallory)[step](...args, hash), why).to.be.revertedWithCustomError(
      governor,
      'GovernorUnexpectedProposalState',
    );
  }
}

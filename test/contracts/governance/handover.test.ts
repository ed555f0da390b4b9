import { expect } from 'chai';
import { network } from 'hardhat';

import {
  CAP,
  FLOOR,
  governanceSteps,
  HOLDINGS,
  MINIMUM_VOTES,
  NO_PREDECESSOR,
  OPEN_AFTER,
  rising,
} from '../../support/governance-fixture.ts';
import { WAD } from '../../support/contract-values.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, delegated, handedOver, weights, loadFixture } = governanceSteps(connection);

const WEEK = 7 * 86_400;
/** A tenth of the 200,000 that exist, twice. */
const NEEDED = 40_000n * WAD;

describe('Handover', () => {
  describe('constructor', () => {
    it('notes what it is for', async () => {
      const { handover, timelock, governor, council } = await loadFixture(fresh);
      expect(await handover.TIMELOCK()).to.equal(await timelock.getAddress());
      expect(await handover.GOVERNOR()).to.equal(await governor.getAddress());
      expect(await handover.COUNCIL()).to.equal(council.address);
      expect(await handover.MINIMUM_VOTES()).to.equal(MINIMUM_VOTES);
      expect(await handover.OPEN_AFTER()).to.equal(OPEN_AFTER);
      expect(await handover.STANDING()).to.equal(WEEK);
      expect(await handover.done()).to.equal(false);
    });

    it('refuses another council, votes that cannot be, and a date that never comes', async () => {
      const { handover, governor, council, mallory } = await loadFixture(fresh);
      const deploy = async (who: string, votes: bigint, openAfter: bigint | number) =>
        await ethers.deployContract('Handover', [await governor.getAddress(), who, votes, openAfter]);
      await expect(deploy(mallory.address, MINIMUM_VOTES, OPEN_AFTER))
        .to.be.revertedWithCustomError(handover, 'Handover_NotCouncil')
        .withArgs(mallory.address);
      for (const votes of [0n, CAP + 1n]) {
        await expect(deploy(council.address, votes, OPEN_AFTER))
          .to.be.revertedWithCustomError(handover, 'Handover_MinimumVotesOutOfRange')
          .withArgs(votes, 1n, CAP);
      }
      const present = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(present);
      const latest = present + 20 * 366 * 86_400;
      await expect(deploy(council.address, CAP, latest + 1))
        .to.be.revertedWithCustomError(handover, 'Handover_OpenAfterTooLate')
        .withArgs(latest + 1, latest);
    });
  });

  describe('handover', () => {
    it('GOV-3 leaves the governor as the only one that schedules', async () => {
      const { handover, timelock, governor, canceller, council, alice, bob, carol } = await loadFixture(delegated);
      await expect(handover.connect(council).handover(rising(alice, bob, carol)))
        .to.emit(handover, 'GovernanceHandedOver')
        .withArgs(council.address, HOLDINGS.alice + HOLDINGS.bob + HOLDINGS.carol, NEEDED);
      expect(await handover.done()).to.equal(true);
      const [admin, proposer, cancel, executor] = await Promise.all([
        timelock.DEFAULT_ADMIN_ROLE(),
        timelock.PROPOSER_ROLE(),
        timelock.CANCELLER_ROLE(),
        timelock.EXECUTOR_ROLE(),
      ]);
      const holders = { council, governor, handover, timelock, canceller, anyone: ethers.ZeroAddress };
      const held = async (role: string) => {
        const names: string[] = [];
        for (const [name, holder] of Object.entries(holders))
          if (await timelock.hasRole(role, holder)) names.push(name);
        return names;
      };
      expect(await held(admin)).to.deep.equal(['timelock']);
      expect(await held(proposer)).to.deep.equal(['governor']);
      expect(await held(cancel)).to.deep.equal(['governor', 'canceller']);
      expect(await held(executor)).to.deep.equal(['anyone']);
    });

    it('takes everything from the council', async () => {
      const world = await loadFixture(handedOver);
      const { timelock, council } = world;
      const { target, data } = await weights(world, 60n);
      await expect(timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, NO_PREDECESSOR, WEEK))
        .to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount')
        .withArgs(council.address, await timelock.PROPOSER_ROLE());
    });

    it('happens once', async () => {
      const { handover, council, alice, bob, carol } = await loadFixture(handedOver);
      await expect(handover.connect(council).handover(rising(alice, bob, carol))).to.be.revertedWithCustomError(
        handover,
        'Handover_Done',
      );
    });

    it('is for the council at first, and for anyone from the date on', async () => {
      const { handover, mallory, alice, bob, carol } = await loadFixture(delegated);
      const present = Number(OPEN_AFTER) - 1; // a time
      await time.setNextBlockTimestamp(present);
      await expect(handover.connect(mallory).handover(rising(alice, bob, carol)))
        .to.be.revertedWithCustomError(handover, 'Handover_NotOpen')
        .withArgs(mallory.address, present, OPEN_AFTER);
      await time.setNextBlockTimestamp(OPEN_AFTER);
      await handover.connect(mallory).handover(rising(alice, bob, carol));
      expect(await handover.done()).to.equal(true);
    });

    it('counts nobody twice', async () => {
      const { handover, council, alice, bob } = await loadFixture(delegated);
      const [first, second] = rising(alice, bob) as [string, string];
      for (const [earlier, later] of [
        [first, first],
        [second, first],
      ] as const) {
        await expect(handover.connect(council).handover([earlier, later]))
          .to.be.revertedWithCustomError(handover, 'Handover_DelegatesNotRising')
          .withArgs(earlier, later);
      }
      await expect(handover.connect(council).handover([ethers.ZeroAddress]))
        .to.be.revertedWithCustomError(handover, 'Handover_DelegatesNotRising')
        .withArgs(ethers.ZeroAddress, ethers.ZeroAddress);
    });

    it('refuses with a wei too few, and takes exactly enough', async () => {
      const { handover, council, alice, mallory, token } = await loadFixture(delegated);
      await token.connect(mallory).delegate(mallory);
      await token.connect(alice).transfer(mallory, HOLDINGS.alice - NEEDED + 1n);
      await time.increase(WEEK + 1);
      const list = rising(alice);
      await expect(handover.connect(council).handover(list))
        .to.be.revertedWithCustomError(handover, 'Handover_VotesTooFew')
        .withArgs(NEEDED - 1n, NEEDED);
      await token.connect(mallory).transfer(alice, 1n);
      await time.increase(WEEK + 1);
      await handover.connect(council).handover(list);
      expect(await handover.done()).to.equal(true);
    });

    it('needs twice the quorum, which leaves out what is locked, and at least the minimum', async () => {
      const { handover, locked, alice } = await loadFixture(delegated);
      expect(await handover.votesOf(rising(alice))).to.deep.equal([HOLDINGS.alice, NEEDED]);
      await locked.set(30_000n * WAD);
      await time.increase(2);
      expect(await handover.votesOf([])).to.deep.equal([0n, 34_000n * WAD]);
      await locked.set(80_000n * WAD);
      await time.increase(2);
      expect(await handover.votesOf([])).to.deep.equal([0n, MINIMUM_VOTES]);
      expect(MINIMUM_VOTES).to.be.greaterThan(2n * FLOOR);
    });

    it('does not count votes that were borrowed for the occasion', async () => {
      const { handover, token, dave, mallory } = await loadFixture(delegated);
      await token.connect(mallory).delegate(mallory);
      await token.connect(dave).transfer(mallory, HOLDINGS.dave);
      await time.increase(WEEK - 1);
      expect(await handover.votesOf(rising(mallory))).to.deep.equal([0n, NEEDED]);
      await time.increase(2);
      expect(await handover.votesOf(rising(mallory))).to.deep.equal([HOLDINGS.dave, NEEDED]);
      await token.connect(mallory).transfer(dave, HOLDINGS.dave);
      await time.increase(2);
      expect(await handover.votesOf(rising(mallory))).to.deep.equal([0n, NEEDED]);
    });

    it('counts nothing that nobody delegated', async () => {
      const { handover, token, dave } = await loadFixture(delegated);
      expect(await token.balanceOf(dave)).to.equal(HOLDINGS.dave);
      expect((await handover.votesOf(rising(dave)))[0]).to.equal(0n);
    });
  });

  it('can do nothing else with the administration: it has one function that writes', async () => {
    const { handover } = await loadFixture(fresh);
    const writing: string[] = [];
    handover.interface.forEachFunction((entry) => {
      if (!entry.constant) writing.push(entry.format('sighash'));
    });
    expect(writing).to.deep.equal(['handover(address[])']);
    expect(handover.interface.fallback, 'no fallback').to.equal(null);
    expect(handover.interface.receive, 'takes no coins').to.equal(false);
  });
});

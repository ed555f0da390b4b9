import { expect } from 'chai';
import { network } from 'hardhat';

import { governanceSteps, MIN_DELAY, NO_PREDECESSOR, rising } from '../../support/governance-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, handedOver, delegated, weights, decide, loadFixture } = governanceSteps(connection);

const DAY = 86_400;
const SALT = ethers.id('why');

describe('MiningTimelock', () => {
  describe('constructor', () => {
    it('takes 1 to 14 days, and nothing shorter or longer', async () => {
      const { timelock, council, deployer } = await loadFixture(fresh);
      for (const delay of [DAY, 14 * DAY]) {
        const other = await ethers.deployContract('MiningTimelock', [delay, council.address, deployer.address]);
        expect(await other.getMinDelay()).to.equal(delay);
      }
      for (const delay of [0, DAY - 1, 14 * DAY + 1]) {
        await expect(ethers.deployContract('MiningTimelock', [delay, council.address, deployer.address]))
          .to.be.revertedWithCustomError(timelock, 'MiningTimelock_DelayOutOfRange')
          .withArgs(delay, DAY, 14 * DAY);
      }
    });

    it('gives the council three roles, and nobody the administration but the one named', async () => {
      const { council, mallory } = await loadFixture(fresh);
      const timelock = await ethers.deployContract('MiningTimelock', [DAY, council.address, mallory.address]);
      const admin = await timelock.DEFAULT_ADMIN_ROLE();
      expect(await timelock.hasRole(admin, mallory)).to.equal(true);
      expect(await timelock.hasRole(admin, timelock)).to.equal(false);
      for (const role of [await timelock.PROPOSER_ROLE(), await timelock.CANCELLER_ROLE()]) {
        expect(await timelock.hasRole(role, council)).to.equal(true);
        expect(await timelock.hasRole(role, mallory)).to.equal(false);
      }
      expect(await timelock.hasRole(await timelock.EXECUTOR_ROLE(), council)).to.equal(true);
    });
  });

  describe('updateDelay', () => {
    it('GOV-1 is bounded even for a vote, and changes by a vote', async () => {
      const world = await loadFixture(handedOver);
      const { timelock, governor } = world;
      const call = async (delay: number) => ({
        target: await timelock.getAddress(),
        data: timelock.interface.encodeFunctionData('updateDelay', [delay]),
      });
      for (const delay of [0, DAY - 1, 14 * DAY + 1]) {
        await expect(decide(world, [await call(delay)], `a delay of ${delay}`))
          .to.be.revertedWithCustomError(timelock, 'MiningTimelock_DelayOutOfRange')
          .withArgs(delay, DAY, 14 * DAY);
      }
      await decide(world, [await call(14 * DAY)], 'two weeks');
      expect(await timelock.getMinDelay()).to.equal(14 * DAY);
      expect(await governor.timelock()).to.equal(await timelock.getAddress());
    });

    it('is for nobody but the timelock itself', async () => {
      const { timelock, council, deployer } = await loadFixture(fresh);
      for (const caller of [council, deployer]) {
        await expect(timelock.connect(caller).updateDelay(DAY))
          .to.be.revertedWithCustomError(timelock, 'TimelockUnauthorizedCaller')
          .withArgs(caller.address);
      }
    });
  });

  describe('before the hand-over', () => {
    it('the council schedules and executes parameters', async () => {
      const world = await loadFixture(fresh);
      const { timelock, council, registry } = world;
      const { target, data } = await weights(world, 70n);
      await timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
      await expect(
        timelock.connect(council).execute(target, 0, data, NO_PREDECESSOR, SALT),
      ).to.be.revertedWithCustomError(timelock, 'TimelockUnexpectedOperationState');
      await time.increase(MIN_DELAY);
      await timelock.connect(council).execute(target, 0, data, NO_PREDECESSOR, SALT);
      expect((await registry.tasksAt(300)).weights[0]).to.equal(7n * 10n ** 17n);
    });

    it('nothing that it executes changes a role: the council cannot prolong its power', async () => {
      const { timelock, council, mallory, handover } = await loadFixture(fresh);
      const target = await timelock.getAddress();
      const admin = await timelock.DEFAULT_ADMIN_ROLE();
      const changes = [
        timelock.interface.encodeFunctionData('grantRole', [await timelock.PROPOSER_ROLE(), mallory.address]),
        timelock.interface.encodeFunctionData('revokeRole', [admin, await handover.getAddress()]),
        timelock.interface.encodeFunctionData('grantRole', [admin, target]),
        timelock.interface.encodeFunctionData('handOver'),
      ];
      for (const data of changes) {
        await timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
        await time.increase(MIN_DELAY);
        await expect(timelock.connect(council).execute(target, 0, data, NO_PREDECESSOR, SALT))
          .to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount')
          .withArgs(target, admin);
      }
    });

    it('handOver is for the administrator only', async () => {
      const { timelock, council } = await loadFixture(fresh);
      await expect(timelock.connect(council).handOver())
        .to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount')
        .withArgs(council.address, await timelock.DEFAULT_ADMIN_ROLE());
      expect(await timelock.handedOver()).to.equal(false);
    });
  });

  describe('at the hand-over', () => {
    it('what the council left waiting lapses, alone or in a batch; what was done stays done', async () => {
      const world = await loadFixture(delegated);
      const { timelock, council, mallory, handover, alice, bob, carol, governor } = world;
      const target = await timelock.getAddress();
      const grab = timelock.interface.encodeFunctionData('grantRole', [
        await timelock.PROPOSER_ROLE(),
        mallory.address,
      ]);
      const { target: registry, data } = await weights(world, 70n);
      const lists = [[target], [0n], [grab]] as [string[], bigint[], string[]];
      await timelock.connect(council).schedule(target, 0, grab, NO_PREDECESSOR, SALT, MIN_DELAY);
      await timelock.connect(council).scheduleBatch(...lists, NO_PREDECESSOR, SALT, MIN_DELAY);
      await timelock.connect(council).schedule(registry, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
      await time.increase(MIN_DELAY);
      await timelock.connect(council).execute(registry, 0, data, NO_PREDECESSOR, SALT);

      await expect(handover.connect(council).handover(rising(alice, bob, carol))).to.emit(timelock, 'HandedOver');
      const single = await timelock.hashOperation(target, 0, grab, NO_PREDECESSOR, SALT);
      expect(await timelock.isOperation(single)).to.equal(false);
      await expect(timelock.execute(target, 0, grab, NO_PREDECESSOR, SALT)).to.be.revertedWithCustomError(
        timelock,
        'TimelockUnexpectedOperationState',
      );
      await expect(timelock.executeBatch(...lists, NO_PREDECESSOR, SALT)).to.be.revertedWithCustomError(
        timelock,
        'TimelockUnexpectedOperationState',
      );
      const done = await timelock.hashOperation(registry, 0, data, NO_PREDECESSOR, SALT);
      expect(await timelock.isOperationDone(done)).to.equal(true);
      expect(await timelock.hasRole(await timelock.PROPOSER_ROLE(), governor)).to.equal(true);
      expect(await timelock.hasRole(await timelock.PROPOSER_ROLE(), mallory)).to.equal(false);
    });

    it('a vote may schedule the very same thing again', async () => {
      const world = await loadFixture(delegated);
      const { timelock, council, handover, alice, bob, carol, registry } = world;
      const call = await weights(world, 60n);
      await timelock.connect(council).schedule(call.target, 0, call.data, NO_PREDECESSOR, SALT, MIN_DELAY);
      await handover.connect(council).handover(rising(alice, bob, carol));
      await decide(world, [call], 'again');
      expect((await registry.tasksAt(300)).weights[0]).to.equal(6n * 10n ** 17n);
    });

    it('happens once', async () => {
      const world = await loadFixture(handedOver);
      const { timelock } = world;
      const call = { target: await timelock.getAddress(), data: timelock.interface.encodeFunctionData('handOver') };
      await expect(decide(world, [call], 'once more')).to.be.revertedWithCustomError(
        timelock,
        'MiningTimelock_AlreadyHandedOver',
      );
    });
  });

  it('after the hand-over a vote may appoint another governor', async () => {
    const world = await loadFixture(handedOver);
    const { timelock, mallory } = world;
    const proposer = await timelock.PROPOSER_ROLE();
    const data = timelock.interface.encodeFunctionData('grantRole', [proposer, mallory.address]);
    await decide(world, [{ target: await timelock.getAddress(), data }], 'a successor');
    expect(await timelock.hasRole(proposer, mallory)).to.equal(true);
  });
});

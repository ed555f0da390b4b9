import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, plain, START, WAD } from '../../support/contract-values.ts';
import { percent, POLICY, tableAt, taskRegistryFixtures, URI, weigh } from '../../support/task-registry-fixtures.ts';
import type { FirstTask } from '../../support/task-registry-fixtures.ts';

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;
const { deployRegistry, beforeStart, epochTen, loadFixture } = taskRegistryFixtures(connection);

describe('TaskRegistry', () => {
  describe('constructor', () => {
    it('has the first table and policy for every epoch', async () => {
      const { registry, curve } = await loadFixture(beforeStart);
      for (const epoch of [0n, 1n, 2n ** 32n - 1n]) {
        expect(await tableAt(registry, epoch)).to.deep.equal({ 1: [40, 10], 4: [35, 20], 9: [25, 1] });
        expect((await registry.tasksAt(epoch)).policyHash).to.equal(POLICY);
        expect(await registry.policyAt(epoch)).to.equal(POLICY);
      }
      expect(await registry.CURVE()).to.equal(await curve.getAddress());
      expect(await registry.lastChange()).to.equal(0n);
      expect(await registry.isKnown(4n)).to.equal(true);
      expect(await registry.isKnown(5n)).to.equal(false);
    });

    it('says so', async () => {
      const { registry } = await loadFixture(beforeStart);
      const deployed = expect(registry.deploymentTransaction());
      await deployed.to
        .emit(registry, 'TaskAdded')
        .withArgs(1n, 'collect')
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(4n, 0n, 0n, percent(35n))
        .and.to.emit(registry, 'MinScoreScheduled')
        .withArgs(9n, 0n, 0n, 1n)
        .and.to.emit(registry, 'PolicyScheduled')
        .withArgs(0n, ethers.ZeroHash, POLICY, URI);
    });

    it('takes task 0 and the largest id, one task of all the weight, and the largest minimum score', async () => {
      const both = [
        { task: 0n, name: 'a', weight: WAD - 10n ** 15n, minScore: 2n ** 96n - 1n },
        { task: 65_535n, name: 'b', weight: 10n ** 15n, minScore: 1n },
      ];
      const { registry } = await deployRegistry(both);
      expect(plain(await registry.tasksAt(0))).to.deep.equal({
        tasks: [0n, 65_535n],
        weights: [WAD - 10n ** 15n, 10n ** 15n],
        minScores: [2n ** 96n - 1n, 1n],
        policyHash: POLICY,
      });
      const { registry: alone } = await deployRegistry([{ task: 3n, name: 'all', weight: WAD, minScore: 1n }]);
      expect(await tableAt(alone, 0n)).to.deep.equal({ 3: [100, 1] });
    });

    const task = (id: bigint, weight: bigint, minScore = 1n, name = `task ${id}`) => ({
      task: id,
      name,
      weight,
      minScore,
    });
    const sixteenth = WAD / 16n;
    const refusals: { what: string; table: readonly FirstTask[]; hash?: string; error: string; args: unknown[] }[] = [
      { what: 'no task', table: [], error: 'TaskCountOutOfRange', args: [0n, 16n] },
      {
        what: 'seventeen tasks',
        table: Array.from({ length: 17 }, (_, i) => task(BigInt(i), sixteenth)),
        error: 'TaskCountOutOfRange',
        args: [17n, 16n],
      },
      { what: 'one id twice', table: [task(2n, WAD / 2n), task(2n, WAD / 2n)], error: 'TaskExists', args: [2n] },
      {
        what: 'falling ids',
        table: [task(2n, WAD / 2n), task(1n, WAD / 2n)],
        error: 'TasksNotRising',
        args: [1n, 1n, 2n],
      },
      {
        what: 'a weight under the floor',
        table: [task(1n, WAD - 10n ** 15n + 1n), task(2n, 10n ** 15n - 1n)],
        error: 'WeightTooLow',
        args: [2n, 10n ** 15n - 1n, 10n ** 15n],
      },
      { what: 'weights a wei short', table: [task(1n, WAD - 1n)], error: 'WeightSumWrong', args: [WAD - 1n, WAD] },
      { what: 'weights a wei over', table: [task(1n, WAD + 1n)], error: 'WeightSumWrong', args: [WAD + 1n, WAD] },
      { what: 'a minimum score of 0', table: [task(7n, WAD, 0n)], error: 'MinScoreZero', args: [7n] },
      { what: 'an empty name', table: [task(7n, WAD, 1n, '')], error: 'NameLengthOutOfRange', args: [0n, 64n] },
      { what: 'no policy', table: [task(7n, WAD)], hash: ethers.ZeroHash, error: 'PolicyHashZero', args: [] },
    ];
    for (const { what, table, hash, error, args } of refusals) {
      it(`refuses ${what}`, async () => {
        const { registry } = await loadFixture(beforeStart);
        await expect(deployRegistry(table, hash))
          .to.be.revertedWithCustomError(registry, `TaskRegistry_${error}`)
          .withArgs(...args);
      });
    }

    it('takes sixteen tasks', async () => {
      const { registry } = await deployRegistry(Array.from({ length: 16 }, (_, i) => task(BigInt(i), sixteenth)));
      expect((await registry.tasksAt(0)).tasks.length).to.equal(16);
    });
  });

  describe('addTask', () => {
    it('makes a task known, which changes no table', async () => {
      const { registry } = await loadFixture(beforeStart);
      await expect(registry.addTask(5n, 'sing')).to.emit(registry, 'TaskAdded').withArgs(5n, 'sing');
      expect(await registry.isKnown(5n)).to.equal(true);
      expect(await tableAt(registry, 0n)).to.deep.equal({ 1: [40, 10], 4: [35, 20], 9: [25, 1] });
    });

    it('takes a name of 64 bytes and refuses 65', async () => {
      const { registry } = await loadFixture(beforeStart);
      await registry.addTask(5n, 'x'.repeat(64));
      await expect(registry.addTask(6n, 'x'.repeat(65)))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_NameLengthOutOfRange')
        .withArgs(65n, 64n);
    });

    it('refuses a known id', async () => {
      const { registry } = await loadFixture(beforeStart);
      await expect(registry.addTask(4n, 'other'))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TaskExists')
        .withArgs(4n);
    });

    it('is for governance only', async () => {
      const { registry, mallory } = await loadFixture(beforeStart);
      await expect(registry.connect(mallory).addTask(5n, 'steal'))
        .to.be.revertedWithCustomError(registry, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('scheduleTasks', () => {
    it('SETL-3 acts from its epoch on: kept tasks keep their minimum score, new ones get 1, the rest is retired', async () => {
      const { registry } = await loadFixture(epochTen);
      await expect(registry.scheduleTasks(11n, weigh({ 1: 50n, 9: 20n, 12: 30n })))
        .to.emit(registry, 'WeightScheduled')
        .withArgs(1n, 11n, percent(40n), percent(50n))
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(4n, 11n, percent(35n), 0n)
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(9n, 11n, percent(25n), percent(20n))
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(12n, 11n, 0n, percent(30n));
      expect(await tableAt(registry, 10n), 'SETL-3').to.deep.equal({ 1: [40, 10], 4: [35, 20], 9: [25, 1] });
      expect(await tableAt(registry, 11n), 'SETL-3').to.deep.equal({ 1: [50, 10], 9: [20, 1], 12: [30, 1] });
      expect(await tableAt(registry, 2n ** 32n - 1n)).to.deep.equal({ 1: [50, 10], 9: [20, 1], 12: [30, 1] });
      expect(await registry.policyAt(11n)).to.equal(POLICY);
      expect(await registry.retiredFrom(4n)).to.equal(11n);
      expect(await registry.retiredFrom(1n)).to.equal(0n);
      expect(await registry.lastChange()).to.equal(11n);
    });

    it('takes exactly the smallest weight and refuses a wei less', async () => {
      const { registry } = await loadFixture(epochTen);
      const table = (weight: bigint) => [
        { task: 1n, weight: WAD - weight },
        { task: 4n, weight },
      ];
      await expect(registry.scheduleTasks(11n, table(10n ** 15n - 1n)))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_WeightTooLow')
        .withArgs(4n, 10n ** 15n - 1n, 10n ** 15n);
      await registry.scheduleTasks(11n, table(10n ** 15n));
      expect((await registry.tasksAt(11n)).weights).to.deep.equal([WAD - 10n ** 15n, 10n ** 15n]);
    });

    it('refuses weights that do not add up to one, whole sets only', async () => {
      const { registry } = await loadFixture(epochTen);
      await expect(registry.scheduleTasks(11n, weigh({ 1: 50n, 4: 49n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_WeightSumWrong')
        .withArgs(percent(99n), WAD);
      await expect(registry.scheduleTasks(11n, []))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TaskCountOutOfRange')
        .withArgs(0n, 16n);
      const half = { task: 1n, weight: WAD / 2n };
      await expect(registry.scheduleTasks(11n, [half, half]))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TasksNotRising')
        .withArgs(1n, 1n, 1n);
    });

    it('refuses a task that was never added', async () => {
      const { registry } = await loadFixture(epochTen);
      await expect(registry.scheduleTasks(11n, weigh({ 1: 50n, 13: 50n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TaskUnknown')
        .withArgs(13n);
    });

    it('never brings a retired task back', async () => {
      const { registry } = await loadFixture(epochTen);
      await registry.scheduleTasks(11n, weigh({ 1: 60n, 9: 40n }));
      for (const from of [12n, 13n]) {
        await expect(registry.scheduleTasks(from, weigh({ 1: 60n, 4: 40n })))
          .to.be.revertedWithCustomError(registry, 'TaskRegistry_TaskRetired')
          .withArgs(4n, 11n);
      }
      await registry.scheduleTasks(12n, weigh({ 1: 100n }));
      await expect(registry.scheduleTasks(12n, weigh({ 1: 60n, 4: 40n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TaskRetired')
        .withArgs(4n, 11n);
      expect(await registry.retiredFrom(4n)).to.equal(11n);
      expect(await registry.retiredFrom(9n)).to.equal(12n);
    });

    it('takes a retirement back, with the old minimum score, while its epoch has not started', async () => {
      const { registry } = await loadFixture(epochTen);
      await registry.scheduleTasks(11n, weigh({ 9: 40n, 12: 60n }));
      expect(await registry.retiredFrom(4n)).to.equal(11n);
      await expect(registry.scheduleTasks(11n, weigh({ 4: 70n, 9: 30n })))
        .to.emit(registry, 'WeightScheduled')
        .withArgs(4n, 11n, 0n, percent(70n))
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(9n, 11n, percent(40n), percent(30n))
        .and.to.emit(registry, 'WeightScheduled')
        .withArgs(12n, 11n, percent(60n), 0n);
      expect(await tableAt(registry, 11n)).to.deep.equal({ 4: [70, 20], 9: [30, 1] });
      expect(await registry.retiredFrom(4n)).to.equal(0n);
      expect(await registry.retiredFrom(1n)).to.equal(11n);
      // Never in a table that counted, so not retired either.
      expect(await registry.retiredFrom(12n)).to.equal(0n);
      await registry.scheduleTasks(12n, weigh({ 4: 70n, 12: 30n }));
      expect(await tableAt(registry, 12n)).to.deep.equal({ 4: [70, 20], 12: [30, 1] });
    });

    it('replaces the first table before the start, and retires nobody by that', async () => {
      const { registry } = await loadFixture(beforeStart);
      await registry.scheduleTasks(0n, weigh({ 1: 100n }));
      expect(await tableAt(registry, 0n)).to.deep.equal({ 1: [100, 10] });
      expect(await registry.retiredFrom(4n)).to.equal(0n);
      await registry.scheduleTasks(1n, weigh({ 1: 40n, 4: 60n }));
      expect(await tableAt(registry, 1n)).to.deep.equal({ 1: [40, 10], 4: [60, 1] });
    });

    it('SETL-3 takes an epoch until the second before it starts', async () => {
      const { registry } = await loadFixture(epochTen);
      await time.setNextBlockTimestamp(START + 11n * DAY - 1n);
      await registry.scheduleTasks(11n, weigh({ 1: 100n }));
      await time.setNextBlockTimestamp(START + 11n * DAY);
      await expect(registry.scheduleTasks(11n, weigh({ 1: 100n })), 'SETL-3')
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_EpochStarted')
        .withArgs(11n, START + 11n * DAY, START + 11n * DAY);
    });

    it('refuses an epoch before the last change scheduled', async () => {
      const { registry } = await loadFixture(epochTen);
      await registry.scheduleTasks(20n, weigh({ 1: 50n, 4: 50n }));
      await expect(registry.scheduleTasks(19n, weigh({ 1: 50n, 4: 50n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_BeforeLastChange')
        .withArgs(19n, 20n);
      await registry.scheduleTasks(20n, weigh({ 1: 60n, 4: 40n }));
      expect(await tableAt(registry, 20n)).to.deep.equal({ 1: [60, 10], 4: [40, 20] });
    });

    it('looks at most 366 days ahead', async () => {
      const { registry } = await loadFixture(epochTen);
      const present = START + 11n * DAY - 10n;
      await time.setNextBlockTimestamp(present);
      await expect(registry.scheduleTasks(377n, weigh({ 1: 100n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TooFarAhead')
        .withArgs(377n, START + 377n * DAY, present + 366n * DAY);
      await registry.scheduleTasks(376n, weigh({ 1: 100n }));
      expect(await registry.lastChange()).to.equal(376n);
    });

    it('looks 366 days ahead of the start while that has not come', async () => {
      const { registry } = await loadFixture(beforeStart);
      const schedule = (from: bigint) => registry.scheduleTasks(from, weigh({ 1: 100n }));
      await expect(schedule(367n))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_TooFarAhead')
        .withArgs(367n, START + 367n * DAY, START + 366n * DAY);
      await schedule(366n);
    });

    it('is for governance only', async () => {
      const { registry, mallory } = await loadFixture(epochTen);
      await expect(registry.connect(mallory).scheduleTasks(11n, weigh({ 1: 100n })))
        .to.be.revertedWithCustomError(registry, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });
});

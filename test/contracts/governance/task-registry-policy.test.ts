import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, START } from '../../support/contract-values.ts';
import { random } from '../../support/effort.ts';
import {
  percent,
  POLICY,
  POLICY_2,
  scores,
  tableAt,
  taskRegistryFixtures,
  weigh,
} from '../../support/task-registry-fixtures.ts';

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { time } = networkHelpers;
const { epochTen, loadFixture } = taskRegistryFixtures(connection);

/** One minimum score of 1 for each of the first tasks. */
const ONES = scores({ 1: 1n, 4: 1n, 9: 1n });

describe('TaskRegistry', () => {
  describe('schedulePolicy', () => {
    it('acts from its epoch on and leaves tasks and weights alone', async () => {
      const { registry } = await loadFixture(epochTen);
      await expect(
        registry.schedulePolicy(12n, POLICY_2, 'ipfs://policy-2', scores({ 1: 11n, 4: 2n ** 96n - 1n, 9: 1n })),
      )
        .to.emit(registry, 'PolicyScheduled')
        .withArgs(12n, POLICY, POLICY_2, 'ipfs://policy-2')
        .and.to.emit(registry, 'MinScoreScheduled')
        .withArgs(1n, 12n, 10n, 11n)
        .and.to.emit(registry, 'MinScoreScheduled')
        .withArgs(4n, 12n, 20n, 2n ** 96n - 1n)
        .and.to.emit(registry, 'MinScoreScheduled')
        .withArgs(9n, 12n, 1n, 1n);
      const { tasks, weights, minScores, policyHash } = await registry.tasksAt(12n);
      expect(tasks).to.deep.equal([1n, 4n, 9n]);
      expect(weights).to.deep.equal([percent(40n), percent(35n), percent(25n)]);
      expect(minScores).to.deep.equal([11n, 2n ** 96n - 1n, 1n]);
      expect(policyHash).to.equal(POLICY_2);
      expect(await registry.policyAt(11n)).to.equal(POLICY);
      expect(await tableAt(registry, 11n)).to.deep.equal({ 1: [40, 10], 4: [35, 20], 9: [25, 1] });
    });

    it('is aligned to the table that is scheduled for its epoch, and survives that being replaced', async () => {
      const { registry } = await loadFixture(epochTen);
      await registry.scheduleTasks(11n, weigh({ 1: 40n, 12: 60n }));
      await expect(registry.schedulePolicy(11n, POLICY_2, '', ONES))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_MinScoreCountWrong')
        .withArgs(3n, 2n);
      await registry.schedulePolicy(11n, POLICY_2, '', scores({ 1: 5n, 12: 6n }));
      expect(await tableAt(registry, 11n)).to.deep.equal({ 1: [40, 5], 12: [60, 6] });
      await registry.scheduleTasks(11n, weigh({ 1: 10n, 4: 10n, 12: 80n }));
      expect(await tableAt(registry, 11n)).to.deep.equal({ 1: [10, 5], 4: [10, 20], 12: [80, 6] });
      expect(await registry.policyAt(11n)).to.equal(POLICY_2);
      expect(await registry.policyAt(10n)).to.equal(POLICY);
    });

    it('refuses too few minimum scores, one of 0, and no hash', async () => {
      const { registry } = await loadFixture(epochTen);
      await expect(registry.schedulePolicy(11n, POLICY_2, '', scores({ 1: 1n, 4: 1n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_MinScoreCountWrong')
        .withArgs(2n, 3n);
      await expect(registry.schedulePolicy(11n, POLICY_2, '', scores({ 1: 1n, 4: 0n, 9: 1n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_MinScoreZero')
        .withArgs(4n);
      await expect(registry.schedulePolicy(11n, ethers.ZeroHash, '', ONES))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_PolicyHashZero')
        .withArgs();
    });

    it('refuses what was decided for a table that another one replaced meanwhile', async () => {
      const { registry } = await loadFixture(epochTen);
      await registry.scheduleTasks(11n, weigh({ 1: 40n, 9: 30n, 12: 30n }));
      const table = await tableAt(registry, 11n);
      await expect(registry.schedulePolicy(11n, POLICY_2, '', scores({ 1: 100n, 4: 200n, 9: 1n })))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_MinScoreTaskWrong')
        .withArgs(1n, 4n, 9n);
      expect(await tableAt(registry, 11n)).to.deep.equal(table);
      expect(await registry.policyAt(11n)).to.equal(POLICY);
    });

    it('refuses the right tasks in another order, one twice, and one that is unknown', async () => {
      const { registry } = await loadFixture(epochTen);
      const cases = [
        [[4n, 1n, 9n], 0n, 4n, 1n],
        [[1n, 9n, 4n], 1n, 9n, 4n],
        [[1n, 4n, 4n], 2n, 4n, 9n],
        [[1n, 4n, 77n], 2n, 77n, 9n],
      ] as const;
      for (const [tasks, position, given, expected] of cases) {
        const minScores = tasks.map((task) => ({ task, minScore: 1n }));
        await expect(registry.schedulePolicy(11n, POLICY_2, '', minScores))
          .to.be.revertedWithCustomError(registry, 'TaskRegistry_MinScoreTaskWrong')
          .withArgs(position, given, expected);
      }
    });

    it('SETL-3 refuses an epoch that has started, or lies before the last change or too far ahead', async () => {
      const { registry } = await loadFixture(epochTen);
      const schedule = (from: bigint) => registry.schedulePolicy(from, POLICY_2, '', ONES);
      const present = START + 10n * DAY + DAY / 2n + 100n;
      await time.setNextBlockTimestamp(present);
      await expect(schedule(10n), 'SETL-3')
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_EpochStarted')
        .withArgs(10n, START + 10n * DAY, present);
      await schedule(12n);
      await expect(schedule(11n))
        .to.be.revertedWithCustomError(registry, 'TaskRegistry_BeforeLastChange')
        .withArgs(11n, 12n);
      await expect(schedule(400n)).to.be.revertedWithCustomError(registry, 'TaskRegistry_TooFarAhead');
    });

    it('is for governance only', async () => {
      const { registry, mallory } = await loadFixture(epochTen);
      await expect(registry.connect(mallory).schedulePolicy(11n, POLICY_2, '', ONES))
        .to.be.revertedWithCustomError(registry, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  it('SETL-3 gives the same tables as a plain list of changes, for random changes', async () => {
    const { registry } = await loadFixture(epochTen);
    const epochs = 40;
    const expected = new Map<number, unknown>();
    const draw = random('task registry');

    let from = 11;
    let last = await tableAt(registry, BigInt(from));
    while (from < epochs) {
      const share = BigInt(1 + draw.index(98));
      const minScores = [1n + BigInt(draw.index(50)), 1n + BigInt(draw.index(50)), 1n];
      if (draw.index(2) === 0) {
        const [first, , third] = Object.values(last);
        await registry.scheduleTasks(BigInt(from), weigh({ 1: share, 4: 1n, 9: 99n - share }));
        last = { 1: [Number(share), first![1]], 4: [1, last[4]![1]], 9: [Number(99n - share), third![1]] };
      } else {
        const [first, second, third] = minScores;
        await registry.schedulePolicy(BigInt(from), POLICY_2, '', scores({ 1: first!, 4: second!, 9: third! }));
        last = Object.fromEntries(
          Object.entries(last).map(([task, [weight]], i) => [task, [weight, Number(minScores[i])]]),
        );
      }
      const step = draw.index(4);
      for (let epoch = from; epoch < from + Math.max(step, 1); epoch += 1) expected.set(epoch, last);
      from += step;
    }
    for (const [epoch, table] of expected) {
      expect(await tableAt(registry, BigInt(epoch)), `SETL-3 epoch ${epoch}`).to.deep.equal(table);
    }
  });
});

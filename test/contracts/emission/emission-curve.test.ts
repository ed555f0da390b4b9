import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, MAX_UINT128, START, WAD } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const loadFixture = fixtureLoader(networkHelpers);

interface Period {
  readonly end: bigint;
  readonly cumulative: bigint;
}

const deployCurve = (start: bigint, epochLength: bigint, table: readonly Period[]) =>
  ethers.deployContract('EmissionCurve', [start, epochLength, table.map((period) => ({ ...period }))]);

/** Ten days of 100 wei a day, five days of nothing, then three and a half days of 7 wei in all. */
const SMALL_TABLE: readonly Period[] = [
  { end: START + 10n * DAY, cumulative: 1000n },
  { end: START + 15n * DAY, cumulative: 1000n },
  { end: START + 18n * DAY + DAY / 2n, cumulative: 1007n },
];

async function smallCurve() {
  return { curve: await deployCurve(START, DAY, SMALL_TABLE) };
}

/** LingoAI: three phases over twenty years of 365.25 days, weekly epochs. */
const LINGOAI_PHASES = [
  { total: 20_250_000_000n * WAD, permille: [250n, 220n, 200n, 180n, 150n] },
  { total: 13_500_000_000n * WAD, permille: [220n, 210n, 200n, 190n, 180n] },
  { total: 11_250_000_000n * WAD, permille: [130n, 120n, 115n, 110n, 105n, 100n, 90n, 85n, 75n, 70n] },
];
const YEAR = (DAY * 1461n) / 4n;

function lingoaiTable(): Period[] {
  const table: Period[] = [];
  let before = 0n;
  for (const { total, permille } of LINGOAI_PHASES) {
    let share = 0n;
    for (const part of permille) {
      share += part;
      table.push({ end: START + YEAR * BigInt(table.length + 1), cumulative: before + (total * share) / 1000n });
    }
    before += total;
  }
  return table;
}

async function lingoaiCurve() {
  return { curve: await deployCurve(START, 7n * DAY, lingoaiTable()), table: lingoaiTable() };
}

/** The same by hand: a straight line inside each period, rounded down. */
function emittedByHand(table: readonly Period[], time: bigint): bigint {
  let previous = { end: START, cumulative: 0n };
  if (time <= START) return 0n;
  for (const period of table) {
    if (time < period.end) {
      const amount = period.cumulative - previous.cumulative;
      return previous.cumulative + (amount * (time - previous.end)) / (period.end - previous.end);
    }
    previous = period;
  }
  return previous.cumulative;
}

describe('EmissionCurve', () => {
  describe('constructor', () => {
    it('keeps clock, end, total and table, and says so', async () => {
      const { curve } = await loadFixture(smallCurve);
      expect(await curve.START()).to.equal(START);
      expect(await curve.EPOCH_LENGTH()).to.equal(DAY);
      expect(await curve.END()).to.equal(SMALL_TABLE[2]!.end);
      expect(await curve.TOTAL()).to.equal(1007n);
      expect((await curve.periods()).map(({ end, cumulative }) => ({ end, cumulative }))).to.deep.equal(SMALL_TABLE);
      await expect(curve.deploymentTransaction())
        .to.emit(curve, 'CurveFixed')
        .withArgs(START, DAY, 3n, SMALL_TABLE[2]!.end, 1007n);
    });

    it('takes epochs of half a day and of 366 days', async () => {
      for (const length of [DAY / 2n, 366n * DAY]) {
        const curve = await deployCurve(START, length, SMALL_TABLE);
        expect(await curve.EPOCH_LENGTH()).to.equal(length);
      }
    });

    it('refuses epochs a second shorter or longer', async () => {
      const { curve } = await loadFixture(smallCurve);
      for (const length of [0n, DAY / 2n - 1n, 366n * DAY + 1n]) {
        await expect(deployCurve(START, length, SMALL_TABLE))
          .to.be.revertedWithCustomError(curve, 'EmissionCurve_EpochLengthOutOfRange')
          .withArgs(length, DAY / 2n, 366n * DAY);
      }
    });

    it('takes one period, a second long, of one wei', async () => {
      const curve = await deployCurve(START, DAY, [{ end: START + 1n, cumulative: 1n }]);
      expect(await curve.emittedBy(START)).to.equal(0n);
      expect(await curve.emittedBy(START + 1n)).to.equal(1n);
      expect(await curve.budgetOf(0)).to.equal(1n);
    });

    it('takes 700 periods, finds each, and refuses one more', async () => {
      const periods = (count: number) =>
        Array.from({ length: count }, (_, i) => ({
          end: START + BigInt(i + 1) * 60n,
          cumulative: BigInt(i + 1) ** 2n,
        }));
      const curve = await deployCurve(START, DAY, periods(700));
      for (const i of [1n, 2n, 350n, 351n, 699n, 700n]) expect(await curve.emittedBy(START + i * 60n)).to.equal(i * i);
      expect((await curve.periods()).length).to.equal(700);
      await expect(deployCurve(START, DAY, periods(701)))
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_PeriodCountOutOfRange')
        .withArgs(701n, 700n);
    });

    it('refuses an empty table', async () => {
      const { curve } = await loadFixture(smallCurve);
      await expect(deployCurve(START, DAY, []))
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_PeriodCountOutOfRange')
        .withArgs(0n, 700n);
    });

    it('refuses a period that ends at or before its start', async () => {
      const { curve } = await loadFixture(smallCurve);
      await expect(deployCurve(START, DAY, [{ end: START, cumulative: 1n }]))
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_PeriodNotAfter')
        .withArgs(0n, START, START);
      await expect(
        deployCurve(START, DAY, [
          { end: START + 5n, cumulative: 1n },
          { end: START + 4n, cumulative: 2n },
        ]),
      )
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_PeriodNotAfter')
        .withArgs(1n, START + 4n, START + 5n);
    });

    it('refuses a cumulative amount that falls, even by a wei', async () => {
      const { curve } = await loadFixture(smallCurve);
      await expect(
        deployCurve(START, DAY, [
          { end: START + 5n, cumulative: 2n },
          { end: START + 6n, cumulative: 1n },
        ]),
      )
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_CumulativeFalls')
        .withArgs(1n, 1n, 2n);
    });

    it('refuses a curve that emits nothing', async () => {
      const { curve } = await loadFixture(smallCurve);
      await expect(deployCurve(START, DAY, [{ end: START + 5n, cumulative: 0n }]))
        .to.be.revertedWithCustomError(curve, 'EmissionCurve_TotalZero')
        .withArgs();
    });
  });

  describe('emittedBy', () => {
    for (const { when, time, amount } of [
      { when: 'at the beginning of time', time: 0n, amount: 0n },
      { when: 'a second before the start', time: START - 1n, amount: 0n },
      { when: 'at the start', time: START, amount: 0n },
      { when: 'a second before the first wei is complete', time: START + 863n, amount: 0n },
      { when: 'when the first wei is complete', time: START + 864n, amount: 1n },
      { when: 'a second before a period ends', time: START + 10n * DAY - 1n, amount: 999n },
      { when: 'when a period ends', time: START + 10n * DAY, amount: 1000n },
      { when: 'inside a period of nothing', time: START + 12n * DAY, amount: 1000n },
      { when: 'when that period ends', time: START + 15n * DAY, amount: 1000n },
      { when: 'half a day later', time: START + 15n * DAY + DAY / 2n, amount: 1001n },
      { when: 'a second before the end', time: START + 18n * DAY + DAY / 2n - 1n, amount: 1006n },
      { when: 'at the end', time: START + 18n * DAY + DAY / 2n, amount: 1007n },
      { when: 'for ever after', time: 2n ** 256n - 1n, amount: 1007n },
    ]) {
      it(`is ${amount} ${when}`, async () => {
        const { curve } = await loadFixture(smallCurve);
        expect(await curve.emittedBy(time)).to.equal(amount);
      });
    }

    it('does not overflow for the largest curve over the longest time', async () => {
      const end = 2n ** 40n - 1n;
      const curve = await deployCurve(0n, DAY, [{ end, cumulative: MAX_UINT128 }]);
      expect(await curve.emittedBy(end - 1n)).to.equal((MAX_UINT128 * (end - 1n)) / end);
      expect(await curve.emittedBy(end)).to.equal(MAX_UINT128);
    });

    it('EMIT-2 follows the table by hand, never falls and ends at the total', async () => {
      const { curve, table } = await loadFixture(lingoaiCurve);
      // Both sides of every border, and a step that shares no factor with a period.
      const times = table.flatMap(({ end }) => [end - 1n, end, end + 1n]);
      for (let time = START - DAY; time < START + 21n * YEAR; time += 1_299_709n) times.push(time);
      times.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));

      let previous = 0n;
      for (const time of times) {
        const emitted = await curve.emittedBy(time);
        expect(emitted, `EMIT-2 at ${time}`).to.equal(emittedByHand(table, time));
        expect(emitted >= previous, `EMIT-2 falls at ${time}`).to.equal(true);
        previous = emitted;
      }
      expect(previous, 'EMIT-2').to.equal(45_000_000_000n * WAD);
    });

    it('EMIT-2 has the phase totals exactly', async () => {
      const { curve } = await loadFixture(lingoaiCurve);
      expect(await curve.emittedBy(START + 5n * YEAR), 'EMIT-2').to.equal(20_250_000_000n * WAD);
      expect(await curve.emittedBy(START + 10n * YEAR), 'EMIT-2').to.equal(33_750_000_000n * WAD);
      expect(await curve.emittedBy(START + 20n * YEAR), 'EMIT-2').to.equal(45_000_000_000n * WAD);
      expect(await curve.TOTAL(), 'EMIT-2').to.equal(45_000_000_000n * WAD);
    });
  });

  describe('budgetOf', () => {
    for (const { epoch, what, budget } of [
      { epoch: 0n, what: 'the first epoch', budget: 100n },
      { epoch: 9n, what: 'the last epoch of a period', budget: 100n },
      { epoch: 10n, what: 'the first epoch of a period of nothing', budget: 0n },
      { epoch: 15n, what: 'an epoch with a fraction', budget: 2n },
      { epoch: 16n, what: 'the same, when the fractions meet', budget: 2n },
      { epoch: 18n, what: 'the partial last epoch', budget: 1n },
      { epoch: 19n, what: 'the epoch after the curve', budget: 0n },
      { epoch: 2n ** 32n - 1n, what: 'the last epoch of all', budget: 0n },
    ]) {
      it(`is ${budget} for ${what}`, async () => {
        const { curve } = await loadFixture(smallCurve);
        expect(await curve.budgetOf(epoch)).to.equal(budget);
      });
    }

    it('is 0, not an error, for an epoch whose time does not fit 40 bits', async () => {
      const curve = await deployCurve(START, 366n * DAY, SMALL_TABLE);
      expect(await curve.budgetOf(2n ** 32n - 1n)).to.equal(0n);
    });

    it('EMIT-3 budgets add up to the curve at the end of every epoch, in whatever order they are asked', async () => {
      const { curve, table } = await loadFixture(lingoaiCurve);
      const epochs = Number((20n * YEAR) / (7n * DAY)) + 2;
      const budgets = new Map<number, bigint>();
      // 7 shares no factor with the number of epochs: every one is met once, far out of order.
      for (let i = 0; i < epochs; i += 1) {
        const epoch = (i * 7) % epochs;
        budgets.set(epoch, await curve.budgetOf(epoch));
      }
      expect(budgets.size).to.equal(epochs);

      let sum = 0n;
      for (let epoch = 0; epoch < epochs; epoch += 1) {
        sum += budgets.get(epoch)!;
        expect(sum, `EMIT-3 epoch ${epoch}`).to.equal(emittedByHand(table, START + BigInt(epoch + 1) * 7n * DAY));
      }
      expect(sum, 'EMIT-3').to.equal(45_000_000_000n * WAD);
    });
  });

  describe('the clock', () => {
    it('EMIT-3 cuts time into half-open epochs without gap or overlap', async () => {
      const { curve } = await loadFixture(smallCurve);
      for (const epoch of [0n, 1n, 17n, 2n ** 20n]) {
        const start = await curve.startOf(epoch);
        const end = await curve.endOf(epoch);
        expect(start, 'EMIT-3').to.equal(START + epoch * DAY);
        expect(end, 'EMIT-3').to.equal(await curve.startOf(epoch + 1n));
        expect(await curve.epochAt(start), 'EMIT-3').to.equal(epoch);
        expect(await curve.epochAt(end - 1n), 'EMIT-3').to.equal(epoch);
        expect(await curve.epochAt(end), 'EMIT-3').to.equal(epoch + 1n);
      }
    });

    it('has no epoch before the start', async () => {
      const { curve } = await loadFixture(smallCurve);
      await expect(curve.epochAt(START - 1n))
        .to.be.revertedWithCustomError(curve, 'EpochClock_BeforeStart')
        .withArgs(START - 1n, START);
    });

    it('refuses the start of an epoch that does not fit 40 bits', async () => {
      const curve = await deployCurve(START, 366n * DAY, SMALL_TABLE);
      const epoch = 2n ** 32n - 1n;
      for (const [call, time] of [
        [curve.startOf(epoch), START + epoch * 366n * DAY],
        [curve.endOf(epoch), START + (epoch + 1n) * 366n * DAY],
      ] as const) {
        await expect(call).to.be.revertedWithCustomError(curve, 'SafeCastOverflowedUintDowncast').withArgs(40n, time);
      }
    });
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { WAD } from '../../src/protocol/fixed-point.ts';
import type { TaskWeight } from '../../src/settlement/economy-parameters.ts';
import { evenly, moveWeight, rangeOf } from '../../web/src/views/governance/move-weight.ts';
import {
  percentText,
  percentTexts,
  readPercent,
  STEPS,
  stepOf,
  weightOf,
} from '../../web/src/views/governance/sliders.ts';
import { runs, seed } from '../support/effort.ts';

const PERCENT = WAD / 100n;
const MINIMUM = WAD / 1000n;
const NONE: ReadonlySet<number> = new Set();

function table(...hundredths: readonly bigint[]): readonly TaskWeight[] {
  return hundredths.map((part, at) => ({ task: at + 1, weight: part * PERCENT }));
}

function weights(rows: readonly TaskWeight[]): readonly bigint[] {
  return rows.map(({ weight }) => weight);
}

function sum(rows: readonly TaskWeight[]): bigint {
  return rows.reduce((all, { weight }) => all + weight, 0n);
}

/** Tables that the registry takes: up to 16 tasks, none below the minimum, together exactly 1. */
const tables = fc.array(fc.bigInt(0n, WAD), { minLength: 1, maxLength: 16 }).map((drawn) => {
  const total = drawn.reduce((all, one) => all + one, 0n) || 1n;
  const free = WAD - MINIMUM * BigInt(drawn.length);
  const rows = drawn.map((one, at) => ({ task: at + 1, weight: MINIMUM + (one * free) / total }));
  const [first, ...rest] = rows;
  return [{ task: 1, weight: first!.weight + WAD - sum(rows) }, ...rest];
});

describe('the sliders of weights', () => {
  describe('moveWeight', () => {
    it('takes from the others in proportion to what they have', () => {
      const moved = moveWeight(table(40n, 20n, 40n), { task: 1, to: 70n * PERCENT, locked: NONE, minimum: MINIMUM });
      expect(weights(moved)).to.deep.equal(weights(table(70n, 10n, 20n)));
    });

    it('gives to the others in proportion to what they have', () => {
      const moved = moveWeight(table(70n, 10n, 20n), { task: 1, to: 40n * PERCENT, locked: NONE, minimum: MINIMUM });
      expect(weights(moved)).to.deep.equal(weights(table(40n, 20n, 40n)));
    });

    it('leaves locked tasks as they are', () => {
      const moved = moveWeight(table(40n, 20n, 30n, 10n), {
        ...{ task: 1, to: 50n * PERCENT, minimum: MINIMUM },
        locked: new Set([3]),
      });
      expect(moved[0]!.weight).to.equal(50n * PERCENT);
      expect(moved[2]!.weight).to.equal(30n * PERCENT);
      expect(sum(moved)).to.equal(WAD);
    });

    it('gives what rounding leaves to the largest of the others', () => {
      const moved = moveWeight(table(40n, 30n, 20n, 10n), {
        task: 1,
        to: 1n + MINIMUM,
        locked: NONE,
        minimum: MINIMUM,
      });
      const rest = WAD - 1n - MINIMUM;
      const [second, third, fourth] = [(rest * 3n) / 6n, (rest * 2n) / 6n, rest / 6n];
      const left = rest - second - third - fourth;
      expect(left > 0n).to.equal(true);
      expect(weights(moved)).to.deep.equal([1n + MINIMUM, second + left, third, fourth]);
    });

    it('goes no further than the others can give way', () => {
      const moved = moveWeight(table(40n, 20n, 40n), { task: 1, to: 2n * WAD, locked: NONE, minimum: MINIMUM });
      expect(weights(moved)).to.deep.equal([WAD - 2n * MINIMUM, MINIMUM, MINIMUM]);
    });

    it('goes no lower than the minimum', () => {
      const moved = moveWeight(table(40n, 60n), { task: 1, to: -WAD, locked: NONE, minimum: MINIMUM });
      expect(weights(moved)).to.deep.equal([MINIMUM, WAD - MINIMUM]);
    });

    it('moves nothing where the task, or every other one, is locked', () => {
      const rows = table(40n, 20n, 40n);
      const to = 50n * PERCENT;
      expect(moveWeight(rows, { task: 1, to, locked: new Set([1]), minimum: MINIMUM })).to.equal(rows);
      expect(moveWeight(rows, { task: 1, to, locked: new Set([2, 3]), minimum: MINIMUM })).to.equal(rows);
      expect(moveWeight(table(100n), { task: 1, to, locked: NONE, minimum: MINIMUM })).to.deep.equal(table(100n));
    });

    it('sums to exactly 1 with none below the minimum, whatever is moved, and locked ones stay', () => {
      const cases = fc.record({
        rows: tables,
        pick: fc.nat({ max: 15 }),
        to: fc.bigInt(-WAD, 2n * WAD),
        locks: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 16 }),
      });
      fc.assert(
        fc.property(cases, ({ rows, pick, to, locks }) => {
          const locked = new Set(locks);
          const { task } = rows[pick % rows.length]!;
          const moved = moveWeight(rows, { task, to, locked, minimum: MINIMUM });
          expect(sum(moved)).to.equal(WAD);
          for (const [at, row] of moved.entries()) {
            expect(row.task).to.equal(rows[at]!.task);
            expect(row.weight >= MINIMUM).to.equal(true);
            if (locked.has(row.task)) expect(row.weight).to.equal(rows[at]!.weight);
          }
          const range = rangeOf(rows, { task, locked, minimum: MINIMUM });
          if (range !== null && to >= range.least && to <= range.most) {
            expect(moved.find((row) => row.task === task)!.weight).to.equal(to);
          }
        }),
        { seed: seed(), numRuns: runs(300, 30_000) },
      );
    });

    it('changes nothing when a task is given what it has', () => {
      fc.assert(
        fc.property(tables, (rows) => {
          const { task, weight } = rows[0]!;
          const same = moveWeight(rows, { task, to: weight, locked: NONE, minimum: MINIMUM });
          expect(same).to.deep.equal(rows);
        }),
        { seed: seed(), numRuns: runs(200, 20_000) },
      );
    });
  });

  describe('evenly', () => {
    it('gives all that are not locked the same, and the first what is left', () => {
      const third = (WAD - 10n * PERCENT) / 3n;
      expect(weights(evenly(table(40n, 30n, 20n, 10n), new Set([4])))).to.deep.equal([
        third,
        third,
        third,
        10n * PERCENT,
      ]);
      const sevenths = evenly(table(40n, 10n, 10n, 10n, 10n, 10n, 10n), NONE);
      expect(sum(sevenths)).to.equal(WAD);
      expect(sevenths[0]!.weight - sevenths[1]!.weight).to.equal(WAD - (WAD / 7n) * 7n);
    });
  });

  describe('percentTexts', () => {
    it('gives what cutting off leaves to those of which it cut the most', () => {
      const third = WAD / 3n;
      const thirds = [third, third, WAD - 2n * third].map((weight, at) => ({ task: at + 1, weight }));
      expect([...percentTexts(thirds).values()]).to.deep.equal(['33.33', '33.33', '33.34']);
      expect([...percentTexts(table(25n, 75n)).values()]).to.deep.equal(['25', '75']);
    });

    it('reads 100 in all, and no weight further off than a hundredth', () => {
      fc.assert(
        fc.property(tables, (rows) => {
          const read = percentTexts(rows);
          const parts = rows.map(({ task, weight }) => {
            const shown = readPercent(read.get(task)!)!;
            const off = shown > weight ? shown - weight : weight - shown;
            expect(off < PERCENT / 100n).to.equal(true);
            return shown;
          });
          expect(parts.reduce((all, one) => all + one, 0n)).to.equal(WAD);
        }),
        { seed: seed(), numRuns: runs(200, 20_000) },
      );
    });
  });

  describe('readPercent', () => {
    it('reads what percentText writes, a comma as a point, and nothing that is no number', () => {
      expect(readPercent(percentText(WAD / 4n))).to.equal(WAD / 4n);
      expect(readPercent('33,5')).to.equal((WAD * 335n) / 1000n);
      expect(readPercent(' 0.0000000000000001 ')).to.equal(1n);
      for (const text of ['', '-1', '1e3', '0x10', '1.', '0.00000000000000001', 'ten']) {
        expect(readPercent(text), text).to.equal(null);
      }
    });
  });

  describe('the steps of a slider', () => {
    it('are tenths of a per cent, exactly', () => {
      for (const step of [0, 1, 333, 999, STEPS]) expect(stepOf(weightOf(step))).to.equal(step);
      expect(weightOf(STEPS)).to.equal(WAD);
      expect(stepOf(WAD / 3n)).to.equal(333);
    });
  });
});

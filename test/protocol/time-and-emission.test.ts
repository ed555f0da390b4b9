import { expect } from 'chai';
import fc from 'fast-check';

import { budgetOf, createEmissionCurve, emittedBy, totalEmission } from '../../src/protocol/emission-curve.ts';
import { endOf, epochAt, startOf } from '../../src/protocol/epoch-clock.ts';
import { scheduleValue, valueAt } from '../../src/protocol/schedule.ts';
import { MAX_UINT128 } from '../../src/protocol/words.ts';
import { runs, seed } from '../support/effort.ts';
import { readVectors, rowsOf } from '../support/vectors.ts';

const clockVectors =
  readVectors<Record<'start' | 'length' | 'time' | 'epoch' | 'startOf' | 'endOf', string[]>>('epoch-clock');
const options = (): { seed: number; numRuns: number } => ({ seed: seed(), numRuns: runs(300, 10_000) });

describe('epoch clock', () => {
  it('EMIT-3: epochs are half-open and leave no gap', () => {
    for (const row of rowsOf(clockVectors)) {
      const clock = { start: Number(row.start), length: Number(row.length) };
      const epoch = epochAt(clock, Number(row.time));
      expect([epoch, startOf(clock, epoch), endOf(clock, epoch)]).to.deep.equal(
        [row.epoch, row.startOf, row.endOf].map(Number),
      );
    }
    expect(() => epochAt({ start: 10, length: 1 }, 9)).to.throw('EpochClock_BeforeStart');
  });

  it('EMIT-3: every moment belongs to exactly one epoch', () => {
    const times = fc.integer({ min: 0, max: 2 ** 33 });
    fc.assert(
      fc.property(times, fc.integer({ min: 43_200, max: 366 * 86_400 }), times, (start, length, after) => {
        const clock = { start, length };
        const epoch = epochAt(clock, start + after);
        expect(startOf(clock, epoch) <= start + after && start + after < endOf(clock, epoch)).to.equal(true);
        expect(endOf(clock, epoch)).to.equal(startOf(clock, epoch + 1));
      }),
      options(),
    );
  });
});

describe('emission curve', () => {
  const anyCurve = fc
    .record({
      start: fc.integer({ min: 0, max: 2 ** 31 }),
      steps: fc.array(fc.record({ length: fc.integer({ min: 1, max: 2 ** 26 }), amount: fc.bigInt(0n, 1n << 100n) }), {
        minLength: 1,
        maxLength: 20,
      }),
    })
    .map(({ start, steps }) => {
      let [end, cumulative] = [start, 0n];
      return createEmissionCurve(
        start,
        steps.map(({ length, amount }) => ({ end: (end += length), cumulative: (cumulative += amount) })),
      );
    });

  it('is linear inside a period, exact at its end and constant after the last', () => {
    const curve = createEmissionCurve(100, [
      { end: 110, cumulative: 100n },
      { end: 113, cumulative: 101n },
      { end: 120, cumulative: 101n },
    ]);
    const expected = [0n, 0n, 10n, 90n, 100n, 100n, 100n, 101n, 101n, 101n, 101n];
    const times = [0, 100, 101, 109, 110, 111, 112, 113, 115, 120, 2 ** 40];
    expect(times.map((time) => emittedBy(curve, time))).to.deep.equal(expected);
  });

  it('EMIT-2: never falls and ends at its total; EMIT-3: budgets telescope', () => {
    fc.assert(
      fc.property(
        anyCurve,
        fc.nat(2 ** 30),
        fc.nat(2 ** 30),
        fc.integer({ min: 43_200, max: 2 ** 24 }),
        (curve, x, y, length) => {
          const [early, late] = x < y ? [x, y] : [y, x];
          expect(emittedBy(curve, curve.start + early) <= emittedBy(curve, curve.start + late)).to.equal(true);
          for (const { end, cumulative } of curve.periods) expect(emittedBy(curve, end)).to.equal(cumulative);
          const clock = { start: curve.start, length };
          let sum = 0n;
          for (let epoch = 0; epoch < 50; epoch++) sum += budgetOf(curve, clock, epoch);
          expect(sum).to.equal(emittedBy(curve, startOf(clock, 50)));
          expect(emittedBy(curve, 2 ** 40)).to.equal(totalEmission(curve));
        },
      ),
      options(),
    );
  });

  it('refuses a table that is none', () => {
    expect(() => createEmissionCurve(5, [])).to.throw('EmissionCurve_PeriodCountOutOfRange');
    expect(() => createEmissionCurve(5, [{ end: 5, cumulative: 1n }])).to.throw('EmissionCurve_PeriodNotAfter');
    const falling = [
      { end: 6, cumulative: 2n },
      { end: 7, cumulative: 1n },
    ];
    expect(() => createEmissionCurve(5, falling)).to.throw('EmissionCurve_CumulativeFalls');
    const large = [{ end: 6, cumulative: MAX_UINT128 + 1n }];
    expect(() => createEmissionCurve(5, large)).to.throw('EmissionCurve_TotalTooLarge');
  });
});

describe('schedule', () => {
  it('gives the value in force, and takes changes in order only', () => {
    const schedule = scheduleValue(scheduleValue(scheduleValue([], 2, 'a'), 5, 'b'), 5, 'c');
    expect([0, 1, 2, 4, 5, 9].map((epoch) => valueAt(schedule, epoch))).to.deep.equal([
      undefined,
      undefined,
      'a',
      'a',
      'c',
      'c',
    ]);
    expect(() => scheduleValue(schedule, 4, 'd')).to.throw('EpochHistory_OutOfOrder');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { WAD } from '../../src/protocol/fixed-point.ts';
import {
  accelerate,
  accelerateEach,
  accelerationLimitDown,
  type Cohort,
  type Curve,
  curveFaultAt,
  curveHash,
  curvePreimage,
  EMPTY_CURVE,
  join,
  leftOf,
  MAX_COHORTS,
  packCohort,
  roll,
  totalOf,
  unfinishedAt,
  unlockedAt,
  unpackCohort,
} from '../../src/protocol/vesting-curve.ts';
import { bytesToHex, MAX_UINT128 } from '../../src/protocol/words.ts';
import { CURVE_FAULTS } from '../support/contract-values.ts';
import { runs, seed } from '../support/effort.ts';
import { curveOf, readVectors, rowsOf } from '../support/vectors.ts';

const vectors = readVectors<{
  curves: { preimage: string[]; hash: string[]; total: string[] };
  unlocked: { curve: string[]; time: string[]; unlocked: string[] };
  transitions: Record<'before' | 'time' | 'accelerate' | 'grant' | 'end' | 'duration' | 'after', string[]>;
  faults: { preimage: string[]; time: string[]; fault: string[] };
}>('vesting-curve');

const options = (): { seed: number; numRuns: number } => ({ seed: seed(), numRuns: runs(300, 10_000) });

/** Any canonical curve at time 0, with its times below 2^34. */
const anyCurve: fc.Arbitrary<Curve> = fc
  .record({
    unlocked: fc.bigInt(0n, 1n << 100n),
    steps: fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 2 ** 22 }),
        duration: fc.integer({ min: 1, max: 2 ** 26 }),
        amount: fc.bigInt(1n, 1n << 100n),
      }),
      { maxLength: MAX_COHORTS },
    ),
  })
  .map(({ unlocked, steps }) => {
    let end = 1000;
    const cohorts: Cohort[] = steps.map(({ gap, duration, amount }) => ({ end: (end += gap), duration, amount }));
    return { unlocked, cohorts };
  });
const anyTime = fc.integer({ min: 0, max: 2 ** 28 });
const endsOf = (curve: Curve): number[] => curve.cohorts.map(({ end }) => end);

describe('vesting curve', () => {
  it('releases as the vectors say', () => {
    for (const { curve, time, unlocked } of rowsOf(vectors.unlocked)) {
      expect(unlockedAt(curveOf(vectors.curves.preimage[Number(curve)]!), Number(time))).to.equal(unlocked);
    }
  });

  it('hashes its canonical bytes', () => {
    vectors.curves.preimage.forEach((preimage, index) => {
      const curve = curveOf(preimage);
      expect(bytesToHex(curvePreimage(curve))).to.equal(preimage);
      expect(bytesToHex(curveHash(curve))).to.equal(vectors.curves.hash[index]);
      expect(totalOf(curve)).to.equal(BigInt(vectors.curves.total[index]!));
      for (const cohort of curve.cohorts) expect(unpackCohort(packCohort(cohort))).to.deep.equal(cohort);
    });
  });

  it('changes at an epoch’s end as the vectors say', () => {
    const { before, after, ...numbers } = vectors.transitions;
    rowsOf(numbers).forEach((step, index) => {
      const rolled = roll(curveOf(before[index]!), Number(step.time));
      const { curve, taken } = accelerate(rolled, step.accelerate, endsOf(rolled));
      expect(taken.reduce((sum, part) => sum + part, 0n)).to.equal(step.accelerate);
      const next = join(curve, step.grant, { end: Number(step.end), duration: Number(step.duration) });
      expect(next).to.deep.equal(curveOf(after[index]!));
      expect(accelerateEach(rolled, taken)).to.deep.equal(curve);
    });
  });

  it('names what is not canonical', () => {
    vectors.faults.preimage.forEach((preimage, index) => {
      const fault = CURVE_FAULTS[Number(vectors.faults.fault[index])];
      // A word with dirty bits cannot be written as a cohort at all.
      if (fault === 'DirtyWord') return;
      expect(curveFaultAt(curveOf(preimage), Number(vectors.faults.time[index]))).to.equal(fault);
    });
    const late = { unlocked: 0n, cohorts: [{ end: 2 ** 40, duration: 1, amount: 1n }] };
    expect(curveFaultAt(late, 1000)).to.equal('DirtyWord');
  });

  it('refuses what does not fit', () => {
    const curve = { unlocked: 1n, cohorts: [{ end: 10, duration: 5, amount: 3n }] };
    expect(() => accelerate(curve, 4n, [10])).to.throw('VestingCurve_AccelerationTooLarge');
    expect(() => accelerate(curve, 3n, [11])).to.throw('VestingCurve_CohortUnknown');
    expect(() => accelerateEach(curve, [])).to.throw('VestingCurve_LengthMismatch');
    expect(() => accelerateEach(curve, [4n])).to.throw('VestingCurve_AccelerationTooLarge');
    expect(() => join(curve, 1n, { end: 9, duration: 5 })).to.throw('VestingCurve_CohortNotNewest');
    expect(() => join(EMPTY_CURVE, MAX_UINT128 + 1n, { end: 9, duration: 5 })).to.throw('VestingCurve_AmountTooLarge');
    const full = {
      unlocked: 0n,
      cohorts: Array.from({ length: MAX_COHORTS }, (_, end) => ({ end, duration: 5, amount: 1n })),
    };
    expect(() => join(full, 1n, { end: 99, duration: 5 })).to.throw('VestingCurve_TooManyCohorts');
  });

  it('VEST-1: never falls in time, never exceeds the total, and reaches it', () => {
    fc.assert(
      fc.property(anyCurve, anyTime, anyTime, (curve, x, y) => {
        const [early, late] = x < y ? [x, y] : [y, x];
        expect(unlockedAt(curve, early) <= unlockedAt(curve, late)).to.equal(true);
        expect(unlockedAt(curve, late) <= totalOf(curve)).to.equal(true);
        expect(unlockedAt(curve, 2 ** 34)).to.equal(totalOf(curve));
      }),
      options(),
    );
  });

  it('VEST-1: rolling changes nothing from its time on, and splitting a curve only what is rounded', () => {
    fc.assert(
      fc.property(anyCurve, anyTime, anyTime, (curve, x, y) => {
        const [early, late] = x < y ? [x, y] : [y, x];
        const rolled = roll(curve, early);
        expect(unlockedAt(rolled, late)).to.equal(unlockedAt(curve, late));
        expect(rolled === curve).to.equal(unfinishedAt(curve, early).length === curve.cohorts.length);
        const half = {
          unlocked: curve.unlocked / 2n,
          cohorts: curve.cohorts.map((cohort) => ({ ...cohort, amount: cohort.amount / 2n })),
        };
        const rest = {
          unlocked: curve.unlocked - half.unlocked,
          cohorts: curve.cohorts.map((cohort, i) => ({ ...cohort, amount: cohort.amount - half.cohorts[i]!.amount })),
        };
        const difference = unlockedAt(curve, late) - unlockedAt(half, late) - unlockedAt(rest, late);
        expect(difference >= 0n && difference <= BigInt(curve.cohorts.length)).to.equal(true);
      }),
      options(),
    );
  });

  it('VEST-2: acceleration only raises, never above the total', () => {
    fc.assert(
      fc.property(anyCurve, anyTime, fc.bigInt(0n, WAD), (curve, time, bound) => {
        const amount = accelerationLimitDown(leftOf(curve), bound);
        const { curve: faster, taken } = accelerate(curve, amount, endsOf(curve));
        expect(unlockedAt(faster, time) >= unlockedAt(curve, time)).to.equal(true);
        expect(totalOf(faster)).to.equal(totalOf(curve));
        expect(accelerateEach(curve, taken)).to.deep.equal(faster);
        expect(faster.cohorts.every((cohort) => cohort.amount > 0n)).to.equal(true);
      }),
      options(),
    );
  });
});

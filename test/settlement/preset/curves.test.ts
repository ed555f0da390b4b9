import { expect } from 'chai';

import { curvePeriods, curveTotal } from '../../../src/settlement/preset/curve-periods.ts';
import { curveSchema } from '../../../src/settlement/preset/curve-schema.ts';

const WAD = 10n ** 18n;
const START = Date.UTC(2026, 0, 1) / 1000;
const DAY = 86_400;

function cumulative(written: unknown): readonly bigint[] {
  return curvePeriods(curveSchema.parse(written), START).map((period) => period.cumulative);
}

/** What the schema says against a curve: `path: reason`, all of them. */
function faults(written: unknown): readonly string[] {
  const result = curveSchema.safeParse(written);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`);
}

describe('a geometric curve', () => {
  const halves = { kind: 'geometric', decline: '50%', period: 'month', periods: '4' };

  it('with a first period: 8, 4, 2, 1 sum to 15', () => {
    const written = { ...halves, first: '8' };
    expect(cumulative(written)).to.deep.equal([8n * WAD, 12n * WAD, 14n * WAD, 15n * WAD]);
    expect(curveTotal(curveSchema.parse(written))).to.equal(15n * WAD);
  });

  it('with a total: 15 begin with 8', () => {
    const written = { ...halves, total: '15' };
    expect(cumulative(written)).to.deep.equal([8n * WAD, 12n * WAD, 14n * WAD, 15n * WAD]);
    expect(curveTotal(curveSchema.parse(written))).to.equal(15n * WAD);
  });

  it('rounds every cumulative figure down once, and ends on its total', () => {
    const thirds = { kind: 'geometric', decline: '0.333333333333333333', period: 'month', periods: '2' };
    // q = 0.666666666666666667: 1 / (1 + q) of 10 wei is 5.99…, rounded down.
    expect(cumulative({ ...thirds, total: '0.00000000000000001' })).to.deep.equal([5n, 10n]);
    expect(cumulative({ ...thirds, first: '0.000000000000000003' })).to.deep.equal([3n, 5n]);
  });

  it('is refused without a first period or a total, and with both', () => {
    const refusal = ': a geometric curve has either "first" or "total", the other follows';
    expect(faults(halves)).to.deep.equal([refusal]);
    expect(faults({ ...halves, first: '1', total: '2' })).to.deep.equal([refusal]);
  });

  for (const decline of ['0', '1', '100%', '1.5']) {
    it(`is refused with a decline of ${decline}`, () => {
      expect(faults({ ...halves, total: '1', decline })).to.deep.equal(['decline: a decline lies between 0 and 1']);
    });
  }

  it('is refused with more periods than the table on chain holds', () => {
    const refusal = ['periods: a curve has 1 to 700 periods'];
    expect(faults({ ...halves, total: '1', periods: '701' })).to.deep.equal(refusal);
    expect(faults({ ...halves, total: '1', periods: '0' })).to.deep.equal(refusal);
    expect(faults({ ...halves, total: '1', periods: '700' })).to.deep.equal([]);
  });
});

describe('an even curve', () => {
  it('goes at one pace through months of different lengths, with an entry for each', () => {
    const periods = curvePeriods(
      curveSchema.parse({ kind: 'even', total: '59', period: 'month', periods: '2' }),
      START,
    );
    expect(periods).to.deep.equal([
      { end: START + 31 * DAY, cumulative: 31n * WAD },
      { end: START + 59 * DAY, cumulative: 59n * WAD },
    ]);
  });
});

describe('a constant curve', () => {
  const written = { kind: 'constant', amount: '10000', per: '1 day', lasts: '3650 days' };

  it('has one entry: the amount as often as it fits', () => {
    expect(curvePeriods(curveSchema.parse(written), START)).to.deep.equal([
      { end: START + 3650 * DAY, cumulative: 36_500_000n * WAD },
    ]);
  });

  it('is refused when it does not last a whole number of times', () => {
    const refusal = ['lasts: it is not a whole number of times "per"'];
    expect(faults({ ...written, lasts: '36 hours' })).to.deep.equal(refusal);
    expect(faults({ ...written, lasts: '0 days' })).to.deep.equal(refusal);
    expect(faults({ ...written, per: '0 days' })).to.deep.equal([
      'per: an amount is emitted per length of time, not per nothing',
    ]);
  });
});

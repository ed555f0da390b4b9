import { expect } from 'chai';

import { budgetOf, createEmissionCurve } from '../../../src/protocol/emission-curve.ts';
import { InputError } from '../../../src/protocol/errors.ts';
import { curveTotal } from '../../../src/settlement/preset/curve-periods.ts';
import { geometricAmounts } from '../../../src/settlement/preset/geometric-amounts.ts';
import { presetParameters } from '../../../src/settlement/preset/preset-parameters.ts';
import { presetNamed, type PresetName } from '../../support/presets.ts';

const WAD = 10n ** 18n;
const BILLION = 10n ** 9n * WAD;
const DAY = 86_400;
/** Leap years, and none, within the first years. */
const STARTS = ['2018-09-01', '2026-01-01', '2028-02-29'].map((day) => Date.parse(day) / 1000);

/** What each period of the curve's own table emits. */
function amounts(name: PresetName, variant?: string): readonly bigint[] {
  const { curve } = presetParameters(presetNamed(name, variant), STARTS[0] ?? 0).economy;
  return curve.map(({ cumulative }, index) => cumulative - (curve[index - 1]?.cumulative ?? 0n));
}

/** What each epoch emits, up to the last with a budget and two more. */
function budgets(name: PresetName, start: number): readonly bigint[] {
  const { economy, lastEmissionEpoch } = presetParameters(presetNamed(name), start);
  const curve = createEmissionCurve(economy.start, economy.curve);
  const clock = { start: economy.start, length: economy.epochLength };
  return Array.from({ length: lastEmissionEpoch + 3 }, (_, epoch) => budgetOf(curve, clock, epoch));
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

describe('LingoAI', () => {
  it('yearly sums and phase totals to the wei', () => {
    const inMillions = [
      ['5062.50', '4455.00', '4050.00', '3645.00', '3037.50'],
      ['2970.00', '2835.00', '2700.00', '2565.00', '2430.00'],
      ['1462.50', '1350.00', '1293.75', '1237.50', '1181.25', '1125.00', '1012.50', '956.25', '843.75', '787.50'],
    ].flat();
    expect(amounts('lingoai')).to.deep.equal(inMillions.map((year) => BigInt(year.replace('.', '')) * 10n ** 4n * WAD));
    const years = amounts('lingoai');
    expect(sum(years.slice(0, 5))).to.equal((2025n * BILLION) / 100n);
    expect(sum(years.slice(5, 10))).to.equal((135n * BILLION) / 10n);
    expect(sum(years.slice(10))).to.equal((1125n * BILLION) / 100n);
  });

  it('no rise from one year to the next', () => {
    amounts('lingoai').forEach((year, index, years) => {
      if (index > 0) expect(year <= (years[index - 1] ?? 0n), `year ${index + 1}`).to.equal(true);
    });
  });

  for (const start of STARTS) {
    it(`every week of 20 years positive, and 45 B in all, from ${new Date(start * 1000).toISOString().slice(0, 10)}`, () => {
      const weeks = budgets('lingoai', start);
      // 20 years are 7,305 days, or 7,304 where 2100 is far and only four leap days lie within: 1,043 weeks and a part of one.
      expect(weeks.findIndex((budget) => budget <= 0n)).to.equal(1044);
      expect(weeks.slice(1044)).to.deep.equal([0n, 0n]);
      expect(sum(weeks)).to.equal(45n * BILLION);
    });
  }
});

describe('LingoPod', () => {
  it('published variant sums to 12.25 B', () => {
    const total = curveTotal(presetNamed('lingopod', 'published').curve);
    // Exactly 12,250,000,000.000006220532222201: R1 and d are printed to 17 digits.
    expect(total).to.equal(12_250_000_000_000_006_220_532_222_201n);
    expect(total / WAD).to.equal(12_250_000_000n);
  });

  it('published variant: month 1 and month 240, and the first 12 months 1,528,810,510.45', () => {
    const months = amounts('lingopod', 'published');
    expect(months).to.have.length(240);
    expect(months[0]).to.equal(134_560_470_491_837_980_000_000_000n);
    expect(((months[239] ?? 0n) * 100n) / WAD).to.equal(1_218_229_158n);
    const first = sum(months.slice(0, 12));
    expect((first * 100n + WAD / 2n) / WAD).to.equal(152_881_051_045n);
    expect((first * 10_000n) / sum(months)).to.equal(1248n);
  });

  it('calibrated sums to exactly 16.5 B with 12 % in the first 12 months (to 1 token)', () => {
    const months = amounts('lingopod');
    expect(amounts('lingopod', 'calibrated')).to.deep.equal(months);
    expect(sum(months)).to.equal((165n * BILLION) / 10n);
    const wanted = 1_980_000_000n * WAD;
    const first = sum(months.slice(0, 12));
    expect(first > wanted - WAD && first < wanted + WAD, `${first}`).to.equal(true);
    // R1 = 173,755,056.07 follows.
    expect(((months[0] ?? 0n) * 100n) / WAD).to.equal(17_375_505_607n);
  });

  it('the calibrated decline is the best one of 18 places: its derivation', () => {
    const total = (165n * BILLION) / 10n;
    const wanted = (total * 12n) / 100n;
    const firstYear = (decline: bigint) => geometricAmounts({ total, decline, periods: 240 })[11] ?? 0n;
    // The share of the first 12 months rises with the decline: halve the interval until two neighbours are left.
    let [low, high] = [1n, WAD / 10n];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (firstYear(middle) < wanted) low = middle;
      else high = middle;
    }
    const best = wanted - firstYear(low) < firstYear(high) - wanted ? low : high;
    expect(best).to.equal(9_452_956_372_589_481n);
    const { curve } = presetNamed('lingopod');
    expect(curve.kind === 'geometric' && curve.decline).to.equal(best);
  });

  it('needs R1 = 181,244,715.36 for 16.5 B with the printed decline', () => {
    const row = { total: (165n * BILLION) / 10n, decline: 10_000_000_149_011_612n, periods: 240 };
    expect(((geometricAmounts(row)[0] ?? 0n) * 100n + WAD / 2n) / WAD).to.equal(18_124_471_536n);
  });

  it('no month above the one before, whatever the variant', () => {
    for (const variant of ['calibrated', 'published']) {
      const months = amounts('lingopod', variant);
      expect(months.every((month, index) => index === 0 || month < (months[index - 1] ?? 0n))).to.equal(true);
    }
  });
});

describe('TNET', () => {
  for (const start of STARTS) {
    it(`6 B to the wei at the end, from ${new Date(start * 1000).toISOString().slice(0, 10)}`, () => {
      const days = budgets('tnet', start);
      expect(sum(days)).to.equal(6n * BILLION);
      expect(days.slice(-2)).to.deep.equal([0n, 0n]);
      // One pace, to the wei of a rounding.
      const [first = 0n] = days;
      expect(days.slice(0, -2).every((day) => day - first >= -1n && day - first <= 1n)).to.equal(true);
    });
  }

  it('ends with the last second of 2026 when it starts as announced', () => {
    const { economy } = presetParameters(presetNamed('tnet'), Date.parse('2018-09-01') / 1000);
    expect(economy.curve.at(-1)?.end).to.equal(Date.parse('2027-01-01') / 1000);
    expect(economy.genesis).to.equal(0n);
  });
});

describe('LangX', () => {
  it('3,650 UTC days of exactly 10,000, and nothing after them', () => {
    const days = budgets('langx', STARTS[2] ?? 0);
    expect(days).to.have.length(3652);
    expect(days.slice(0, 3650).every((day) => day === 10_000n * WAD)).to.equal(true);
    expect(days.slice(3650)).to.deep.equal([0n, 0n]);
  });
});

describe('epochs and the calendar', () => {
  for (const name of ['langx', 'lingopod', 'tnet'] as const) {
    it(`${name} refuses a start that is not 00:00 UTC`, () => {
      const preset = presetNamed(name);
      for (const second of [1, DAY - 1, DAY / 2]) {
        let code = '';
        try {
          presetParameters(preset, (STARTS[1] ?? 0) + second);
        } catch (error) {
          if (error instanceof InputError) code = error.code;
        }
        expect(code).to.equal('START_NOT_ALIGNED');
      }
      expect(presetParameters(preset, STARTS[1] ?? 0).economy.start).to.equal(STARTS[1]);
    });
  }

  it('lingoai, whose epochs are weeks, starts at any second', () => {
    expect(presetParameters(presetNamed('lingoai'), 12_345).economy.start).to.equal(12_345);
  });

  it('the partial last epoch emits exactly what is left', () => {
    const start = STARTS[1] ?? 0;
    const { economy, lastEmissionEpoch } = presetParameters(presetNamed('lingoai'), start);
    const weeks = budgets('lingoai', start);
    const lastYear = 787_500_000n * WAD;
    const [end = 0, yearBefore = 0] = [economy.curve.at(-1)?.end, economy.curve.at(-2)?.end];
    const left = BigInt(end - (start + lastEmissionEpoch * economy.epochLength));
    expect(left < BigInt(economy.epochLength)).to.equal(true);
    // Emission is linear within the year, and what was emitted before is rounded down: the last epoch gets the wei.
    const exact = lastYear * left;
    const year = BigInt(end - yearBefore);
    expect(weeks[lastEmissionEpoch]).to.equal((exact + year - 1n) / year);
  });
});

describe('the unit pool of LingoPod', () => {
  it('100 M of genesis for 10,000 units, outside the curve', () => {
    const start = STARTS[1] ?? 0;
    const { economy, genesis, unitPool } = presetParameters(presetNamed('lingopod'), start);
    expect(economy.genesis).to.equal(100_000_000n * WAD);
    expect(genesis.map(({ account, amount }) => ({ account, amount }))).to.deep.equal([
      { account: 'unitPool', amount: 100_000_000n * WAD },
    ]);
    expect(unitPool).to.deep.equal({
      allocation: 100_000_000n * WAD,
      units: 10_000,
      perUnit: 10_000n * WAD,
      saleEnd: start + 90 * DAY,
      releaseOver: 365 * DAY,
    });
  });

  it('no other preset has one', () => {
    for (const name of ['lingoai', 'tnet', 'langx'] as const) {
      const { genesis, unitPool } = presetParameters(presetNamed(name), 0);
      expect({ genesis, unitPool }).to.deep.equal({ genesis: [], unitPool: null });
    }
  });
});

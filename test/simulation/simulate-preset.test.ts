import { expect } from 'chai';

import { presetOf, simulated } from '../../scripts/economics/simulated.ts';
import { addCalendar } from '../../src/settlement/preset/calendar.ts';
import type { Simulation } from '../../src/simulation/simulate-preset.ts';

const TOKEN = 10n ** 18n;
const DAY = 86_400;
const emissions = ({ periods }: Simulation): bigint => periods.reduce((sum, { emission }) => sum + emission, 0n);

describe('simulatePreset', () => {
  for (const [name, variant, total] of [
    ['lingoai', undefined, 45_000_000_000n * TOKEN],
    ['lingopod', undefined, 16_500_000_000n * TOKEN],
    ['lingopod', 'published', null],
    ['tnet', undefined, 6_000_000_000n * TOKEN],
    ['langx', undefined, 36_500_000n * TOKEN],
  ] as const) {
    it(`sums to the curve and places every token: ${name}${variant === undefined ? '' : ` (${variant})`}`, () => {
      const simulation = simulated({ name, ...(variant === undefined ? {} : { variant }), people: 500 });
      const { economy } = presetOf(name, variant).parameters;
      const { periods, phases, totals, supply, epochs } = simulation;
      const whole = economy.curve.at(-1)!.cumulative;
      if (total !== null) expect(whole).to.equal(total);
      expect(emissions(simulation)).to.equal(whole);
      expect(periods.at(-1)!.cumulative).to.equal(whole);
      expect(totals.emission).to.equal(whole);
      expect(phases.reduce((sum, phase) => sum + phase.total, 0n)).to.equal(whole);
      expect(periods.reduce((sum, period) => sum + period.granted, 0n)).to.equal(totals.granted);
      expect(periods.reduce((sum, period) => sum + period.epochs, 0)).to.equal(epochs.length);
      expect(totals.in + totals.deposited - totals.out).to.equal(totals.balance);
      expect(supply.circulating + supply.locked + supply.reserve + supply.pools).to.equal(supply.minted);
      expect(supply.minted).to.equal(whole + economy.genesis);
      periods.forEach(({ index, start, end }, at) => {
        expect(index).to.equal(at + 1);
        expect(start).to.equal(at === 0 ? economy.start : periods[at - 1]!.end);
        if (typeof simulation.unit === 'string')
          expect(end).to.equal(addCalendar(economy.start, index, simulation.unit));
        else expect(end - start).to.equal(DAY);
      });
    });
  }

  it('LingoAI: the published phases to the wei', () => {
    const { phases } = simulated({ name: 'lingoai', people: 10 });
    expect(phases.map(({ total }) => total)).to.deep.equal(
      [20_250_000_000n, 13_500_000_000n, 11_250_000_000n].map((of) => of * TOKEN),
    );
  });

  it('LingoPod: 12 % in the first 12 months to 1 token, month 1 and 240 of the published variant', () => {
    const { periods, unit } = simulated({ name: 'lingopod', people: 500 });
    expect(unit).to.equal('month');
    expect(periods).to.have.lengthOf(240);
    const short = 1_980_000_000n * TOKEN - periods[11]!.cumulative;
    expect(short < TOKEN && short > -TOKEN).to.be.true;
    const published = simulated({ name: 'lingopod', variant: 'published', people: 500 }).periods;
    expect(published[0]!.emission / 10n ** 14n).to.equal(1_345_604_704_918n);
    expect(published[239]!.emission / 10n ** 16n).to.equal(1_218_229_158n);
    expect(published[239]!.cumulative / 10n ** 24n).to.equal(12_250n);
  });

  it('pays unsold units into the reserve when the sale ends, and supply does not change', () => {
    const [all, half] = [10_000, 5_000].map((unitsSold) =>
      simulated({ name: 'lingopod', people: 500, years: 3, unitsSold }),
    );
    expect(all!.totals.deposited).to.equal(0n);
    expect(half!.totals.deposited).to.equal(50_000_000n * TOKEN);
    expect(half!.epochs.find(({ deposited }) => deposited > 0n)!.epoch).to.equal(90);
    expect(half!.supply.minted).to.equal(all!.supply.minted);
    expect(half!.totals.granted > all!.totals.granted).to.be.true;
    for (const { supply } of [all!, half!]) {
      expect(supply.circulating + supply.locked + supply.reserve + supply.pools).to.equal(supply.minted);
      expect(supply.pools).to.equal(0n);
    }
  });

  it('TNET: with no miner the foundation gets nothing, and else its share of what miners get', () => {
    const nobody = simulated({ name: 'tnet', people: 0, years: 1 });
    expect([nobody.totals.granted, nobody.totals.foundation]).to.deep.equal([0n, 0n]);
    const { totals } = simulated({ name: 'tnet', people: 100, years: 1 });
    expect(totals.foundation > 0n && totals.foundation * 5n <= totals.granted).to.be.true;
  });

  it('LangX: a cap that binds leaves the rest to later days', () => {
    const { epochs, totals } = simulated({ name: 'langx', people: 5, years: 2 });
    expect(epochs[0]!.granted).to.equal((5n * 12n * 10_000n * TOKEN) / 100n);
    expect(epochs[0]!.reasons.capAndRounding).to.equal(4_000n * TOKEN);
    expect(epochs.at(-1)!.granted > epochs[0]!.granted).to.be.true;
    expect(totals.in - totals.out).to.equal(totals.balance);
  });

  it('tells why epochs with people pay nothing: the law, or nothing left to pay', () => {
    const over = simulated({ name: 'langx', people: 500, years: 11 });
    expect(over.unpaidBecause).to.deep.equal({ law: 0, empty: over.unpaid, rounding: 0 });
    expect(over.unpaid > 300).to.be.true;
    const boom = simulated({ name: 'lingopod', people: 100, years: 4, story: 'boom' });
    expect(boom.unpaidBecause).to.deep.equal({ law: boom.unpaid, empty: 0, rounding: 0 });
    expect(boom.unpaid > 300).to.be.true;
  });

  it('takes less than ten seconds for 20 years of days', () => {
    const before = performance.now();
    expect(simulated({ name: 'lingopod', people: 500, story: 'random' }).epochs).to.have.lengthOf(7_305);
    expect(performance.now() - before).to.be.below(10_000);
  });
});

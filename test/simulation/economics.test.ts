import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { PAGE, withComputed } from '../../scripts/economics/markdown.ts';
import { AFTER, drainChart, drains, drainTable } from '../../scripts/economics/nothing-stuck.ts';
import { splitRows, splitTable } from '../../scripts/economics/splitting.ts';
import { of, steadinessChart, steadinessRows, steadinessTable } from '../../scripts/economics/steadiness.ts';
import { svgChart } from '../../src/simulation/chart/svg-chart.ts';
import { matchPage } from '../support/snapshot.ts';

describe('the value of rewards under −80 % and random walks', function () {
  this.timeout(120_000);
  const rows = steadinessRows();

  for (const { preset, people, level, crash, walks } of rows) {
    it(`varies less with the reserve than without: ${preset}, ${people} people`, () => {
      const { withReserve, without } = of(crash);
      expect(withReserve.coefficient).to.be.below(without.coefficient);
      expect(withReserve.drawdown).to.be.below(without.drawdown);
      const all = walks.map(of);
      const mean = (pick: (each: (typeof all)[number]) => number) => all.reduce((sum, each) => sum + pick(each), 0);
      expect(mean((each) => each.withReserve.coefficient)).to.be.below(mean((each) => each.without.coefficient));
      expect(mean((each) => each.withReserve.drawdown)).to.be.below(mean((each) => each.without.drawdown));
      // A crowd that the law pays in full: on each of the walks, not only on average.
      if (level > 0.9)
        for (const each of all) expect(each.withReserve.coefficient).to.be.below(each.without.coefficient);
    });
  }

  it('is nothing while the price is so high that the law’s factor is 0 or below', () => {
    expect(rows.filter(({ boom }) => boom.unpaid > 0).map(({ preset, people }) => [preset, people])).to.deep.equal([
      ['lingopod', 100],
    ]);
  });

  it('stands on the page as computed, with its charts', async () => {
    matchPage('docs/charts/reserve-crash.svg', svgChart(steadinessChart('crash')));
    matchPage('docs/charts/reserve-walk.svg', svgChart(steadinessChart('random')));
    matchPage(PAGE, await withComputed(readFileSync(PAGE, 'utf8'), new Map([['steadiness', steadinessTable(rows)]])));
  });
});

describe('nothing is stuck', function () {
  this.timeout(120_000);
  const rows = drains();

  for (const { words, at, shares } of rows) {
    it(`gives everything back in time after the end of the curve: ${words}`, () => {
      shares.slice(1).forEach((share, i) => expect(share).to.be.at.most(shares[i]!));
      const [end = 0, , , , late = 1] = at;
      expect(end).to.be.above(0.005);
      expect(late).to.be.below(words.includes(' 50 ') ? end / 4 : end / 10_000);
    });
  }

  it('stands on the page as computed, with its chart', async () => {
    expect(AFTER).to.have.lengthOf(5);
    matchPage('docs/charts/reserve-drain.svg', svgChart(drainChart(rows)));
    matchPage(PAGE, await withComputed(readFileSync(PAGE, 'utf8'), new Map([['drain', drainTable(rows)]])));
  });
});

describe('what splitting one person into accounts pays', function () {
  this.timeout(240_000);
  let rows: Awaited<ReturnType<typeof splitRows>>;
  before(async () => {
    rows = await splitRows();
  });
  const paid = (preset: string, who: string) => rows.find((row) => row.preset === preset && row.who === who)!;

  it('costs under the eligibility rule of every preset, the more the more accounts', () => {
    for (const { preset, who, ruled } of rows) {
      const [two = 1, five = 1, ten = 1] = ruled;
      expect(two, `${preset}, ${who}`).to.be.below(0.85);
      expect(five).to.be.below(two);
      expect(ten).to.be.below(five);
    }
  });

  it('pays without one where accounts count: LingoPod, the more the more accounts', () => {
    for (const who of ['best paid', 'typical']) {
      const [two = 0, five = 0, ten = 0] = paid('lingopod', who).open;
      expect(two).to.be.above(1);
      expect(five).to.be.above(two);
      expect(ten).to.be.above(five);
    }
  });

  it('pays without one where caps bind: LangX by a third, LingoAI by a hundredth', () => {
    expect(paid('langx', 'best paid').open[0]).to.be.within(1.3, 1.5);
    for (const share of paid('lingoai', 'most capped').open) expect(share).to.be.within(1.004, 1.02);
  });

  it('pays nothing where points are proportional and nothing is capped: TNET', () => {
    for (const who of ['best paid', 'typical']) {
      for (const share of paid('tnet', who).open) expect(share).to.be.within(0.99, 1.0001);
    }
  });

  it('stands on the page as computed', async () => {
    matchPage(PAGE, await withComputed(readFileSync(PAGE, 'utf8'), new Map([['splitting', splitTable(rows)]])));
  });
});

import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { PAGE, withComputed } from '../../scripts/economics/markdown.ts';
import { AFTER, drainChart, drains, drainTable } from '../../scripts/economics/nothing-stuck.ts';
import { of, steadinessChart, steadinessRows, steadinessTable } from '../../scripts/economics/steadiness.ts';
import { svgChart } from '../../src/cli/output/chart/svg-chart.ts';
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
  this.timeout(60_000);
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

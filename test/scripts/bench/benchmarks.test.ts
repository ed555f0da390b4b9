import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { BenchFigures } from '../../../scripts/bench/all/figures.ts';
import { growing, targetsOf } from '../../../scripts/bench/all/figures.ts';
import { benchmarksPage, growthChart } from '../../../scripts/bench/all/page.ts';
import { growthOf } from '../../../scripts/bench/epoch/epoch-bench.ts';
import { matchPage } from '../../support/snapshot.ts';

const figures = JSON.parse(readFileSync('snapshots/benchmarks.json', 'utf8')) as BenchFigures;

describe('the benchmarks', () => {
  it('stand on their page as they were measured', async () => {
    matchPage('docs/benchmarks.md', await benchmarksPage(figures));
    matchPage('docs/charts/epoch-growth.svg', growthChart(figures));
  });

  it('miss whatever was not measured', () => {
    const nothing = { ...figures, tree: [], epochs: [], scoring: [], paths: { ...figures.paths, rows: [] } };
    const targets = targetsOf(nothing);
    expect(targets.map(({ ok }) => ok)).to.deep.equal(targets.map(() => false));
    expect(new Set(targets.map(({ seen }) => seen))).to.deep.equal(new Set(['not measured']));
  });

  it('miss what is past its limit, and hold what is at it', () => {
    const [first] = targetsOf({
      ...figures,
      scoring: [{ ...figures.scoring[0]!, what: 'plain sums', ratio: 1.25 }],
    }).filter(({ what }) => what.includes('plain sums'));
    expect(first).to.include({ seen: '1.25 ×', ok: true });
    const [second] = targetsOf({
      ...figures,
      scoring: [{ ...figures.scoring[0]!, what: 'plain sums', ratio: 1.26 }],
    }).filter(({ what }) => what.includes('plain sums'));
    expect(second).to.include({ seen: '1.26 ×', ok: false });
  });

  it('take growth from the smallest epoch to the largest', () => {
    const [one] = figures.epochs;
    const row = (accounts: number, processorMilliseconds: number) => ({
      ...one!,
      accounts,
      rows: 2 * accounts,
      processorMilliseconds,
    });
    const rows = growing([row(1000, 400), row(10, 4), row(100, 40), { ...row(100, 1), rows: 7 }]);
    expect(rows.map(({ accounts }) => accounts)).to.deep.equal([10, 100, 1000]);
    expect(growthOf(rows).toFixed(6)).to.equal('1.000000');
    expect(growthOf([row(10, 4), row(1000, 40_000)]).toFixed(6)).to.equal('2.000000');
  });
});

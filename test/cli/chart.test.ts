import { expect } from 'chai';

import type { Chart } from '../../src/simulation/chart/chart.ts';
import { scaleFor, short } from '../../src/simulation/chart/scale.ts';
import { sparkline } from '../../src/cli/output/sparkline.ts';
import { svgChart } from '../../src/simulation/chart/svg-chart.ts';
import { simulationChart } from '../../src/simulation/simulation-chart.ts';
import { runSimulation } from '../../src/cli/simulate/run-simulation.ts';

describe('scaleFor', () => {
  for (const [highest, max] of [
    [0, 1],
    [1, 1],
    [87, 100],
    [100, 100],
    [101, 150],
    [97_000_000, 100_000_000],
    [0.0031, 0.004],
  ] as const) {
    it(`shows ${highest} on a scale up to ${max}`, () => {
      const scale = scaleFor(highest, 4);
      // Not `closeTo`: where Hardhat's matchers are loaded too, it takes whole numbers only.
      expect(Math.abs(scale.max - max) <= max * 1e-9, `${scale.max}`).to.equal(true);
      expect(scale.ticks[0]).to.equal(0);
      expect(scale.ticks.at(-1)).to.equal(scale.max);
    });
  }
});

describe('short', () => {
  it('writes sizes as letters and leaves idle zeros out', () => {
    expect([0, 0.0005, 0.015, 0.5, 2.5, 12, 125, 1000, 97_500_000, 2e9].map(short)).to.deep.equal([
      '0',
      '0.0005',
      '0.015',
      '0.5',
      '2.5',
      '12',
      '125',
      '1 k',
      '97.5 M',
      '2 B',
    ]);
  });
});

describe('sparkline', () => {
  it('shows nothing for zero and something for everything else', () => {
    expect(sparkline([0, 0.001, 4, 8], 10)).to.equal(' ▁▄█');
  });

  it('averages what does not fit', () => {
    expect(sparkline([8, 8, 0, 0, 4, 4], 3)).to.equal('█ ▄');
  });

  it('takes no values and all zeros', () => {
    expect([sparkline([], 5), sparkline([0, 0], 5)]).to.deep.equal(['', '  ']);
  });
});

describe('svgChart', () => {
  const chart: Chart = {
    title: 'a < b & "c"',
    subtitle: '',
    footnote: '',
    steps: 2,
    marks: [{ at: 0, text: '2024-01' }],
    panels: [
      {
        title: 'one',
        height: 80,
        layers: [
          { kind: 'columns', name: 'columns', colour: '#000', values: [1, 0], base: [0, 0] },
          { kind: 'area', name: 'area', colour: '#111', values: [1, 2] },
          { kind: 'line', name: 'line', colour: '#222', values: [1, 2], dashed: true },
        ],
      },
    ],
  };

  it('gives the same bytes for the same chart, with every text escaped and no number that is none', () => {
    const svg = svgChart(chart);
    expect(svg).to.equal(svgChart(chart));
    expect(svg)
      .to.contain('a &lt; b &amp; &quot;c&quot;')
      .and.not.match(/NaN|Infinity|undefined/);
  });

  it('draws no column of no height', () => {
    const rectangles = svgChart(chart).match(/fill="#000"/g);
    expect(rectangles).to.have.length(2); // one column and its place in the legend
  });
});

describe('simulationChart', () => {
  const chartOf = async (preset: string, years?: number) =>
    simulationChart(await runSimulation({ preset, participants: '500', price: 'flat', seed: 1, years }, '.'));

  it('names years and months, and leaves out a reserve that is empty throughout', async () => {
    const tnet = await chartOf('tnet');
    expect(tnet.title).to.contain('8 years and 4 months simulated');
    expect(tnet.panels.map(({ title }) => title).join()).not.to.contain('reserve (');
    expect(tnet.footnote).to.contain('The reserve never held a whole TNET.');
    const lingopod = await chartOf('lingopod', 1);
    expect(lingopod.title).to.contain('a year simulated');
    expect(lingopod.panels.map(({ title }) => title).join()).to.contain('Stabilisation reserve (');
    expect(lingopod.footnote).not.to.contain('never');
  });
});

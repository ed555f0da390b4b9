import { expect } from 'chai';

import { WAD } from '../../src/protocol/fixed-point.ts';
import { emissionLine, plannedBy, thinned } from '../../web/src/views/overview/series.ts';

const TERMS = {
  clock: { start: 1000, length: 100 },
  curve: {
    start: 1000,
    periods: [
      { end: 2000, cumulative: 100n * WAD },
      { end: 3000, cumulative: 150n * WAD },
    ],
  },
  genesis: 7n * WAD,
};

describe('the lines of the overview', () => {
  it('begins at genesis and goes through every end of a period', () => {
    expect(emissionLine(TERMS).map(({ time, amount }) => [time.getTime() / 1000, amount])).to.deep.equal([
      [1000, 7],
      [2000, 107],
      [3000, 157],
    ]);
  });

  it('says what is planned between two of them', () => {
    expect(plannedBy(TERMS, 1500)).to.equal(57n * WAD);
    expect(plannedBy(TERMS, 0)).to.equal(7n * WAD);
  });

  it('leaves out evenly, and never the last', () => {
    const numbers = Array.from({ length: 1461 }, (_, at) => at);
    expect(thinned(numbers, 400).at(-1)).to.equal(1460);
    expect(thinned(numbers, 400).length).to.be.at.most(400);
    expect(thinned([1, 2, 3, 4, 5, 6], 3)).to.deep.equal([2, 4, 6]);
    expect(thinned([])).to.deep.equal([]);
  });
});

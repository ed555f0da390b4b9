import { expect } from 'chai';

import { lastEvents } from '../../src/chain/last-events.ts';

/** Events in these blocks, and which ranges were asked for. */
function chain(blocks: readonly number[]) {
  const asked: [number, number][] = [];
  const query = (from: number, to: number): Promise<number[]> => {
    asked.push([from, to]);
    return Promise.resolve(blocks.filter((block) => block >= from && block <= to));
  };
  return { query, asked };
}

describe('the newest events of a range', () => {
  it('are found from its end, in steps that grow', async () => {
    const { query, asked } = chain([5, 60_000, 99_999, 100_000]);
    expect(await lastEvents(query, { from: 0, to: 100_000 })).to.deep.equal([99_999, 100_000]);
    expect(asked).to.deep.equal([[90_001, 100_000]]);
    expect((await lastEvents(query, { from: 0, to: 99_000 })).at(-1)).to.equal(60_000);
    expect(asked.slice(1)).to.deep.equal([
      [89_001, 99_000],
      [69_001, 89_000],
      [29_001, 69_000],
    ]);
  });

  it('are looked for in every block of it, and in no other', async () => {
    const { query, asked } = chain([7]);
    expect(await lastEvents(query, { from: 8, to: 50_000 })).to.deep.equal([]);
    expect(asked.at(-1)?.[0]).to.equal(8);
    expect(asked.reduce((sum, [from, to]) => sum + to - from + 1, 0)).to.equal(49_993);
    expect(await lastEvents(query, { from: 7, to: 7 })).to.deep.equal([7]);
    expect(await lastEvents(query, { from: 8, to: 7 })).to.deep.equal([]);
  });
});

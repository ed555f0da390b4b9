import { expect } from 'chai';

import { firstBlockSince } from '../../src/chain/block-since.ts';
import { expectCode } from '../support/expect-code.ts';

/** A chain of blocks with these times. */
function chain(times: readonly number[]) {
  const asked: number[] = [];
  const getBlock = (number: number) => {
    asked.push(number);
    const timestamp = times[number];
    return Promise.resolve(timestamp === undefined ? null : { timestamp });
  };
  return { asked, provider: { getBlock } as unknown as Parameters<typeof firstBlockSince>[0] };
}

describe('the first block since a time', () => {
  it('is the first that is not earlier, wherever it lies, and the last where all are earlier', async () => {
    const times = [0, 10, 10, 11, 30, 30, 30, 55];
    const { provider } = chain(times);
    for (let time = 0; time <= 60; time++) {
      const expected = times.findIndex((other) => other >= time);
      const found = await firstBlockSince(provider, time, { from: 0, to: 7 });
      expect(found, `at ${time}`).to.equal(expected === -1 ? 7 : expected);
    }
    expect(await firstBlockSince(provider, 10, { from: 2, to: 7 })).to.equal(2);
    expect(await firstBlockSince(provider, 55, { from: 0, to: 4 })).to.equal(4);
    expect(await firstBlockSince(provider, 5, { from: 3, to: 3 })).to.equal(3);
  });

  it('is found with a question for each doubling of the chain', async () => {
    const { provider, asked } = chain(Array.from({ length: 100_000 }, (_, number) => number * 2));
    expect(await firstBlockSince(provider, 123_457, { from: 0, to: 99_999 })).to.equal(61_729);
    expect(asked.length).to.be.at.most(17);
  });

  it('is not guessed where a block is missing', async () => {
    await expectCode(firstBlockSince(chain([0, 1]).provider, 5, { from: 0, to: 9 }), 'NODE_UNAVAILABLE');
  });
});

import { expect } from 'chai';
import type { Provider } from 'ethers';

import { splittingLogs } from '../../src/chain/split-logs.ts';

/** A node with an event in every block, that looks through `most` of them at once. */
function node(most: number, refusal: () => Error = () => new Error('too many blocks')) {
  const asked: number[] = [];
  const provider = {
    most,
    getLogs: async ({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) => {
      await Promise.resolve();
      const blocks = toBlock - fromBlock + 1;
      asked.push(blocks);
      if (blocks > provider.most) throw refusal();
      return Array.from({ length: blocks }, (_, n) => ({ blockNumber: fromBlock + n }));
    },
  };
  return { asked, provider, split: splittingLogs(provider as unknown as Provider) };
}

describe('events from a node that looks through few blocks at once', () => {
  for (const most of [20, 999, 10_000]) {
    it(`are all there and in order, ${most} at a time`, async () => {
      const { split, asked } = node(most);
      for (const round of [1, 2]) {
        asked.length = 0;
        const logs = await split.getLogs({ fromBlock: 3, toBlock: 60_002 });
        expect(logs.map(({ blockNumber }) => blockNumber)).to.deep.equal(
          Array.from({ length: 60_000 }, (_, n) => n + 3),
        );
        // What it bears is remembered: a few requests are in vain, no more.
        const refused = asked.filter((blocks) => blocks > most).length;
        expect(refused, `round ${round}`).to.be.at.most(round === 1 ? 4 * 13 : 4 * 2);
      }
    });
  }

  it('are asked for at once again when a node bears it again', async () => {
    const { split, asked, provider } = node(100);
    await split.getLogs({ fromBlock: 0, toBlock: 9_999 });
    provider.most = 1_000_000;
    for (let round = 0; round < 8; round++) await split.getLogs({ fromBlock: 0, toBlock: 9_999 });
    expect(asked.at(-1)).to.equal(10_000);
  });

  it('are not asked for again and again from a node that is not there', async () => {
    for (const [code, most] of [
      ['NETWORK_ERROR', 4],
      ['TIMEOUT', 12],
      ['', 80],
    ] as const) {
      const { split, asked } = node(0, () => Object.assign(new Error('no'), { code }));
      const error: unknown = await split
        .getLogs({ fromBlock: 0, toBlock: 1_000_000 })
        .catch((thrown: unknown) => thrown);
      expect(error).to.include({ message: 'no' });
      expect(asked.length, code).to.be.at.most(most);
    }
  });
});

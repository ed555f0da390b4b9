import { mock } from 'node:test';

import { expect } from 'chai';

import type { Endpoint } from '../../src/chain/agreement.ts';
import { agreed, agreedBlock, askEach, EndpointsDisagreeError, isStillThere } from '../../src/chain/agreement.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { decodeRevert } from '../../src/chain/revert-error.ts';
import { expectCode } from '../support/expect-code.ts';

/** An endpoint whose chain is a list of block hashes. */
function endpoint(name: string, hashes: readonly string[], seconds = 12, finalized = -1): Endpoint {
  const provider = {
    getBlock: (at: number | 'latest' | 'finalized') => {
      const number = at === 'latest' ? hashes.length - 1 : at === 'finalized' ? finalized : at;
      const hash = hashes[number];
      return Promise.resolve(hash === undefined ? null : { number, hash, timestamp: number * seconds });
    },
  };
  return { name, connection: { provider } as unknown as Connection }; // nothing else is asked for
}

const disagreement = async (act: Promise<unknown>): Promise<EndpointsDisagreeError> => {
  const error: unknown = await act.catch((thrown: unknown) => thrown);
  if (error instanceof EndpointsDisagreeError) return error;
  throw error instanceof Error ? error : new Error('nothing failed');
};

describe('agreement of endpoints', () => {
  const [a, b] = [endpoint('a', ['g', '1', '2', '3']), endpoint('b', ['g', '1', '2', '3', '4'])];

  it('takes the newest block that all have, with its confirmations below the lower head', async () => {
    expect(await agreedBlock([a, b], 0)).to.deep.equal({ number: 3, hash: '3', time: 36 });
    expect(await agreedBlock([a, b], 2)).to.deep.equal({ number: 1, hash: '1', time: 12 });
    expect(await agreedBlock([a, b], 99)).to.deep.equal({ number: 0, hash: 'g', time: 0 });
    expect(await agreedBlock([b], 0)).to.deep.equal({ number: 4, hash: '4', time: 48 });
  });

  it('takes the newest block that all call final, and asks for one that does', async () => {
    const [far, near] = [endpoint('a', ['g', '1', '2', '3'], 12, 2), endpoint('b', ['g', '1', '2', '3'], 12, 1)];
    expect(await agreedBlock([far, near], 'finalized')).to.deep.equal({ number: 1, hash: '1', time: 12 });
    await expectCode(agreedBlock([far, a], 'finalized'), 'FINALITY_UNKNOWN');
  });

  it('refuses a block of which one has another, and names what each said', async () => {
    const forked = endpoint('c', ['g', '1', 'x', 'y']);
    const { what, answers } = await disagreement(agreedBlock([a, forked], 0));
    expect(what).to.equal('block 3');
    expect(answers.map(({ endpoint: name, answer }) => [name, (answer as { hash: string }).hash])).to.deep.equal([
      ['a', '3'],
      ['c', 'y'],
    ]);
    expect((await agreedBlock([a, forked], 2)).hash).to.equal('1');
  });

  it('refuses an endpoint that stands still, however alike the blocks are that both have', async () => {
    const hashes = Array.from({ length: 102 }, (_, n) => `${n}`);
    const [here, lagging] = [endpoint('a', hashes), endpoint('b', hashes.slice(0, 52))];
    expect((await agreedBlock([here, lagging], 0)).number).to.equal(51); // 50 blocks of 12 seconds
    const still = endpoint('b', hashes.slice(0, 51));
    const { what, answers } = await disagreement(agreedBlock([here, still], 0));
    expect(what).to.equal('the newest block');
    expect(answers.map(({ answer }) => answer)).to.deep.equal([
      { number: 101, time: 1_212 },
      { number: 50, time: 600 },
    ]);
  });

  it('takes an answer that nobody can read, and a refusal, for a failure of that endpoint', async () => {
    const broken = (): Promise<never> => Promise.reject(new TypeError('value.map is not a function'));
    await expectCode(agreed([a], 'x', broken), 'NODE_INCONSISTENT');
    const refused = (): Promise<never> => Promise.reject(decodeRevert('0x'));
    await expectCode(agreed([a], 'x', refused), 'NODE_INCONSISTENT');
    await expectCode(askEach([a, b], refused), 'REVERT_UNKNOWN');
    let asked = 0;
    await expectCode(
      askEach([a, b], () => (asked++ === 0 ? refused() : broken())),
      'NODE_INCONSISTENT',
    );
  });

  it('sees when a block is gone', async () => {
    expect(await isStillThere([a, b], { number: 2, hash: '2', time: 24 })).to.equal(true);
    expect(await isStillThere([a, b], { number: 2, hash: 'x', time: 24 })).to.equal(false);
    await expectCode(isStillThere([a], { number: 9, hash: '9', time: 0 }), 'NODE_UNAVAILABLE');
  });

  it('compares answers to the last digit, whole numbers as numbers', async () => {
    const read = (values: readonly unknown[]) => {
      let at = 0;
      return () => Promise.resolve(values[at++]);
    };
    expect(await agreed([a, b], 'x', read([{ n: 10n ** 30n }, { n: 10n ** 30n }]))).to.deep.equal({ n: 10n ** 30n });
    await disagreement(agreed([a, b], 'x', read([{ n: 1n }, { n: 2n }])));
    await disagreement(agreed([a, b], 'x', read([{ n: 1n }, { n: '1' }])));
    await disagreement(agreed([a, b], 'x', read([null, []])));
  });

  it('has a deadline for each request, and one for all of them', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let count = 0;
      const counted: Endpoint = { ...a, answered: () => count };
      const never = async (): Promise<never> => await new Promise<never>(() => undefined);
      const outcome = async (of: Endpoint, isBusy: boolean): Promise<number> => {
        const state = { ended: false };
        const waiting = expectCode(agreed([of], 'x', never), 'NODE_UNAVAILABLE').finally(() => (state.ended = true));
        let waited = 0;
        for (; !state.ended && waited < 3_600; waited += 10) {
          if (isBusy) count++;
          mock.timers.tick(10_000);
          for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        }
        await waiting;
        return waited;
      };
      expect(await outcome(a, true)).to.equal(30);
      expect(await outcome(counted, false)).to.equal(30);
      expect(await outcome(counted, true)).to.equal(600);
    } finally {
      mock.timers.reset();
    }
  });

  it('names the endpoint that does not answer, and keeps what it was about', async () => {
    const down = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code: 'SERVER_ERROR' }));
    const error: unknown = await agreed([a], 'x', down).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'NODE_UNAVAILABLE' });
    expect((error as { details: object }).details).to.deep.equal({ endpoint: 'a' });
  });
});

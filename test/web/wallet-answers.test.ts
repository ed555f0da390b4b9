import { expect } from 'chai';

import { checksumAddress, parseAddress } from '../../src/protocol/brands.ts';
import { usableWallets } from '../../web/src/wallet/announced-wallets.ts';
import { offeredAccount, toldChain } from '../../web/src/wallet/wallet-answers.ts';

const ALICE = parseAddress('0x15d34aaf54267db7d7c367839aaf71a00a2c6a65');

describe('wallets that announce themselves', () => {
  it('are only those that can be named and asked', () => {
    const info = { uuid: '1', name: 'Good', rdns: 'good.test' };
    const provider = { request: () => Promise.resolve(null) };
    const good = { info, provider };
    const wrong = [
      ...[null, undefined, 7, 'wallet', {}, { info }, { provider }, { info, provider: {} }],
      { info: { ...info, name: { toString: null } }, provider },
      { info: { ...info, name: ' ' }, provider },
      { info: { ...info, rdns: 7 }, provider },
      { info: { name: 'No id', rdns: 'a' }, provider },
    ];
    expect(usableWallets([...wrong, good])).to.deep.equal([good]);
    expect(usableWallets(undefined)).to.deep.equal([]);
  });
});

describe('what a wallet answers', () => {
  it('is an account, however it is written', () => {
    const capitals = `0x${ALICE.slice(2).toUpperCase()}`;
    for (const text of [ALICE, checksumAddress(ALICE), capitals]) expect(offeredAccount([text, 'x'])).to.equal(ALICE);
  });

  it('is none where it is something else', () => {
    const wrong = [undefined, null, [], {}, [null], [7], ['alice.eth'], [`${ALICE}00`], ALICE, [[ALICE]]];
    for (const one of wrong) expect(offeredAccount(one)).to.equal(null);
  });

  it('is a chain as a number, or its digits, or nothing that anybody can tell', () => {
    for (const chain of ['0x7a69', '0x7A69', '31337', 31_337, 31_337n]) expect(toldChain(chain)).to.equal(31_337);
    const wrong = [
      undefined,
      null,
      '',
      ' ',
      'mainnet',
      '0x',
      -1,
      0,
      1.5,
      Number.NaN,
      '1e3',
      `0x${'f'.repeat(20)}`,
      {},
      [],
    ];
    for (const one of wrong) expect(toldChain(one)).to.equal(null);
  });
});

import { expect } from 'chai';
import type { Provider } from 'ethers';
import { AbiCoder } from 'ethers';

import { parseAddressBook } from '../../src/chain/address-book.ts';
import { atBlock } from '../../src/chain/at-block.ts';
import { attach } from '../../src/chain/bindings.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { NOWHERE_BOOK } from '../support/nowhere-book.ts';

const BLOCK = 41;

/** A node that keeps what it is asked. */
function scene() {
  const asked: [string, unknown][] = [];
  const provider = {
    call: (transaction: { blockTag?: unknown }) => {
      asked.push(['call', transaction.blockTag]);
      return Promise.resolve(AbiCoder.defaultAbiCoder().encode(['uint256'], [7n]));
    },
    getLogs: (filter: { fromBlock?: unknown; toBlock?: unknown }) => {
      asked.push(['logs', [filter.fromBlock, filter.toBlock]]);
      return Promise.resolve([]);
    },
    getBlock: (tag: unknown) => {
      asked.push(['block', tag]);
      return Promise.resolve(null);
    },
    getBlockNumber: () => Promise.resolve(99),
    getBalance: (_: string, tag: unknown) => {
      asked.push(['balance', tag]);
      return Promise.resolve(0n);
    },
    resolveName: (name: string) => Promise.resolve(name),
    estimateGas: () => Promise.resolve(21_000n),
  } as unknown as Provider;
  const addressBook = parseAddressBook(NOWHERE_BOOK);
  const addresses = addressBook.contracts;
  const connection: Connection = { addressBook, addresses, provider, contracts: attach(addresses, provider) };
  return { asked, pinned: atBlock(connection, BLOCK) };
}

describe('atBlock', () => {
  it('reads contracts, events and blocks as they were in the block', async () => {
    const { asked, pinned } = scene();
    const { token } = pinned.contracts;
    expect(await token.totalSupply()).to.equal(7n);
    await token.queryFilter(token.filters.Transfer(), 3);
    await pinned.provider.getBlock('latest');
    await pinned.provider.getBalance(pinned.addresses.token);
    expect(asked).to.deep.equal([
      ['call', BLOCK],
      ['logs', [3, BLOCK]],
      ['block', BLOCK],
      ['balance', BLOCK],
    ]);
    expect(await pinned.provider.getBlockNumber()).to.equal(BLOCK);
  });

  it('leaves what is asked about another block, and what is only tried out', async () => {
    const { asked, pinned } = scene();
    const { token } = pinned.contracts;
    await token.totalSupply({ blockTag: 12 });
    await token.queryFilter(token.filters.Transfer(), 3, 9);
    await pinned.provider.getBlock(5);
    expect(asked).to.deep.equal([
      ['call', 12],
      ['logs', [3, 9]],
      ['block', 5],
    ]);
    expect(await pinned.provider.estimateGas({})).to.equal(21_000n);
  });
});

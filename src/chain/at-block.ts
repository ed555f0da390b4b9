import type { Filter, Provider } from 'ethers';

import type { Connection } from './connect.ts';
import { attach } from './bindings.ts';

/**
 * The same connection as it was in one block: what is read through it, however many questions that takes, is of one moment, and two
 * nodes that have the block say the same. What is only tried out (an estimate) is so in the newest one.
 */
export function atBlock(connection: Connection, block: number): Connection {
  const { addressBook, addresses, provider } = connection;
  const seen = (tag: unknown): unknown => (tag === undefined || tag === null || tag === 'latest' ? block : tag);
  const pinned: Partial<Provider> = {
    call: async (transaction) =>
      await provider.call({ ...transaction, blockTag: seen(transaction.blockTag) as typeof block }),
    getBlock: async (tag, prefetch) => await provider.getBlock(seen(tag) as typeof block, prefetch),
    getBlockNumber: () => Promise.resolve(block),
    getLogs: async (filter) => {
      if ('blockHash' in filter) return await provider.getLogs(filter);
      const range: Filter = filter; // no hash of a block, so a range
      return await provider.getLogs({ ...range, toBlock: seen(range.toBlock) as typeof block });
    },
    getBalance: async (account, tag) => await provider.getBalance(account, seen(tag) as typeof block),
    getCode: async (account, tag) => await provider.getCode(account, seen(tag) as typeof block),
    getStorage: async (account, slot, tag) => await provider.getStorage(account, slot, seen(tag) as typeof block),
  };
  const then = new Proxy(provider, {
    get: (target, key): unknown => {
      if (key === 'provider') return then;
      if (Object.hasOwn(pinned, key)) return Reflect.get(pinned, key);
      const value: unknown = Reflect.get(target, key, target);
      // Providers keep private fields, which a proxy does not have.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { addressBook, addresses, provider: then, contracts: attach(addresses, then) };
}

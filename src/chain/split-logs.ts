import type { Filter, Provider } from 'ethers';

/** The fewest blocks that a request is split down to. */
const FEWEST = 1_000;

/**
 * The same provider, for nodes that refuse to look for events in many blocks at once: a request that fails is asked again in
 * two halves, down to a thousand blocks.
 */
export function splittingLogs<P extends Provider>(provider: P): P {
  const getLogs: Provider['getLogs'] = async (filter) => {
    try {
      return await provider.getLogs(filter);
    } catch (error) {
      if ('blockHash' in filter) throw error;
      const { fromBlock, toBlock } = filter as Filter; // no hash of a block, so a range
      const from = Number(fromBlock ?? 0);
      const to = typeof toBlock === 'number' ? toBlock : await provider.getBlockNumber();
      if (!(to - from >= FEWEST)) throw error;
      const middle = from + Math.trunc((to - from) / 2);
      const earlier = await getLogs({ ...filter, fromBlock: from, toBlock: middle });
      return [...earlier, ...(await getLogs({ ...filter, fromBlock: middle + 1, toBlock: to }))];
    }
  };
  const split: P = new Proxy(provider, {
    get: (target, key): unknown => {
      if (key === 'getLogs') return getLogs;
      if (key === 'provider') return split;
      const value: unknown = Reflect.get(target, key, target);
      // Providers keep private fields, which a proxy does not have.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return split;
}

import type { Filter, Log, Provider } from 'ethers';

/** Fewer blocks than these every node looks through at once: a request for so few that fails, fails for another reason. */
const FEWEST = 16;
/** How many pieces are asked for at the same time. */
const AT_ONCE = 4;
/** A node may take too long for many blocks, but one that takes too long again and again is not there. */
const MOST_TIMEOUTS = 3;

/**
 * The same provider, for nodes that refuse to look for events in many blocks at once: a request that fails is asked again for half as
 * many, and how many a node bears is remembered.
 */
export function splittingLogs<P extends Provider>(provider: P): P {
  let width = Number.POSITIVE_INFINITY;

  const getLogs: Provider['getLogs'] = async (filter) => {
    if ('blockHash' in filter) return await provider.getLogs(filter);
    const { fromBlock, toBlock } = filter as Filter; // no hash of a block, so a range
    const from = Number(fromBlock ?? 0);
    const to = typeof toBlock === 'number' ? toBlock : await provider.getBlockNumber();
    if (to < from) return [];
    // What was too much once need not be for ever.
    width = Math.min(2 * width, Math.max(to - from + 1, FEWEST));
    const found: Log[] = [];
    for (let [next, timeouts] = [from, 0]; next <= to;) {
      const pieces = piecesOf(filter, { from: next, to, width });
      const outcomes = await Promise.allSettled(pieces.map(async (piece) => await provider.getLogs(piece)));
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.status === 'rejected') {
          const error: unknown = outcome.reason;
          const code = error instanceof Error && 'code' in error ? error.code : '';
          if (code === 'TIMEOUT') timeouts++;
          const isGone = code === 'NETWORK_ERROR' || code === 'ECONNREFUSED' || timeouts >= MOST_TIMEOUTS;
          if (isGone || width <= FEWEST) throw error;
          width = Math.max(FEWEST, Math.floor(width / 2));
          break;
        }
        found.push(...outcome.value);
        next = Number(pieces[at]?.toBlock) + 1;
      }
    }
    return found;
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

/** The next few pieces of a range. */
function piecesOf(
  filter: Filter,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): Filter[] {
  const starts = Array.from({ length: AT_ONCE }, (_, n) => from + n * width).filter((start) => start <= to);
  return starts.map((start) => ({ ...filter, fromBlock: start, toBlock: Math.min(to, start + width - 1) }));
}

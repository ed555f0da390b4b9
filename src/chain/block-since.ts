import type { Provider } from 'ethers';

import { RetryableError } from '../protocol/errors.ts';

/**
 * The first block from `from` to `to` that is not earlier than `time`; `to` when none is. Looked for by halves, so that events of
 * an epoch need not be asked for since the deployment: public nodes give few blocks at once.
 *
 * @throws {RetryableError} `NODE_UNAVAILABLE` when a block in between is not there
 */
export async function firstBlockSince(
  provider: Pick<Provider, 'getBlock'>,
  time: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + Math.trunc((high - low) / 2);
    const block = await provider.getBlock(middle);
    if (block === null) {
      throw new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage: `block ${middle} is not there` });
    }
    if (block.timestamp < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { Provider } from 'ethers';
import { FetchRequest, JsonRpcProvider, Network } from 'ethers';

import { RetryableError } from '../protocol/errors.ts';
import { endpointHost, ofEndpoint } from './endpoint-name.ts';
import { onChain } from './revert-error.ts';
import { splittingLogs } from './split-logs.ts';

/** An answer that takes longer is none, in milliseconds. */
const ANSWER_WITHIN = 30_000;

/** A node that takes no more requests (429) is asked again so often, over some seconds. */
const PATIENCE = { maxAttempts: 6, slotInterval: 250 };

/** A node behind an address. */
export interface NodeAt {
  readonly provider: Provider;
  /** How many requests it has answered so far. */
  readonly answered: () => number;
  readonly close: () => void;
}

/**
 * Connects to the node behind an address (`http://…`, `https://…`), after it has said which chain it is on.
 *
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function nodeAt(url: string): Promise<NodeAt> {
  const asking = new FetchRequest(url);
  asking.timeout = ANSWER_WITHIN;
  asking.setThrottleParams(PATIENCE);
  // Without a fixed network the provider asks again and again, for ever.
  const first = new JsonRpcProvider(asking, 1, { staticNetwork: true });
  const chainId = await chainIdOf(first, asking.url);
  first.destroy();
  const network = Network.from(chainId);
  let count = 0;
  class Counting extends JsonRpcProvider {
    override async _send(...given: Parameters<JsonRpcProvider['_send']>) {
      const answers = await super._send(...given);
      count++;
      return answers;
    }
  }
  // An answer that is kept, if only for a moment, gives the next transaction the nonce of the one just included.
  const provider = new Counting(asking, network, { staticNetwork: network, cacheTimeout: -1 });
  return { provider: splittingLogs(provider), answered: () => count, close: () => provider.destroy() };
}

/** The chain that a node is on; whoever names several nodes has to know which one an error is about. */
async function chainIdOf(provider: JsonRpcProvider, url: string): Promise<bigint> {
  const answered: unknown = await onChain(() => provider.send('eth_chainId', [])).catch((error: unknown) => {
    throw ofEndpoint(error, endpointHost(url));
  });
  if (typeof answered === 'string' && /^0x[0-9a-f]+$/i.test(answered)) return BigInt(answered);
  throw ofEndpoint(
    new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage: 'the node does not say which chain it is on' }),
    endpointHost(url),
  );
}

import type { JsonRpcProvider, Provider, Signer } from 'ethers';
import type { NetworkConnection } from 'hardhat/types/network';

import { endpointHost, ofEndpoint } from '../../chain/endpoint-name.ts';
import { onChain } from '../../chain/revert-error.ts';
import { splittingLogs } from '../../chain/split-logs.ts';
import { InputError, RetryableError } from '../../protocol/errors.ts';
import { projectHardhat } from '../demo/project-hardhat.ts';
import { optionFault } from '../errors.ts';

/** An answer that takes longer is none, in milliseconds. */
const ANSWER_WITHIN = 30_000;

/** A node that takes no more requests (429) is asked again so often, over some seconds. */
const PATIENCE = { maxAttempts: 6, slotInterval: 250 };

/** A node to read from. */
export interface LiveNetwork {
  readonly provider: Provider;
  /** How many requests it has answered so far; absent where nobody counts. */
  readonly answered?: () => number;
  /** The accounts that the network signs for, by its configuration or by itself; none behind an address. */
  readonly signers: () => Promise<readonly Signer[]>;
  readonly close: () => Promise<void>;
}

/**
 * The node behind `--network` (a network of `hardhat.config.ts`) or `--rpc` (an address); exactly one of the two.
 *
 * @throws {InputError} `OPTION_INVALID`, `NETWORK_MISSING`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function liveNetwork(name: string | undefined, url: string | undefined): Promise<LiveNetwork> {
  if ((name === undefined) === (url === undefined)) {
    throw new InputError({
      code: 'NETWORK_MISSING',
      shortMessage: 'name the chain either with --network or with --rpc',
    });
  }
  if (url !== undefined) return await byAddress(url);
  const connection = await networkConnection(name ?? '');
  return {
    provider: splittingLogs(connection.ethers.provider as Provider),
    signers: () => connection.ethers.getSigners(),
    close: () => connection.close(),
  };
}

/**
 * A connection to a network of `hardhat.config.ts` that other processes share.
 *
 * @throws {InputError} `OPTION_INVALID` with the names that there are
 */
export async function networkConnection(name: string): Promise<NetworkConnection> {
  const hre = await projectHardhat();
  const networks = Object.entries(hre.config.networks).filter(([, { type }]) => type === 'http');
  const known = networks.map(([network]) => network);
  if (!known.includes(name)) throw optionFault('--network', name, known.join(', '));
  return await hre.network.create(name);
}

async function byAddress(url: string): Promise<LiveNetwork> {
  if (!/^https?:\/\/\S+$/.test(url)) throw optionFault('--rpc', url, 'an address that begins with http:// or https://');
  const { FetchRequest, JsonRpcProvider, Network } = await import('ethers');
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
  return {
    provider: splittingLogs(provider),
    answered: () => count,
    signers: () => Promise.resolve([]),
    close: () => {
      provider.destroy();
      return Promise.resolve();
    },
  };
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

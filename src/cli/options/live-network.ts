import type { Provider, Signer } from 'ethers';
import type { NetworkConnection } from 'hardhat/types/network';

import { splittingLogs } from '../../chain/split-logs.ts';
import { onChain } from '../../chain/revert-error.ts';
import { InputError } from '../../protocol/errors.ts';
import { projectHardhat } from '../demo/project-hardhat.ts';
import { optionFault } from '../errors.ts';

/** A node to read from. */
export interface LiveNetwork {
  readonly provider: Provider;
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
  const { JsonRpcProvider, Network } = await import('ethers');
  // Without a fixed network the provider asks again and again, for ever.
  const first = new JsonRpcProvider(url, 1, { staticNetwork: true });
  const chainId: unknown = await onChain(() => first.send('eth_chainId', []));
  first.destroy();
  const network = Network.from(BigInt(String(chainId)));
  const provider = new JsonRpcProvider(url, network, { staticNetwork: network });
  return {
    provider: splittingLogs(provider),
    signers: () => Promise.resolve([]),
    close: () => {
      provider.destroy();
      return Promise.resolve();
    },
  };
}

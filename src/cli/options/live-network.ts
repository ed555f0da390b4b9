import type { Provider, Signer } from 'ethers';
import type { NetworkConnection } from 'hardhat/types/network';

import { splittingLogs } from '../../chain/split-logs.ts';
import { InputError } from '../../protocol/errors.ts';
import { projectHardhat } from '../demo/project-hardhat.ts';
import { optionFault } from '../errors.ts';

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
  const { nodeAt } = await import('../../chain/node-at.ts');
  const { provider, answered, close } = await nodeAt(url);
  return {
    provider,
    answered,
    signers: () => Promise.resolve([]),
    close: async () => await Promise.resolve().then(close),
  };
}

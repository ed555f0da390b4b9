import type { AddressBook } from '../../chain/address-book.ts';
import type { Endpoint } from '../../chain/agreement.ts';
import { connect } from '../../chain/connect.ts';
import { InputError } from '../../protocol/errors.ts';
import type { LiveNetwork } from './live-network.ts';
import { liveNetwork } from './live-network.ts';

/** Nodes that are asked the same, each under a name that may be shown. */
export interface Endpoints {
  readonly endpoints: readonly Endpoint[];
  readonly close: () => Promise<void>;
}

/**
 * Connects to the deployment of an address book by several nodes.
 *
 * @throws {InputError} `ENDPOINTS_EQUAL`, `OPTION_INVALID`, `CHAIN_DIFFERS`, `CONTRACT_MISSING`
 * @throws {RetryableError} `NODE_UNAVAILABLE` when one of them does not answer
 */
export async function openEndpoints(addressBook: AddressBook, rpc: readonly string[]): Promise<Endpoints> {
  checkDifferent(rpc);
  const networks: LiveNetwork[] = [];
  const close = async (): Promise<void> => {
    for (const network of networks) await network.close();
  };
  try {
    const endpoints: Endpoint[] = [];
    for (const url of rpc) {
      const network = await liveNetwork(undefined, url);
      networks.push(network);
      endpoints.push(await endpointOf(addressBook, network, endpointName(url, rpc)));
    }
    return { endpoints, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A node as one that is asked, after a look that the deployment is there. */
export async function endpointOf(
  addressBook: AddressBook,
  { provider, answered }: Pick<LiveNetwork, 'provider' | 'answered'>,
  name: string,
): Promise<Endpoint> {
  const connection = await connect(addressBook, provider);
  return { name, connection, ...(answered === undefined ? {} : { answered }) };
}

/**
 * Makes sure that nothing is believed because one node alone says it, unless that was asked for.
 *
 * @throws {InputError} `ENDPOINTS_TOO_FEW`
 */
export function requireTwo({
  rpc,
  singleEndpoint,
}: {
  readonly rpc: readonly string[];
  readonly singleEndpoint: boolean;
}): void {
  if (rpc.length >= 2 || singleEndpoint) return;
  throw new InputError({
    code: 'ENDPOINTS_TOO_FEW',
    shortMessage: 'one endpoint could say anything: two that agree are needed',
    details: {
      given: rpc.length,
      next: 'name a second --rpc of another operator, or give --single-endpoint if it is your own node',
    },
  });
}

/** @throws {InputError} `ENDPOINTS_EQUAL` */
function checkDifferent(rpc: readonly string[]): void {
  if (new Set(rpc).size === rpc.length) return;
  throw new InputError({
    code: 'ENDPOINTS_EQUAL',
    shortMessage: 'the same endpoint twice agrees with itself',
    details: { next: 'name two of different operators with --rpc' },
  });
}

/** The host of an endpoint, with its place in the list where others have the same; the rest of an address can hold a key. */
function endpointName(url: string, all: readonly string[]): string {
  const host = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);
  const isAlone = all.filter((other) => host(other) === host(url)).length === 1;
  return isAlone ? host(url) : `${host(url)} (${all.indexOf(url) + 1})`;
}

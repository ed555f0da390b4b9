import type { Provider, Signer } from 'ethers';

import { InputError } from '../protocol/errors.ts';
import type { AddressBook, Addresses } from './address-book.ts';
import { listContracts } from './address-book.ts';
import type { Contracts } from './bindings.ts';
import { attach } from './bindings.ts';
import { hostOf, ofEndpoint } from './endpoint-name.ts';
import { onChain } from './revert-error.ts';

/** A deployment within reach: its contracts, a provider to read by, and a signer if something is to be sent. */
export interface Connection {
  readonly addressBook: AddressBook;
  readonly addresses: Addresses;
  readonly provider: Provider;
  readonly contracts: Contracts;
}

/**
 * Connects to the deployment of an address book, after making sure that the node is on its chain and that the contracts
 * are there.
 *
 * @throws {InputError} `CHAIN_DIFFERS`, `CONTRACT_MISSING`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function connect(addressBook: AddressBook, runner: Provider | Signer): Promise<Connection> {
  const provider = 'provider' in runner && runner.provider !== null ? runner.provider : (runner as Provider);
  const reading = onChain(async () => {
    await assertChain(addressBook, provider);
    for (const [name, address] of listContracts(addressBook.contracts)) {
      if ((await provider.getCode(address)) !== '0x') continue;
      throw new InputError({
        code: 'CONTRACT_MISSING',
        shortMessage: `there is no contract at the address of ${name}`,
        details: { name, address },
      });
    }
    const addresses = addressBook.contracts;
    return { addressBook, addresses, provider, contracts: attach(addresses, runner) };
  });
  return await reading.catch((error: unknown) => {
    throw ofEndpoint(error, hostOf(provider));
  });
}

/**
 * Makes sure that a node is on the chain of an address book.
 *
 * @throws {InputError} `CHAIN_DIFFERS`
 */
export async function assertChain(addressBook: AddressBook, provider: Provider): Promise<void> {
  const { chainId } = await provider.getNetwork();
  if (chainId !== BigInt(addressBook.chainId)) {
    throw new InputError({
      code: 'CHAIN_DIFFERS',
      shortMessage: `the address book is for chain ${addressBook.chainId}, the node is on chain ${chainId}`,
      details: { expected: addressBook.chainId, found: chainId },
    });
  }
}

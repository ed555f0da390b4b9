import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';
import type { NetworkConnection } from 'hardhat/types/network';

import type { AddressBook, Addresses } from '../src/chain/address-book.ts';
import type { Contracts } from '../src/chain/bindings.ts';
import { attach, FACTORIES } from '../src/chain/bindings.ts';
import type { Address } from '../src/protocol/brands.ts';
import { parseAddress } from '../src/protocol/brands.ts';
import { InvariantError } from '../src/protocol/errors.ts';
import type { PresetParameters } from '../src/settlement/preset/preset-parameters.ts';
import { assertDeployment } from './check-deployment.ts';
import type { DeploymentInputs } from './inputs.ts';
import { factorySalt } from './deterministic.ts';
import { deploymentInputs } from './inputs.ts';
import { lodeModule } from './modules/lode.ts';
import { deployResumably } from './resume.ts';
import type { People } from './roles.ts';

/** A connection of Hardhat's with ethers and Ignition, as `network.create()` gives it with this repository's plugins. */
export type DeployConnection = NetworkConnection & { readonly ethers: HardhatEthers };

export interface DeployOptions {
  /** Where Ignition keeps its journal on a live network; the same id resumes. Default: one per chain. */
  readonly deploymentId?: string | undefined;
  /** Where the policy file can be read; printed in the registry's event. */
  readonly policyUri?: string | undefined;
  /** Words from which, with the deployer, the addresses follow, whatever was sent before; without them from the deployer's nonces. */
  readonly salt?: string | undefined;
  /** Draws Ignition's progress on the terminal. */
  readonly displayUi?: boolean | undefined;
}

export interface Deployment {
  readonly addressBook: AddressBook;
  /** The contracts, behind the deployer. */
  readonly contracts: Contracts;
  readonly inputs: DeploymentInputs;
}

/**
 * Deploys the whole protocol for a preset, hands it over, and asserts the outcome: the role table both ways, the links,
 * the curve, weights, supply and parameters, the size of the code. Interrupted on a live network, the same call resumes.
 *
 * The first account of the connection pays. Afterwards it holds nothing: no role, no token, no link.
 *
 * @throws {InputError} `DEPLOYMENT_INPUT` when an input cannot be deployed
 * @throws {InvariantError} `DEPLOYMENT_WRONG` when what stands on chain is not what was asked for
 * @example
 * const { contracts } = await deployProtocol(await network.create(), presetParameters(preset, start), people)
 */
export async function deployProtocol(
  connection: DeployConnection,
  parameters: PresetParameters,
  people: People,
  options: DeployOptions = {},
): Promise<Deployment> {
  const { ethers } = connection;
  const [signer] = await ethers.getSigners();
  if (signer === undefined) {
    throw new InvariantError({
      code: 'DEPLOYMENT_ACCOUNT',
      shortMessage: 'the connection has no account to deploy from',
    });
  }
  const inputs = deploymentInputs(parameters, people, signer.address, options.policyUri ?? '');
  const { deploymentId, salt } = options;
  const deployed = await deployResumably(connection, deploymentId, async () =>
    connection.ignition.deploy(lodeModule(inputs), {
      defaultSender: signer.address,
      displayUi: options.displayUi ?? false,
      ...(salt === undefined
        ? {}
        : { strategy: 'create2' as const, strategyConfig: { salt: factorySalt(signer.address, salt) } }),
      ...(deploymentId === undefined ? {} : { deploymentId }),
    }),
  );

  const keys = Object.keys(FACTORIES) as (keyof Addresses)[]; // an address book has these, or all but the pool
  const entries = keys.map(async (key) => {
    const contract = deployed[key];
    return contract === undefined ? [] : [[key, parseAddress(await contract.getAddress())] as const];
  });
  const addresses = Object.fromEntries((await Promise.all(entries)).flat()) as Addresses; // one entry for each contract
  const contracts = attach(addresses, signer);
  const addressBook: AddressBook = {
    format: 'lode-addresses-v1',
    chainId: Number((await ethers.provider.getNetwork()).chainId),
    startBlock: await deploymentBlock(contracts),
    preset: { name: parameters.name, variant: parameters.variant ?? null, hash: parameters.presetHash },
    contracts: addresses,
    deployment: {
      start: inputs.curve.start,
      deployer: lowerCase(inputs.deployer),
      council: lowerCase(people.council),
      operators: people.operators.map(lowerCase),
      guardians: people.guardians.map(lowerCase),
      foundation: lowerCase(String(inputs.initial['foundation'])),
      priceSource: lowerCase(String(inputs.reserve['priceSource'])),
      policyUri: inputs.policy.uri,
      ...(salt === undefined ? {} : { salt }),
    },
  };
  await assertDeployment({ addressBook, inputs, provider: ethers.provider });
  return { addressBook, contracts, inputs };
}

function lowerCase(address: string): Address {
  return parseAddress(address.toLowerCase());
}

/** The block in which the access manager, the first contract, gave its first role. */
async function deploymentBlock({ authority }: Contracts): Promise<number> {
  const [first] = await authority.queryFilter(authority.filters.RoleGranted(0n));
  return first?.blockNumber ?? 0;
}

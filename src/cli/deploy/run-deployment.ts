import { newestTime } from '../../chain/newest-time.ts';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { HardhatError } from '@nomicfoundation/hardhat-errors';
import { keccak256, type Provider } from 'ethers';

import type { DeployConnection } from '../../../deploy/deploy.ts';
import { deployProtocol } from '../../../deploy/deploy.ts';
import { FACTORY, FACTORY_CODE } from '../../../deploy/deterministic.ts';
import type { People } from '../../../deploy/roles.ts';
import type { AddressBook } from '../../chain/address-book.ts';
import { formatAddressBook } from '../../chain/address-book.ts';
import { onChain } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { loadPreset } from '../../settlement/preset/load-preset.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { EXIT } from '../exit-codes.ts';
import { fromHardhat } from '../hardhat-error.ts';
import type { Rehearsal } from './rehearse.ts';
import { rehearse } from './rehearse.ts';

const DEPLOYMENTS = fileURLToPath(new URL('../../../deploy/deployments/', import.meta.url));
/** Of Hardhat's own chains. */
const LOCAL_CHAIN = 31_337n;

export interface DeploymentRequest {
  readonly presetPath: string;
  readonly variant: string | undefined;
  /** Unix seconds. */
  readonly start: number;
  readonly people: People;
  readonly foundation: Address | undefined;
  readonly priceSource: Address | undefined;
  readonly policyUri: string;
  /** Words that the addresses follow from; null: they follow from the deployer's nonces. */
  readonly salt: string | null;
  /** The name of the journal; the same name resumes. */
  readonly name: string;
  /** Where the address book goes; null: beside the journal. */
  readonly out: string | null;
  readonly dryRun: boolean;
  /** Called before anything is sent, with what it would be; null: a deployment that has begun goes on. */
  readonly approve: (rehearsal: Rehearsal | null) => Promise<void>;
}

export type DeploymentResult =
  { readonly rehearsal: Rehearsal } | { readonly addressBook: AddressBook; readonly path: string };

/**
 * Deploys a preset to the network of a connection, or goes on with a deployment of the same name; a dry run only tells.
 *
 * @throws {RefusedError} `DEPLOYMENT_BEGUN`, `START_PAST`, `FUNDS_SHORT`, `FACTORY_MISSING`, `SALT_USED` before anything is sent; `DEPLOYMENT_STOPPED` when
 * Hardhat or Ignition gave up, in its words
 */
export async function runDeployment(
  connection: DeployConnection,
  request: DeploymentRequest,
): Promise<DeploymentResult> {
  try {
    return await onChain(() => run(connection, request));
  } catch (error) {
    if (!HardhatError.isHardhatError(error) || fromHardhat(error)?.exitCode === EXIT.missing) throw error;
    throw new RefusedError({
      code: 'DEPLOYMENT_STOPPED',
      shortMessage: error.message,
      details: { next: 'put right what is named above; the same command then goes on where it stopped' },
      cause: error,
    });
  }
}

async function run(connection: DeployConnection, request: DeploymentRequest): Promise<DeploymentResult> {
  const { people, policyUri, salt, name } = request;
  const parameters = await parametersOf(request);
  const folder = join(DEPLOYMENTS, name);
  const hasBegun = existsSync(join(folder, 'journal.jsonl'));
  if (hasBegun && request.dryRun) {
    throw new RefusedError({
      code: 'DEPLOYMENT_BEGUN',
      shortMessage: `the deployment ${name} has begun already`,
      details: { journal: folder, next: 'run the command without --dry-run to go on, or take another --name' },
    });
  }
  const rehearsal = hasBegun ? null : await rehearseOn(connection, request, parameters);
  if (rehearsal !== null && request.dryRun) return { rehearsal };
  if (rehearsal !== null) refuseWithoutFunds(rehearsal);
  await request.approve(rehearsal);
  const options = { deploymentId: name, policyUri, ...(salt === null ? {} : { salt }) };
  const { addressBook } = await deployProtocol(connection, parameters, people, options);
  const path = request.out ?? join(folder, 'addresses.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, formatAddressBook(addressBook));
  return { addressBook, path };
}

async function parametersOf({ presetPath, variant, start, foundation, priceSource }: DeploymentRequest) {
  const preset = loadPreset(await readFile(presetPath, 'utf8'), variant === undefined ? {} : { variant });
  return presetParameters(preset, start, {
    ...(foundation === undefined ? {} : { foundation }),
    ...(priceSource === undefined ? {} : { priceSource }),
  });
}

async function rehearseOn(
  { ethers }: DeployConnection,
  { start, people, policyUri, salt }: DeploymentRequest,
  parameters: Awaited<ReturnType<typeof parametersOf>>,
): Promise<Rehearsal> {
  const provider = ethers.provider as Provider;
  const time = await newestTime(provider);
  if (start <= time) {
    throw new RefusedError({
      code: 'START_PAST',
      shortMessage: 'epoch 0 would have begun before the deployment',
      details: { start, time, next: 'take a --start in the future, with hours to spare' },
    });
  }
  const [signer] = await ethers.getSigners();
  if (signer === undefined) {
    throw new RefusedError({ code: 'DEPLOYER_MISSING', shortMessage: 'the network has no account to deploy from' });
  }
  const rehearsal = await rehearse({ parameters, people, policyUri, salt, deployer: signer.address, provider });
  if (salt !== null) await refuseWithoutFactory(provider, rehearsal);
  return rehearsal;
}

/** With a salt a factory makes the contracts, and each of them only once. */
async function refuseWithoutFactory(provider: Provider, { addresses }: Rehearsal): Promise<void> {
  const { chainId } = await provider.getNetwork();
  const code = await provider.getCode(FACTORY);
  // On a local chain Ignition puts the factory there by itself.
  if (keccak256(code) !== FACTORY_CODE && !(code === '0x' && chainId === LOCAL_CHAIN)) {
    throw new RefusedError({
      code: 'FACTORY_MISSING',
      shortMessage: `the factory CreateX is not at ${FACTORY} on chain ${chainId}`,
      details: { factory: FACTORY, expected: FACTORY_CODE, found: keccak256(code), next: 'deploy without --salt' },
    });
  }
  for (const [name, address] of Object.entries(addresses)) {
    if ((await provider.getCode(address)) === '0x') continue;
    throw new RefusedError({
      code: 'SALT_USED',
      shortMessage: `the ${name} of this deployment stands at ${address} already`,
      details: { name, address, next: 'take another --salt, or the --name under which it was begun' },
    });
  }
}

function refuseWithoutFunds({ deployer, balance, cost }: Rehearsal): void {
  if (balance >= cost) return;
  throw new RefusedError({
    code: 'FUNDS_SHORT',
    shortMessage: `the deployer ${deployer} cannot pay for the deployment`,
    details: { balance, cost, next: 'send it funds and run the same command again' },
  });
}

/**
 * Deploys the protocol, asserts the outcome and writes the address book. Interrupted, the same command resumes.
 *
 *   LODE_PARAMETERS=deploy/parameters/localhost.json npx hardhat run scripts/deploy.ts --network localhost
 *
 * LODE_PARAMETERS    the parameter file: preset, start, people
 * LODE_DEPLOYMENT    name of Ignition's journal in deploy/deployments; default: chain-<id>
 * LODE_ADDRESS_BOOK  where to write the address book; default: addresses.json beside the journal
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { deployProtocol } from '../deploy/deploy.ts';
import { parseDeploymentParameters } from '../deploy/parameters.ts';
import { formatAddressBook } from '../src/chain/address-book.ts';
import { loadPreset } from '../src/settlement/preset/load-preset.ts';
import { presetParameters } from '../src/settlement/preset/preset-parameters.ts';
import { optional, required, runOnNetwork } from './shared/session.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

await runOnNetwork(async (connection) => {
  const given = parseDeploymentParameters(await readFile(required('LODE_PARAMETERS'), 'utf8'));
  const { council, operators, guardians, foundation, priceSource, policyUri } = given;
  const text = await readFile(join(root, given.preset), 'utf8');
  const preset = loadPreset(text, given.variant === null ? {} : { variant: given.variant });
  const parameters = presetParameters(preset, given.start, {
    ...(foundation === null ? {} : { foundation }),
    ...(priceSource === null ? {} : { priceSource }),
  });

  const { chainId } = await connection.ethers.provider.getNetwork();
  const deploymentId = optional('LODE_DEPLOYMENT') ?? `chain-${chainId}`;
  const people = { council, operators, guardians };
  const { addressBook } = await deployProtocol(connection, parameters, people, { deploymentId, policyUri });

  const path = optional('LODE_ADDRESS_BOOK') ?? join(root, 'deploy', 'deployments', deploymentId, 'addresses.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, formatAddressBook(addressBook));
  return { addressBook: path, ...addressBook };
});

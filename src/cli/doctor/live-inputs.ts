import { readFile } from 'node:fs/promises';

import { deploymentInputs, type DeploymentInputs } from '../../../deploy/inputs.ts';
import type { AddressBook } from '../../chain/address-book.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { loadPreset } from '../../settlement/preset/load-preset.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';

/**
 * What a deployment was made from, by its address book and the file of its preset.
 *
 * @throws {InputError} `PRESET_DIFFERS` when the file is not the one that was deployed, `ADDRESS_BOOK_SHORT` when the address
 * book does not say who was given a role
 */
export async function liveInputs(
  { preset: deployed, deployment }: AddressBook,
  path: string,
): Promise<DeploymentInputs> {
  if (deployment === undefined) {
    throw new InputError({
      code: 'ADDRESS_BOOK_SHORT',
      shortMessage: 'the address book does not say when the deployment starts and who holds its roles',
      details: { expected: 'a part "deployment", as docs/deployment.md describes it' },
    });
  }
  const preset = loadPreset(
    await readFile(path, 'utf8'),
    deployed.variant === null ? {} : { variant: deployed.variant },
  );
  if (preset.hash !== deployed.hash) {
    throw new InputError({
      code: 'PRESET_DIFFERS',
      shortMessage: `${path} is not the file that was deployed`,
      details: {
        expected: deployed.hash,
        found: preset.hash,
        next: 'name the file as it was then with --preset, or check out the version that was deployed',
      },
    });
  }
  const { start, deployer, council, operators, guardians, foundation, priceSource, policyUri } = deployment;
  const parameters = presetParameters(preset, start, {
    ...(foundation === ZERO_ADDRESS ? {} : { foundation }),
    ...(priceSource === ZERO_ADDRESS ? {} : { priceSource }),
  });
  return deploymentInputs(parameters, { council, operators, guardians }, deployer, policyUri);
}

import { z } from 'zod';

import type { Address } from '../src/protocol/brands.ts';
import { parseAddress } from '../src/protocol/brands.ts';
import { InputError } from '../src/protocol/errors.ts';

const address = z.string().transform((text, context): Address => {
  try {
    return parseAddress(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof InputError ? error.shortMessage : 'not an address' });
    return z.NEVER;
  }
});

const schema = z.strictObject({
  format: z.literal('lode-deployment-v1'),
  /** The preset file, relative to the top of the repository. */
  preset: z.string().min(1),
  variant: z.string().min(1).nullable(),
  /** Start of epoch 0 and of the curve's first period, in UTC. */
  start: z.iso.datetime({ precision: 0, error: 'expected a time such as 2027-01-01T00:00:00Z' }),
  council: address,
  operators: z.array(address).min(1),
  guardians: z.array(address).min(1),
  /** Who is the foundation, if the preset has one without an address. */
  foundation: address.nullable(),
  /** Who is asked for the price; null: nobody. */
  priceSource: address.nullable(),
  /** Where the policy can be read, for the registry's event. */
  policyUri: z.string(),
});

/** What a deployment is given besides its preset: a file of `deploy/parameters`. */
export type DeploymentParameters = Omit<z.output<typeof schema>, 'start'> & {
  /** Unix seconds. */
  readonly start: number;
};

/**
 * Reads a parameter file (`lode-deployment-v1`).
 *
 * @throws {InputError} `PARAMETERS_INVALID` with the path of what is wrong
 */
export function parseDeploymentParameters(text: string): DeploymentParameters {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new InputError({ code: 'PARAMETERS_INVALID', shortMessage: 'the parameter file is not JSON', cause });
  }
  const result = schema.safeParse(data);
  if (result.success) return { ...result.data, start: Date.parse(result.data.start) / 1000 };
  const issue = result.error.issues[0];
  const path = `/${issue?.path.join('/') ?? ''}`;
  const reason = issue?.message ?? '';
  throw new InputError({
    code: 'PARAMETERS_INVALID',
    shortMessage: `the parameter file is wrong at ${path}: ${reason}`,
    details: { path, reason },
  });
}

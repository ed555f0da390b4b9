import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from '@nomicfoundation/ignition-core';

import type { DeploymentInputs } from '../inputs.ts';
import type { DeployNext } from './in-order.ts';
import { inOrder } from './in-order.ts';

/** A contract that a module deploys. */
export type Contract = NamedArtifactContractDeploymentFuture<string>;

/**
 * The access manager, which the deployer administers until it is sealed, and the timelock that takes it over. The deployer
 * administers the timelock's roles, too, until it has given that to the one contract that hands over to the holders.
 */
export function deployAuthority(
  m: IgnitionModuleBuilder,
  { deployer, people, minDelay }: DeploymentInputs,
  next: DeployNext = inOrder(m),
) {
  const authority = next('MiningAuthority', [deployer]);
  const timelock = next('MiningTimelock', [minDelay, people.council, deployer]);
  return { authority, timelock };
}

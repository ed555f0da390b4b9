import type { IgnitionModuleBuilder, NamedArtifactContractDeploymentFuture } from '@nomicfoundation/ignition-core';

import type { DeploymentInputs } from '../inputs.ts';

/** A contract that a module deploys. */
export type Contract = NamedArtifactContractDeploymentFuture<string>;

/** The access manager, which the deployer administers until the last step, and the timelock that takes it over. */
export function deployAuthority(m: IgnitionModuleBuilder, { deployer, people, minDelay }: DeploymentInputs) {
  const authority = m.contract('AccessManager', [deployer]);
  // No admin of its own: the timelock's roles can only be changed through the timelock.
  const nobody = `0x${'0'.repeat(40)}`;
  const timelock = m.contract('TimelockController', [minDelay, [people.council], [people.council], nobody]);
  return { authority, timelock };
}

import type { IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { DeploymentInputs } from '../inputs.ts';
import type { Contract } from './authority.ts';

/** The seven contracts, each of which knows only what stands before it. */
export function deployProtocolContracts(
  m: IgnitionModuleBuilder,
  inputs: DeploymentInputs,
  authority: Contract,
  timelock: Contract,
) {
  const { curve: table, policy, terms } = inputs;
  const token = m.contract('MiningToken', [
    inputs.token.name,
    inputs.token.symbol,
    authority,
    inputs.genesis.map((allocation) => ({ ...allocation })),
    table.total,
  ]);
  const periods = table.periods.map((period) => ({ ...period }));
  const curve = m.contract('EmissionCurve', [table.start, table.epochLength, periods]);
  const tasks = inputs.tasks.map((task) => ({ ...task }));
  const registry = m.contract('TaskRegistry', [authority, curve, tasks, policy.hash, policy.uri]);
  const reserve = m.contract('StabilizationReserve', [authority, token, curve, inputs.reserve]);
  const vault = m.contract('VestingVault', [authority, token, curve, terms.cohortEpochs, terms.duration]);
  const parameters = m.contract('EpochParameters', [authority, curve, registry, reserve, vault, inputs.initial]);
  const distributor = m.contract('EpochDistributor', [authority, token, parameters, timelock]);
  return { token, curve, registry, reserve, vault, parameters, distributor };
}

export type ProtocolFutures = ReturnType<typeof deployProtocolContracts>;

import type { IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import { UNIT_POOL } from '../../src/settlement/preset/unit-pool-schema.ts';
import type { DeploymentInputs } from '../inputs.ts';
import type { Contract } from './authority.ts';
import { deployGovernance } from './governance.ts';
import type { DeployNext } from './in-order.ts';
import { inOrder } from './in-order.ts';

/**
 * The contracts below the authority, each of which knows only what stands before it. A unit pool comes before all of them, since the token's
 * genesis names it; it is connected to its reserve later.
 */
export function deployProtocolContracts(
  m: IgnitionModuleBuilder,
  inputs: DeploymentInputs,
  authority: Contract,
  timelock: Contract,
  next: DeployNext = inOrder(m),
) {
  const { curve: table, policy, terms, unitPool: pool } = inputs;
  const unitPool =
    pool === null ? null : next('UnitPool', [authority, pool.allocation, pool.units, pool.saleEnd, pool.releaseOver]);
  const token = next('MiningToken', [
    inputs.token.name,
    inputs.token.symbol,
    authority,
    inputs.genesis.map(({ account, amount }) => ({ account: addressee(account, unitPool), amount })),
    table.total,
  ]);
  const periods = table.periods.map((period) => ({ ...period }));
  const curve = next('EmissionCurve', [table.start, table.epochLength, periods]);
  const tasks = inputs.tasks.map((task) => ({ ...task }));
  const registry = next('TaskRegistry', [authority, curve, tasks, policy.hash, policy.uri]);
  const reserve = next('StabilizationReserve', [authority, token, curve, inputs.reserve]);
  const vault = next('VestingVault', [authority, token, curve, terms.cohortEpochs, terms.duration]);
  const parameters = next('EpochParameters', [authority, curve, registry, reserve, vault, inputs.initial]);
  const verifier = next('SettlementVerifier', []);
  const distributor = next('EpochDistributor', [authority, token, parameters, timelock, verifier]);
  const below = { authority, timelock, token, distributor, unitPool };
  const governance = deployGovernance(next, inputs, below);
  return { token, curve, registry, reserve, vault, parameters, verifier, distributor, unitPool, ...governance };
}

/** An address, or the pool, whose address only the deployment knows. */
function addressee(account: string, unitPool: Contract | null): string | Contract {
  return account === UNIT_POOL && unitPool !== null ? unitPool : account;
}

export type ProtocolFutures = ReturnType<typeof deployProtocolContracts>;

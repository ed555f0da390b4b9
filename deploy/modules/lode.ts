import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

import type { DeploymentInputs } from '../inputs.ts';
import type { Contract } from './authority.ts';
import { deployAuthority } from './authority.ts';
import { inOrder } from './in-order.ts';
import type { ProtocolFutures } from './protocol.ts';
import { deployProtocolContracts } from './protocol.ts';
import { assignRoles } from './roles.ts';
import { wire } from './wiring.ts';

/**
 * The whole protocol, from nothing to the point where its deployer has no more say in it than anybody else: the authority,
 * the contracts, the links that can be set only once, the roles, and last the hand-over to the timelock.
 */
export function lodeModule(inputs: DeploymentInputs) {
  return buildModule('Lode', (m) => {
    const next = inOrder(m);
    const { authority, timelock } = deployAuthority(m, inputs, next);
    const contracts = deployProtocolContracts(m, inputs, authority, timelock, next);
    const wired = wire(m, contracts);
    assignRoles(m, inputs, { authority, timelock, contracts, wired });
    return deployed(authority, timelock, contracts);
  });
}

/** What a module returns: every contract by its name in the address book, the unit pool only if there is one. */
export function deployed(authority: Contract, timelock: Contract, { unitPool, ...contracts }: ProtocolFutures) {
  return { authority, timelock, ...contracts, ...(unitPool === null ? {} : { unitPool }) };
}

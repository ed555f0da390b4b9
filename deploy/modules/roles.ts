import type { Future, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';
import { id } from 'ethers';

import type { DeploymentInputs } from '../inputs.ts';
import type { GatedContract, RoleName } from '../roles.ts';
import { holdersOf, ROLE_IDS, ROLE_TABLE, TIMELOCK_ROLES } from '../roles.ts';
import { functionSignature } from '../signatures.ts';
import type { Contract } from './authority.ts';
import type { ProtocolFutures } from './protocol.ts';

interface RoleFutures {
  readonly authority: Contract;
  readonly timelock: Contract;
  readonly contracts: ProtocolFutures;
  readonly wired: readonly Future[];
}

/**
 * Writes the table of `deploy/roles.ts` into the access manager and seals it, which hands it to the timelock; gives the
 * timelock's own roles to whom they belong. The deployer gives up both administrations last, so an interrupted deployment can
 * be resumed at any point before.
 */
export function assignRoles(m: IgnitionModuleBuilder, inputs: DeploymentInputs, futures: RoleFutures): void {
  const { authority, timelock, contracts, wired } = futures;
  const targets: Record<GatedContract, Contract | null> = {
    MiningToken: contracts.token,
    TaskRegistry: contracts.registry,
    StabilizationReserve: contracts.reserve,
    VestingVault: contracts.vault,
    EpochParameters: contracts.parameters,
    EpochDistributor: contracts.distributor,
    UnitPool: contracts.unitPool,
    GuardianCanceller: contracts.canceller,
  };

  // As long as nothing is assigned the administrator may call everything restricted, which is how the links were made.
  const assigned: Future[] = ROLE_TABLE.flatMap((row) => {
    const target = targets[row.contract];
    if (target === null) return [];
    const selectors = row.functions.map((name) => id(functionSignature(row.contract, name)).slice(0, 10));
    const assignment = m.call(authority, 'setTargetFunctionRole', [target, selectors, ROLE_IDS[row.role]], {
      id: `Assign_${row.role}_${row.contract}`,
      after: [...wired],
    });
    return [assignment];
  });

  for (const role of ['OPERATOR', 'GUARDIAN', 'GOVERNANCE'] as const) {
    assigned.push(m.call(authority, 'labelRole', [ROLE_IDS[role], role], { id: `Label_${role}`, after: [...wired] }));
    // Governance comes with the seal, to the timelock.
    if (role !== 'GOVERNANCE') assigned.push(...grant(m, authority, role, holdersOf(role, inputs.people, ''), wired));
  }

  m.call(authority, 'seal', [timelock], { id: 'Seal', after: assigned });

  const given = [
    m.call(timelock, 'grantRole', [TIMELOCK_ROLES.CANCELLER, contracts.canceller], { id: 'Grant_CANCELLER_Canceller' }),
    m.call(timelock, 'grantRole', [TIMELOCK_ROLES.ADMIN, contracts.handover], {
      id: 'Grant_ADMIN_Handover',
      after: [contracts.canceller],
    }),
  ];
  m.call(timelock, 'renounceRole', [TIMELOCK_ROLES.ADMIN, inputs.deployer], { id: 'StepDown', after: given });
}

function grant(
  m: IgnitionModuleBuilder,
  authority: Contract,
  role: RoleName,
  holders: readonly string[],
  wired: readonly Future[],
) {
  return holders.map((holder, index) =>
    m.call(authority, 'grantRole', [ROLE_IDS[role], holder, 0], { id: `Grant_${role}_${index}`, after: [...wired] }),
  );
}

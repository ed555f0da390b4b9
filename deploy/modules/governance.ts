import type { IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';

import type { DeploymentInputs } from '../inputs.ts';
import type { Contract } from './authority.ts';

interface Below {
  readonly authority: Contract;
  readonly timelock: Contract;
  readonly token: Contract;
  readonly distributor: Contract;
  readonly unitPool: Contract | null;
}

/** The vote of the token's holders, the one way by which it takes over from the council, and the guardian's hand on the timelock. */
export function deployGovernance(m: IgnitionModuleBuilder, inputs: DeploymentInputs, below: Below) {
  const { authority, timelock, token, distributor, unitPool } = below;
  const { minimumVotes, openAfter } = inputs.handover;
  // Whoever keeps tokens that nobody holds yet: they do not count for a quorum.
  const keepers = unitPool === null ? [distributor] : [distributor, unitPool];
  const governor = m.contract('MiningGovernor', [token, timelock, keepers, { ...inputs.voting }]);
  // It refuses a council that does not hold the timelock's roles.
  const handover = m.contract('Handover', [governor, inputs.people.council, minimumVotes, openAfter]);
  const canceller = m.contract('GuardianCanceller', [authority, timelock]);
  return { governor, handover, canceller };
}

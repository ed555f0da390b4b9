import type { DeploymentInputs } from '../inputs.ts';
import type { Contract } from './authority.ts';
import type { DeployNext } from './in-order.ts';

interface Below {
  readonly authority: Contract;
  readonly timelock: Contract;
  readonly token: Contract;
  readonly distributor: Contract;
  readonly unitPool: Contract | null;
}

/** The vote of the token's holders, the one way by which it takes over from the council, and the guardian's hand on the timelock. */
export function deployGovernance(next: DeployNext, inputs: DeploymentInputs, below: Below) {
  const { authority, timelock, token, distributor, unitPool } = below;
  const { minimumVotes, openAfter } = inputs.handover;
  // Whoever keeps tokens that nobody holds yet: they do not count for a quorum.
  const keepers = unitPool === null ? [distributor] : [distributor, unitPool];
  const governor = next('MiningGovernor', [token, timelock, keepers, { ...inputs.voting }]);
  // It refuses a council that does not hold the timelock's roles.
  const handover = next('Handover', [governor, inputs.people.council, minimumVotes, openAfter]);
  const canceller = next('GuardianCanceller', [authority, timelock]);
  return { governor, handover, canceller };
}

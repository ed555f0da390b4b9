import type { Contracts } from '../../src/chain/bindings.ts';
import type { CheckDeployment } from '../check-deployment.ts';
import { ROLE_IDS } from '../roles.ts';
import type { Findings } from './findings.ts';

/** The vote as it was asked for, the way to it, and the guardian's hand on the timelock, each linked to the right others. */
export async function checkGovernance(
  findings: Findings,
  { authority, governor, handover, canceller }: Contracts,
  { addressBook, inputs, handedOver = false }: CheckDeployment,
): Promise<void> {
  const { contracts: at } = addressBook;
  const { voting, people } = inputs;
  findings.equal('governor.TOKEN', await governor.TOKEN(), at.token);
  findings.equal('governor.timelock', await governor.timelock(), at.timelock);
  const keepers = at.unitPool === undefined ? [at.distributor] : [at.distributor, at.unitPool];
  findings.equal('governor.lockedSupplies', await governor.lockedSupplies(), keepers);
  findings.governed('voting delay', await governor.votingDelay(), voting.votingDelay, 'seconds');
  findings.governed('voting period', await governor.votingPeriod(), voting.votingPeriod, 'seconds');
  findings.governed('proposal threshold', await governor.proposalThreshold(), voting.proposalThreshold, 'decimal');
  findings.governed('quorum', await governor['quorumNumerator()'](), voting.quorum, 'part');
  findings.governed('late quorum', await governor.lateQuorumVoteExtension(), voting.lateQuorum, 'seconds');
  findings.equal('floor of the quorum', await governor.QUORUM_FLOOR(), voting.quorumFloor);

  findings.equal('handover.TIMELOCK', await handover.TIMELOCK(), at.timelock);
  findings.equal('handover.GOVERNOR', await handover.GOVERNOR(), at.governor);
  findings.equal('handover.COUNCIL', await handover.COUNCIL(), people.council);
  findings.equal('handover.MINIMUM_VOTES', await handover.MINIMUM_VOTES(), inputs.handover.minimumVotes);
  findings.equal('handover.OPEN_AFTER', await handover.OPEN_AFTER(), inputs.handover.openAfter);
  findings.equal('handover.done', await handover.done(), handedOver);

  findings.equal('canceller.TIMELOCK', await canceller.TIMELOCK(), at.timelock);
  findings.equal('canceller.GUARDIAN_ROLE', await canceller.GUARDIAN_ROLE(), ROLE_IDS.GUARDIAN);
  findings.equal('authority.GOVERNANCE_ROLE', await authority.GOVERNANCE_ROLE(), ROLE_IDS.GOVERNANCE);
}

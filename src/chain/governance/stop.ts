import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import type { Decision } from './decisions.ts';
import type { Office, Power } from './office.ts';
import { cancelOperationCall, guardianCancelCall } from './operations.ts';
import { proposalCall } from './proposals.ts';

/** The call that stops a decision, and as whom it is sent. */
export interface Stop {
  readonly call: Call;
  readonly as: 'its proposer' | 'the council' | 'a guardian';
}

/**
 * The call by which this account can stop a decision now: the proposer takes back a proposal that nobody could vote about yet, the
 * council what it scheduled, a guardian whatever waits in the timelock. Null: this account cannot. Where nobody is named (`who` is
 * null) the call of whoever could.
 */
export function stopCall(
  connection: Connection,
  decision: Decision,
  {
    office,
    who,
    reason,
  }: { readonly office: Pick<Office, 'inOffice'>; readonly who: Power | null; readonly reason: string },
): Stop | null {
  if (decision.kind === 'proposal' && decision.proposal.state === 'pending') {
    if (who !== null && who.account !== decision.proposal.proposer) return null;
    return { call: proposalCall(connection, 'cancel', decision.proposal), as: 'its proposer' };
  }
  const { operation } = decision;
  if (operation === null || (operation.state !== 'waiting' && operation.state !== 'ready')) return null;
  const isCouncil = who === null ? office.inOffice === 'council' : who.roles.includes('council');
  if (isCouncil && decision.kind === 'operation') {
    return { call: cancelOperationCall(connection, operation), as: 'the council' };
  }
  if (who !== null && !who.roles.includes('guardian')) return null;
  return { call: guardianCancelCall(connection, operation, reason), as: 'a guardian' };
}

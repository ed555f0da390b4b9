import { vetoCall } from '../../chain/calls.ts';
import { onChain } from '../../chain/revert-error.ts';
import { RefusedError } from '../../protocol/errors.ts';
import type { Session } from '../governance/session.ts';
import type { Outgoing } from '../governance/submit.ts';
import { moment } from '../../chain/moment.ts';

/** A veto that is to be sent. */
export interface Vetoing {
  readonly outgoing: Outgoing;
  readonly proposal: number;
  readonly epoch: number;
  readonly operator: string;
}

/**
 * The call by which a guardian drops the pending settlement.
 *
 * @throws {RefusedError} `NOT_THE_PENDING_SETTLEMENT`
 */
export async function vetoing({ connection }: Session, proposal: number, reason: string): Promise<Vetoing> {
  const { distributor } = connection.contracts;
  const pending = Number(await onChain(() => distributor.pendingProposal()));
  if (pending !== proposal) {
    throw new RefusedError({
      code: 'NOT_THE_PENDING_SETTLEMENT',
      shortMessage: pending === 0 ? 'no settlement is pending' : `the pending settlement is number ${pending}`,
      details: { given: proposal, pending, next: 'look at it anew: lode doctor' },
    });
  }
  const { epoch, operator, until } = await onChain(() => distributor.proposalOf(proposal));
  const preview = [
    `settlement ${proposal} of epoch ${epoch}, by ${operator}, challengeable until ${moment(Number(until))}\n`,
    `is dropped: ${reason}\n`,
    'The operator is suspended and its bond held until governance rules about it, at most 30 days.\n',
  ].join('');
  const calls = [vetoCall(connection.addresses, proposal, reason)];
  const title = `veto settlement ${proposal} of epoch ${epoch}`;
  return { outgoing: { title, preview, calls }, proposal, epoch: Number(epoch), operator: operator.toLowerCase() };
}

import type { Proposal, Support } from '../../chain/governance/proposals.ts';
import { voteCall } from '../../chain/governance/proposals.ts';
import { onChain } from '../../chain/revert-error.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { moment } from '../../chain/moment.ts';
import { tokens } from '../../protocol/tokens.ts';
import { callText, findProposal, shortNumber } from '../../chain/governance/decisions.ts';
import type { Session } from './session.ts';
import type { Outgoing } from './submit.ts';

/** A vote that is to be cast. */
export interface Ballot {
  readonly outgoing: Outgoing;
  readonly proposal: string;
  readonly support: Support;
  /** In wei; null where nobody was named who votes. */
  readonly weight: bigint | null;
  /** Without this one, in wei. */
  readonly votes: Proposal['votes'];
  readonly quorum: bigint | null;
}

/**
 * The call that casts the sender's vote.
 *
 * @throws {RefusedError} `VOTE_NOT_OPEN`, `VOTED_ALREADY`, `NO_VOTES`
 */
export async function ballot(session: Session, given: string, support: Support, reason: string): Promise<Ballot> {
  const { connection, sender } = session;
  const proposal = await findProposal(connection, given);
  const { id, state, voteStart, voteEnd, votes, quorum } = proposal;
  if (state !== 'active') {
    const [now, next] =
      state === 'pending'
        ? ['votes are not cast yet', `vote from ${moment(voteStart)} on`]
        : [`it is ${state}`, 'see `lode governance status --all`'];
    throw new RefusedError({ code: 'VOTE_NOT_OPEN', shortMessage: now, details: { voteStart, voteEnd, next } });
  }
  const weight = sender.account === null ? null : await weightOf(session, proposal, sender.account);
  const preview = [
    `proposal ${shortNumber(String(id))}: ${proposal.description}\n`,
    await callText(connection, proposal.calls),
    `for ${tokens(votes.for)}, against ${tokens(votes.against)}, abstaining ${tokens(votes.abstain)}; `,
    `needed ${tokens(quorum ?? 0n)}; open until ${moment(voteEnd)}\n`,
    weight === null ? '' : `your vote: ${support}, with ${tokens(weight)} votes\n`,
  ].join('');
  const title = `vote ${support} on proposal ${shortNumber(String(id))}`;
  const outgoing = { title, preview, calls: [voteCall(connection, id, support, reason)] };
  return { outgoing, proposal: String(id), support, weight, votes, quorum };
}

async function weightOf({ connection }: Session, { id, voteStart }: Proposal, account: string): Promise<bigint> {
  const { governor } = connection.contracts;
  if (await onChain(() => governor.hasVoted(id, account))) {
    throw new RefusedError({ code: 'VOTED_ALREADY', shortMessage: `${account} has voted`, details: { account } });
  }
  const weight = await onChain(() => governor.getVotes(account, voteStart));
  if (weight > 0n) return weight;
  throw new RefusedError({
    code: 'NO_VOTES',
    shortMessage: `${account} had no votes when they were counted`,
    details: {
      account,
      countedAt: moment(voteStart),
      next: 'delegate before the next proposal: lode governance delegate',
    },
  });
}

import type { Address } from '../../protocol/brands.ts';
import type { Operation } from '../../chain/governance/operations.ts';
import { executeOperationCall } from '../../chain/governance/operations.ts';
import type { Office } from '../../chain/governance/office.ts';
import { readOffice, readPower } from '../../chain/governance/office.ts';
import type { Proposal } from '../../chain/governance/proposals.ts';
import { proposalCall } from '../../chain/governance/proposals.ts';
import { stopCall } from '../../chain/governance/stop.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { moment } from '../../chain/moment.ts';
import { tokens } from '../../protocol/tokens.ts';
import type { Decision } from '../../chain/governance/decisions.ts';
import { callText, findDecision, findProposal, numberOf, shortNumber } from '../../chain/governance/decisions.ts';
import type { Session } from './session.ts';
import type { Outgoing } from './submit.ts';

/** A decision that is to be taken a step on. */
export interface Step {
  readonly outgoing: Outgoing;
  /** The number of the proposal or operation. */
  readonly decision: string;
}

/**
 * The call that puts a carried proposal into the timelock; anyone may send it.
 *
 * @throws {RefusedError} `NOT_CARRIED` with what the vote came to
 */
export async function queueing({ connection }: Session, given: string): Promise<Step> {
  const proposal = await findProposal(connection, given);
  const { id, state, description, calls } = proposal;
  if (state !== 'succeeded') throw notCarried(proposal);
  const { settings, time } = await readOffice(connection);
  const number = shortNumber(String(id));
  const preview = [
    `proposal ${number}: ${description}\n`,
    await callText(connection, calls),
    `can be executed from about ${moment(time + settings.timelockDelay)} on\n`,
  ].join('');
  const call = proposalCall(connection, 'queue', proposal);
  return { outgoing: { title: `queue proposal ${number}`, preview, calls: [call] }, decision: String(id) };
}

/**
 * The call that puts into effect what has waited long enough; once the holders decide anyone may send it.
 *
 * @throws {RefusedError} `NOT_CARRIED`, `STILL_WAITING` with the moment, `NOT_PENDING`
 */
export async function executing({ connection }: Session, given: string): Promise<Step> {
  const decision = await findDecision(connection, given);
  const { time } = await readOffice(connection);
  const { calls, call, readyAt, words } = executable(decision, () =>
    decision.kind === 'proposal'
      ? proposalCall(connection, 'execute', decision.proposal)
      : executeOperationCall(connection, decision.operation),
  );
  if (readyAt > time) {
    throw new RefusedError({
      code: 'STILL_WAITING',
      shortMessage: `it waits in the timelock until ${moment(readyAt)}`,
      details: { readyAt, now: time, next: 'run the same command from then on' },
    });
  }
  const number = shortNumber(numberOf(decision));
  const preview = `${words}\n${await callText(connection, calls)}`;
  return { outgoing: { title: `execute ${number}`, preview, calls: [call] }, decision: numberOf(decision) };
}

function executable<T>(decision: Decision, make: () => T) {
  if (decision.kind === 'proposal') {
    const { proposal } = decision;
    if (proposal.state !== 'queued') throw notCarried(proposal);
    const words = `proposal ${shortNumber(String(proposal.id))}: ${proposal.description}`;
    return { calls: proposal.calls, readyAt: proposal.readyAt, call: make(), words };
  }
  const { operation } = decision;
  refuseUnlessPending(operation);
  const words = `operation ${shortNumber(operation.id)} of the council`;
  return { calls: operation.calls, readyAt: operation.readyAt, call: make(), words };
}

/**
 * The call that stops a decision, by the right contract for whoever sends: the proposer takes back a proposal that nobody
 * could vote about yet, the council what it scheduled, a guardian whatever waits in the timelock.
 *
 * @throws {RefusedError} `NOT_CANCELLABLE` with who could, `NOT_PENDING`
 */
export async function cancelling(session: Session, given: string, reason: string): Promise<Step> {
  const { connection, sender } = session;
  const decision = await findDecision(connection, given);
  const office = await readOffice(connection);
  const who = sender.account === null ? null : await readPower(connection, sender.account, office);
  const number = shortNumber(numberOf(decision));
  const { operation } = decision;
  const { proposer, calls } = subjectOf(decision);
  const stop = stopCall(connection, decision, { office, who, reason });
  if (stop !== null) {
    const preview = `${number}, stopped by ${stop.as}\n${await callText(connection, calls)}`;
    return { outgoing: { title: `cancel ${number}`, preview, calls: [stop.call] }, decision: numberOf(decision) };
  }
  if (decision.kind === 'proposal' && decision.proposal.state === 'pending') {
    const next = `send it as its proposer, by --as ${String(proposer)}; once it is queued a guardian can`;
    throw notCancellable(decision, sender.account, { who: `only its proposer can, until the vote begins`, next });
  }
  if (operation === null || (operation.state !== 'waiting' && operation.state !== 'ready')) {
    if (decision.kind === 'operation') refuseUnlessPending(decision.operation);
    if (decision.kind === 'proposal') refuseWhenOver(decision.proposal);
    throw notCancellable(decision, sender.account, {
      who: 'a guardian can, once it is queued in the timelock',
      next: 'vote against it (lode governance vote), or run this again as a guardian when it is queued',
    });
  }
  throw notCancellable(decision, sender.account, {
    who: stoppers(office),
    next: 'send it as one of those, by --as',
  });
}

function subjectOf(decision: Decision): Pick<Proposal, 'calls'> & { readonly proposer: Address | null } {
  return decision.kind === 'proposal' ? decision.proposal : { calls: decision.operation.calls, proposer: null };
}

function stoppers({ inOffice, council }: Office): string {
  return inOffice === 'council' ? `the council ${council} and the guardians can` : 'the guardians can';
}

function notCancellable(
  decision: Decision,
  account: string | null,
  { who, next }: { readonly who: string; readonly next: string },
): RefusedError {
  const state = decision.kind === 'proposal' ? decision.proposal.state : decision.operation.state;
  return new RefusedError({
    code: 'NOT_CANCELLABLE',
    shortMessage: `${account ?? 'nobody'} cannot cancel this now: ${who}`,
    details: { state, account, next },
  });
}

function refuseUnlessPending({ state }: Operation): void {
  if (state === 'waiting' || state === 'ready') return;
  throw new RefusedError({
    code: 'NOT_PENDING',
    shortMessage: state === 'done' ? 'it was executed already' : 'it was cancelled, or lapsed with the hand-over',
    details: { state, next: NOTHING_LEFT },
  });
}

const NOTHING_LEFT = 'nothing is left to do';

/** In words, the ends that a proposal can have come to. */
const ENDS: Partial<Readonly<Record<Proposal['state'], string>>> = {
  canceled: 'it was cancelled already',
  defeated: 'the vote did not carry it',
  expired: 'nobody queued it in time',
  executed: 'it was executed already',
  // Its operation is in the timelock no more.
  queued: 'it was cancelled in the timelock',
};

/** What is over can have no effect any more: nobody has to stop it. */
export function refuseWhenOver({ state }: Pick<Proposal, 'state'>): void {
  const shortMessage = ENDS[state];
  if (shortMessage === undefined) return;
  throw new RefusedError({ code: 'NOT_PENDING', shortMessage, details: { state, next: NOTHING_LEFT } });
}

function notCarried({ state, votes, quorum, voteStart, voteEnd, queueUntil }: Proposal): RefusedError {
  const taken = `for ${tokens(votes.for)}, against ${tokens(votes.against)}, abstaining ${tokens(votes.abstain)}`;
  const words: Readonly<Record<Proposal['state'], readonly [string, string]>> = {
    pending: ['votes are not cast yet', `vote from ${moment(voteStart)} on: lode governance vote`],
    active: [`the vote is open until ${moment(voteEnd)}`, 'run the same command after the vote'],
    canceled: ['it was cancelled', 'propose anew'],
    defeated: ['the vote did not carry it', 'more votes for than against, and the quorum, would have been needed'],
    succeeded: ['it was carried and is not queued yet', `lode governance queue, until ${moment(queueUntil)}`],
    queued: ['it is queued already', 'once its delay is over: lode governance execute'],
    expired: ['nobody queued it in time', 'propose anew'],
    executed: ['it was executed already', 'nothing is left to do'],
  };
  const [shortMessage, next] = words[state];
  return new RefusedError({
    code: 'NOT_CARRIED',
    shortMessage,
    details: { state, votes: taken, quorum: quorum === null ? 'not known yet' : tokens(quorum), next },
  });
}

import { answerBounty, answerCall } from '../../chain/disproof.ts';
import { readDemands, readDisputedProposal } from '../../chain/disputed-proposal.ts';
import { revealFrom } from '../../settlement/faults/open-tree.ts';
import { leafAnswer } from '../../settlement/prover/leaf-answer.ts';
import { MissingError, RefusedError } from '../../protocol/errors.ts';
import type { Outgoing } from '../governance/submit.ts';
import type { Session } from '../governance/session.ts';
import { counted, tokens } from '../../protocol/tokens.ts';
import { presentTime } from './disproof.ts';
import { shownReport } from './read-report.ts';

/** Which demands are answered, and from which report. */
export interface AnswerFlags {
  readonly epoch: number;
  readonly report: string;
  readonly index?: number;
}

/** Answers that are to be given. */
export interface Answering {
  readonly outgoing: Outgoing;
  readonly epoch: number;
  readonly proposalId: bigint;
  readonly leaves: readonly number[];
  /** All bounties together, in wei of the native coin. */
  readonly reward: bigint;
}

/**
 * Answers to the demands that are open, all of them or the one that is named, the most urgent first.
 *
 * @throws {RefusedError} `NOTHING_DEMANDED`
 * @throws {MissingError} `LEAF_NOT_SHOWN` when the report does not open a demanded leaf
 */
export async function answering(session: Session, flags: AnswerFlags): Promise<Answering> {
  const { connection, io } = session;
  const { epoch, index } = flags;
  const proposal = await readDisputedProposal(connection, epoch);
  const { proposalId, settlement, since, bond } = proposal;
  const now = await presentTime(session);
  const open = (await readDemands(connection, proposalId, { since }))
    .filter((demand) => demand.state === 'open' && demand.deadline > now)
    .filter((demand) => index === undefined || demand.index === index)
    .toSorted((one, other) => one.deadline - other.deadline);
  if (open.length === 0) {
    throw new RefusedError({
      code: 'NOTHING_DEMANDED',
      shortMessage: `no ${index === undefined ? 'leaf' : `leaf ${index}`} of epoch ${epoch} is demanded and can still be shown`,
      details: { epoch, proposalId },
    });
  }
  const place = { option: '--report', given: flags.report, cwd: io.cwd, epoch, declared: settlement.reportCid };
  const { preimages, notes } = await shownReport(place);
  for (const note of notes) io.err(`note: ${note}\n`);
  const reveal = revealFrom(preimages);
  const calls = open.map((demand) => {
    const answer = leafAnswer(settlement, reveal, demand.index);
    if (answer === undefined) throw notShown(epoch, demand.index);
    return answerCall(connection.addresses, settlement, demand.index, answer);
  });
  const reward = BigInt(open.length) * answerBounty(bond);
  const leaves = open.map((demand) => demand.index);
  const what = `${counted(leaves.length, 'leaf', 'leaves')} of epoch ${epoch}`;
  const preview = `show ${what} (${leaves.join(', ')}) for ${tokens(reward, 6)} of the native coin\n`;
  return { outgoing: { title: `show ${what}`, preview, calls }, epoch, proposalId, leaves, reward };
}

function notShown(epoch: number, index: number): MissingError {
  return new MissingError({
    code: 'LEAF_NOT_SHOWN',
    shortMessage: `the report does not open leaf ${index} of the tree that was proposed`,
    details: { epoch, leaf: index, next: 'give the very report that the proposal was made from' },
  });
}

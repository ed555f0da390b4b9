import type { DisputedProposal, LeafDemand } from '../../chain/disputed-proposal.ts';
import { readDemands, readDisputedProposal } from '../../chain/disputed-proposal.ts';
import { revealFrom } from '../../settlement/faults/open-tree.ts';
import { answerPreimages } from '../../settlement/prover/leaf-answer.ts';
import type { Verdict } from '../../settlement/prover/prove.ts';
import { prove } from '../../settlement/prover/prove.ts';
import type { Session } from '../governance/session.ts';
import type { ShownReport } from './read-report.ts';
import { NOTHING_SHOWN, shownBeside, shownReport } from './read-report.ts';

/** Which proposal, and where its report is. */
export interface DisputeFlags {
  readonly epoch: number;
  /** Without it only what was shown on demand counts. */
  readonly report?: string;
  readonly parentReport?: string;
}

/** A proposal, judged by all that is shown of it: the report, its parent's, and what was answered to demands. */
export interface Examined {
  readonly proposal: DisputedProposal;
  readonly demands: readonly LeafDemand[];
  readonly verdict: Verdict;
  readonly notes: readonly string[];
  /** Whether a report was given; without one most leaves are not shown. */
  readonly hasReport: boolean;
}

/**
 * Reads the pending proposal of an epoch and judges it.
 *
 * @throws {RevertError} `NOT_PROPOSED`
 */
export async function examineProposal({ connection, io }: Session, flags: DisputeFlags): Promise<Examined> {
  const { epoch, report, parentReport } = flags;
  const proposal = await readDisputedProposal(connection, epoch);
  const demands = await readDemands(connection, proposal.proposalId, { since: proposal.since });
  const place = { option: '--report', cwd: io.cwd, epoch, declared: proposal.settlement.reportCid };
  const own =
    report === undefined ? NOTHING_SHOWN : await shownReport({ ...place, given: report, known: proposal.context });
  const before = { ...place, epoch: epoch - 1, declared: proposal.parentReport };
  const parent = await shownBefore();
  const answers = demands.flatMap(({ index, answer }) => (answer === null ? [] : [...answerPreimages(index, answer)]));
  const verdict = prove({
    context: proposal.context,
    reveal: revealFrom([...own.preimages, ...answers]),
    revealParent: revealFrom(parent.preimages),
  });
  return { proposal, demands, verdict, notes: [...own.notes, ...parent.notes], hasReport: report !== undefined };

  async function shownBefore(): Promise<ShownReport> {
    if (proposal.context.parent.leafCount === 0) return NOTHING_SHOWN;
    if (parentReport !== undefined) {
      return await shownReport({ ...before, option: '--parent-report', given: parentReport });
    }
    return report === undefined ? NOTHING_SHOWN : await shownBeside({ ...before, given: report });
  }
}

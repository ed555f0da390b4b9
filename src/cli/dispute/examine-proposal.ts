import type { DisputedProposal, LeafDemand } from '../../chain/disputed-proposal.ts';
import { readDemands, readDisputedProposal } from '../../chain/disputed-proposal.ts';
import { revealFrom } from '../../settlement/faults/open-tree.ts';
import { answerPreimages } from '../../settlement/prover/leaf-answer.ts';
import type { Verdict } from '../../settlement/prover/prove.ts';
import { prove } from '../../settlement/prover/prove.ts';
import { MissingError } from '../errors.ts';
import type { Session } from '../governance/session.ts';
import { shownParent, shownReport } from './read-report.ts';

/** Which proposal, and where its report is. */
export interface DisputeFlags {
  readonly epoch: number;
  readonly report: string;
  readonly parentReport?: string;
}

/** A proposal, judged by all that is shown of it: the report, its parent's, and what was answered to demands. */
export interface Examined {
  readonly proposal: DisputedProposal;
  readonly demands: readonly LeafDemand[];
  readonly verdict: Verdict;
  readonly notes: readonly string[];
}

/**
 * Reads the pending proposal of an epoch and judges it.
 *
 * @throws {RevertError} `NOT_PROPOSED`
 * @throws {MissingError} `PARENT_REPORT_MISSING` when only transitions are left to be judged, and the leaves before are not shown
 */
export async function examineProposal({ connection, io }: Session, flags: DisputeFlags): Promise<Examined> {
  const { epoch, report, parentReport } = flags;
  const proposal = await readDisputedProposal(connection, epoch);
  const demands = await readDemands(connection, proposal.proposalId);
  const place = { option: '--report', given: report, cwd: io.cwd, epoch };
  const own = await shownReport(place, proposal.settlement.reportCid);
  const parent = proposal.context.parent.leafCount === 0 ? null : await shownParent(place, parentReport);
  const answers = demands.flatMap(({ index, answer }) => (answer === null ? [] : [...answerPreimages(index, answer)]));
  const verdict = prove({
    context: proposal.context,
    reveal: revealFrom([...own.preimages, ...answers]),
    revealParent: revealFrom(parent?.preimages ?? []),
  });
  if (verdict.kind === 'parent-unavailable') {
    throw new MissingError({
      code: 'PARENT_REPORT_MISSING',
      shortMessage: `nothing is wrong so far, but the report of epoch ${epoch - 1} does not show its leaf ${verdict.index}`,
      details: {
        epoch: epoch - 1,
        leaf: verdict.index,
        next: 'give --parent-report with the report of the epoch before',
      },
    });
  }
  return { proposal, demands, verdict, notes: [...own.notes, ...(parent?.notes ?? [])] };
}

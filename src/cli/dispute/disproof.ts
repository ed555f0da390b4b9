import { newestTime } from '../../chain/newest-time.ts';
import { disproveCall, disproveUnansweredCall } from '../../chain/disproof.ts';
import { onChain } from '../../chain/revert-error.ts';
import { InvariantError, MissingError, RefusedError } from '../../protocol/errors.ts';
import type { Evidence } from '../../settlement/faults/evidence.ts';
import type { Fault } from '../../settlement/prover/encode-proof.ts';
import type { ProofCost } from '../../settlement/prover/proof-cost.ts';
import type { Disproof, Verdict } from '../../settlement/prover/prove.ts';
import type { Outgoing } from '../governance/submit.ts';
import type { Session } from '../governance/session.ts';
import { moment } from '../../chain/moment.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';
import type { Examined } from './examine-proposal.ts';

/** What is wrong with a proposal, and what is to be sent; nothing where nothing is. */
export interface Disproving {
  readonly outgoing: Outgoing | null;
  readonly found: Fault | 'unanswered' | null;
  /** Where in the tree, if it is at one leaf. */
  readonly leaf: number | null;
  readonly cost: ProofCost | null;
  /** How many other proofs there are. */
  readonly others: number;
  /** What whoever proves it is credited, in wei of the native coin; null where it goes to whoever demanded. */
  readonly reward: bigint | null;
}

/** In words, what each fault is. */
const WORDS: Readonly<Record<Fault, string>> = {
  order: 'two leaves side by side do not rise by account',
  sum: "a leaf's running sums do not follow from the leaf before it",
  totals: "the last leaf's running sums are not what was declared",
  'leaf-count': 'the tree has not as many leaves as were declared',
  transition: "an account's curve is not what its curve before, its scores and its accelerations give",
  dropped: 'an account of the epoch before has no leaf',
  malformed: 'the tree holds bytes that cannot be what they stand for',
};

/**
 * What to send against a proposal: the cheapest proof, or what follows from a demand that nobody answered.
 *
 * @throws {RefusedError} `REPORT_NOT_GIVEN` when what was shown on demand does not do, `LEAF_NOT_SHOWN` when a leaf has to be demanded first, `ANSWER_OPEN` when its answer may still come
 * @throws {MissingError} `PARENT_REPORT_MISSING` when only the epoch before is left to compare with, and its leaves are not shown
 */
export async function disproving(session: Session, examined: Examined): Promise<Disproving> {
  const { proposal, demands, verdict } = examined;
  const { addresses } = session.connection;
  const { epoch, proposalId, bond } = proposal;
  const title = `disprove proposal ${proposalId} of epoch ${epoch}`;
  const now = await presentTime(session);
  const disproof = sendable(verdict, now > proposal.demandUntil);
  if (disproof !== undefined) {
    const { fault, evidence, cost } = disproof;
    const reward = bond / 2n;
    const others = verdict.kind === 'disproof' ? verdict.others : 0;
    const leaf = leafOf(evidence);
    const preview = [
      `proposal ${proposalId} of epoch ${epoch} is wrong: ${WORDS[fault]}${leaf === null ? '' : ` (leaf ${leaf})`}\n`,
      `  proof     ${fault}, ${grouped(cost.bytes)} bytes, about ${grouped(cost.gas)} gas; ${others} others were found\n`,
      `  reward    ${tokens(reward)} of the native coin, half of the bond\n`,
    ].join('');
    const calls = [disproveCall(addresses, proposal, disproof)];
    return { outgoing: { title, preview, calls }, found: fault, leaf, cost, others, reward };
  }
  const overdue = demands.find(({ state, deadline }) => state === 'open' && deadline <= now);
  if (overdue !== undefined) {
    const { index, demander } = overdue;
    const preview = `leaf ${index} of proposal ${proposalId} was demanded by ${demander}, and nobody showed it in time\n`;
    const calls = [disproveUnansweredCall(addresses, proposalId, index)];
    return {
      outgoing: { title, preview, calls },
      found: 'unanswered',
      leaf: index,
      cost: null,
      others: 0,
      reward: null,
    };
  }
  if (verdict.kind === 'demand') throw notShown(examined, verdict.index);
  if (verdict.kind === 'parent-unavailable') throw parentMissing(epoch - 1, verdict.index);
  if (verdict.kind === 'refused') {
    const shortMessage = 'the distributor took what it should have refused';
    throw new InvariantError({ code: 'PROPOSAL_REFUSABLE', shortMessage, details: { epoch, reason: verdict.reason } });
  }
  return { outgoing: null, found: null, leaf: null, cost: null, others: 0, reward: null };
}

/** The proof to send; one that is dearer than a demand only when it is too late for demands. */
function sendable(verdict: Verdict, isTooLate: boolean): Disproof | undefined {
  if (verdict.kind === 'disproof') return verdict.disproof;
  return verdict.kind === 'demand' && isTooLate ? verdict.instead : undefined;
}

/** The leaves before were not all shown. */
export function parentMissing(epoch: number, leaf: number): MissingError {
  return new MissingError({
    code: 'PARENT_REPORT_MISSING',
    shortMessage: `nothing is wrong so far, but no report shows leaf ${leaf} of epoch ${epoch}`,
    details: { epoch, leaf, next: 'give --parent-report with the report of the epoch before' },
  });
}

/** The time of the newest block. */
export async function presentTime({ connection }: Session): Promise<number> {
  return await onChain(() => newestTime(connection.provider));
}

function notShown({ proposal: { epoch }, demands, hasReport }: Examined, index: number): RefusedError {
  const demanded = demands.find((one) => one.index === index && one.state === 'open');
  if (demanded !== undefined) {
    return new RefusedError({
      code: 'ANSWER_OPEN',
      shortMessage: `leaf ${index} is demanded, and may be shown until ${moment(demanded.deadline)}`,
      details: {
        epoch,
        leaf: index,
        deadline: demanded.deadline,
        next: 'run the same command again after the deadline',
      },
    });
  }
  if (!hasReport) {
    return new RefusedError({
      code: 'REPORT_NOT_GIVEN',
      shortMessage: `no report was given, and what was shown on demand is not enough to judge the proposal`,
      details: {
        epoch,
        leaf: index,
        next: `give its report with --report; where none is published, demand a leaf, for a deposit: lode demand --epoch ${epoch} --index ${index} …`,
      },
    });
  }
  return new RefusedError({
    code: 'LEAF_NOT_SHOWN',
    shortMessage: `the report does not show leaf ${index}, and nothing else is wrong`,
    details: { epoch, leaf: index, next: `demand it: lode demand --epoch ${epoch} --index ${index} …` },
  });
}

function leafOf(evidence: Evidence): number | null {
  if ('node' in evidence) return evidence.node.level === 0 ? evidence.node.index : null;
  if (evidence.kind === 'order') return evidence.left.index;
  return evidence.kind === 'dropped' ? null : evidence.leaf.index;
}

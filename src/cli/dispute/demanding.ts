import { demandCall } from '../../chain/disproof.ts';
import type { LeafDemand } from '../../chain/disputed-proposal.ts';
import { readDemands, readDisputedProposal } from '../../chain/disputed-proposal.ts';
import { onChain } from '../../chain/revert-error.ts';
import { MissingError, RefusedError } from '../../protocol/errors.ts';
import type { Outgoing } from '../governance/submit.ts';
import type { Session } from '../governance/session.ts';
import { moment } from '../../chain/moment.ts';
import { counted, tokens } from '../../protocol/tokens.ts';
import { parentMissing, presentTime } from './disproof.ts';
import type { Examined } from './examine-proposal.ts';
import { examineProposal } from './examine-proposal.ts';

/** Which leaf is to be demanded: a position, or the one that a report does not show. */
export interface DemandFlags {
  readonly epoch: number;
  readonly index?: number;
  readonly report?: string;
  readonly parentReport?: string;
}

/** In words, how a demand stands. */
const DEMAND_WORDS: Readonly<Record<LeafDemand['state'], (deadline: number) => string>> = {
  none: () => 'nothing is known of it',
  open: (deadline) => `it has to be shown by ${moment(deadline)}`,
  answered: () => 'it was shown, and lode disprove knows it',
  returned: () => 'its deposit went back',
};

/** A demand that is to be made. */
export interface Demanding {
  readonly outgoing: Outgoing;
  readonly epoch: number;
  readonly proposalId: bigint;
  readonly leaf: number;
  readonly deposit: bigint;
  /** From then on a leaf that was not shown drops the proposal, if the demand is made now; unix seconds. */
  readonly deadline: number;
}

/**
 * The demand of a leaf, with the deposit that it costs now.
 *
 * @throws {MissingError} `LEAF_MISSING` when neither a position nor a report is given
 * @throws {RefusedError} `NOTHING_TO_DEMAND` when the report shows every leaf, `ALREADY_DEMANDED`, `NO_SUCH_LEAF`, `DEMANDS_OVER`
 */
export async function demanding(session: Session, flags: DemandFlags): Promise<Demanding> {
  const { connection } = session;
  const { epoch } = flags;
  const leaf = flags.index ?? (await hiddenLeaf(session, flags));
  const proposal = await readDisputedProposal(connection, epoch);
  const { proposalId, window, demandUntil, settlement } = proposal;
  const { leafCount } = settlement;
  if (leaf >= leafCount) {
    throw new RefusedError({
      code: 'NO_SUCH_LEAF',
      shortMessage: `the proposal declares ${counted(leafCount, 'leaf', 'leaves')}; there is no leaf ${leaf}`,
      details: { epoch, leaf, leafCount, next: 'positions start from 0' },
    });
  }
  const demanded = (await readDemands(connection, proposalId, { since: proposal.since })).find(
    ({ index }) => index === leaf,
  );
  if (demanded !== undefined) {
    throw new RefusedError({
      code: 'ALREADY_DEMANDED',
      shortMessage: `leaf ${leaf} was demanded before: ${DEMAND_WORDS[demanded.state](demanded.deadline)}`,
      details: { epoch, leaf, state: demanded.state, deadline: demanded.deadline },
    });
  }
  const now = await presentTime(session);
  if (now > demandUntil) {
    throw new RefusedError({
      code: 'DEMANDS_OVER',
      shortMessage: `leaves could be demanded until ${moment(demandUntil)}`,
      details: { epoch, now, demandUntil, next: 'what no proof reaches a guardian can veto: lode guardian veto' },
    });
  }
  const deposit = await onChain(() => connection.contracts.distributor.demandDeposit(proposalId));
  const deadline = now + (window - (window % 4)) / 4; // integer: seconds, rounded down
  const preview = [
    `leaf ${leaf} of proposal ${proposalId} of epoch ${epoch}: whoever shows it gets a 32nd of the bond from the deposit\n`,
    `  deposit   ${tokens(deposit, 6)} of the native coin\n`,
    `  not shown by ${moment(deadline)}, it drops the proposal (lode disprove): the deposit comes back, and half of the bond with it\n`,
  ].join('');
  const calls = [demandCall(connection.addresses, proposalId, leaf, deposit)];
  const title = `demand leaf ${leaf} of epoch ${epoch}`;
  return { outgoing: { title, preview, calls }, epoch, proposalId, leaf, deposit, deadline };
}

async function hiddenLeaf(session: Session, { report, ...flags }: DemandFlags): Promise<number> {
  if (report === undefined) {
    throw new MissingError({
      code: 'LEAF_MISSING',
      shortMessage: 'no leaf was named',
      details: { next: 'give --index, or --report with the folder that does not show it' },
    });
  }
  const { verdict, notes }: Examined = await examineProposal(session, { ...flags, report });
  for (const note of notes) session.io.err(`note: ${note}\n`);
  if (verdict.kind === 'demand') return verdict.index;
  if (verdict.kind === 'parent-unavailable') throw parentMissing(flags.epoch - 1, verdict.index);
  throw new RefusedError({
    code: 'NOTHING_TO_DEMAND',
    shortMessage:
      verdict.kind === 'disproof' ? 'the report is enough to disprove the proposal' : 'the report shows every leaf',
    details: { epoch: flags.epoch, next: verdict.kind === 'disproof' ? 'lode disprove' : 'give --index for any leaf' },
  });
}

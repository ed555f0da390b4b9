import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import type { Connection } from './connect.ts';
import type { ProposalState } from './epoch-state.ts';
import { PROPOSAL_STATES } from './epoch-state.ts';
import { eventArguments } from './lenient.ts';
import { onChain } from './revert-error.ts';

/** A settlement that a guardian has vetoed, and about which nobody has ruled. */
export interface OpenVeto {
  readonly proposalId: bigint;
  readonly epoch: number;
  readonly operator: Address;
  readonly reason: string;
  /** In wei of the native coin; held until somebody rules, or releases it. */
  readonly bond: bigint;
  /** The first second that is too late for a ruling, unix seconds. */
  readonly rulingUntil: number;
  /** The last second in which a ruling can be begun so that it is executed in time, by whoever is in office. */
  readonly beginUntil: number;
  /** The time for a ruling is over: anyone may release the bond. */
  readonly lapsed: boolean;
}

/** An operator who may not propose settlements at present, whatever role it has. */
export interface SuspendedOperator {
  readonly operator: Address;
  /** Until then, unix seconds; null: until governance readmits it. */
  readonly until: number | null;
  /** What it is suspended for, and what became of that. */
  readonly proposalId: bigint;
  readonly state: ProposalState;
}

type Reached = Pick<Connection, 'contracts' | 'addressBook'>;

/** The contract's last possible second. */
const FOREVER = 2 ** 40 - 1;

/** Every veto that waits for a ruling, or that has lapsed without one and still holds a bond, in the order of the vetoes. */
export async function readOpenVetoes({ contracts, addressBook }: Reached, time: number): Promise<readonly OpenVeto[]> {
  const { distributor } = contracts;
  return await onChain(async () => {
    const vetoed = await distributor.queryFilter(distributor.filters.ProposalVetoed(), addressBook.startBlock);
    const open: OpenVeto[] = [];
    const decision = vetoed.length === 0 ? 0 : await decisionTime(contracts);
    for (const event of vetoed) {
      const { args } = event;
      const { state, operator, bond, rulingUntil } = await distributor.proposalOf(args.proposalId);
      if (PROPOSAL_STATES[Number(state)] !== 'vetoed') continue;
      const until = Number(rulingUntil);
      open.push({
        proposalId: args.proposalId,
        epoch: Number(args.epoch),
        operator: parseAddress(operator),
        // Whoever vetoes writes what bytes he likes.
        reason: String(eventArguments(event).getValue('reason')),
        bond,
        rulingUntil: until,
        // Executed in the last second before, and scheduled in a block before that.
        beginUntil: until - 1 - decision,
        lapsed: time >= until,
      });
    }
    return open;
  });
}

/** Every operator that is suspended, in the order in which they were. */
export async function readSuspended(
  { contracts, addressBook }: Reached,
  time: number,
): Promise<readonly SuspendedOperator[]> {
  const { distributor } = contracts;
  return await onChain(async () => {
    const events = await distributor.queryFilter(distributor.filters.OperatorSuspended(), addressBook.startBlock);
    // A later suspension takes the place of one before.
    const causes = new Map(events.map(({ args }) => [args.operator, args.proposalId]));
    const suspended: SuspendedOperator[] = [];
    for (const [operator, proposalId] of causes) {
      const until = Number(await distributor.suspendedUntil(operator));
      if (time >= until) continue;
      const { state } = await distributor.proposalOf(proposalId);
      suspended.push({
        operator: parseAddress(operator),
        until: until === FOREVER ? null : until,
        proposalId,
        state: PROPOSAL_STATES[Number(state)] ?? 'none',
      });
    }
    return suspended;
  });
}

/** How long it takes from the proposal of a change to its execution, at the latest. */
async function decisionTime({ governor, timelock, handover }: Connection['contracts']): Promise<number> {
  const delay = Number(await timelock.getMinDelay());
  if (!(await handover.done())) return delay;
  const vote = await Promise.all([governor.votingDelay(), governor.votingPeriod(), governor.lateQuorumVoteExtension()]);
  // What was carried is queued a second after its vote has ended.
  return vote.reduce((sum, part) => sum + Number(part), delay + 1);
}

import type { Address } from '../protocol/brands.ts';
import { parseAddress } from '../protocol/brands.ts';
import type { FaultContext } from '../settlement/faults/evidence.ts';
import type { LeafAnswer } from '../settlement/prover/leaf-answer.ts';
import type { Connection } from './connect.ts';
import { answerFromChain } from './disproof.ts';
import type { ProposalState } from './epoch-state.ts';
import { PROPOSAL_STATES, readProposed } from './epoch-state.ts';
import { onChain, RevertError } from './revert-error.ts';
import type { WatchedProposal } from './watched-proposal.ts';
import { readWatchedProposal } from './watched-proposal.ts';

/** The pending proposal with everything that a proof against it is judged by, as the chain has it. */
export interface DisputedProposal extends WatchedProposal {
  /** The last second in which a leaf can be demanded. */
  readonly demandUntil: number;
  readonly context: FaultContext;
}

/** What became of a demand, in the order of the contract's `DemandState`. */
export const DEMAND_STATES = ['none', 'open', 'answered', 'returned'] as const;

/** A leaf that somebody wants to see. */
export interface LeafDemand {
  readonly index: number;
  readonly demander: Address;
  /** The first second that is too late for an answer. */
  readonly deadline: number;
  readonly deposit: bigint;
  readonly state: (typeof DEMAND_STATES)[number];
  /** What was shown. */
  readonly answer: LeafAnswer | null;
}

/**
 * Reads the pending proposal of an epoch, as {@link readWatchedProposal} does: everything is held against the hashes that the
 * distributor keeps.
 *
 * @throws {RevertError} `NOT_PROPOSED` when no proposal of this epoch is pending
 * @throws {RetryableError} `NODE_INCONSISTENT`, `NODE_UNAVAILABLE`
 */
export async function readDisputedProposal(connection: Connection, epoch: number): Promise<DisputedProposal> {
  const { provider, contracts, addresses } = connection;
  const { watched, proposal } = await onChain(async () => {
    const block = await provider.getBlockNumber();
    const found = await readWatchedProposal(connection, block);
    const id = found?.proposalId ?? 0n;
    return { watched: found, proposal: await contracts.distributor.proposalOf(id, { blockTag: block }) };
  });
  if (watched?.epoch !== epoch) throw await notProposed(connection, epoch);
  const { token, vault, reserve, distributor } = addresses;
  const { record, settlement, parent } = watched;
  return {
    ...watched,
    demandUntil: Number(proposal.demandUntil),
    context: { record, parent, settlement, forbidden: [token, vault, reserve, distributor] },
  };
}

/** Every demand that was made of a proposal's leaves, with what was shown, by leaf; as of a block, or now, looked for since a block. */
export async function readDemands(
  connection: Connection,
  proposalId: bigint,
  { since, block = 'latest' }: { readonly since?: number; readonly block?: number | 'latest' } = {},
): Promise<readonly LeafDemand[]> {
  const { contracts, addressBook } = connection;
  const { distributor } = contracts;
  return await onChain(async () => {
    const from = since ?? addressBook.startBlock;
    const demanded = await distributor.queryFilter(distributor.filters.LeafDemanded(proposalId), from, block);
    const answered = await distributor.queryFilter(distributor.filters.LeafAnswered(proposalId), from, block);
    const shown = new Map(answered.map(({ args }) => [args.index, answerFromChain(args.shown)]));
    const demands: LeafDemand[] = [];
    for (const { args } of demanded) {
      const { demander, deadline, deposit, state } = await distributor.demandOf(proposalId, args.index, {
        blockTag: block,
      });
      demands.push({
        index: Number(args.index),
        demander: parseAddress(demander),
        deadline: Number(deadline),
        deposit,
        state: DEMAND_STATES[Number(state)] ?? 'none',
        answer: shown.get(args.index) ?? null,
      });
    }
    return demands.toSorted((one, other) => one.index - other.index);
  });
}

/** Deposits of an account for demands that nobody answered, and whose proposals are not pending any more. */
export async function readUnreturnedDeposits(connection: Connection, account: Address) {
  const { contracts, addressBook } = connection;
  const { distributor } = contracts;
  return await onChain(async () => {
    const pending = await distributor.pendingProposal();
    const filter = distributor.filters.LeafDemanded(undefined, undefined, account);
    const found: { readonly proposalId: bigint; readonly index: number; readonly deposit: bigint }[] = [];
    for (const { args } of await distributor.queryFilter(filter, addressBook.startBlock)) {
      const { proposalId, index } = args;
      if (proposalId === pending) continue;
      const { state, deposit } = await distributor.demandOf(proposalId, index);
      if (DEMAND_STATES[Number(state)] === 'open') found.push({ proposalId, index: Number(index), deposit });
    }
    return found;
  });
}

/** What became of a proposal. */
export async function readProposalState({ contracts }: Connection, proposalId: bigint): Promise<ProposalState> {
  const { state } = await onChain(() => contracts.distributor.proposalOf(proposalId));
  return PROPOSAL_STATES[Number(state)] ?? 'none';
}

async function notProposed(connection: Connection, epoch: number): Promise<RevertError> {
  const last = await readProposed(connection, epoch);
  const state = last === null ? null : await readProposalState(connection, last.proposalId);
  return new RevertError({
    code: 'NOT_PROPOSED',
    shortMessage: `no proposal of epoch ${epoch} is pending${state === null ? '' : `; the last one is ${state}`}`,
    details: { epoch, last: last?.proposalId ?? null, state, next: 'see `lode doctor` for what is pending' },
  });
}

import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { Connection } from './connect.ts';
import type { ClosedEvent, FinalisedEvent, ProposedEvent } from './events.ts';
import { parseEvents } from './events.ts';
import { onChain } from './revert-error.ts';

/** Where an epoch stands, in the order of the contract's `EpochState`. */
export const EPOCH_STATES = ['open', 'closed', 'proposed', 'final'] as const;
export type EpochState = (typeof EPOCH_STATES)[number];

/** What became of a proposal, in the order of the contract's `ProposalState`. */
export const PROPOSAL_STATES = ['none', 'pending', 'final', 'vetoed', 'returned', 'forfeited', 'disproved'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Where the whole protocol stands, in one block. */
export interface ProtocolState {
  readonly block: number;
  /** Time of that block, unix seconds. */
  readonly now: number;
  /** The running epoch, or null before the start. */
  readonly running: number | null;
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  readonly pausedUntil: number;
  readonly supply: bigint;
  readonly reserve: bigint;
  readonly totalGranted: bigint;
  readonly released: bigint;
}

/** A settlement that was proposed, as of a block. */
export interface ProposalView {
  readonly proposalId: bigint;
  readonly epoch: number;
  readonly operator: string;
  readonly state: ProposalState;
  /** When it can become final, unix seconds. */
  readonly until: number;
  readonly bond: bigint;
  readonly settlementHash: Hash32;
  /** Demanded leaves that nobody has shown yet: it falls when one of them stays hidden. */
  readonly openDemands: number;
}

/** Reads where the protocol stands, all of it in the same block. */
export async function readState({ contracts, provider }: Connection): Promise<ProtocolState> {
  return await onChain(async () => {
    const block = await provider.getBlock('latest');
    const blockTag = block?.number ?? 0;
    const at = { blockTag };
    const { distributor, curve, vault, token, reserve } = contracts;
    const now = block?.timestamp ?? 0;
    const start = Number(await curve.START(at));
    return {
      block: blockTag,
      now,
      running: now < start ? null : Number(await curve.epochAt(now, at)),
      nextToClose: Number(await distributor.nextToClose(at)),
      nextToFinalise: Number(await distributor.nextToFinalise(at)),
      pausedUntil: Number(await distributor.pausedUntil(at)),
      supply: await token.totalSupply(at),
      reserve: await reserve.reserve(at),
      totalGranted: await vault.totalGranted(at),
      released: await vault.released(at),
    };
  });
}

/** Reads where one epoch stands. */
export async function readEpochState({ contracts }: Connection, epoch: number): Promise<EpochState> {
  const state = await onChain(() => contracts.distributor.stateOf(epoch));
  return EPOCH_STATES[Number(state)] ?? 'open';
}

/** Reads the proposal that waits to become final, if there is one. */
export async function readPendingProposal(connection: Connection): Promise<ProposalView | null> {
  return await onChain(async () => {
    const proposalId = await connection.contracts.distributor.pendingProposal();
    return proposalId === 0n ? null : await readProposal(connection, proposalId, 'latest');
  });
}

/** Reads what became of a proposal by a block. */
export async function readProposal(
  { contracts }: Connection,
  proposalId: bigint,
  blockTag: number | 'latest',
): Promise<ProposalView> {
  const proposal = await contracts.distributor.proposalOf(proposalId, { blockTag });
  return {
    proposalId,
    epoch: Number(proposal.epoch),
    operator: proposal.operator.toLowerCase(),
    state: PROPOSAL_STATES[Number(proposal.state)] ?? 'none',
    until: Number(proposal.until),
    bond: proposal.bond,
    settlementHash: parseHash32(proposal.settlementHash),
    openDemands: Number(proposal.openDemands),
  };
}

/** The record of a closed epoch, from its event; null if it is not closed. */
export async function readClosed(connection: Connection, epoch: number): Promise<ClosedEvent | null> {
  const { distributor } = connection.contracts;
  const logs = await logsOf(connection, distributor.filters.EpochClosed(epoch));
  return parseEvents(logs, connection.addresses).closed.at(-1) ?? null;
}

/** The last settlement proposed for an epoch, from its event; null if there was none. */
export async function readProposed(connection: Connection, epoch: number): Promise<ProposedEvent | null> {
  const { distributor } = connection.contracts;
  const logs = await logsOf(connection, distributor.filters.SettlementProposed(epoch));
  return parseEvents(logs, connection.addresses).proposed.at(-1) ?? null;
}

/** How an epoch became final, from its event; null if it is not final. */
export async function readFinalised(connection: Connection, epoch: number): Promise<FinalisedEvent | null> {
  const { distributor } = connection.contracts;
  const logs = await logsOf(connection, distributor.filters.EpochFinalised(epoch));
  return parseEvents(logs, connection.addresses).finalised.at(-1) ?? null;
}

type Distributor = Connection['contracts']['distributor'];
type Filter = Parameters<Distributor['queryFilter']>[0];

async function logsOf({ addressBook, contracts }: Connection, filter: Filter) {
  return await onChain(() => contracts.distributor.queryFilter(filter, addressBook.startBlock));
}

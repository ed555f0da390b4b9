import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { basisHash, recordHash, settlementHash } from '../protocol/epoch-record.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { curveHash } from '../protocol/vesting-curve.ts';
import { bytesToHex } from '../protocol/words.ts';
import { firstBlockSince } from './block-since.ts';
import type { ParentTotals } from './closed-epoch.ts';
import { readFoundationCurve, readParent, recordIn } from './closed-epoch.ts';
import type { Connection } from './connect.ts';
import { parseEvents } from './events.ts';
import { finalSettlement, inconsistent } from './final-tree.ts';
import { lastEvents } from './last-events.ts';

/** Everything that the chain says about the proposal that waits, read in one block and held against its own hashes. */
export interface WatchedProposal {
  readonly proposalId: bigint;
  readonly epoch: number;
  readonly operator: string;
  /** When it can become final, unix seconds. */
  readonly until: number;
  /** Seconds. */
  readonly window: number;
  readonly bond: bigint;
  readonly settlementHash: Hash32;
  readonly basis: Hash32;
  readonly record: EpochRecord;
  readonly settlement: Settlement;
  readonly parent: ParentTotals;
  /** The content id (its digest) of the report of the epoch before; null for the first epoch. */
  readonly parentReport: Hash32 | null;
  /** The curve of the foundation that the record names, before the epoch: as the vault has it, whatever a report says. */
  readonly foundationCurve: Curve;
  /** The block that the proposal stands in, by its hash and its number: no demand of its leaves is older. */
  readonly block: string;
  readonly proposedIn: number;
  /** No event about this epoch, or about the proposals of the one before, stands in an earlier block. */
  readonly since: number;
}

/** What tells one proposal, in one state of its window, from another: cheap to ask for. */
export interface ProposalHead {
  readonly proposalId: bigint;
  readonly settlementHash: Hash32;
  readonly until: number;
  /** The last second in which a leaf can be demanded. */
  readonly demandUntil: number;
  /** Demanded leaves that nobody has shown yet. */
  readonly openDemands: number;
}

/** Which proposal waits in a block; null when none does. */
export async function proposalHead({ contracts }: Connection, block: number): Promise<ProposalHead | null> {
  const at = { blockTag: block };
  const proposalId = await contracts.distributor.pendingProposal(at);
  if (proposalId === 0n) return null;
  const proposal = await contracts.distributor.proposalOf(proposalId, at);
  return {
    proposalId,
    settlementHash: parseHash32(proposal.settlementHash),
    until: Number(proposal.until),
    demandUntil: Number(proposal.demandUntil),
    openDemands: Number(proposal.openDemands),
  };
}

/**
 * Reads the proposal that waits in a block, with the record of its epoch and what it stands on. Record, basis and settlement are
 * hashed anew: a node can leave them out, but not bend them.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when the node's own answers do not fit together
 */
export async function readWatchedProposal(connection: Connection, block: number): Promise<WatchedProposal | null> {
  const { contracts, addressBook, addresses, provider } = connection;
  const { distributor, curve } = contracts;
  const at = { blockTag: block };
  const proposalId = await distributor.pendingProposal(at);
  if (proposalId === 0n) return null;
  const proposal = await distributor.proposalOf(proposalId, at);
  const epoch = Number(proposal.epoch);
  const range = { from: addressBook.startBlock, to: block };
  const since = await firstBlockSince(provider, Number(await curve.startOf(epoch)), range);
  const { filters } = distributor;
  const proposedLogs = await lastEvents(
    async (from, to) => await distributor.queryFilter(filters.SettlementProposed(epoch, proposalId), from, to),
    { from: since, to: block },
  );
  const proposedIn = proposedLogs.at(-1)?.blockNumber ?? since;
  // Nothing can be proposed before its epoch is closed and the one before is final.
  const before = { from: since, to: proposedIn };
  const [record, parentSettlement] = await Promise.all([
    recordIn(connection, epoch, before),
    epoch === 0 ? null : finalSettlement(connection, epoch - 1, before),
  ]);
  const proposed = parseEvents(proposedLogs, addresses).proposed.at(-1);
  if (record === null || proposed === undefined) throw inconsistent(epoch, 'the events of a proposal');
  const parent = await readParent(connection, epoch, block);
  const { basis, settlement } = proposed;
  const stored = parseHash32(await distributor.recordHashOf(epoch, at));
  if (stored !== recordHash(record)) throw inconsistent(epoch, 'the record');
  const totalCurveHash = parseHash32(bytesToHex(curveHash(parent.totalCurve)));
  const { root: parentRoot, reserve } = parent;
  const computed = basisHash({ recordHash: stored, parentRoot, reserve, totalCurveHash });
  if (computed !== basis) throw inconsistent(epoch, 'what the proposal stands on');
  const hash = parseHash32(proposal.settlementHash);
  if (settlementHash(basis, settlement) !== hash) throw inconsistent(epoch, 'the settlement');
  return {
    ...{ proposalId, epoch, operator: proposal.operator.toLowerCase(), until: Number(proposal.until) },
    ...{
      window: Number(proposal.window),
      bond: proposal.bond,
      settlementHash: hash,
      basis,
      record,
      settlement,
      parent,
    },
    parentReport: parentSettlement?.reportCid ?? null,
    foundationCurve: await readFoundationCurve(connection, record.foundation, block),
    block: proposedLogs.at(-1)?.blockHash ?? '',
    proposedIn,
    since,
  };
}

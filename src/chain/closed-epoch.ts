import type { Address, Hash32 } from '../protocol/brands.ts';
import { parseHash32, ZERO_HASH } from '../protocol/brands.ts';
import type { EpochClock } from '../protocol/epoch-clock.ts';
import type { EpochRecord } from '../protocol/epoch-record.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import type { Curve } from '../protocol/vesting-curve.ts';
import { unpackCohort } from '../protocol/vesting-curve.ts';
import { firstBlockSince } from './block-since.ts';
import type { Connection } from './connect.ts';
import { parseEvents } from './events.ts';
import { finalSettlement, inconsistent } from './final-tree.ts';
import { lastEvents } from './last-events.ts';

/** What the vault and the reserve held before an epoch. */
export interface ParentTotals {
  readonly root: Hash32;
  readonly leafCount: number;
  readonly totalCurve: Curve;
  /** S, in wei. */
  readonly reserve: bigint;
  /** What pools paid in since; it joins S when the next epoch becomes final. */
  readonly pending: bigint;
  readonly totalGranted: bigint;
}

/** With what an epoch was closed, and from which block on anything about it can stand. */
export interface ClosedRecord {
  readonly record: EpochRecord;
  readonly recordHash: Hash32;
  /** No event about this epoch, or about the proposals of the one before, stands in an earlier block. */
  readonly since: number;
}

/** A closed epoch that is the next to become final, with everything that it is settled from besides the ledger. */
export interface ClosedEpoch extends ClosedRecord {
  readonly parent: ParentTotals;
  /** The content id (its digest) of the report of the epoch before; null for the first epoch. */
  readonly parentReport: Hash32 | null;
  /** The curve of the foundation that the record names, before the epoch: as the vault has it, whatever a report says. */
  readonly foundationCurve: Curve;
}

/** A span of blocks, both ends in it. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** When the deployment's epochs begin and how long each lasts. */
export async function readClock({ contracts }: Connection, block: number): Promise<EpochClock> {
  const at = { blockTag: block };
  const [start, length] = await Promise.all([contracts.curve.START(at), contracts.curve.EPOCH_LENGTH(at)]);
  return { start: Number(start), length: Number(length) };
}

/**
 * Reads with what an epoch was closed, as of a block; null when it was not. The record is hashed anew: a node can leave it out, but
 * not bend it.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when the node's own answers do not fit together
 */
export async function readClosedRecord(
  connection: Connection,
  epoch: number,
  block: number,
): Promise<ClosedRecord | null> {
  const { contracts, addressBook, provider } = connection;
  const stored = parseHash32(await contracts.distributor.recordHashOf(epoch, { blockTag: block }));
  if (stored === ZERO_HASH) return null;
  const start = Number(await contracts.curve.startOf(epoch, { blockTag: block }));
  const since = await firstBlockSince(provider, start, { from: addressBook.startBlock, to: block });
  const record = await recordIn(connection, epoch, { from: since, to: block });
  if (record === null || recordHash(record) !== stored) throw inconsistent(epoch, 'the record');
  return { record, recordHash: stored, since };
}

/**
 * Reads everything that a closed epoch is settled from, as of a block in which it is the next to become final; null when it is not
 * closed, or is not the next one.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when the node's own answers do not fit together
 */
export async function readClosedEpoch(
  connection: Connection,
  epoch: number,
  block: number,
): Promise<ClosedEpoch | null> {
  const next = Number(await connection.contracts.distributor.nextToFinalise({ blockTag: block }));
  if (next !== epoch) return null;
  const closed = await readClosedRecord(connection, epoch, block);
  if (closed === null) return null;
  const { record, since } = closed;
  const [parent, settlement, foundationCurve] = await Promise.all([
    readParent(connection, epoch, block),
    epoch === 0 ? null : finalSettlement(connection, epoch - 1, { from: since, to: block }),
    readFoundationCurve(connection, record.foundation, block),
  ]);
  return { ...closed, parent, parentReport: settlement?.reportCid ?? null, foundationCurve };
}

/** The record in the event of an epoch's closing; null when the range has none. */
export async function recordIn(
  { contracts, addresses }: Connection,
  epoch: number,
  { from, to }: BlockRange,
): Promise<EpochRecord | null> {
  const { distributor } = contracts;
  const logs = await lastEvents(
    async (start, end) => await distributor.queryFilter(distributor.filters.EpochClosed(epoch), start, end),
    { from, to },
  );
  return parseEvents(logs, addresses).closed.at(-1)?.record ?? null;
}

/** What stood before an epoch, as of a block in which the epoch before it is final and it is not. */
export async function readParent({ contracts }: Connection, epoch: number, block: number): Promise<ParentTotals> {
  const { vault, reserve } = contracts;
  const at = { blockTag: block };
  const before = epoch === 0 ? { root: ZERO_HASH, leafCount: 0n } : await vault.rootOf(epoch - 1, at);
  const { unlocked, cohorts } = await vault.totalCurve(at);
  return {
    root: parseHash32(before.root),
    leafCount: Number(before.leafCount),
    totalCurve: { unlocked, cohorts: cohorts.map(unpackCohort) },
    reserve: await reserve.reserve(at),
    pending: await reserve.pending(at),
    totalGranted: await vault.totalGranted(at),
  };
}

/** What a foundation was granted so far, as the vault has it in a block. */
export async function readFoundationCurve(
  { contracts }: Connection,
  foundation: Address,
  block: number,
): Promise<Curve> {
  const { unlocked, cohorts } = await contracts.vault.foundationCurve(foundation, { blockTag: block });
  return { unlocked, cohorts: cohorts.map(unpackCohort) };
}

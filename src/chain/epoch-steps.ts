import type { Signer, TransactionReceipt } from 'ethers';

import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { recordHash, settlementHash } from '../protocol/epoch-record.ts';
import { InvariantError, RetryableError } from '../protocol/errors.ts';
import type { Call } from './calls.ts';
import { claimCall, claimManyCall, closeCall, finaliseCall, proposeCall } from './calls.ts';
import type { Connection } from './connect.ts';
import type { Claim } from './convert.ts';
import { readEpochState, readFinalised, readPendingProposal } from './epoch-state.ts';
import type { ClaimedEvent, ClosedEvent, FinalisedEvent, ProtocolEvents, SkippedEvent } from './events.ts';
import { parseEvents } from './events.ts';
import { onChain, RevertError } from './revert-error.ts';
import { sendCall } from './send.ts';

/** A step and the transaction that took it; null if it had been taken before and nothing was sent. */
export type Step<T> = T & { readonly receipt: TransactionReceipt | null };

/** Closes the next epoch, and makes sure that record and stored hash are the twin's too. */
export async function closeEpoch(connection: Connection, signer: Signer): Promise<Step<ClosedEvent>> {
  const { receipt, events } = await take(connection, signer, closeCall(connection.addresses));
  const closed = only(events.closed, 'EpochClosed');
  const stored = await onChain(() => connection.contracts.distributor.recordHashOf(closed.epoch));
  if (parseHash32(stored) !== closed.recordHash) {
    throw new InvariantError({
      code: 'RECORD_HASH_DIFFERS',
      shortMessage: `the chain keeps another record hash for epoch ${closed.epoch} than its event says`,
      details: { epoch: closed.epoch, stored, said: closed.recordHash },
    });
  }
  return { ...closed, receipt };
}

export interface Proposed {
  readonly proposalId: bigint;
  readonly until: number;
}

/** A settlement to propose, and what it was computed from. */
export interface Proposal {
  readonly record: EpochRecord;
  readonly settlement: Settlement;
  readonly basis: Hash32;
}

/**
 * Proposes a settlement. If exactly this one is pending already nothing is sent, so a lost answer can be asked for again.
 *
 * @throws {RevertError} `PROPOSAL_DIFFERS` when another settlement is pending; else the contract's error
 */
export async function proposeSettlement(
  connection: Connection,
  signer: Signer,
  proposal: Proposal,
): Promise<Step<Proposed>> {
  const { record, settlement, basis } = proposal;
  const pending = await readPendingProposal(connection);
  if (pending !== null) {
    const ours = settlementHash(basis, settlement);
    if (pending.epoch === record.epoch && pending.settlementHash === ours) return { ...pending, receipt: null };
    throw new RevertError({
      code: 'PROPOSAL_DIFFERS',
      shortMessage: `another settlement is pending, of epoch ${pending.epoch}`,
      details: { epoch: pending.epoch, pending: pending.settlementHash, ours },
    });
  }
  const call = proposeCall(connection.addresses, record, settlement, basis);
  const { receipt, events } = await take(connection, signer, call);
  const { proposalId, until } = only(events.proposed, 'SettlementProposed');
  return { proposalId, until, receipt };
}

/**
 * Makes the pending settlement final. If the epoch is final with this very root nothing is sent.
 *
 * @throws {RevertError} `ROOT_DIFFERS` when it is final with another root; else the contract's error
 */
export async function finaliseEpoch(
  connection: Connection,
  signer: Signer,
  { record, settlement }: Omit<Proposal, 'basis'>,
): Promise<Step<FinalisedEvent>> {
  if ((await readEpochState(connection, record.epoch)) === 'final') {
    const final = await readFinalised(connection, record.epoch);
    if (final?.root === settlement.root) return { ...final, receipt: null };
    throw new RevertError({
      code: 'ROOT_DIFFERS',
      shortMessage: `epoch ${record.epoch} is final with another root`,
      details: { epoch: record.epoch, final: final?.root, ours: settlement.root },
    });
  }
  const { receipt, events } = await take(connection, signer, finaliseCall(connection.addresses, record, settlement));
  return { ...only(events.finalised, 'EpochFinalised'), receipt };
}

/** Pays one account what is due to it. */
export async function claim(connection: Connection, signer: Signer, entry: Claim): Promise<Step<ClaimedEvent>> {
  const { receipt, events } = await take(connection, signer, claimCall(connection.addresses, entry));
  return { ...only(events.claimed, 'RewardClaimed'), receipt };
}

export interface ClaimedMany {
  readonly claimed: readonly ClaimedEvent[];
  readonly skipped: readonly SkippedEvent[];
}

/** Pays many accounts in one transaction; what could not be paid is reported with the contract's error. */
export async function claimMany(
  connection: Connection,
  signer: Signer,
  entries: readonly Claim[],
): Promise<Step<ClaimedMany>> {
  const { receipt, events } = await take(connection, signer, claimManyCall(connection.addresses, entries));
  return { claimed: events.claimed, skipped: events.skipped, receipt };
}

/**
 * What a settlement of the next epoch has to be computed from, as the chain has it now.
 *
 * @throws {RevertError} when the epoch is not closed or not the next to be final
 */
export async function readBasis(connection: Connection, record: EpochRecord): Promise<Hash32> {
  const { distributor } = connection.contracts;
  const stored = parseHash32(await onChain(() => distributor.recordHashOf(record.epoch)));
  const ours = recordHash(record);
  if (stored !== ours) {
    throw new RevertError({
      code: 'RECORD_DIFFERS',
      shortMessage: `the record of epoch ${record.epoch} is not the one on chain`,
      details: { epoch: record.epoch, stored, ours },
    });
  }
  return parseHash32(await onChain(() => distributor.basisOf(record.epoch)));
}

async function take(
  { addresses }: Connection,
  signer: Signer,
  call: Call,
): Promise<{ receipt: TransactionReceipt; events: ProtocolEvents }> {
  const receipt = await sendCall(signer, call);
  return { receipt, events: parseEvents(receipt.logs, addresses) };
}

function only<T>(events: readonly T[], name: string): T {
  const [event] = events;
  if (event !== undefined && events.length === 1) return event;
  // The contract gives it in every transaction that does not fail: the node has cut its answer short.
  throw new RetryableError({
    code: 'EVENT_MISSING',
    shortMessage: `the transaction has ${events.length} ${name} events instead of 1`,
    details: { next: 'the transaction is included: ask another node what it did, before anything is sent again' },
  });
}

import type { ReserveSettledEvent } from '../../types/typechain/contracts/reserve/StabilizationReserve.ts';
import type { Hash32 } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { recordHash, settlementHash } from '../protocol/epoch-record.ts';
import type { Connection } from './connect.ts';
import type { ClosedEvent, FinalisedEvent, ProposedEvent } from './events.ts';
import { parseEvents } from './events.ts';
import { inconsistent } from './final-tree.ts';
import { inPieces } from './in-pieces.ts';

/** All that the chain keeps of an epoch that became final. */
export interface FinalEpoch {
  readonly epoch: number;
  readonly record: EpochRecord;
  readonly basis: Hash32;
  /** As it was declared; its root is the final one. */
  readonly settlement: Settlement;
  readonly proposalId: bigint;
  readonly operator: string;
  /** S before the epoch and after it, in wei, as the reserve books it. */
  readonly reserveBefore: bigint;
  readonly reserveAfter: bigint;
  /** What pools had paid in since the epoch before: 0, and the sum after each deposit, rising. In wei. */
  readonly deposits: readonly bigint[];
}

type Books = Pick<FinalEpoch, 'deposits' | 'reserveBefore' | 'reserveAfter'>;

/** How many epochs are asked about at the same time. */
const AT_ONCE = 50;

const WHOM_TO_ASK = 'ask another node, or one that keeps all events since the deployment';

/**
 * Reads all epochs that are final in a block, from epoch 0 on. Each record and each settlement is hashed anew and held against
 * what the distributor and the vault keep, so that a node can leave something out, but bend nothing.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when events are missing, or do not fit what the contracts keep
 */
export async function readFinalEpochs(connection: Connection, block: number): Promise<FinalEpoch[]> {
  const { contracts, addresses, addressBook, provider } = connection;
  const { distributor, reserve } = contracts;
  const topics = [
    ...['EpochClosed', 'SettlementProposed', 'EpochFinalised'].map(
      (name) => distributor.interface.getEvent(name as 'EpochClosed').topicHash,
    ),
    ...['Deposited', 'ReserveSettled'].map((name) => reserve.interface.getEvent(name as 'Deposited').topicHash),
  ];
  const logs = await provider.getLogs({
    ...{ address: [addresses.distributor, addresses.reserve], topics: [topics] },
    ...{ fromBlock: addressBook.startBlock, toBlock: block },
  });
  const closed = new Map<number, ClosedEvent>();
  const proposed = new Map<bigint, ProposedEvent>();
  const finalised: FinalisedEvent[] = [];
  const books: Books[] = [];
  let deposits: bigint[] = [0n];
  for (const log of logs) {
    if (log.address.toLowerCase() === addresses.reserve) {
      const event = reserve.interface.parseLog(log);
      if (event?.name === 'Deposited') deposits.push(event.args['newPending'] as bigint);
      if (event?.name !== 'ReserveSettled') continue;
      const { oldReserve, newReserve } = event.args as unknown as ReserveSettledEvent.OutputObject;
      books.push({ deposits, reserveBefore: oldReserve, reserveAfter: newReserve });
      deposits = [0n];
      continue;
    }
    const events = parseEvents([log], addresses);
    for (const event of events.closed) closed.set(event.epoch, event);
    for (const event of events.proposed) proposed.set(event.proposalId, event);
    finalised.push(...events.finalised);
  }
  const count = Number(await distributor.nextToFinalise({ blockTag: block }));
  // Before anything of an epoch is looked at: a log that is missing moves all that come behind it.
  if (finalised.length !== count || books.length !== count || finalised.some(({ epoch }, place) => epoch !== place)) {
    throw inconsistent(
      finalised.findIndex(({ epoch }, place) => epoch !== place),
      'which epochs are final',
      WHOM_TO_ASK,
    );
  }
  const epochs = finalised.map(({ epoch, proposalId, root }): FinalEpoch => {
    // The reserve is settled once for each epoch, in the transaction that makes it final.
    const [close, proposal, kept] = [closed.get(epoch), proposed.get(proposalId), books[epoch]];
    if (close === undefined || kept === undefined || proposal?.settlement.root !== root) {
      throw inconsistent(epoch, 'the events of an epoch', WHOM_TO_ASK);
    }
    const { basis, settlement, operator } = proposal;
    return { ...{ epoch, record: close.record, basis, settlement, proposalId, operator }, ...kept };
  });
  await inPieces(epochs, AT_ONCE, async (one) => await holdAgainst(connection, one, block));
  return epochs;
}

/** Makes sure that the contracts keep the hashes of what the events say. */
async function holdAgainst({ contracts }: Connection, one: FinalEpoch, block: number): Promise<void> {
  const { epoch, record, basis, settlement, proposalId } = one;
  const at = { blockTag: block };
  const [stored, proposal, final] = await Promise.all([
    contracts.distributor.recordHashOf(epoch, at),
    contracts.distributor.proposalOf(proposalId, at),
    contracts.vault.rootOf(epoch, at),
  ]);
  if (parseHash32(stored) !== recordHash(record)) throw inconsistent(epoch, 'the record', WHOM_TO_ASK);
  if (parseHash32(proposal.settlementHash) !== settlementHash(basis, settlement)) {
    throw inconsistent(epoch, 'the settlement', WHOM_TO_ASK);
  }
  if (parseHash32(final.root) !== settlement.root || Number(final.leafCount) !== settlement.leafCount) {
    throw inconsistent(epoch, 'the final root', WHOM_TO_ASK);
  }
}

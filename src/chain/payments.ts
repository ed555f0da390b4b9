import type { Log } from 'ethers';
import { zeroPadValue } from 'ethers';

import type { UnitsClaimedEvent } from '../../types/typechain/contracts/reserve/UnitPool.ts';
import type {
  FoundationClaimedEvent,
  RewardClaimedEvent,
} from '../../types/typechain/contracts/vesting/VestingVault.ts';
import { RetryableError } from '../protocol/errors.ts';
import type { Connection } from './connect.ts';
import { inPieces } from './in-pieces.ts';

/** One payment of the vault or of the unit pool, as its event says it. */
export interface Payment {
  readonly block: number;
  readonly logIndex: number;
  /** The block's time, in unix seconds. */
  readonly time: number;
  readonly transaction: string;
  readonly kind: 'reward' | 'foundation' | 'units';
  /** In lower case, as the recipient is. */
  readonly account: string;
  readonly recipient: string;
  /** The epoch whose leaf was claimed by; null for what does not go by leaves. */
  readonly epoch: number | null;
  /** In wei. */
  readonly amount: bigint;
  /** All that the account was paid so far, this payment included, in wei. */
  readonly claimed: bigint;
}

/** Blocks whose times are asked for together. */
const AT_ONCE = 20;

/**
 * Reads every payment up to a block, or those to some accounts, in the order of the chain.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when a block that has an event is not there
 */
export async function readPayments(
  connection: Connection,
  block: number,
  accounts?: readonly string[],
): Promise<Payment[]> {
  const { contracts, addresses, addressBook, provider } = connection;
  const { vault, unitPool } = contracts;
  const topics = [
    vault.interface.getEvent('RewardClaimed').topicHash,
    vault.interface.getEvent('FoundationClaimed').topicHash,
    ...(unitPool === null ? [] : [unitPool.interface.getEvent('UnitsClaimed').topicHash]),
  ];
  const from = [addresses.vault, ...(addresses.unitPool === undefined ? [] : [addresses.unitPool])];
  const logs = await provider.getLogs({
    ...{ address: from, topics: [topics, accounts?.map((account) => zeroPadValue(account, 32)) ?? null] },
    ...{ fromBlock: addressBook.startBlock, toBlock: block },
  });
  const times = await timesOf(connection, [...new Set(logs.map(({ blockNumber }) => blockNumber))]);
  const payments = logs.map((log) => paymentOf(connection, log, times.get(log.blockNumber) ?? 0));
  return payments.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

function paymentOf({ contracts: { vault, unitPool } }: Connection, log: Log, time: number): Payment {
  const at = { block: log.blockNumber, logIndex: log.index, time, transaction: log.transactionHash };
  const event = vault.interface.parseLog(log) ?? unitPool?.interface.parseLog(log);
  switch (event?.name) {
    case 'RewardClaimed': {
      const { account, to, epoch, paid, claimed } = event.args as unknown as RewardClaimedEvent.OutputObject;
      const who = { account: account.toLowerCase(), recipient: to.toLowerCase() };
      return { ...at, kind: 'reward', ...who, epoch: Number(epoch), amount: paid, claimed };
    }
    case 'FoundationClaimed': {
      const { foundation, paid, claimed } = event.args as unknown as FoundationClaimedEvent.OutputObject;
      const own = foundation.toLowerCase();
      return { ...at, kind: 'foundation', account: own, recipient: own, epoch: null, amount: paid, claimed };
    }
    case 'UnitsClaimed': {
      const { account, to, amount, claimed } = event.args as unknown as UnitsClaimedEvent.OutputObject;
      const who = { account: account.toLowerCase(), recipient: to.toLowerCase() };
      return { ...at, kind: 'units', ...who, epoch: null, amount, claimed };
    }
    default:
      throw inconsistent('an event that was not asked for', log.blockNumber);
  }
}

async function timesOf({ provider }: Connection, blocks: readonly number[]): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  await inPieces(blocks, AT_ONCE, async (number) => {
    const found = await provider.getBlock(number);
    if (found === null) throw inconsistent('no block where an event is', number);
    times.set(number, found.timestamp);
  });
  return times;
}

function inconsistent(what: string, block: number): RetryableError {
  return new RetryableError({
    code: 'NODE_INCONSISTENT',
    shortMessage: `the node gives ${what} (block ${block})`,
    details: { block, next: 'run the same command again, or name another node' },
  });
}

import type { Interface, Log } from 'ethers';

import { MedianPriceSource__factory } from '../../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import { interfaceOf } from '../bindings.ts';
import type { Connection } from '../connect.ts';
import { eventArguments } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import type { GovernedContract } from './action.ts';
import { lower } from './action.ts';
import type { PastEvent } from './past.ts';

/** How an operation of the timelock was executed. */
export interface Execution {
  readonly block: number;
  /** Unix seconds. */
  readonly time: number;
  readonly transaction: string;
  /** What was logged during each of its calls, in their order. */
  readonly logs: readonly (readonly Log[])[];
}

/**
 * How an operation was executed, by its events; null where it was not. The timelock logs each call behind what the call itself logged,
 * so what lies between two of its events belongs to the later one.
 */
export async function readExecution(connection: Connection, id: string): Promise<Execution | null> {
  const { contracts, provider, addressBook } = connection;
  const { timelock } = contracts;
  return await onChain(async () => {
    const done = await timelock.queryFilter(timelock.filters.CallExecuted(id), addressBook.startBlock);
    const [first] = done;
    if (first === undefined) return null;
    const { blockNumber: block, transactionHash: transaction } = first;
    const [{ timestamp: time }, all] = await Promise.all([
      first.getBlock(),
      provider.getLogs({ fromBlock: block, toBlock: block }),
    ]);
    const own = all.filter((log) => log.transactionHash === transaction);
    const ends = own.filter((log) => isExecuted(connection, log)).map(({ index }) => index);
    const logs = done.map(({ index: end }) => {
      const start = ends.findLast((other) => other < end) ?? -1;
      return own.filter(({ index }) => index > start && index < end);
    });
    return { block, time, transaction, logs };
  });
}

/** What a contract said itself, of what was logged during a call to it. */
export function eventsIn(logs: readonly Log[], contract: GovernedContract, to: string): readonly PastEvent[] {
  const abi: Interface =
    contract === 'priceSource' ? MedianPriceSource__factory.createInterface() : interfaceOf(contract);
  return logs.flatMap((log): PastEvent[] => {
    if (lower(log.address) !== lower(to)) return [];
    const parsed = abi.getEvent(log.topics[0] ?? '');
    if (parsed === null) return [];
    const args = abi.decodeEventLog(parsed, log.data, log.topics);
    return [{ name: parsed.name, args: eventArguments({ fragment: parsed, args, data: log.data }) }];
  });
}

function isExecuted({ contracts, addresses }: Connection, { address, topics }: Log): boolean {
  return (
    lower(address) === addresses.timelock &&
    topics[0] === contracts.timelock.getEvent('CallExecuted').fragment.topicHash
  );
}

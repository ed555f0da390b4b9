import { agreed, type AgreedBlock } from '../../../src/chain/agreement.ts';
import { EMPTY_BOOK, settlementLogs, withLogs, type SettlementBook } from '../../../src/chain/settlement-book.ts';
import type { Deployment } from './open-deployment.ts';

/** What was read last: the next block adds to it, so that the past is fetched once. */
interface Read {
  readonly deployment: Deployment;
  readonly block: AgreedBlock;
  readonly book: SettlementBook;
}

let last: Read | null = null;

/** Every settlement since the deployment, as the events up to a block tell it. */
export async function readBook(deployment: Deployment, block: AgreedBlock): Promise<SettlementBook> {
  const before = last;
  const goesOn =
    before?.deployment === deployment &&
    before.block.number <= block.number &&
    (await hashOf(deployment, before.block.number)) === before.block.hash;
  const from = goesOn ? before.block.number + 1 : deployment.addressBook.startBlock;
  const range = { from, to: block.number };
  const logs = await agreed(
    deployment.endpoints,
    'what happened to settlements',
    async (connection) => await settlementLogs(connection, range),
  );
  const start = goesOn ? before.book : EMPTY_BOOK;
  const book = logs.length === 0 ? start : withLogs(start, logs, deployment.connection);
  last = { deployment, block, book };
  return book;
}

async function hashOf({ connection }: Deployment, number: number): Promise<string | null> {
  return (await connection.provider.getBlock(number))?.hash ?? null;
}

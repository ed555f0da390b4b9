import { parseHash32 } from '../protocol/brands.ts';
import { RetryableError } from '../protocol/errors.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import { firstBlockSince } from './block-since.ts';
import type { Connection } from './connect.ts';
import { parseEvents } from './events.ts';
import { lastEvents } from './last-events.ts';

/** How many epochs are final in a block: the next to become final has this number. */
export async function finalEpochs({ contracts }: Connection, block: number): Promise<number> {
  return Number(await contracts.vault.nextEpoch({ blockTag: block }));
}

/**
 * What a block says of the tree of an epoch that is final in it.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when the node's own answers do not fit together
 */
export async function readFinalTree(connection: Connection, epoch: number, block: number): Promise<FinalTree> {
  const { contracts, addressBook, provider } = connection;
  const { root, leafCount } = await contracts.vault.rootOf(epoch, { blockTag: block });
  const start = Number(await contracts.curve.startOf(epoch));
  const from = await firstBlockSince(provider, start, { from: addressBook.startBlock, to: block });
  const settlement = await finalSettlement(connection, epoch, { from, to: block });
  if (settlement.root !== parseHash32(root)) throw inconsistent(epoch, 'its root');
  return { epoch, root: settlement.root, leafCount: Number(leafCount), reportCid: settlement.reportCid };
}

/**
 * The settlement with which an epoch became final, from its events in a range of blocks.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when there are none
 */
export async function finalSettlement(
  connection: Connection,
  epoch: number,
  range: { readonly from: number; readonly to: number },
) {
  return (await finalEvents(connection, epoch, range)).settlement;
}

/**
 * How an epoch became final: its settlement, and what the distributor made of it; the rest as for {@link finalSettlement}.
 *
 * @throws {RetryableError} `NODE_INCONSISTENT` when there are none
 */
export async function finalEvents(
  { contracts, addresses }: Connection,
  epoch: number,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const { distributor } = contracts;
  const { filters } = distributor;
  const finalisedLogs = await lastEvents(
    async (start, end) => await distributor.queryFilter(filters.EpochFinalised(epoch), start, end),
    { from, to },
  );
  const finalised = parseEvents(finalisedLogs, addresses).finalised.at(-1);
  if (finalised === undefined) throw inconsistent(epoch, 'how an epoch became final');
  const proposedLogs = await lastEvents(
    async (start, end) =>
      await distributor.queryFilter(filters.SettlementProposed(epoch, finalised.proposalId), start, end),
    { from, to: finalisedLogs.at(-1)?.blockNumber ?? to },
  );
  const settlement = parseEvents(proposedLogs, addresses).proposed.at(-1)?.settlement;
  if (settlement === undefined) throw inconsistent(epoch, 'how an epoch became final');
  return { settlement, finalised };
}

/** A node whose answers about an epoch do not fit together; and what to do then, where there is more to say than for every such node. */
export function inconsistent(epoch: number, what: string, next?: string): RetryableError {
  return new RetryableError({
    code: 'NODE_INCONSISTENT',
    shortMessage: `what the node says of epoch ${epoch} does not fit together: ${what}`,
    details: { epoch, what, ...(next === undefined ? {} : { next }) },
  });
}

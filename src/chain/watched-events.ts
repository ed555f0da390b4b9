import type { Connection } from './connect.ts';
import { eventArguments } from './lenient.ts';

/** Something that happened to a proposal. */
export interface WatchedEvent {
  /** The event's name in the contract. */
  readonly name: string;
  readonly block: number;
  readonly transaction: string;
  /** Its arguments by name, whole numbers as decimal strings; structs are left out. */
  readonly values: Readonly<Record<string, string>>;
}

const NAMES = new Set([
  'EpochClosed',
  'SettlementProposed',
  'LeafDemanded',
  'LeafAnswered',
  'LeafUnanswered',
  'ProposalVetoed',
  'ProposalDisproved',
  'VetoRuled',
  'EpochFinalised',
  'ProposalsPaused',
  'OperatorReadmitted',
  'VerifierScheduled',
]);

/** What happened to proposals in a range of blocks, in its order. */
export async function watchedEvents(
  { contracts, provider, addresses }: Connection,
  fromBlock: number,
  toBlock: number,
): Promise<WatchedEvent[]> {
  if (fromBlock > toBlock) return [];
  const logs = await provider.getLogs({ address: addresses.distributor, fromBlock, toBlock });
  return logs.flatMap((log) => {
    const event = contracts.distributor.interface.parseLog(log);
    if (event === null || !NAMES.has(event.name)) return [];
    // Whoever vetoes writes what bytes he likes: they must not end the watch.
    const given = eventArguments({ fragment: event.fragment, args: event.args, data: log.data });
    const values = event.fragment.inputs.flatMap(({ name }, at) => {
      const value: unknown = given[at];
      return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean'
        ? [[name, String(value)] as const]
        : [];
    });
    return [
      {
        name: event.name,
        block: log.blockNumber,
        transaction: log.transactionHash,
        values: Object.fromEntries(values),
      },
    ];
  });
}

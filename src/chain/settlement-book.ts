import type { Log } from 'ethers';

import type { ReserveSettledEvent } from '../../types/typechain/contracts/reserve/StabilizationReserve.ts';
import type { Settlement } from '../protocol/epoch-record.ts';
import { FAULTS } from '../settlement/prover/encode-proof.ts';
import type { BlockRange } from './closed-epoch.ts';
import type { Connection } from './connect.ts';
import type { ProposalState } from './epoch-state.ts';
import type { ClosedEvent, FinalisedEvent, ProposedEvent } from './events.ts';
import { parseEvents } from './events.ts';
import { eventArguments } from './lenient.ts';

/** A leaf that somebody wanted to see, and what came of it. */
export interface BookedDemand {
  readonly index: number;
  readonly deadline: number;
  readonly state: 'open' | 'answered' | 'unanswered';
}

/** A settlement that was proposed, and what became of it by the events. */
export interface BookedProposal extends Omit<ProposedEvent, 'until'> {
  readonly block: number;
  readonly transaction: string;
  readonly state: Exclude<ProposalState, 'none'>;
  /** The first second in which it can be made final, with what a pause or an answer added. */
  readonly until: number;
  /** Why a guardian dropped it, in his own words, and until when it can be ruled about; null where none did. */
  readonly veto: { readonly reason: string; readonly rulingUntil: number } | null;
  /** What was proven wrong with it; null where nothing was. `unanswered`: nobody showed a leaf that was demanded. */
  readonly fault: (typeof FAULTS)[number] | 'unanswered' | 'unknown' | null;
  readonly demands: readonly BookedDemand[];
  /** The block in which it stopped being pending; null as long as it is. */
  readonly endedIn: number | null;
}

/** An epoch that became final. */
export interface BookedFinal extends FinalisedEvent {
  readonly block: number;
  readonly transaction: string;
  readonly settlement: Settlement;
  /** What pools had paid in since the epoch before, in wei. */
  readonly joined: bigint;
  readonly reserveBefore: bigint;
  readonly reserveAfter: bigint;
}

/** Everything that events say about settlements up to a block. */
export interface SettlementBook {
  /** By epoch, from 0 on. */
  readonly closed: readonly ClosedEvent[];
  /** In the order of their numbers. */
  readonly proposals: readonly BookedProposal[];
  /** By epoch, from 0 on. */
  readonly final: readonly BookedFinal[];
  /** The names that tasks were given, by their numbers. */
  readonly tasks: ReadonlyMap<number, string>;
}

/** Before the first event. */
export const EMPTY_BOOK: SettlementBook = { closed: [], proposals: [], final: [], tasks: new Map() };

/** An event with what is needed to read it; nodes can be held against each other by it. */
export type BookedLog = Pick<Log, 'address' | 'topics' | 'data' | 'blockNumber' | 'transactionHash'>;

/** The events of a range of blocks that a book is written from, in their order. */
export async function settlementLogs({ provider, addresses }: Connection, range: BlockRange): Promise<BookedLog[]> {
  if (range.from > range.to) return [];
  const logs = await provider.getLogs({
    address: [addresses.distributor, addresses.reserve, addresses.registry],
    fromBlock: range.from,
    toBlock: range.to,
  });
  return logs.map(({ address, topics, data, blockNumber, transactionHash }) => ({
    ...{ address: address.toLowerCase(), topics: [...topics], data, blockNumber, transactionHash },
  }));
}

/**
 * The book with more events behind those that it was written from. They are taken at their word, but for records, which are hashed:
 * {@link finalTotals} tells whether what became final fits what the contracts keep.
 *
 * @throws {InvariantError} `RECORD_HASH_DIFFERS`
 */
export function withLogs(book: SettlementBook, logs: readonly BookedLog[], connection: Connection): SettlementBook {
  const { addresses, contracts } = connection;
  const { interface: taskEvents } = contracts.registry;
  const closed = [...book.closed];
  const proposals = new Map(book.proposals.map((proposal) => [proposal.proposalId, proposal]));
  const final = [...book.final];
  const tasks = new Map(book.tasks);
  const change = (id: unknown, changes: (old: BookedProposal) => Partial<BookedProposal>): void => {
    const old = typeof id === 'bigint' ? proposals.get(id) : undefined;
    if (old !== undefined) proposals.set(old.proposalId, { ...old, ...changes(old) });
  };
  for (const log of logs) {
    const { blockNumber: block, transactionHash: transaction } = log;
    const emitted = { topics: [...log.topics], data: log.data };
    if (log.address === addresses.reserve) {
      const event = contracts.reserve.interface.parseLog(emitted);
      const epoch = final.at(-1);
      if (event?.name !== 'ReserveSettled' || epoch === undefined) continue;
      // The interface that parsed the log knows the event by this name. It follows the epoch's own event.
      const { joined, oldReserve, newReserve } = event.args as unknown as ReserveSettledEvent.OutputObject;
      final[epoch.epoch] = { ...epoch, joined, reserveBefore: oldReserve, reserveAfter: newReserve };
      continue;
    }
    if (log.address === addresses.registry) {
      const event = taskEvents.parseLog(emitted);
      if (event?.name !== 'TaskAdded') continue;
      const given = eventArguments({ fragment: event.fragment, args: event.args, data: log.data });
      tasks.set(Number(event.args['task']), String(given.getValue('name')));
      continue;
    }
    const event = contracts.distributor.interface.parseLog(emitted);
    if (event === null) continue;
    const { args, name } = event;
    const ended = { endedIn: block };
    switch (name) {
      case 'EpochClosed':
      case 'SettlementProposed':
      case 'EpochFinalised': {
        const events = parseEvents([log], addresses);
        for (const one of events.closed) closed[one.epoch] = one;
        for (const one of events.proposed) {
          const fresh = { state: 'pending', veto: null, fault: null, demands: [], endedIn: null } as const;
          proposals.set(one.proposalId, { ...one, ...{ block, transaction }, ...fresh });
        }
        for (const one of events.finalised) {
          const proposal = proposals.get(one.proposalId);
          if (proposal === undefined) continue;
          change(one.proposalId, () => ({ state: 'final', ...ended }));
          const reserve = { joined: 0n, reserveBefore: 0n, reserveAfter: 0n };
          final[one.epoch] = { ...one, block, transaction, settlement: proposal.settlement, ...reserve };
        }
        break;
      }
      case 'LeafDemanded': {
        const demand = { index: Number(args['index']), deadline: Number(args['deadline']), state: 'open' } as const;
        change(args['proposalId'], ({ demands }) => ({ demands: [...demands, demand] }));
        break;
      }
      case 'LeafAnswered':
        change(args['proposalId'], ({ demands, until }) => ({
          demands: answered(demands, Number(args['index']), 'answered'),
          until: Math.max(until, Number(args['until'])),
        }));
        break;
      case 'LeafUnanswered':
        change(args['proposalId'], ({ demands }) => ({
          ...{ state: 'disproved', fault: 'unanswered', ...ended },
          demands: answered(demands, Number(args['index']), 'unanswered'),
        }));
        break;
      case 'ProposalDisproved':
        change(args['proposalId'], () => ({
          ...{ state: 'disproved', fault: FAULTS[Number(args['fault'])] ?? 'unknown', ...ended },
        }));
        break;
      case 'ProposalVetoed': {
        // Whoever vetoes writes what bytes he likes.
        const given = eventArguments({ fragment: event.fragment, args, data: log.data });
        const veto = { reason: String(given.getValue('reason')), rulingUntil: Number(args['rulingUntil']) };
        change(args['proposalId'], () => ({ state: 'vetoed', veto, ...ended }));
        break;
      }
      case 'VetoRuled':
        change(args['proposalId'], () => ({ state: args['upheld'] === true ? 'forfeited' : 'returned' }));
        break;
      case 'ProposalsPaused':
        change(args['proposalId'], ({ until }) => ({ until: Math.max(until, Number(args['windowUntil'])) }));
        break;
    }
  }
  return { closed, proposals: [...proposals.values()], final, tasks };
}

function answered(
  demands: readonly BookedDemand[],
  index: number,
  state: BookedDemand['state'],
): readonly BookedDemand[] {
  return demands.map((demand) => (demand.index === index ? { ...demand, state } : demand));
}

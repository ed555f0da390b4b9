import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import type { Connection } from '../connect.ts';
import { eventArguments } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import type { Support } from './proposals.ts';
import { SUPPORT } from './proposals.ts';

/** A vote that was cast. */
export interface CastVote {
  readonly voter: Address;
  readonly support: Support;
  /** In wei. */
  readonly weight: bigint;
  /** The voter's words, which may be anything; empty where there are none. */
  readonly reason: string;
  readonly block: number;
}

/** Every vote about a proposal, in the order in which they were cast. */
export async function readVotes({ contracts, addressBook }: Connection, id: bigint): Promise<readonly CastVote[]> {
  const { governor } = contracts;
  const events = await onChain(() => governor.queryFilter(governor.filters.VoteCast(), addressBook.startBlock));
  return events
    .filter(({ args }) => args.proposalId === id)
    .map((event) => ({
      voter: parseAddress(event.args.voter),
      support: SUPPORT[Number(event.args.support)] ?? 'abstain',
      weight: event.args.weight,
      reason: String(eventArguments(event).getValue('reason')),
      block: event.blockNumber,
    }));
}

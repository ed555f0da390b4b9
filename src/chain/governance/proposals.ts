import { newestTime } from '../newest-time.ts';
import type { Interface } from 'ethers';
import { keccak256, toBeHex } from 'ethers';

import type { Address } from '../../protocol/brands.ts';
import { parseAddress } from '../../protocol/brands.ts';
import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import { eventArguments, textBytes } from '../lenient.ts';
import { onChain } from '../revert-error.ts';
import { hashBatch, listsOf, NO_PREDECESSOR } from './operations.ts';

/** In the order of the governor's own. */
export const PROPOSAL_STATES = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const;

export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** How a vote is cast, in the order of the governor's own. */
export const SUPPORT = ['against', 'for', 'abstain'] as const;

export type Support = (typeof SUPPORT)[number];

/** Something that the holders decide about. */
export interface Proposal {
  readonly id: bigint;
  readonly state: ProposalState;
  readonly proposer: Address;
  /** Its bytes in hexadecimal where they are no text. */
  readonly description: string;
  /** The hash of its bytes, by which the governor knows it. */
  readonly descriptionHash: string;
  readonly calls: readonly Call[];
  /** Votes are those of this moment, and are cast from then on, unix seconds. */
  readonly voteStart: number;
  /** Until then, a late quorum's extension included. */
  readonly voteEnd: number;
  /** What was carried and is not queued until then has expired. */
  readonly queueUntil: number;
  /** From when on it can be executed; 0 when it is not queued. */
  readonly readyAt: number;
  readonly votes: Readonly<Record<Support, bigint>>;
  /** The votes for and abstaining that it takes, in wei; null while the moment of its votes lies ahead. */
  readonly quorum: bigint | null;
  /** The number by which the timelock knows it once it is queued. */
  readonly operation: string;
}

/** Every proposal there has been, in their order. */
export async function readProposals(connection: Connection): Promise<readonly Proposal[]> {
  const { contracts, addressBook, addresses, provider } = connection;
  const { governor } = contracts;
  return await onChain(async () => {
    const created = await governor.queryFilter(governor.filters.ProposalCreated(), addressBook.startBlock);
    const time = await newestTime(provider);
    const queuePeriod = created.length === 0 ? 0n : await governor.QUEUE_PERIOD();
    return await Promise.all(
      created.map(async (event) => {
        const { args } = event;
        const { proposalId: id, proposer, targets, calldatas } = args;
        const description = String(eventArguments(event).getValue('description'));
        const descriptionHash = keccak256(textBytes(event, 'description'));
        const state = PROPOSAL_STATES[Number(await governor.state(id))] ?? 'pending';
        const calls = targets.map((target, at) => ({
          to: parseAddress(target),
          // By position: a result has a method called `values`, as every list.
          value: args[3][at] ?? 0n,
          data: calldatas[at] ?? '0x',
        }));
        const [against, inFavour, abstain] = await governor.proposalVotes(id);
        const voteEnd = await governor.proposalDeadline(id);
        const voteStart = await governor.proposalSnapshot(id);
        const salt = toBeHex((BigInt(addresses.governor) << 96n) ^ BigInt(descriptionHash), 32);
        return {
          id,
          state,
          proposer: parseAddress(proposer),
          description,
          descriptionHash,
          calls,
          voteStart: Number(voteStart),
          voteEnd: Number(voteEnd),
          queueUntil: Number(voteEnd + queuePeriod),
          readyAt: state === 'queued' ? Number(await governor.proposalEta(id)) : 0,
          votes: { against, for: inFavour, abstain },
          quorum: voteStart < time ? await governor.quorum(voteStart) : null,
          operation: hashBatch(calls, NO_PREDECESSOR, salt),
        };
      }),
    );
  });
}

/** The call that casts a vote, with words for the others. */
export function voteCall({ contracts, addresses }: Connection, id: bigint, support: Support, reason: string): Call {
  const { interface: abi } = contracts.governor;
  const value = SUPPORT.indexOf(support);
  const data =
    reason === ''
      ? abi.encodeFunctionData('castVote', [id, value])
      : abi.encodeFunctionData('castVoteWithReason', [id, value, reason]);
  return { to: addresses.governor, data, value: 0n };
}

/** The call that takes a proposal a step on: into the timelock, into effect, or away. */
export function proposalCall(
  { contracts, addresses }: Connection,
  step: 'queue' | 'execute' | 'cancel',
  { calls, descriptionHash }: Pick<Proposal, 'calls' | 'descriptionHash'>,
): Call {
  const abi: Interface = contracts.governor.interface;
  const data = abi.encodeFunctionData(step, [...listsOf(calls), descriptionHash]);
  const value = step === 'execute' ? calls.reduce((sum, call) => sum + call.value, 0n) : 0n;
  return { to: addresses.governor, data, value };
}

import type { Provider } from 'ethers';
import { MedianPriceSource__factory } from '../../types/typechain/factories/contracts/reserve/MedianPriceSource__factory.ts';
import type { Interface } from 'ethers';

import type { AddressBook } from './address-book.ts';
import { listContracts } from './address-book.ts';
import type { ContractKey, Contracts } from './bindings.ts';
import { interfaceOf } from './bindings.ts';
import { eventArguments, parseCall } from './lenient.ts';

/** A call that was decided or is being decided, in words. */
export interface PendingCall {
  readonly target: string;
  readonly call: string;
}

/** What waits in the timelock, or could be executed at once. */
export interface PendingOperation {
  readonly id: string;
  readonly state: 'waiting' | 'ready';
  /** From when on it can be executed, unix seconds. */
  readonly readyAt: number;
  readonly calls: readonly PendingCall[];
}

/** A proposal to the holders that is not over. */
export interface PendingProposal {
  readonly id: string;
  readonly state: 'pending' | 'active' | 'succeeded' | 'queued';
  readonly proposer: string;
  /** When voting ends, unix seconds. */
  readonly voteEnd: number;
  readonly description: string;
  readonly calls: readonly PendingCall[];
}

/** How far the epochs are, and the settlement whose window is open. */
export interface SettlementState {
  readonly epoch: number;
  readonly nextToClose: number;
  readonly nextToFinalise: number;
  readonly pausedUntil: number;
  readonly proposal: {
    readonly id: bigint;
    readonly epoch: number;
    readonly operator: string;
    /** From then on it can be made final, unix seconds. */
    readonly until: number;
    /** Demanded leaves that nobody has shown yet. */
    readonly openDemands: number;
  } | null;
  /** Who judges proofs against settlements proposed now. */
  readonly verifier: string;
  /** Who judges them later, and from when on, unix seconds; null if nobody else was announced. */
  readonly nextVerifier: { readonly address: string; readonly from: number } | null;
}

const WAITING = 1n;
const READY = 2n;
const PROPOSAL_STATES: ReadonlyMap<bigint, PendingProposal['state']> = new Map([
  [0n, 'pending'],
  [1n, 'active'],
  [4n, 'succeeded'],
  [5n, 'queued'],
] as const);

/** Every operation that was scheduled, and neither executed nor cancelled, by the time from which it can be executed. */
export async function pendingOperations(
  { timelock }: Contracts,
  { startBlock, contracts }: AddressBook,
): Promise<readonly PendingOperation[]> {
  const scheduled = await timelock.queryFilter(timelock.filters.CallScheduled(), startBlock);
  const calls = new Map<string, PendingCall[]>();
  for (const { args } of scheduled) {
    const { id, target, data } = args;
    // Cancelled and scheduled anew it has the same calls once more.
    const list = args.index === 0n ? [] : (calls.get(id) ?? []);
    calls.set(id, [...list, describeCall(contracts, target, data)]);
  }
  const pending: PendingOperation[] = [];
  for (const [id, list] of calls) {
    const state = await timelock.getOperationState(id);
    if (state !== WAITING && state !== READY) continue;
    const readyAt = Number(await timelock.getTimestamp(id));
    pending.push({ id, state: state === READY ? 'ready' : 'waiting', readyAt, calls: list });
  }
  return pending.toSorted((a, b) => a.readyAt - b.readyAt);
}

/** Every proposal to the holders that can still come to something. */
export async function pendingProposals(
  { governor }: Contracts,
  { startBlock, contracts }: AddressBook,
): Promise<readonly PendingProposal[]> {
  const pending: PendingProposal[] = [];
  for (const event of await governor.queryFilter(governor.filters.ProposalCreated(), startBlock)) {
    const { args } = event;
    const state = PROPOSAL_STATES.get(await governor.state(args.proposalId));
    if (state === undefined) continue;
    const calls = args.targets.map((target, at) => describeCall(contracts, target, args.calldatas[at] ?? '0x'));
    const { proposalId, proposer } = args;
    const description = String(eventArguments(event).getValue('description'));
    pending.push({ id: String(proposalId), state, proposer, voteEnd: Number(args.voteEnd), description, calls });
  }
  return pending;
}

/** How far the settlements are at this moment. */
export async function settlementState({ distributor, curve }: Contracts, time: number): Promise<SettlementState> {
  const start = Number(await curve.START());
  const length = Number(await curve.EPOCH_LENGTH());
  const id = await distributor.pendingProposal();
  const proposal = id === 0n ? null : await distributor.proposalOf(id);
  const { newVerifier, from } = await distributor.nextVerifier();
  return {
    epoch: Math.floor((time - start) / length),
    nextToClose: Number(await distributor.nextToClose()),
    nextToFinalise: Number(await distributor.nextToFinalise()),
    pausedUntil: Number(await distributor.pausedUntil()),
    proposal:
      proposal === null
        ? null
        : {
            id,
            epoch: Number(proposal.epoch),
            operator: proposal.operator,
            until: Number(proposal.until),
            openDemands: Number(proposal.openDemands),
          },
    verifier: await distributor.verifier(),
    nextVerifier: from > time ? { address: newVerifier, from: Number(from) } : null,
  };
}

/** A call as its contract would name it, such as `scheduleAccountCap(12, 20000000000000000)`; raw bytes where none is known. */
export function describeCall(addresses: AddressBook['contracts'], target: string, data: string): PendingCall {
  const known = listContracts(addresses).find(([, address]) => address.toLowerCase() === target.toLowerCase());
  // Of contracts beside the deployment only reporters of a price are known, by what is called.
  if (known === undefined) return { target, call: inWords(MedianPriceSource__factory.createInterface(), data) };
  const [name] = known;
  // The names of an address book are those of the factories.
  return { target: name, call: inWords(interfaceOf(name as ContractKey), data) };
}

function inWords(contract: Interface, data: string): string {
  const parsed = parseCall(contract, data);
  return parsed === null ? data : `${parsed.name}(${parsed.args.map(show).join(', ')})`;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return String(value);
}

/** Whether somebody holds a key for this address, or a contract decides; an account that lends its code stays a key's. */
export async function holderKind(provider: Provider, address: string): Promise<'key' | 'contract'> {
  const code = await provider.getCode(address);
  return code === '0x' || code.startsWith('0xef0100') ? 'key' : 'contract';
}

import { AbiCoder, concat, keccak256, toBeHex } from 'ethers';

import { InputError } from '../../protocol/errors.ts';
import type { Call } from '../calls.ts';
import { listsOf } from '../calls.ts';
import { onChain, RevertError } from '../revert-error.ts';
import { lower } from './action.ts';
import type { Facts } from './facts.ts';

/** Where the contracts keep what is pretended here; `snapshots/storage` says the same, and a test compares them. */
export const SLOTS = {
  /** MiningTimelock: when an operation can be executed. */
  timestamps: 1n,
  /** MiningTimelock: what was scheduled after the hand-over. */
  byHolders: 4n,
  /** MiningGovernor: the calls to itself that a proposal is making. */
  governanceCall: 5n,
} as const;

const NOTHING_BEFORE = `0x${'0'.repeat(64)}`;
const PRETENDED = `0x${'0'.repeat(63)}1`;

/** The storage of a contract for one question: by slot. */
type Storage = Readonly<Record<string, string>>;

/** A provider that passes a question on as it is; those of ethers and Hardhat do. */
interface Sends {
  readonly send: (method: string, parameters: readonly unknown[]) => Promise<unknown>;
}

/**
 * Has the node execute these calls as the timelock would, one after the other, as if they had been decided and had waited: with
 * its own code, from its own address, and without leaving a trace. What would fail then fails here.
 *
 * @throws {RevertError} with the contract's error, its value and its bound
 * @throws {InputError} `SIMULATION_UNSUPPORTED` when the node cannot pretend
 */
export async function simulateCalls({ connection, office, council }: Facts, calls: readonly Call[]): Promise<void> {
  const { contracts, addresses, provider } = connection;
  const { timelock } = contracts;
  const id = await onChain(() => timelock.hashOperationBatch(...listsOf(calls), NOTHING_BEFORE, PRETENDED));
  const own = calls.filter(({ to }) => lower(to) === lower(addresses.governor)).map(({ data }) => data);
  const pretended = {
    // Ready since the second second of 1970.
    [addresses.timelock]: { stateDiff: { ...entry(id, SLOTS.timestamps, 2n), ...entry(id, SLOTS.byHolders, 1n) } },
    [addresses.governor]: { stateDiff: queueOf(own) },
  };
  const data = timelock.interface.encodeFunctionData('executeBatch', [...listsOf(calls), NOTHING_BEFORE, PRETENDED]);
  const from = office === 'council' ? council : addresses.governor;
  const value = calls.reduce((sum, call) => sum + call.value, 0n);
  const question = { from, to: addresses.timelock, data, value: toBeHex(value) };
  if (!('send' in provider)) throw unsupported();
  const sender = provider as unknown as Sends; // just seen to have it
  try {
    await onChain(() => sender.send('eth_call', [question, 'latest', pretended]));
  } catch (error) {
    // A node that does not pretend finds no such operation.
    if (error instanceof RevertError && error.code === 'TimelockUnexpectedOperationState') throw unsupported(error);
    throw error;
  }
}

function entry(key: string, slot: bigint, value: bigint): Storage {
  return { [keccak256(concat([key, toBeHex(slot, 32)]))]: toBeHex(value, 32) };
}

/** The governor's queue of the calls to itself: `begin` and `end` in one word, and the hashes of the calls by their place. */
function queueOf(data: readonly string[]): Storage {
  const slot = SLOTS.governanceCall;
  const list = data.map((call, at) => {
    const place = AbiCoder.defaultAbiCoder().encode(['uint128', 'uint256'], [at, slot + 1n]);
    return [keccak256(place), keccak256(call)] as const;
  });
  return { [toBeHex(slot, 32)]: toBeHex(BigInt(data.length) << 128n, 32), ...Object.fromEntries(list) };
}

function unsupported(cause?: unknown): InputError {
  return new InputError({
    code: 'SIMULATION_UNSUPPORTED',
    shortMessage: 'this node cannot try out what would be executed',
    details: { next: 'use a node whose eth_call takes changed storage (state overrides); most do' },
    cause,
  });
}

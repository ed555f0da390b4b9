import { AbiCoder, keccak256 } from 'ethers';

import { parseAddress } from '../../protocol/brands.ts';
import type { Call } from '../calls.ts';
import type { Connection } from '../connect.ts';
import { onChain } from '../revert-error.ts';

/** Something that was scheduled in the timelock. */
export interface Operation {
  readonly id: string;
  /** `gone`: cancelled, or scheduled by the council and left undone until the hand-over. */
  readonly state: 'waiting' | 'ready' | 'done' | 'gone';
  /** From when on it can be executed, unix seconds; 0 when it is done or gone. */
  readonly readyAt: number;
  readonly calls: readonly Call[];
  readonly predecessor: string;
  readonly salt: string;
  /** Whether it was scheduled as a list, be it of one call; such a list is executed as one. */
  readonly isBatch: boolean;
}

/** No operation has to come before. */
export const NO_PREDECESSOR = `0x${'0'.repeat(64)}`;

const STATES = ['gone', 'waiting', 'ready', 'done'] as const;
const coder = AbiCoder.defaultAbiCoder();

/** Everything that was ever scheduled, by its events, in their order. */
export async function readOperations({ contracts, addressBook }: Connection): Promise<readonly Operation[]> {
  const { timelock } = contracts;
  return await onChain(async () => {
    const { startBlock } = addressBook;
    const scheduled = await timelock.queryFilter(timelock.filters.CallScheduled(), startBlock);
    const salted = await timelock.queryFilter(timelock.filters.CallSalt(), startBlock);
    const salts = new Map(salted.map(({ args }) => [args.id, args.salt]));
    const found = new Map<string, { readonly calls: readonly Call[]; readonly predecessor: string }>();
    for (const { args } of scheduled) {
      const { id, target, value, data, predecessor } = args;
      // Cancelled and scheduled anew it has the same calls once more.
      const earlier = args.index === 0n ? [] : (found.get(id)?.calls ?? []);
      found.set(id, { calls: [...earlier, { to: parseAddress(target), value, data }], predecessor });
    }
    return await Promise.all(
      [...found].map(async ([id, { calls, predecessor }]) => {
        const salt = salts.get(id) ?? NO_PREDECESSOR;
        const state = STATES[Number(await timelock.getOperationState(id))] ?? 'gone';
        const isOpen = state === 'waiting' || state === 'ready';
        const readyAt = isOpen ? Number(await timelock.getTimestamp(id)) : 0;
        return { id, state, readyAt, calls, predecessor, salt, isBatch: hashBatch(calls, predecessor, salt) === id };
      }),
    );
  });
}

/** The number by which the timelock knows a list of calls. */
export function hashBatch(calls: readonly Call[], predecessor: string, salt: string): string {
  const types = ['address[]', 'uint256[]', 'bytes[]', 'bytes32', 'bytes32'];
  return keccak256(coder.encode(types, [...listsOf(calls), predecessor, salt]));
}

/** The three lists that governor and timelock take in place of calls. */
export function listsOf(calls: readonly Call[]): [targets: string[], values: bigint[], data: string[]] {
  return [calls.map(({ to }) => to), calls.map(({ value }) => value), calls.map(({ data }) => data)];
}

/** The call that executes an operation whose delay is over. */
export function executeOperationCall({ contracts, addresses }: Connection, operation: Operation): Call {
  const { calls, predecessor, salt, isBatch } = operation;
  const { interface: abi } = contracts.timelock;
  const [first] = calls;
  const data =
    isBatch || first === undefined
      ? abi.encodeFunctionData('executeBatch', [...listsOf(calls), predecessor, salt])
      : abi.encodeFunctionData('execute', [first.to, first.value, first.data, predecessor, salt]);
  return { to: addresses.timelock, data, value: calls.reduce((sum, { value }) => sum + value, 0n) };
}

/** The call by which the council takes back what it scheduled. */
export function cancelOperationCall({ contracts, addresses }: Connection, { id }: Operation): Call {
  return { to: addresses.timelock, data: contracts.timelock.interface.encodeFunctionData('cancel', [id]), value: 0n };
}

/** The call by which a guardian stops it, whoever scheduled it. */
export function guardianCancelCall({ contracts, addresses }: Connection, operation: Operation, reason: string): Call {
  const { calls, predecessor, salt, isBatch } = operation;
  const { interface: abi } = contracts.canceller;
  const [first] = calls;
  const data =
    isBatch || first === undefined
      ? abi.encodeFunctionData('cancelBatch', [...listsOf(calls), predecessor, salt, reason])
      : abi.encodeFunctionData('cancel', [first.to, first.value, first.data, predecessor, salt, reason]);
  return { to: addresses.canceller, data, value: 0n };
}

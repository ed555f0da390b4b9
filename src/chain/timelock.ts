import { id } from 'ethers';

import { InvariantError } from '../protocol/errors.ts';
import type { Call } from './calls.ts';
import { listsOf } from './calls.ts';
import type { Connection } from './connect.ts';
import { onChain } from './revert-error.ts';

/** A governed call in the timelock. */
export interface Operation {
  /** By which the timelock knows it. */
  readonly id: string;
  /** What makes two operations with the same call different. */
  readonly salt: string;
  readonly state: 'unset' | 'waiting' | 'ready' | 'done';
  /** From when on it can be executed, unix seconds; 0 when it is unset. */
  readonly readyAt: number;
}

const NO_PREDECESSOR = `0x${'0'.repeat(64)}`;
const STATES = ['unset', 'waiting', 'ready', 'done'] as const;

/** Where a governed call stands. `reason` is part of its identity: the same call for another reason is another operation. */
export async function readOperation({ contracts }: Connection, call: Call, reason: string): Promise<Operation> {
  return await onChain(async () => {
    const { timelock } = contracts;
    const salt = id(reason);
    const operation = await timelock.hashOperation(call.to, call.value, call.data, NO_PREDECESSOR, salt);
    const state = STATES[Number(await timelock.getOperationState(operation))];
    if (state === undefined) throw new InvariantError({ code: 'OPERATION_STATE', shortMessage: 'an unknown state' });
    return { id: operation, salt, state, readyAt: Number(await timelock.getTimestamp(operation)) };
  });
}

/** The transaction that schedules a governed call with the timelock's own delay. */
export async function scheduleCall({ contracts, addresses }: Connection, call: Call, reason: string): Promise<Call> {
  const { timelock } = contracts;
  const delay = await onChain(() => timelock.getMinDelay());
  const values = [call.to, call.value, call.data, NO_PREDECESSOR, id(reason), delay] as const;
  return { to: addresses.timelock, data: timelock.interface.encodeFunctionData('schedule', [...values]), value: 0n };
}

/** The same for calls that belong together: all of them are executed, or none; a single one as {@link scheduleCall} does it. */
export async function scheduleCalls(
  connection: Connection,
  calls: readonly Call[],
  reason: string,
): Promise<{ readonly operation: string; readonly outgoing: Call }> {
  const { contracts, addresses } = connection;
  const [first, second] = calls;
  if (first !== undefined && second === undefined) {
    const { id: operation } = await readOperation(connection, first, reason);
    return { operation, outgoing: await scheduleCall(connection, first, reason) };
  }
  const { timelock } = contracts;
  const salt = id(reason);
  return await onChain(async () => {
    const operation = await timelock.hashOperationBatch(...listsOf(calls), NO_PREDECESSOR, salt);
    const delay = await timelock.getMinDelay();
    const data = timelock.interface.encodeFunctionData('scheduleBatch', [
      ...listsOf(calls),
      NO_PREDECESSOR,
      salt,
      delay,
    ]);
    return { operation, outgoing: { to: addresses.timelock, data, value: 0n } };
  });
}

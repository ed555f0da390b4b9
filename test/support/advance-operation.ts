import type { Signer, TransactionReceipt } from 'ethers';
import { id } from 'ethers';

import type { Call } from '../../src/chain/calls.ts';
import type { Connection } from '../../src/chain/connect.ts';
import { sendCall } from '../../src/chain/send.ts';
import type { Operation } from '../../src/chain/timelock.ts';
import { readOperation, scheduleCall } from '../../src/chain/timelock.ts';

const NO_PREDECESSOR = `0x${'0'.repeat(64)}`;

/** The transaction that executes a governed call whose delay is over. */
function executeCall({ contracts, addresses }: Connection, call: Call, reason: string): Call {
  const values = [call.to, call.value, call.data, NO_PREDECESSOR, id(reason)] as const;
  const data = contracts.timelock.interface.encodeFunctionData('execute', [...values]);
  return { to: addresses.timelock, data, value: call.value };
}

/**
 * Takes the next step that a governed call needs: schedules it, or executes it once its delay is over. Nothing is sent
 * while it waits, or when it was done before.
 */
export async function advanceOperation(
  connection: Connection,
  signer: Signer,
  call: Call,
  reason: string,
): Promise<Operation & { readonly receipt: TransactionReceipt | null }> {
  const { state } = await readOperation(connection, call, reason);
  let receipt: TransactionReceipt | null = null;
  if (state === 'unset') receipt = await sendCall(signer, await scheduleCall(connection, call, reason));
  if (state === 'ready') receipt = await sendCall(signer, executeCall(connection, call, reason));
  return { ...(await readOperation(connection, call, reason)), receipt };
}

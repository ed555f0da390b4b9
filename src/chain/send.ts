import type { Signer, TransactionReceipt } from 'ethers';

import { RetryableError } from '../protocol/errors.ts';
import type { Call } from './calls.ts';
import { decodeRevert, onChain } from './revert-error.ts';

/** Room above the estimate, in per cent: a call that other transactions make dearer meanwhile still fits. */
const GAS_MARGIN = 20n;

/** How long to wait for a transaction to be included before giving up, in milliseconds. */
const WAIT = 180_000;

/** A transaction that makes a contract. */
export interface Creation extends Omit<Call, 'to'> {
  readonly to: null;
}

/**
 * Simulates a call, sends it, and waits until it is included. A call that would fail is never sent.
 *
 * @throws {RevertError} with the contract's error, before anything was sent or when the transaction failed after all
 * @throws {RetryableError} `NODE_UNAVAILABLE`, or `TRANSACTION_PENDING` with the hash when no receipt came in time
 */
export async function sendCall(signer: Signer, call: Call | Creation): Promise<TransactionReceipt> {
  return await onChain(async () => {
    const request = { to: call.to, data: call.data, value: call.value };
    const estimate = await signer.estimateGas(request);
    const gasLimit = estimate + (estimate * GAS_MARGIN) / 100n;
    const sent = await signer.sendTransaction({ ...request, gasLimit });
    const receipt = await waitFor(() => sent.wait(1, WAIT), sent.hash);
    if (receipt.status === 1) return receipt;
    // It passed the simulation and failed in the block: what it says now is the reason.
    await signer.call({ ...request, gasLimit });
    throw decodeRevert('0x');
  });
}

async function waitFor(wait: () => Promise<TransactionReceipt | null>, hash: string): Promise<TransactionReceipt> {
  const receipt = await wait();
  if (receipt !== null) return receipt;
  throw new RetryableError({
    code: 'TRANSACTION_PENDING',
    shortMessage: `transaction ${hash} was sent and is not included yet`,
    details: { hash },
  });
}

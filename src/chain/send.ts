import type { Provider, Signer, TransactionReceipt, TransactionResponse } from 'ethers';
import { formatEther, isError } from 'ethers';

import { RetryableError } from '../protocol/errors.ts';
import type { Call } from './calls.ts';
import { decodeRevert, onChain, RevertError } from './revert-error.ts';

/** In per cent. */
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
 * @throws {RevertError} with the contract's error, before anything was sent or when the transaction failed after all;
 * `INSUFFICIENT_FUNDS` with the balance and the need; `GAS_TOO_HIGH` when it would use more gas than `mostGas`
 * @throws {RetryableError} `NODE_UNAVAILABLE`, `NONCE_TAKEN`, `FEE_TOO_LOW`, or `TRANSACTION_PENDING` with the hash when no receipt came in time
 */
export async function sendCall(signer: Signer, call: Call | Creation, mostGas?: bigint): Promise<TransactionReceipt> {
  const request = { to: call.to, data: call.data, value: call.value };
  const payer = { provider: signer.provider, account: await signer.getAddress(), value: call.value };
  const estimate = await paidBy({ ...payer, gasLimit: 0n }, () => signer.estimateGas(request));
  assertGas(estimate, mostGas);
  const gasLimit = withMargin(estimate);
  const sent = await paidBy({ ...payer, gasLimit }, () => signer.sendTransaction({ ...request, gasLimit }));
  return await onChain(async () => {
    const receipt = await receiptOf(sent);
    if (receipt.status === 1) return receipt;
    // It passed the simulation and failed in the block: what it says now is the reason.
    await signer.call({ ...request, gasLimit });
    throw decodeRevert('0x');
  });
}

/**
 * Makes sure that a call does not use more gas than whoever pays for it is willing to.
 *
 * @throws {RevertError} `GAS_TOO_HIGH`
 */
export function assertGas(gas: bigint, most: bigint | undefined): void {
  if (most === undefined || gas <= most) return;
  throw new RevertError({
    code: 'GAS_TOO_HIGH',
    shortMessage: `it would use ${gas} gas, and ${most} is the most that is paid for`,
    details: { gas, most },
    next: 'leave it to the account itself: its contract asks for more than a signature costs',
  });
}

/** An estimate with room above it, a fifth: a call that other transactions make dearer meanwhile still fits. */
export function withMargin(estimate: bigint): bigint {
  return estimate + (estimate * GAS_MARGIN) / 100n;
}

/** Who pays for a call, and what the call takes along. */
export interface Payer {
  readonly provider: Provider | null;
  readonly account: string;
  readonly value: bigint;
  /** 0 when it is not known yet: the gas comes on top. */
  readonly gasLimit: bigint;
}

/**
 * Runs a question to a node about a call that somebody has to pay for; when they cannot, the error says what they have and
 * what is needed.
 *
 * @throws {RevertError} `INSUFFICIENT_FUNDS`
 */
export async function paidBy<T>(payer: Payer, ask: () => Promise<T>): Promise<T> {
  try {
    return await onChain(ask);
  } catch (error) {
    if (!(error instanceof RevertError) || error.code !== 'INSUFFICIENT_FUNDS') throw error;
    throw await withFigures(error, payer);
  }
}

async function withFigures(error: RevertError, { provider, account, value, gasLimit }: Payer): Promise<RevertError> {
  const { code, cause } = error;
  if (provider === null) return error;
  try {
    const [balance, fees] = await Promise.all([provider.getBalance(account), provider.getFeeData()]);
    const gas = gasLimit * (fees.maxFeePerGas ?? fees.gasPrice ?? 0n);
    const needed = value + gas;
    const beside = gasLimit === 0n ? ' and the gas' : '';
    return new RevertError({
      code,
      shortMessage: `${account} has ${formatEther(balance)} of the native coin, and ${formatEther(needed)}${beside} are needed`,
      details: { account, balance, needed },
      next: 'send it coins and run the same command again',
      cause,
    });
  } catch {
    // The figures are an addition: what was wrong stands without them.
    return error;
  }
}

async function receiptOf(sent: TransactionResponse): Promise<TransactionReceipt> {
  const { hash } = sent;
  try {
    const receipt = await sent.wait(1, WAIT);
    if (receipt !== null) return receipt;
  } catch (error) {
    // One that failed in the block is told by its receipt, too.
    if (isError(error, 'CALL_EXCEPTION') && error.receipt) return error.receipt;
    if (!isError(error, 'TIMEOUT')) throw error;
  }
  throw new RetryableError({
    code: 'TRANSACTION_PENDING',
    shortMessage: `transaction ${hash} was sent and is not included yet`,
    details: { hash },
  });
}

import { isError, JsonRpcSigner, type Provider, type Signer, type TransactionReceipt } from 'ethers';

import type { Call } from '../../../src/chain/calls.ts';
import { harmless } from '../../../src/chain/node-error.ts';
import { chainError, decodeRevert, onChain } from '../../../src/chain/revert-error.ts';
import { assertGas, paidBy, withMargin } from '../../../src/chain/send.ts';
import type { Address } from '../../../src/protocol/brands.ts';
import { ProtocolError, RefusedError, RetryableError } from '../../../src/protocol/errors.ts';

/** A call, and how much gas whoever pays for it is willing to use; left out: as much as it takes. */
export interface GivenCall extends Call {
  readonly mostGas?: bigint;
}

/** What a transaction is likely to cost. */
export interface Cost {
  readonly gas: bigint;
  /** In wei of the chain's coin, at the present price; chains that charge for data besides take a little more. */
  readonly price: bigint;
}

/** How far a transaction has come. */
export type TransactionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'estimating' }
  | { readonly phase: 'signing'; readonly cost: Cost }
  /**
   * `trouble`: what the nodes had against being asked for it last; it is on its way all the same. `isMissing`: they answer, and have not
   * known it for a while.
   */
  | { readonly phase: 'sent'; readonly hash: string; readonly trouble: unknown; readonly isMissing?: boolean }
  /** `paid`: what its gas cost, in wei of the chain's coin. */
  | { readonly phase: 'included'; readonly hash: string; readonly block: number; readonly paid: bigint }
  /** `hash`: null where nothing was sent. */
  | { readonly phase: 'failed'; readonly error: unknown; readonly hash: string | null };

/** How a transaction is followed. */
export interface Following {
  /** A node of the deployment: it estimates, and says what became of it. The wallet's own may be anybody's. */
  readonly provider: Provider;
  readonly account: Address;
  /** How often the node is asked for it, in milliseconds. */
  readonly every: number;
  /** Ends the waiting; what was sent stays sent. */
  readonly signal: AbortSignal;
  readonly tell: (state: TransactionState) => void;
}

/** Who sends a transaction, and through whom. */
export interface Sending extends Following {
  /** Asked twice, the second time when it is to sign: meanwhile it can have gone to another chain or account. */
  readonly signer: () => Promise<Signer>;
  readonly chainId: number;
}

/**
 * What a call would cost this account now.
 *
 * @param mostGas more than that it must not use
 * @throws {RevertError} with the contract's error when it would fail, `INSUFFICIENT_FUNDS` when the account cannot pay for it,
 * `GAS_TOO_HIGH`
 * @throws {RetryableError} `NODE_UNAVAILABLE`
 */
export async function costOf(
  provider: Provider,
  from: Address,
  { to, data, value }: Call,
  mostGas?: bigint,
): Promise<Cost> {
  const payer = { provider, account: from, value, gasLimit: 0n };
  const gas = await paidBy(payer, () => provider.estimateGas({ from, to, data, value }));
  assertGas(gas, mostGas);
  const { gasPrice, maxFeePerGas } = await onChain(() => provider.getFeeData());
  return { gas, price: gas * (gasPrice ?? maxFeePerGas ?? 0n) };
}

/**
 * Estimates a call, has the wallet sign and send it, and waits until a node of the deployment has it in a block; tells each step.
 * Nothing that would fail gets as far as the wallet. Never throws: a failure is the last step that is told.
 */
export async function sendTransaction(call: GivenCall, sending: Sending): Promise<void> {
  const { provider, account, signer, chainId, tell } = sending;
  let hash: string;
  try {
    tell({ phase: 'estimating' });
    await signer();
    const cost = await costOf(provider, account, call, call.mostGas);
    const wallet = await signer();
    tell({ phase: 'signing', cost });
    hash = await signed(wallet, call, { gasLimit: withMargin(cost.gas), chainId });
  } catch (error) {
    tell({ phase: 'failed', error, hash: null });
    return;
  }
  await followTransaction(hash, call, sending);
}

/** Waits until a node of the deployment has a transaction in a block that was sent already; tells each step. Never throws. */
export async function followTransaction(hash: string, call: Call, following: Following): Promise<void> {
  const { provider, account, tell } = following;
  try {
    tell({ phase: 'sent', hash, trouble: null });
    const receipt = await receiptOf(hash, following);
    if (receipt === null) return;
    if (receipt.status !== 1) await whyItFailed(provider, account, call, receipt);
    tell({ phase: 'included', hash, block: receipt.blockNumber, paid: receipt.fee });
  } catch (error) {
    tell({ phase: 'failed', error, hash });
  }
}

/** Only its hash is asked of the wallet: whether it counts is for the deployment's nodes to say. */
async function signed(
  wallet: Signer,
  { to, data, value }: Call,
  terms: { readonly gasLimit: bigint; readonly chainId: number },
): Promise<string> {
  const request = { to, data, value, ...terms };
  let hash: unknown;
  try {
    if (wallet instanceof JsonRpcSigner) hash = await wallet.sendUncheckedTransaction(request);
    else ({ hash } = await wallet.sendTransaction(request));
  } catch (error) {
    throw walletError(error);
  }
  if (typeof hash === 'string' && /^0x[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  throw new RefusedError({
    code: 'TRANSACTION_UNKNOWN',
    shortMessage: 'the wallet does not say which transaction it has sent, if any',
    details: { next: 'look into the wallet before you send it again' },
  });
}

/** What a wallet has against what it was asked for, in words. */
export function walletError(error: unknown, asked: 'send' | 'sign' = 'send'): unknown {
  if (error instanceof ProtocolError) return error;
  if (isError(error, 'ACTION_REJECTED')) {
    return new RefusedError({
      code: 'SIGNATURE_REJECTED',
      shortMessage: 'the wallet was told not to sign',
      details: { next: 'try again whenever you like' },
      cause: error,
    });
  }
  const known = chainError(error);
  if (known instanceof ProtocolError && known.code !== 'NODE_UNAVAILABLE') return known;
  const reason = known instanceof ProtocolError ? known.shortMessage.replace(/^the node refuses: /, '') : textOf(error);
  return new RetryableError({
    code: 'WALLET_FAILED',
    shortMessage: `the wallet did not ${asked} it: ${reason}`,
    details: { next: 'look into the wallet; it may be locked, or wait for an earlier answer' },
    cause: error,
  });
}

function textOf(error: unknown): string {
  return harmless(error instanceof Error ? error.message : String(error));
}

/** What no node knows when it was asked for so often may have been dropped, or replaced before anybody saw it. */
const MISSED_BEFORE = 10;

/** Null where nobody waits any more. */
async function receiptOf(
  hash: string,
  { provider, every, signal, tell }: Following,
): Promise<TransactionReceipt | null> {
  let nonce: number | null = null;
  let from = '';
  let missed = 0;
  while (!signal.aborted) {
    try {
      const receipt = await onChain(() => provider.getTransactionReceipt(hash));
      if (receipt !== null) return receipt;
      const sent = await onChain(() => provider.getTransaction(hash));
      missed = sent === null ? missed + 1 : 0;
      if (sent !== null) [nonce, from] = [sent.nonce, sent.from];
      else if (nonce !== null && (await onChain(() => provider.getTransactionCount(from))) > nonce) {
        // Included between the two questions it is no other one's.
        const late = await onChain(() => provider.getTransactionReceipt(hash));
        if (late !== null) return late;
        throw replaced(hash);
      }
      tell({ phase: 'sent', hash, trouble: null, ...(missed < MISSED_BEFORE ? {} : { isMissing: true }) });
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      tell({ phase: 'sent', hash, trouble: error });
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  return null;
}

function replaced(hash: string): RefusedError {
  return new RefusedError({
    code: 'TRANSACTION_REPLACED',
    shortMessage: 'another transaction of this account took its place',
    details: { hash, next: 'the wallet shows which one: it may have been sped up there, or cancelled' },
  });
}

/** It passed the estimate and failed in its block: what it says there is the reason. */
async function whyItFailed(
  provider: Provider,
  from: Address,
  { to, data, value }: Call,
  { blockNumber }: TransactionReceipt,
): Promise<never> {
  await onChain(() => provider.call({ from, to, data, value, blockTag: blockNumber }));
  throw decodeRevert('0x');
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { Signer, TransactionReceipt } from 'ethers';
import { Transaction } from 'ethers';

import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, askEach, EndpointsDisagreeError } from '../../chain/agreement.ts';
import type { Call } from '../../chain/calls.ts';
import { onChain, RevertError } from '../../chain/revert-error.ts';
import { withMargin } from '../../chain/send.ts';
import type { Address } from '../../protocol/brands.ts';
import { tokens } from '../output/tokens.ts';
import type { Fees } from './fees.ts';
import { dearerThan, marketFees, overrides } from './fees.ts';
import type { SentTransaction, WatchState } from './state.ts';
import type { WatchEvent } from './watch-event.ts';

/** Who sends, and what is told about it. */
export interface SenderOptions {
  readonly endpoints: readonly Endpoint[];
  readonly signer: Signer;
  readonly account: Address;
  readonly state: WatchState;
  readonly say: (event: WatchEvent) => void;
  /** How long a transaction is waited for before the next look, in milliseconds; 30 seconds if absent. */
  readonly wait?: number;
}

/** A call under a name by which it is known again. */
export interface NamedCall extends Call {
  /** Such as `disprove 7`. */
  readonly key: string;
  /** What it pays out to the account that sends, in wei. */
  readonly pays?: bigint;
}

/** More than any of our calls needs, whatever a node estimates. */
const MOST_GAS = 16_000_000n;
/** How long a transaction may lie with the nodes before it is offered for more, in seconds of the chain. */
const PATIENCE = 180;
const WAIT = 30_000;
/** So many looks in a row an endpoint may be behind about what this account has sent. */
const MOST_APART = 3;

/**
 * Sends each transaction once. It is signed and written down before it leaves, so that after a crash it is known what could
 * be on its way: what is offered again has the same nonce, and of one nonce the chain includes one transaction. Nothing is sent
 * that an endpoint says would fail, and fees begin with the lowest that an endpoint asks for.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** In how many looks in a row the endpoints did not agree on the nonce. */
  #apart = 0;
  /** What was refused, so that it is told once. */
  readonly #refused = new Set<string>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Whether something is on its way: the next waits until it is known what became of it. */
  get isBusy(): boolean {
    return this.#options.state.memory.journal.some(({ state }) => state === 'sending');
  }

  /** Whether a call of this name was included after a block: what is known as of that block does not show it yet. */
  isDone(key: string, block: AgreedBlock): boolean {
    const known = this.#options.state.memory.journal.findLast((entry) => entry.key === key);
    return known?.state === 'included' && (known.block ?? 0) > block.number;
  }

  /**
   * Sends a call, unless one of its name was included after the block that the caller knows, or something is on its way. False
   * when the chain would refuse it, or the account cannot pay.
   */
  async send(call: NamedCall, block: AgreedBlock): Promise<boolean> {
    const { state, say } = this.#options;
    const { key } = call;
    if (this.isBusy || this.isDone(key, block)) return true;
    const gasLimit = await this.#gasOf(call);
    if (gasLimit === null) return false;
    const nonce = await this.#nonce();
    if (nonce === null) return true;
    const fees = await this.#feesAt(nonce);
    if (!(await this.#canPay(call, gasLimit * fees.price))) return false;
    const entry: SentTransaction = {
      ...{ key, to: call.to, data: call.data, value: call.value.toString(), pays: call.pays?.toString() ?? null },
      ...{ nonce, hashes: [], state: 'sending', block: null, offered: null },
    };
    say({ event: 'sending', alarm: false, what: key, nonce, value: entry.value });
    state.memory.journal.push(entry);
    await this.#offer(entry, { gasLimit, fees, block });
    return true;
  }

  /**
   * Looks what became of what is on its way. What no endpoint knows of any more is offered again, and what lies there for long
   * is offered for more.
   */
  async follow(block: AgreedBlock): Promise<void> {
    for (const entry of this.#options.state.memory.journal) {
      if (entry.state === 'sending') await this.#followOne(entry, block);
    }
  }

  /** Tells once that something is not done. */
  refuse(what: string, code: string, reason: string): void {
    if (this.#refused.has(`${what} ${code}`)) return;
    this.#refused.add(`${what} ${code}`);
    this.#options.say({ event: 'not-sent', alarm: true, what, code, reason });
  }

  async #followOne(entry: SentTransaction, block: AgreedBlock): Promise<void> {
    if (await this.#isSettled(entry)) return;
    const { state } = this.#options;
    // Nothing else was ever decided on: who wrote that into the state's folder is not to have it signed.
    if (entry.to.toLowerCase() !== state.memory.distributor.toLowerCase()) {
      entry.state = 'lost';
      await state.save();
      this.refuse(
        entry.key,
        'STATE_BENT',
        `${entry.to} is not the distributor: somebody wrote into the state's folder`,
      );
      return;
    }
    const isRecent = entry.offered !== null && block.time - entry.offered.at < PATIENCE;
    if (isRecent && (await this.#isKnown(entry))) return;
    const { key, to, data, value } = entry;
    const call = { key, to: to as Address, data, value: BigInt(value) }; // written by ourselves
    const gasLimit = await this.#gasOf(call);
    if (gasLimit === null) {
      entry.state = 'lost';
      await state.save();
    } else {
      await this.#offer(entry, { gasLimit, fees: await this.#feesAt(entry.nonce), block });
    }
  }

  /** Writes down what became of a transaction; false while that is open. */
  async #isSettled(entry: SentTransaction): Promise<boolean> {
    const { state, say, account } = this.#options;
    const { key: what, pays } = entry;
    // The count first: a transaction that is included in between then still has its receipt.
    const nonce = await this.#nonce();
    const receipt = await this.#receiptOf(entry);
    if (receipt !== null) {
      entry.state = receipt.status === 1 ? 'included' : 'failed';
      entry.block = receipt.blockNumber;
    } else if (nonce !== null && nonce > entry.nonce) {
      entry.state = 'lost';
    }
    if (entry.state === 'sending') return false;
    await state.save();
    if (entry.state === 'included') {
      say({ event: 'included', alarm: false, what, transaction: receipt?.hash ?? null });
      if (pays !== null) say({ event: 'paid', alarm: false, account, amount: pays });
    } else if (entry.state === 'failed') {
      const reason = `transaction ${receipt?.hash ?? ''} failed`;
      say({ event: 'not-sent', alarm: true, what, code: 'TRANSACTION_FAILED', reason });
    } else {
      const reason = 'another transaction of this account took its nonce';
      say({ event: 'not-sent', alarm: false, what, code: 'NONCE_TAKEN', reason });
    }
    return true;
  }

  /** Signs, writes down, and only then gives it to every endpoint. */
  async #offer(
    entry: SentTransaction,
    { gasLimit, fees, block }: { readonly gasLimit: bigint; readonly fees: Fees; readonly block: AgreedBlock },
  ): Promise<void> {
    const { endpoints, signer, state } = this.#options;
    const { to, data, nonce, key } = entry;
    const chainId = state.memory.chainId;
    const value = BigInt(entry.value);
    const request = { to, data, value, nonce, gasLimit, chainId, ...overrides(fees) };
    const signed = await onChain(() => signer.signTransaction(request));
    const { hash } = Transaction.from(signed);
    if (hash !== null && !entry.hashes.includes(hash)) entry.hashes.push(hash);
    entry.offered = { at: block.time, price: fees.price.toString(), tip: (fees.tip ?? fees.price).toString() };
    await state.save();
    const outcomes = await Promise.allSettled(
      endpoints.map(({ connection }) => onChain(() => connection.provider.broadcastTransaction(signed))),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    // One endpoint is enough to spread it, and one that has it already refuses it.
    if (refusals.length === endpoints.length) this.refuse(key, 'NOT_TAKEN', (refusals[0] ?? '').slice(0, 300));
    else await this.#await(entry);
  }

  /** Waits a while for a transaction to be included. */
  async #await(entry: SentTransaction): Promise<void> {
    const { wait = WAIT } = this.#options;
    for (
      let [pause, waited] = [Math.min(wait, 250), 0];
      waited < wait;
      waited += pause, pause = Math.min(2 * pause, 4_000)
    ) {
      await sleep(pause);
      if ((await this.#receiptOf(entry)) === null) continue;
      await this.#isSettled(entry);
      return;
    }
  }

  async #receiptOf({
    hashes,
  }: SentTransaction): Promise<Pick<TransactionReceipt, 'status' | 'blockNumber' | 'hash'> | null> {
    for (const hash of hashes.toReversed()) {
      const found = await agreed(this.#options.endpoints, `transaction ${hash}`, async ({ provider }) => {
        const receipt = await provider.getTransactionReceipt(hash);
        return receipt === null ? null : { status: receipt.status, blockNumber: receipt.blockNumber, hash };
      }).catch((error: unknown) => {
        // One of them is a block behind: it will be known next time.
        if (error instanceof EndpointsDisagreeError) return null;
        throw error;
      });
      if (found !== null) return found;
    }
    return null;
  }

  /** Whether an endpoint has it, under any of the fees that it was offered for. */
  async #isKnown({ hashes }: SentTransaction): Promise<boolean> {
    const known = await askEach(this.#options.endpoints, async ({ provider }) => {
      for (const hash of hashes) if ((await provider.getTransaction(hash)) !== null) return true;
      return false;
    });
    return known.includes(true);
  }

  /** What it needs by the highest of the estimates; null when the chain would refuse it, which is told. */
  async #gasOf({ key, to, data, value }: NamedCall): Promise<bigint | null> {
    const { endpoints, account: from } = this.#options;
    try {
      const estimates = await askEach(endpoints, ({ provider }) => provider.estimateGas({ from, to, data, value }));
      const most = estimates.reduce((a, b) => (a > b ? a : b), 0n);
      const wanted = withMargin(most);
      return wanted < MOST_GAS ? wanted : MOST_GAS;
    } catch (error) {
      if (!(error instanceof RevertError)) throw error;
      this.refuse(key, error.code, error.shortMessage);
      return null;
    }
  }

  async #canPay({ key, value }: NamedCall, gas: bigint): Promise<boolean> {
    const { endpoints, account } = this.#options;
    const balances = await askEach(endpoints, ({ provider }) => provider.getBalance(account));
    const least = balances.reduce((a, b) => (a < b ? a : b));
    const needed = value + gas;
    if (least >= needed) return true;
    const reason = `${account} has ${tokens(least, 6)} of the native coin, and ${tokens(needed, 6)} are needed`;
    this.refuse(key, 'BALANCE_TOO_SMALL', reason);
    return false;
  }

  /** How much this account has sent; null while an endpoint is a block behind, which is no lie before it lasts. */
  async #nonce(): Promise<number | null> {
    const { endpoints, account } = this.#options;
    try {
      const nonce = await agreed(endpoints, 'how much this account has sent', ({ provider }) =>
        provider.getTransactionCount(account, 'latest'),
      );
      this.#apart = 0;
      return nonce;
    } catch (error) {
      if (!(error instanceof EndpointsDisagreeError) || ++this.#apart > MOST_APART) throw error;
      return null;
    }
  }

  /** What the market asks for, and more than a transaction of this nonce that nodes already have: else they keep that one. */
  async #feesAt(nonce: number): Promise<Fees> {
    const market = await marketFees(this.#options.endpoints);
    const { journal } = this.#options.state.memory;
    let fees = market;
    for (const entry of journal) {
      if (entry.nonce !== nonce || entry.offered === null || entry.state === 'included') continue;
      if (await this.#isKnown(entry)) fees = dearerThan(entry.offered, fees, market);
    }
    return fees;
  }
}

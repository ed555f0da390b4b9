import { setTimeout as sleep } from 'node:timers/promises';

import type { Signer, TransactionReceipt } from 'ethers';
import { Transaction } from 'ethers';

import type { AgreedBlock, Endpoint } from '../../chain/agreement.ts';
import { agreed, askEach, EndpointsDisagreeError } from '../../chain/agreement.ts';
import type { Call } from '../../chain/calls.ts';
import { harmless } from '../../chain/node-error.ts';
import { onChain, RevertError } from '../../chain/revert-error.ts';
import type { Address } from '../../protocol/brands.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Fees } from './fees.ts';
import { dearerThan, isAffordable, marketFees, overrides, replaces, within } from './fees.ts';
import { missingFunds } from './funds.ts';
import { estimateGas } from './gas.ts';
import type { SenderEvent } from './sender-event.ts';
import type { SenderMemory, SentTransaction } from './sent-transaction.ts';

/** Who sends, and what is told about it. */
export interface SenderOptions {
  readonly endpoints: readonly Endpoint[];
  readonly signer: Pick<Signer, 'signTransaction'>;
  readonly account: Address;
  readonly memory: SenderMemory;
  readonly say: (event: SenderEvent) => void;
  /** How long a transaction is waited for before the next look, in milliseconds; 30 seconds if absent. */
  readonly wait?: number;
  /** How long a transaction may lie with the nodes before it is offered for more, in seconds of the chain; 180 if absent. */
  readonly patience?: number;
  /** A unit of gas is never paid more for, in wei, the tip included; null or absent: as much as the market asks for. */
  readonly maxFeePerGas?: bigint | null;
}

/** A call under a name by which it is known again. */
export interface NamedCall extends Call {
  /** Such as `disprove 7`. */
  readonly key: string;
  /** What it pays out to the account that sends, in wei. */
  readonly pays?: bigint;
}

/**
 * What became of a call so far. `included`: in a block, which may not be final yet; `sending`: this call, or an earlier one that has to be
 * known first, is on its way, and `trouble` says why no node took it, if none did; `refused`: nothing was sent.
 */
export type SendOutcome =
  | { readonly state: 'included'; readonly transaction: string; readonly block: number }
  | { readonly state: 'sending'; readonly what: string; readonly trouble: Trouble | null }
  | { readonly state: 'refused'; readonly trouble: Trouble };

/** Why something is not done: a code for programs, a sentence for people. */
export interface Trouble {
  readonly code: string;
  readonly reason: string;
}

/** More than any of our calls needs, whatever a node estimates. */
const MOST_GAS = 16_000_000n;
const PATIENCE = 180;
const WAIT = 30_000;
/** So many looks in a row an endpoint may be behind about what this account has sent. */
const MOST_APART = 3;
/** What failed in a block so often in a row is not sent again before so many seconds of the chain have passed: each time costs its gas. */
const MOST_FAILURES = 3;
const FAILURES_WITHIN = 3_600;

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
  /** What no node took, and why. */
  readonly #untaken = new Map<SentTransaction, Trouble>();
  /** How it ended in this process, where that says more than the state does. */
  readonly #ended = new WeakMap<SentTransaction, Trouble>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get account(): Address {
    return this.#options.account;
  }

  /** Whether something is on its way: the next waits until it is known what became of it. */
  get isBusy(): boolean {
    return this.#onItsWay !== undefined;
  }

  /** The transaction of this name that was included after a block, as of which nothing shows it yet; null when there is none. */
  includedAfter(key: string, block: AgreedBlock): { readonly transaction: string; readonly block: number } | null {
    const known = this.#options.memory.journal.findLast((entry) => entry.key === key);
    if (known?.state !== 'included' || (known.block ?? 0) <= block.number) return null;
    return { transaction: known.hashes.at(-1) ?? '', block: known.block ?? 0 };
  }

  /**
   * Sends a call, unless one of its name was included after the block that the caller knows, or something is on its way; waits a while
   * for it to be included. Refused is what the chain would refuse (by the code of its error), what the account cannot pay
   * (`BALANCE_TOO_SMALL`), what would cost more than it may (`FEE_LIMIT`), what failed again and again (`FAILED_REPEATEDLY`).
   *
   * @throws {RetryableError} when the endpoints do not answer or do not agree
   */
  async send(call: NamedCall, block: AgreedBlock): Promise<SendOutcome> {
    const { memory, say } = this.#options;
    const { key } = call;
    const before = this.includedAfter(key, block);
    if (before !== null) return { state: 'included', ...before };
    if (this.#onItsWay !== undefined) return this.#outcomeOf(this.#onItsWay);
    const failures = this.#failuresOf(key);
    const [last] = failures;
    if (failures.length >= MOST_FAILURES && block.time - (last?.offered?.at ?? 0) < FAILURES_WITHIN) {
      const reason = `it failed ${failures.length} times in a row, and each time costs its gas: it is tried again an hour after the last`;
      return this.refused(key, 'FAILED_REPEATEDLY', reason);
    }
    // What failed before gets twice as much as it had.
    const gas = await this.#gasOf(call, 2n * BigInt(last?.gas ?? 0));
    if ('trouble' in gas) return { state: 'refused', trouble: gas.trouble };
    const { gasLimit } = gas;
    const nonce = await this.#nonce();
    if (nonce === null) return { state: 'sending', what: key, trouble: null };
    const fees = await this.#feesAt(nonce);
    if (fees === null) return { state: 'refused', trouble: await this.#tooDear(key) };
    const unpaid = await this.#unpaid(call, gasLimit * fees.price);
    if (unpaid !== null) return { state: 'refused', trouble: unpaid };
    const entry: SentTransaction = {
      ...{ key, to: call.to, data: call.data, value: call.value.toString(), pays: call.pays?.toString() ?? null },
      ...{ nonce, hashes: [], state: 'sending', block: null, offered: null },
      ...{ gas: gasLimit.toString(), underpriced: false, final: false },
    };
    say({ event: 'sending', alarm: false, what: key, nonce, value: entry.value });
    memory.journal.push(entry);
    await this.#offer(entry, { gasLimit, fees, block });
    return this.#outcomeOf(entry);
  }

  /**
   * Looks what became of what is on its way. What no endpoint knows of any more is offered again, what lies there for long
   * is offered for more, and what a reorg took back is on its way again.
   *
   * @throws {RetryableError} when the endpoints do not answer or do not agree
   */
  async follow(block: AgreedBlock): Promise<void> {
    for (const entry of this.#options.memory.journal) {
      if (entry.block !== null && !entry.final) await this.#confirm(entry, block);
      if (entry.state === 'sending') await this.#followOne(entry, block);
    }
  }

  /** Tells once that something is not done. */
  refuse(what: string, code: string, reason: string): void {
    if (this.#refused.has(`${what} ${code}`)) return;
    this.#refused.add(`${what} ${code}`);
    this.#options.say({ event: 'not-sent', alarm: true, what, code, reason });
  }

  /** The same, as an outcome. */
  refused(what: string, code: string, reason: string): Extract<SendOutcome, { state: 'refused' }> {
    this.refuse(what, code, reason);
    return { state: 'refused', trouble: { code, reason } };
  }

  get #onItsWay(): SentTransaction | undefined {
    return this.#options.memory.journal.find(({ state }) => state === 'sending');
  }

  #outcomeOf(entry: SentTransaction): SendOutcome {
    const { key, state, block, hashes } = entry;
    if (state === 'included') return { state, transaction: hashes.at(-1) ?? '', block: block ?? 0 };
    if (state === 'sending') return { state, what: key, trouble: this.#untaken.get(entry) ?? null };
    const [code, reason] =
      state === 'failed'
        ? ['TRANSACTION_FAILED', 'the transaction failed in its block']
        : ['NONCE_TAKEN', 'another transaction of this account took its nonce'];
    return { state: 'refused', trouble: this.#ended.get(entry) ?? { code, reason } };
  }

  /** The failed transactions of a name since one of it did not, the newest first. */
  #failuresOf(key: string): readonly SentTransaction[] {
    const own = this.#options.memory.journal.filter((entry) => entry.key === key).toReversed();
    const end = own.findIndex(({ state }) => state !== 'failed');
    return end < 0 ? own : own.slice(0, end);
  }

  /** A block that had it may be gone. What nobody has a receipt of any more is on its way again, with its nonce. */
  async #confirm(entry: SentTransaction, block: AgreedBlock): Promise<void> {
    const receipt = await this.#receiptOf(entry);
    if (receipt === 'unsure') return;
    const { memory, say } = this.#options;
    if (receipt === null) {
      [entry.state, entry.block] = ['sending', null];
      say({ event: 'taken-back', alarm: false, what: entry.key, transaction: entry.hashes.at(-1) ?? '' });
    } else {
      entry.state = receipt.status === 1 ? 'included' : 'failed';
      if (entry.block === receipt.blockNumber && entry.block > block.number) return;
      entry.block = receipt.blockNumber;
      entry.final = entry.block <= block.number;
    }
    await memory.save();
  }

  async #followOne(entry: SentTransaction, block: AgreedBlock): Promise<void> {
    if (await this.#isSettled(entry)) return;
    const { memory, say, patience = PATIENCE } = this.#options;
    // Nothing else was ever decided on: who wrote that into the folder is not to have it signed.
    if (!memory.mayCall.some((address) => address.toLowerCase() === entry.to.toLowerCase())) {
      const reason = `${entry.to} is none of the contracts that are called: somebody wrote into the state's folder`;
      await this.#giveUp(entry, { code: 'STATE_BENT', reason });
      this.refuse(entry.key, 'STATE_BENT', reason);
      return;
    }
    const isRecent = entry.offered !== null && block.time - entry.offered.at < patience;
    const isKnown = await this.#isKnown(entry);
    if (isRecent && isKnown) return;
    const { key, to, data, value } = entry;
    const call = { key, to: to as Address, data, value: BigInt(value) }; // written by ourselves
    const gas = await this.#gasOf(call, BigInt(entry.gas ?? 0));
    if ('trouble' in gas) {
      // It may have been included since it was asked for, and be what refuses it now.
      if (!(await this.#isSettled(entry))) await this.#giveUp(entry, gas.trouble);
      return;
    }
    const fees = await this.#feesAt(entry.nonce);
    if (fees === null || (isKnown && entry.offered !== null && !replaces(fees, entry.offered))) {
      await this.#tooDear(key);
      return;
    }
    const why = entry.underpriced ? 'underpriced' : isKnown ? 'stuck' : 'dropped';
    say({ event: 'offered-again', alarm: false, what: key, why, price: fees.price.toString(), nonce: entry.nonce });
    await this.#offer(entry, { gasLimit: gas.gasLimit, fees, block });
  }

  async #giveUp(entry: SentTransaction, trouble: Trouble): Promise<void> {
    entry.state = 'lost';
    this.#ended.set(entry, trouble);
    await this.#options.memory.save();
  }

  /** Writes down what became of a transaction; false while that is open. */
  async #isSettled(entry: SentTransaction): Promise<boolean> {
    const { memory, say, account } = this.#options;
    const { key: what, pays } = entry;
    // The count first: a transaction that is included in between then still has its receipt.
    const nonce = await this.#nonce();
    const receipt = await this.#receiptOf(entry);
    if (receipt === 'unsure') return false;
    if (receipt !== null) {
      entry.state = receipt.status === 1 ? 'included' : 'failed';
      [entry.block, entry.final] = [receipt.blockNumber, false];
      // The one that was included is named last, whichever of them it was.
      entry.hashes = [...entry.hashes.filter((hash) => hash !== receipt.hash), receipt.hash];
    } else if (nonce !== null && nonce > entry.nonce) {
      entry.state = 'lost';
    }
    if (entry.state === 'sending') return false;
    await memory.save();
    this.#untaken.delete(entry);
    if (entry.state === 'included') {
      say({ event: 'included', alarm: false, what, transaction: receipt?.hash ?? null });
      if (pays !== null) say({ event: 'paid', alarm: false, account, amount: pays });
    } else if (receipt !== null) {
      // What is called gets all but a 64th of what is left.
      const isEmpty = entry.gas !== null && receipt.gasUsed * 64n >= BigInt(entry.gas) * 63n;
      const code = isEmpty ? 'OUT_OF_GAS' : 'TRANSACTION_FAILED';
      const reason = `transaction ${receipt.hash} ${isEmpty ? 'ran out of gas' : 'failed'}`;
      this.#ended.set(entry, { code, reason });
      say({ event: 'not-sent', alarm: true, what, code, reason });
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
    const { endpoints, signer, memory } = this.#options;
    const { to, data, nonce, key } = entry;
    const { chainId } = memory;
    const value = BigInt(entry.value);
    const request = { to, data, value, nonce, gasLimit, chainId, ...overrides(fees) };
    const signed = await onChain(() => signer.signTransaction(request));
    const { hash } = Transaction.from(signed);
    if (hash !== null && !entry.hashes.includes(hash)) entry.hashes.push(hash);
    entry.offered = { at: block.time, price: fees.price.toString(), tip: (fees.tip ?? fees.price).toString() };
    entry.gas = gasLimit.toString();
    await memory.save();
    const outcomes = await Promise.allSettled(
      endpoints.map(({ connection }) => onChain(() => connection.provider.broadcastTransaction(signed))),
    );
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [refusalOf(outcome.reason)] : []));
    const [first] = refusals;
    // One endpoint is enough to spread it, and one that has it already refuses it.
    const isTaken = refusals.length < endpoints.length || refusals.some(({ code }) => code === 'TRANSACTION_PENDING');
    entry.underpriced = !isTaken && first?.code === 'FEE_TOO_LOW';
    if (entry.underpriced) await memory.save();
    this.#untaken.delete(entry);
    if (isTaken) await this.#await(entry);
    else if (first !== undefined && !(await this.#isSettled(entry))) {
      this.#untaken.set(entry, first);
      this.refuse(key, first.code, first.reason);
    }
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
      const receipt = await this.#receiptOf(entry);
      if (receipt === null || receipt === 'unsure') continue;
      await this.#isSettled(entry);
      return;
    }
  }

  /** How it was included; null: it was not; `unsure` while one of the endpoints is a block behind. */
  async #receiptOf({ hashes }: SentTransaction): Promise<Receipt | null | 'unsure'> {
    let isUnsure = false;
    for (const hash of hashes.toReversed()) {
      try {
        const found = await agreed(this.#options.endpoints, `transaction ${hash}`, async ({ provider }) => {
          const receipt = await provider.getTransactionReceipt(hash);
          if (receipt === null) return null;
          const { status, blockNumber, gasUsed } = receipt;
          return { status, blockNumber, gasUsed, hash };
        });
        if (found !== null) return found;
      } catch (error) {
        if (!(error instanceof EndpointsDisagreeError)) throw error;
        isUnsure = true;
      }
    }
    return isUnsure ? 'unsure' : null;
  }

  /** Whether an endpoint has it, under any of the fees that it was offered for. */
  async #isKnown({ hashes }: SentTransaction): Promise<boolean> {
    const known = await askEach(this.#options.endpoints, async ({ provider }) => {
      for (const hash of hashes) if ((await provider.getTransaction(hash)) !== null) return true;
      return false;
    });
    return known.includes(true);
  }

  /** What it needs by the highest of the estimates, and at least that much. */
  async #gasOf(call: NamedCall, least: bigint): Promise<{ readonly gasLimit: bigint } | { readonly trouble: Trouble }> {
    const { endpoints, account } = this.#options;
    try {
      const estimate = await estimateGas(endpoints, account, call);
      const wanted = estimate > least ? estimate : least;
      return { gasLimit: wanted < MOST_GAS ? wanted : MOST_GAS };
    } catch (error) {
      if (!(error instanceof RevertError)) throw error;
      const { key, value } = call;
      const unpaid = error.code === 'INSUFFICIENT_FUNDS' ? await this.#unpaid({ key, value }, 0n, true) : null;
      const trouble = unpaid ?? { code: error.code, reason: error.shortMessage };
      this.refuse(key, trouble.code, trouble.reason);
      return { trouble };
    }
  }

  /** Why the account cannot pay, which is told; null if it can. */
  async #unpaid(
    { key, value }: Pick<NamedCall, 'key' | 'value'>,
    gas: bigint,
    isRefused = false,
  ): Promise<Trouble | null> {
    const { endpoints, account } = this.#options;
    const trouble = await missingFunds(endpoints, account, { value, gas }, isRefused);
    if (trouble !== null) this.refuse(key, trouble.code, trouble.reason);
    return trouble;
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

  /**
   * What the market asks for, and more than a transaction of this nonce that nodes already have: else they keep that one. Null when
   * that is more than may be paid.
   */
  async #feesAt(nonce: number): Promise<Fees | null> {
    const { endpoints, memory, maxFeePerGas = null } = this.#options;
    const market = await marketFees(endpoints);
    if (maxFeePerGas !== null && !isAffordable(market, maxFeePerGas)) return null;
    let fees = market;
    for (const entry of memory.journal) {
      if (entry.nonce !== nonce || entry.offered === null || entry.state === 'included') continue;
      if (entry.underpriced || (await this.#isKnown(entry))) fees = dearerThan(entry.offered, fees, market);
    }
    return within(fees, maxFeePerGas);
  }

  async #tooDear(key: string): Promise<Trouble> {
    const { endpoints, maxFeePerGas = null } = this.#options;
    const { price } = await marketFees(endpoints);
    const bound = maxFeePerGas === null ? 'ten times that is the most that is offered' : `${maxFeePerGas} is the most`;
    const trouble = { code: 'FEE_LIMIT', reason: `a unit of gas costs ${price} wei by now, and ${bound}` };
    this.refuse(key, trouble.code, trouble.reason);
    return trouble;
  }
}

type Receipt = Pick<TransactionReceipt, 'status' | 'blockNumber' | 'gasUsed' | 'hash'>;

/** Why a node did not take a transaction, without what was sent. */
function refusalOf(reason: unknown): Trouble {
  if (reason instanceof ProtocolError) return { code: reason.code, reason: reason.shortMessage };
  return { code: 'NOT_TAKEN', reason: harmless(reason instanceof Error ? reason.message : String(reason)) };
}

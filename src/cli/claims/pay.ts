import type { Provider, Signer } from 'ethers';

import type { Call } from '../../chain/calls.ts';
import type { ProtocolEvents } from '../../chain/events.ts';
import { parseEvents } from '../../chain/events.ts';
import { describeCall } from '../../chain/pending.ts';
import { onChain, RevertError } from '../../chain/revert-error.ts';
import { assertGas, paidBy, sendCall } from '../../chain/send.ts';
import type { Job, Outcome, PlannedPayment } from '../../claims/payment-job.ts';
import { isPaidBefore, planJobs, refusedBy, tryJobs } from '../../claims/payment-job.ts';
import type { Address } from '../../protocol/brands.ts';
import { ProtocolError, RetryableError } from '../../protocol/errors.ts';
import { confirm } from '../deploy/confirm.ts';
import type { MinerSession } from './session.ts';

/** A transaction, as it was tried out or sent. */
export interface PaymentTransaction {
  readonly to: Address;
  /** The contract and its function. */
  readonly call: string;
  readonly data: string;
  /** How many payments are in it. */
  readonly payments: number;
  /** What it used, or would use at present; null when nobody could say. */
  readonly gas: bigint | null;
  /** In wei of the native coin, at the price of the moment or as it was paid. */
  readonly cost: bigint | null;
  readonly hash: string | null;
  readonly block: number | null;
}

/** What became of all. */
export interface Payments {
  readonly sent: boolean;
  readonly outcomes: readonly Outcome[];
  readonly transactions: readonly PaymentTransaction[];
  /** What ended it before its end; null if nothing did. */
  readonly stopped: ProtocolError | null;
}

/** How payments are to be made. */
export interface PayOptions {
  /** Asks nobody. */
  readonly yes: boolean;
  /** In wei; what would pay less is left out. */
  readonly atLeast: bigint;
  /** Shows what is about to be sent. */
  readonly show: (payments: Payments) => void;
}

/**
 * Tries out every payment, shows what would be sent, asks, and sends it: claims that anyone may send together, the others one by one. What the
 * chain refuses is left out and told; what it would pay now counts, whatever was paid before, so the same can be run again at any time.
 *
 * @throws {RefusedError} `NOT_CONFIRMED`
 * @throws {RetryableError} `TRANSACTION_PENDING` when earlier transactions of the sender are not included yet
 */
export async function pay(session: MinerSession, jobs: readonly Job[], options: PayOptions): Promise<Payments> {
  const { sender, endpoints } = session;
  const { connection } = endpoints[0];
  const { provider } = connection;
  const outcomes = await tryJobs(connection, sender.account, jobs, options.atLeast);
  const { planned, transactions } = await estimate(session, planJobs(connection, jobs, outcomes), outcomes);
  const ready: Payments = { sent: false, outcomes, transactions, stopped: null };
  options.show(ready);
  const { signer, account } = sender;
  if (signer === null || account === null || planned.length === 0) return ready;
  await refusePending(provider, account);
  if (!options.yes) await confirm(`send ${planned.length === 1 ? 'it' : `${planned.length} transactions`}?`);
  return await sendAll(session, signer, { planned, transactions, outcomes });
}

/** What would be sent, each with its gas. What the chain refuses by now is told in the outcomes and left out: the others are sent. */
async function estimate(
  session: MinerSession,
  wanted: readonly PlannedPayment[],
  outcomes: Outcome[],
): Promise<{ readonly planned: PlannedPayment[]; readonly transactions: PaymentTransaction[] }> {
  const { sender, endpoints } = session;
  const { provider, addresses } = endpoints[0].connection;
  const fees = await onChain(() => provider.getFeeData());
  const price = fees.maxFeePerGas ?? fees.gasPrice;
  const planned: PlannedPayment[] = [];
  const transactions: PaymentTransaction[] = [];
  for (const one of wanted) {
    const { call, jobs, mostGas } = one;
    const gas = await gasOf(provider, sender.account, call, mostGas).catch((error: unknown) => {
      if (!isOfOne(error)) throw error;
      for (const at of jobs) settle(outcomes, at, { ...refusedBy(error), amount: null });
      return undefined;
    });
    if (gas === undefined) continue;
    const { to, data } = call;
    const cost = gas === null || price === null ? null : gas * price;
    const { target, call: words } = describeCall(addresses, to, data);
    const name = `${target}.${words.slice(0, words.indexOf('('))}`;
    planned.push(one);
    transactions.push({ to, call: name, data, payments: jobs.length, gas, cost, hash: null, block: null });
  }
  return { planned, transactions };
}

async function gasOf(
  provider: Provider,
  from: Address | null,
  { to, data, value }: Call,
  mostGas?: bigint,
): Promise<bigint | null> {
  if (from === null) return null;
  const payer = { provider, account: from, value, gasLimit: 0n };
  const gas = await paidBy(payer, () => provider.estimateGas({ from, to, data, value }));
  assertGas(gas, mostGas);
  return gas;
}

/** Whether a failure says nothing of the other payments; without a node or coins none can be sent. */
function isOfOne(error: unknown): error is RevertError {
  return error instanceof RevertError && error.code !== 'INSUFFICIENT_FUNDS';
}

function settle(outcomes: Outcome[], at: number, change: Partial<Outcome>): void {
  const before = outcomes[at];
  if (before !== undefined) outcomes[at] = { ...before, ...change };
}

async function refusePending(provider: Provider, account: Address): Promise<void> {
  const [sent, included] = await onChain(() =>
    Promise.all([provider.getTransactionCount(account, 'pending'), provider.getTransactionCount(account, 'latest')]),
  );
  if (sent === included) return;
  throw new RetryableError({
    code: 'TRANSACTION_PENDING',
    shortMessage: `${sent - included} earlier transactions of ${account} are not included yet: what they pay must not be sent twice`,
    details: { account, next: 'run the same command again when they are included' },
  });
}

interface Sending {
  readonly planned: readonly PlannedPayment[];
  readonly transactions: PaymentTransaction[];
  readonly outcomes: Outcome[];
}

async function sendAll(
  { endpoints }: MinerSession,
  signer: Signer,
  { planned, transactions, outcomes }: Sending,
): Promise<Payments> {
  const { addresses } = endpoints[0].connection;
  let stopped: ProtocolError | null = null;
  for (const [number, { call, jobs, mostGas }] of planned.entries()) {
    if (stopped !== null) {
      for (const at of jobs) settle(outcomes, at, { state: 'unsent', amount: null, reason: 'not sent' });
      continue;
    }
    try {
      const { hash, blockNumber, gasUsed, fee, logs } = await sendCall(signer, call, mostGas);
      const events = parseEvents(logs, addresses);
      const before = transactions[number];
      if (before !== undefined) transactions[number] = { ...before, hash, block: blockNumber, gas: gasUsed, cost: fee };
      for (const at of jobs) settle(outcomes, at, { ...whatWasPaid(outcomes[at], events), transaction: hash });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const isOwn = isOfOne(error);
      const change = isOwn
        ? refusedBy(error)
        : { state: 'unsent' as const, code: error.code, reason: error.shortMessage };
      for (const at of jobs) settle(outcomes, at, { ...change, amount: null });
      if (!isOwn) stopped = error;
    }
  }
  return { sent: true, outcomes, transactions, stopped };
}

/** What a transaction says of one of its payments. */
function whatWasPaid(outcome: Outcome | undefined, events: ProtocolEvents): Partial<Outcome> {
  const isOwn = ({ account }: { readonly account: string }): boolean => account === outcome?.account;
  const unit = outcome?.kind === 'units' ? events.unitsClaimed.find(isOwn) : undefined;
  const reward = outcome?.kind === 'rewards' ? events.claimed.find(isOwn) : undefined;
  // Read from a log of our own contract, so it is an address in lower case.
  if (unit !== undefined) return { state: 'paid', amount: unit.amount, to: unit.to as Address };
  if (reward !== undefined) return { state: 'paid', amount: reward.paid, to: reward.to as Address };
  const skipped = events.skipped.find(isOwn);
  const code = skipped?.reason ?? 'REVERT_UNKNOWN';
  const isPaid = isPaidBefore(code);
  const reason = isPaid ? 'all of it was paid before' : `the vault left it out (${code})`;
  return { state: isPaid ? 'nothing' : 'refused', amount: null, code, reason };
}

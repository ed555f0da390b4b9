import type { Address } from '../protocol/brands.ts';
import { parseHash32 } from '../protocol/brands.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import { RetryableError } from '../protocol/errors.ts';
import type { Connection } from './connect.ts';
import { parseEvents } from './events.ts';
import { inconsistent } from './final-tree.ts';
import { inPieces } from './in-pieces.ts';
import type { Payment } from './payments.ts';
import { readPayments } from './payments.ts';

/** A payment, and what a token was worth then. */
export interface PricedPayment extends Payment {
  /** By the last epoch that was closed before; null where that epoch has no price, or none was closed. */
  readonly price: EpochPrice | null;
}

/** The price in the record of an epoch. */
export interface EpochPrice {
  readonly epoch: number;
  /** Of a whole token, wad. */
  readonly value: bigint;
}

/** So many accounts are looked for in one request. */
const TOGETHER = 50;
/** So many questions are asked at the same time. */
const AT_ONCE = 50;

const WHOM_TO_ASK = 'ask a node that keeps all events since the deployment';

/**
 * Every payment to accounts up to a block, in their order. What the events say is held against what the contracts keep: payments that a node
 * leaves out are missed by the sum.
 *
 * @throws {RetryableError} `PAYMENTS_INCOMPLETE` when the payments of an account do not add up to what it was paid
 */
export async function readPaymentHistory(
  connection: Connection,
  accounts: readonly Address[],
  block: number,
): Promise<readonly PricedPayment[]> {
  const payments: Payment[] = [];
  for (let from = 0; from < accounts.length; from += TOGETHER) {
    payments.push(...(await readPayments(connection, block, accounts.slice(from, from + TOGETHER))));
  }
  payments.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  await checkSums(connection, { accounts, payments, block });
  if (payments.length === 0) return [];
  const priceAt = await pricesOf(connection, block);
  return payments.map((one) => ({ ...one, price: priceAt(one) }));
}

/**
 * Every payment up to a block to whomever, in the order of the chain; what vault and pool keep of all of them is held against the sum.
 *
 * @throws {RetryableError} `PAYMENTS_INCOMPLETE` when the payments do not add up to what was paid
 */
export async function readAllPayments(connection: Connection, block: number): Promise<readonly Payment[]> {
  const payments = await readPayments(connection, block);
  const { vault, unitPool } = connection.contracts;
  const at = { blockTag: block };
  const paid = [
    ['vault', await vault.released(at)],
    ['unit pool', unitPool === null ? 0n : await unitPool.paid(at)],
  ] as const;
  for (const [by, kept] of paid) {
    const own = payments.filter(({ kind }) => (kind === 'units') === (by === 'unit pool'));
    const sum = own.reduce((all, { amount }) => all + amount, 0n);
    if (sum === kept) continue;
    throw new RetryableError({
      code: 'PAYMENTS_INCOMPLETE',
      shortMessage: `the payments of the ${by} do not add up to what it paid: the node leaves some out`,
      details: { by, sum, paid: kept, next: WHOM_TO_ASK },
    });
  }
  return payments;
}

interface Listed {
  readonly accounts: readonly Address[];
  readonly payments: readonly Payment[];
  readonly block: number;
}

async function checkSums({ contracts }: Connection, { accounts, payments, block }: Listed): Promise<void> {
  const at = { blockTag: block };
  const { vault, unitPool } = contracts;
  await inPieces(accounts, AT_ONCE, async (account) => {
    const paid: Record<Payment['kind'], bigint> = {
      reward: await vault.claimed(account, at),
      foundation: await vault.foundationClaimed(account, at),
      units: unitPool === null ? 0n : await unitPool.claimed(account, at),
    };
    for (const [kind, kept] of Object.entries(paid)) {
      const own = payments.filter((one) => one.account === account && one.kind === kind);
      const sum = own.reduce((all, { amount }) => all + amount, 0n);
      if (sum !== kept) throw incomplete(account, kind, { sum, paid: kept });
    }
  });
}

/** Finds the price of the last epoch that was closed before a payment, from the records of all, each held against its hash. */
async function pricesOf({ contracts, addresses, addressBook }: Connection, block: number) {
  const { distributor } = contracts;
  const logs = await distributor.queryFilter(distributor.filters.EpochClosed(), addressBook.startBlock, block);
  const closed = logs.flatMap((log) =>
    parseEvents([log], addresses).closed.map((event) => ({ event, block: log.blockNumber, logIndex: log.index })),
  );
  await inPieces(closed, AT_ONCE, async ({ event }) => {
    const stored = parseHash32(await distributor.recordHashOf(event.epoch, { blockTag: block }));
    if (stored !== recordHash(event.record)) throw inconsistent(event.epoch, 'the record');
  });
  return (at: Payment): EpochPrice | null => {
    const isBefore = (one: { block: number; logIndex: number }): boolean =>
      one.block < at.block || (one.block === at.block && one.logIndex < at.logIndex);
    const last = closed.findLast(isBefore)?.event;
    return last === undefined || last.record.price === 0n ? null : { epoch: last.epoch, value: last.record.price };
  };
}

function incomplete(account: Address, kind: string, figures: { readonly sum: bigint; readonly paid: bigint }) {
  return new RetryableError({
    code: 'PAYMENTS_INCOMPLETE',
    shortMessage: `the payments (${kind}) to ${account} do not add up to what it was paid: the node leaves some out`,
    details: { account, kind, ...figures, next: WHOM_TO_ASK },
  });
}

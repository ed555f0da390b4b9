import { z } from 'zod';

/** A transaction that was decided on, written down before it is sent: with its nonce it can be included only once. */
export const sentSchema = z.strictObject({
  /** What it is for, such as `disprove 7`: nothing is sent twice under one name while it can still be included. */
  key: z.string(),
  to: z.string(),
  data: z.string(),
  value: z.string(),
  nonce: z.int(),
  /** Every hash that it was signed under: fees can rise, the nonce stays. */
  hashes: z.array(z.string()),
  /** `lost`: another transaction took the nonce, or it was not needed any more. */
  state: z.enum(['sending', 'included', 'failed', 'lost']),
  /** The block that it was included in. */
  block: z.int().nullable(),
  /** When it was offered last, by the chain's time, and what it offered for a unit of gas; in wei. */
  offered: z.strictObject({ at: z.int(), price: z.string(), tip: z.string() }).nullable(),
  /** What it pays out to the account that acts, in wei; null: nothing. */
  pays: z.string().nullable(),
  /** The gas that it may use; null: it was written by an earlier version. */
  gas: z.string().nullable().default(null),
  /** The nodes keep another one of its nonce, or ask for more: it is offered for more the next time. */
  underpriced: z.boolean().default(false),
  /** Its block was seen below one that counts: it stays there. */
  final: z.boolean().default(true),
});

export type SentTransaction = z.output<typeof sentSchema>;

/** What a sender remembers over a restart. Whatever it holds is durable once `save` is done. */
export interface SenderMemory {
  readonly chainId: number;
  /** The only contracts that are ever called, however the journal reads. */
  readonly mayCall: readonly string[];
  /** In the order in which they were decided on. */
  readonly journal: SentTransaction[];
  readonly save: () => Promise<void>;
}

/** What is remembered of transactions; older ones stand on the chain. */
const KEPT = 200;

/** The journal without the oldest of what is over. */
export function keptOf(journal: readonly SentTransaction[]): SentTransaction[] {
  const done = new Set(journal.filter(({ state }) => state !== 'sending').slice(-KEPT));
  return journal.filter((entry) => entry.state === 'sending' || done.has(entry));
}

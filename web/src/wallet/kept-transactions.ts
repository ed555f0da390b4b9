import { z } from 'zod';

import { address } from '../../../src/settlement/report/report-fields.ts';
import type { Tracked } from './transaction-store.ts';

/** What is kept of a transaction that is under way; `hash`: null while the wallet is asked to sign it. */
export interface KeptTransaction extends Omit<Tracked, 'id' | 'state'> {
  readonly hash: string | null;
}

/** Where transactions are kept that are under way. */
export interface TransactionKeep {
  readonly read: () => readonly KeptTransaction[];
  readonly write: (transactions: readonly KeptTransaction[]) => void;
}

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/i);
const schema = z.array(
  z.strictObject({
    ...{ slot: z.string(), path: z.string().startsWith('/'), title: z.string(), done: z.string().nullable() },
    account: address,
    call: z.strictObject({ to: address, data: hex, value: z.string().regex(/^\d+$/).transform(BigInt) }),
    hash: hex.length(66).nullable(),
  }),
);

/**
 * Keeps them in this tab, for this deployment, until it is closed. Where storage is forbidden, or somebody wrote something else there,
 * nothing is kept.
 */
export function sessionKeep(deployment: string, storage: () => Storage): TransactionKeep {
  const key = `lode.transactions.${deployment}`;
  return {
    read: () => {
      try {
        return schema.parse(JSON.parse(storage().getItem(key) ?? '[]'));
      } catch {
        return [];
      }
    },
    write: (transactions) => {
      try {
        const text = JSON.stringify(transactions, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        if (transactions.length === 0) storage().removeItem(key);
        else storage().setItem(key, text);
      } catch {
        // Then they are followed as long as the page stays open.
      }
    },
  };
}

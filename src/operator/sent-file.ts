import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { RefusedError } from '../protocol/errors.ts';
import { ifThere } from '../store/if-there.ts';
import { writeWhole } from '../store/write-whole.ts';
import type { SenderMemory, SentTransaction } from './chain/sent-transaction.ts';
import { keptOf, sentSchema } from './chain/sent-transaction.ts';
import { sentPath } from './data-folder.ts';

const schema = z.strictObject({
  format: z.literal('lode-sent-v1'),
  chainId: z.int(),
  distributor: z.string(),
  account: z.string(),
  journal: z.array(sentSchema),
});

/** Whose transactions stand in the file. */
export interface SentBy {
  readonly chainId: number;
  /** The only contract that is called. */
  readonly distributor: string;
  readonly account: string;
}

/**
 * Opens `sent.json` of a data folder that this process has locked: the transactions of the operator's account, each written down before
 * it leaves. There is none before the first.
 *
 * @throws {RefusedError} `SENT_INVALID`; `SENT_DIFFERS` when it is about another chain, deployment or account and something of it may
 * still be on its way
 */
export async function openSent(data: string, by: SentBy): Promise<SenderMemory> {
  const path = sentPath(data);
  const known = await read(path);
  const isSame = known?.chainId === by.chainId && known.distributor === by.distributor && known.account === by.account;
  if (known !== null && !isSame && known.journal.some(({ state }) => state === 'sending')) {
    throw new RefusedError({
      code: 'SENT_DIFFERS',
      shortMessage: `${path} holds a transaction of ${known.account} that may still be included`,
      details: {
        ...{ chain: known.chainId, account: known.account, distributor: known.distributor },
        next: 'use that key and that address book until it is known what became of it, or name another folder with --data',
      },
    });
  }
  let journal: SentTransaction[] = known !== null && isSame ? known.journal : [];
  return {
    chainId: by.chainId,
    mayCall: [by.distributor],
    get journal() {
      return journal;
    },
    save: async () => {
      journal = keptOf(journal);
      const text = JSON.stringify({ format: 'lode-sent-v1', ...by, journal }, null, 2);
      await writeWhole(path, new TextEncoder().encode(`${text}\n`));
    },
  };
}

async function read(path: string): Promise<z.output<typeof schema> | null> {
  const text = await ifThere(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RefusedError({
      code: 'SENT_INVALID',
      shortMessage: `${path} is no list of transactions`,
      details: {
        path,
        next: 'it is written whole or not at all: see who else wrote there, and put it back from a copy',
      },
      cause,
    });
  }
}

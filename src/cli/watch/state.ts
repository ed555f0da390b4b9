import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { SenderMemory, SentTransaction } from '../../operator/chain/sent-transaction.ts';
import { keptOf, sentSchema } from '../../operator/chain/sent-transaction.ts';
import { FAULTS } from '../../settlement/prover/encode-proof.ts';
import type { FolderLock } from '../../store/folder-lock.ts';
import { lockFolder } from '../../store/folder-lock.ts';
import { ifThere } from '../../store/if-there.ts';
import { writeWhole } from '../../store/write-whole.ts';
import { RefusedError } from '../../protocol/errors.ts';

const proposalSchema = z.strictObject({
  settlementHash: z.string(),
  epoch: z.int(),
  /** What it was found to be; null: not judged yet. */
  verdict: z.string().nullable(),
  /** The inputs that it was judged by, told apart by size and time. */
  inputs: z.string(),
  /** The highest alarm that was raised, by its kind. */
  alarms: z.record(z.string(), z.int()),
  /** How often looking into it was begun and never ended: it may have ended the process. */
  begun: z.int().default(0),
  /** A proof that was found, so that it is not lost with the report that it was found in. */
  disproof: z
    .strictObject({ fault: z.enum(FAULTS), proof: z.string() })
    .nullable()
    .default(null),
});

const stateSchema = z.strictObject({
  format: z.literal('lode-watch-v1'),
  chainId: z.int(),
  distributor: z.string(),
  /** The last block that was looked at; what stands in blocks up to it has been told. */
  cursor: z.strictObject({ number: z.int(), hash: z.string() }).nullable(),
  proposals: z.record(z.string(), proposalSchema),
  journal: z.array(sentSchema),
});

export type ProposalMemory = z.output<typeof proposalSchema>;
export type WatchMemory = z.output<typeof stateSchema>;

const FILE = 'state.json';
const BUSY = {
  code: 'WATCH_RUNNING',
  who: 'another watcher',
  next: 'stop it, or name another folder with --state',
};
/** What is remembered of proposals; older ones stand on the chain. */
const KEPT = 200;

/** The watcher's folder: what it remembers from one round to the next, and over a restart. One process at a time. */
export class WatchState implements SenderMemory {
  readonly folder: string;
  readonly memory: WatchMemory;

  readonly #lock: FolderLock;

  private constructor(folder: string, memory: WatchMemory, lock: FolderLock) {
    this.folder = folder;
    this.memory = memory;
    this.#lock = lock;
  }

  /**
   * Opens the folder for this process alone; it is made if it is not there.
   *
   * @throws {RefusedError} `WATCH_RUNNING`, `WATCH_STATE_INVALID`, `WATCH_STATE_DIFFERS`
   */
  static async open(folder: string, chainId: number, distributor: string): Promise<WatchState> {
    const lock = await lockFolder(folder, BUSY);
    try {
      const fresh = {
        format: 'lode-watch-v1',
        chainId,
        distributor,
        cursor: null,
        proposals: {},
        journal: [],
      } as const;
      const memory = (await read(join(folder, FILE))) ?? { ...fresh, proposals: {}, journal: [] };
      if (memory.chainId === chainId && memory.distributor === distributor) return new WatchState(folder, memory, lock);
      throw new RefusedError({
        code: 'WATCH_STATE_DIFFERS',
        shortMessage: `${folder} is about another deployment`,
        details: { chain: memory.chainId, distributor: memory.distributor, next: 'name another folder with --state' },
      });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get chainId(): number {
    return this.memory.chainId;
  }

  get mayCall(): readonly string[] {
    return [this.memory.distributor];
  }

  get journal(): SentTransaction[] {
    return this.memory.journal;
  }

  /** Makes what is remembered durable: all of it, or what was there before. */
  async save(): Promise<void> {
    const { memory, folder } = this;
    const proposals = Object.entries(memory.proposals).sort(([a], [b]) => Number(a) - Number(b));
    memory.proposals = Object.fromEntries(proposals.slice(-KEPT));
    memory.journal = keptOf(memory.journal);
    await writeWhole(join(folder, FILE), new TextEncoder().encode(`${JSON.stringify(memory, null, 2)}\n`));
  }

  async close(): Promise<void> {
    await this.#lock.release();
  }
}

async function read(path: string): Promise<WatchMemory | null> {
  const text = await ifThere(readFile(path, 'utf8'));
  if (text === null) return null;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RefusedError({
      code: 'WATCH_STATE_INVALID',
      shortMessage: `${path} is no state of a watcher`,
      details: { path, next: 'it is written whole or not at all: see who else wrote there, or name another --state' },
      cause,
    });
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { epochFolder } from '../store/epoch-folder.ts';
import type { FolderLock } from '../store/folder-lock.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { ifThere } from '../store/if-there.ts';

/** The operator's settings. */
export function configPath(data: string): string {
  return join(data, 'lode.config.json');
}

/** The transactions of the operator's account. */
export function sentPath(data: string): string {
  return join(data, 'sent.json');
}

/** Everything of one epoch: `epochs/000042`. */
export function epochPath(data: string, epoch: number): string {
  return join(data, epochFolder(epoch));
}

/** What was begun and done for an epoch. */
export function journalPath(data: string, epoch: number): string {
  return join(epochPath(data, epoch), 'journal.ndjson');
}

/** The rows that an epoch added to the ledger: its cut. */
export function ledgerPath(data: string, epoch: number): string {
  return join(epochPath(data, epoch), 'ledger');
}

/** Who scored what in an epoch. */
export function scoresPath(data: string, epoch: number): string {
  return join(epochPath(data, epoch), 'scores.json');
}

/** An epoch's report, whose content id is what is proposed. */
export function reportPath(data: string, epoch: number): string {
  return join(epochPath(data, epoch), 'report');
}

/** Presets and files of changes, by their hashes. */
export function inputsPath(data: string): string {
  return join(data, 'inputs');
}

/** What applications sent. */
export function ingestPath(data: string): string {
  return join(data, 'ingest');
}

/** The epochs that something was done for, rising. */
export async function epochsIn(data: string): Promise<number[]> {
  const names = (await ifThere(readdir(join(data, 'epochs')))) ?? [];
  return names
    .filter((name) => /^[0-9]{6,10}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Makes a data folder this process's alone.
 *
 * @throws {RefusedError} `DATA_FOLDER_BUSY`
 */
export async function lockData(data: string): Promise<FolderLock> {
  return await lockFolder(data, {
    code: 'DATA_FOLDER_BUSY',
    who: 'another operator',
    next: 'wait for it or stop it, or name another folder with --data',
  });
}

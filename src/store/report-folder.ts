import { lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { InputError } from '../protocol/errors.ts';
import { systemCode } from './if-there.ts';
import { isAlive } from './is-alive.ts';
import { mounted } from './make-folder.ts';

/** Something found in a folder: a file with its size, or anything that a report does not have. */
export interface FolderEntry {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
}

/** A name beside `target` for work in progress; what a crash leaves under such a name is removed by the next run. */
export function temporaryFor(target: string): string {
  return `${resolve(target)}.partial-${process.pid}`;
}

/** Makes the names inside these folders durable, and those folders' own. */
export async function syncFolders(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await syncFolder(path);
}

/**
 * Gives a finished folder its name in one step: a reader sees all of it or nothing.
 *
 * @throws InputError `FOLDER_EXISTS` when something stands there already (an empty folder is replaced), `FOLDER_UNUSABLE`
 * when it is a mount point
 */
export async function publishFolder(temporary: string, target: string): Promise<void> {
  await refuseExisting(target);
  await rename(temporary, target).catch((error: unknown) => {
    const code = systemCode(error);
    throw code === 'EBUSY' || code === 'EXDEV' ? mounted(target, error) : error;
  });
  await syncFolder(dirname(resolve(target)));
}

/** Refuses a target that holds something. */
export async function refuseExisting(target: string): Promise<void> {
  const found = await readdir(target).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw new InputError({ code: 'FOLDER_EXISTS', shortMessage: `${target} is not a folder that can be written` });
  });
  if (found.length > 0) {
    throw new InputError({ code: 'FOLDER_EXISTS', shortMessage: `${target} is not empty`, details: { target } });
  }
}

/** Everything below `folder` in the order of paths. Links are not followed. Empty when there is no such folder. */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const name of (await readdir(join(folder, below)).catch(() => [])).sort()) {
      const path = below === '' ? name : `${below}/${name}`;
      const status = await lstat(join(folder, path));
      const kind = status.isFile() ? 'file' : status.isDirectory() ? 'directory' : 'other';
      entries.push({ path, kind, size: status.size });
      if (kind === 'directory') await walk(path);
    }
  };
  await walk('');
  return entries;
}

/** Larger than any file of ours can be: what is larger is not read into memory, it only shows that it is not ours. */
export const MAX_FILE = 512 * 1024 * 1024;

/** The bytes of a plain file; undefined when it cannot be read, or is larger than `limit`. */
export async function readWithin(path: string, limit = MAX_FILE): Promise<Uint8Array | undefined> {
  try {
    const status = await lstat(path);
    return status.isFile() && status.size <= limit ? await readFile(path) : undefined;
  } catch {
    return undefined;
  }
}

/** The files of a report folder by path. */
export async function readReport(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { path, kind } of await listFolder(folder)) {
    const bytes = kind === 'file' ? await readWithin(join(folder, path)) : undefined;
    if (bytes !== undefined) files.set(path, bytes);
  }
  return files;
}

/** Removes what crashed processes left of an unfinished `target`; what a living process is writing is left alone. */
export async function clearLeftovers(target: string): Promise<void> {
  const [folder, name] = [dirname(resolve(target)), `${basename(target)}.partial-`];
  for (const entry of await readdir(folder).catch(() => [])) {
    const id = entry.startsWith(name) ? Number(entry.slice(name.length)) : Number.NaN;
    if (Number.isSafeInteger(id) && id > 0 && (id === process.pid || !isAlive(id)))
      await rm(join(folder, entry), { recursive: true, force: true });
  }
}

/** Writes a file to the disk itself: a new one (`wx`), or one that may be there (`w`). */
export async function writeDurably(path: string, bytes: Uint8Array, flag: 'wx' | 'w' = 'wx'): Promise<void> {
  const file = await open(path, flag);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { InputError } from '../protocol/errors.ts';
import { endingOf } from '../settlement/report/inputs-file.ts';
import type { ReplayRequest } from '../settlement/report/replay-document.ts';
import { ifThere } from './if-there.ts';
import type { LedgerPaths } from './read-ledger.ts';
import type { LedgerFile } from './read-rows.ts';

/** Bytes of a file that are hashed at a time. */
const MOST_AT_ONCE = 1 << 18;

/** sha-256 of a file's content as 64 digits, read piece by piece. */
export async function hashFile(path: string): Promise<string> {
  return await readable(path, digestOf(path));
}

async function readable<T>(path: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (cause) {
    throw new InputError({ code: 'FILE_UNREADABLE', shortMessage: `cannot read ${path}`, details: { path }, cause });
  }
}

/** The same; null where there is no such file. */
export async function hashIfThere(path: string): Promise<string | null> {
  return await ifThere(digestOf(path));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    // One buffer that is no longer than the file: an operator's folder of a thousand small files is hashed every day.
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafe(Math.min(size, MOST_AT_ONCE) + 1);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/**
 * Copies an input into `folder` under its hash and gives its name there. The copy is what is hashed and what is read
 * afterwards, so a file that somebody is still writing cannot be two things at once.
 */
export async function keepInput(path: string, folder: string, fallback: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const copy = join(folder, 'incoming');
  // What fails after this is the copy, for want of room or rights: no fault of the file that is copied.
  await readable(
    path,
    open(path, 'r').then((file) => file.close()),
  );
  await copyFile(path, copy);
  const name = `${await hashFile(copy)}.${endingOf(basename(path), fallback)}`;
  const file = await open(copy, 'r+');
  await file.sync();
  await file.close();
  await rename(copy, join(folder, name));
  return name;
}

/** The ledger files of a request, under names that are the same on every machine. */
export function ledgerPaths(request: ReplayRequest, inputs: string): LedgerPaths {
  const files = (kind: string, names: readonly string[]): LedgerFile[] =>
    names.map((name, i) => {
      const ending = name.slice(name.indexOf('.') + 1);
      return { path: join(inputs, name), name: `${kind}${names.length > 1 ? `-${i + 1}` : ''}.${ending}` };
    });
  return {
    contributions: files('contributions', request.contributions),
    usage: files('usage', request.usage),
    accounts: files('accounts', request.accounts),
    prices: files('prices', request.prices),
  };
}

/** The hashes of a request's inputs by their role, for the manifests. */
export function inputHashes(request: ReplayRequest): Record<string, string> {
  const hashes: Record<string, string> = { preset: request.preset.slice(0, 64) };
  for (const kind of ['contributions', 'usage', 'accounts', 'prices'] as const) {
    const names = request[kind];
    names.forEach((name, i) => (hashes[names.length > 1 ? `${kind}-${i + 1}` : kind] = name.slice(0, 64)));
  }
  if (request.changes !== null) hashes['changes'] = request.changes.slice(0, 64);
  return hashes;
}

/** Every input file that a request names, once. */
export function inputNames({ preset, changes, contributions, usage, accounts, prices }: ReplayRequest): string[] {
  const named = changes === null ? [preset] : [preset, changes];
  return [...new Set([...named, ...contributions, ...usage, ...accounts, ...prices])].sort();
}

import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { RefusedError } from '../protocol/errors.ts';
import { ifThere, systemCode } from './if-there.ts';
import { isAlive } from './is-alive.ts';
import { makeFolder } from './make-folder.ts';
import { writeDurably } from './report-folder.ts';

/** How a folder that somebody else works in is refused. */
export interface LockWords {
  /** Such as `DATA_FOLDER_BUSY`. */
  readonly code: string;
  /** Such as `another operator`. */
  readonly who: string;
  /** What to do when that one is really at work. */
  readonly next: string;
}

/** A folder that this process alone works in. */
export interface FolderLock {
  /** Whether the lock is still this one's: somebody may have removed its file by hand. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const FILE = 'lock';
/** How long it takes until a lock can be relied on, in milliseconds. */
const SETTLED = 50;
/** So often somebody else may come first while a lock is taken over. */
const ATTEMPTS = 3;

const holderSchema = z.strictObject({
  process: z.int().positive(),
  /** What tells the process from another one of its number: when it was started; null where the system does not say. */
  started: z.string().nullable(),
  host: z.string(),
});

type Holder = z.output<typeof holderSchema>;

/** What stands in a lock; `holder` is null when nobody can read it. */
interface Found {
  readonly text: string;
  readonly holder: Holder | null;
}

/** The locks of this process: one of its own number that is not among them was left by an earlier process of that number. */
const held = new Set<string>();
let made = 0;

/**
 * Makes a folder this process's alone, until the lock is released or the process ends; the folder is made if it is not there.
 *
 * The file `lock` names the process, when it was started, and the host. It is taken over from a process of this host that is
 * gone, also when another process has its number by now. Nobody can tell that of another host (a container has a name of its own):
 * there a person has to remove the file.
 *
 * @throws {RefusedError} the code of `words` when somebody else holds it
 */
export async function lockFolder(folder: string, words: LockWords): Promise<FolderLock> {
  await makeFolder(folder);
  const path = join(resolve(folder), FILE);
  const started = await startOf(process.pid);
  const own = JSON.stringify({ process: process.pid, started, host: hostname() } satisfies Holder);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (!held.has(path) && (await placed(path, own))) {
      held.add(path);
      // Whoever takes over a lock that it believes to be old may have moved this one away for a moment, in which a third came in.
      await sleep(SETTLED);
      if ((await contentOf(path))?.text === own) return lockOf(path, own);
      held.delete(path);
      break;
    }
    const found = await contentOf(path);
    if (found === null) continue;
    if (held.has(path) || !(await isStale(found, path))) throw busy(path, found, words);
    await takeOver(path, found);
  }
  throw busy(path, await contentOf(path), words);
}

function lockOf(path: string, own: string): FolderLock {
  let released = false;
  const isHeld = async () => !released && (await contentOf(path))?.text === own;
  // Who is asked to stop leaves no lock behind: the next one may have another host's name, as containers do.
  const leave = (): void => {
    try {
      if (readFileSync(path, 'utf8') === own) rmSync(path, { force: true });
    } catch {
      // What cannot be removed now is stale from the next moment on.
    }
  };
  process.once('exit', leave);
  return {
    isHeld,
    release: async () => {
      if (released) return;
      // One that somebody else has put there since is not ours to remove.
      if (await isHeld()) await rm(path, { force: true });
      released = true;
      process.off('exit', leave);
      held.delete(path);
    },
  };
}

/** Puts a lock in place with its content, so that nobody ever reads one that is still empty; false where one is. */
async function placed(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.new.${process.pid}.${++made}`;
  try {
    await writeDurably(temporary, new TextEncoder().encode(text), 'w');
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Takes away the lock of a process that is gone. Of several that see it at the same moment one moves it away; the others may move
 * away what that one has put in its place since, and put it back.
 */
async function takeOver(path: string, found: Found): Promise<void> {
  const aside = `${path}.old.${process.pid}.${++made}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await contentOf(aside);
  // Where somebody else has put a lock meanwhile, that one counts.
  if (moved?.text !== found.text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether nobody holds it any more: its process is gone, or is another one by now. */
async function isStale({ text, holder }: Found, path: string): Promise<boolean> {
  // Nobody writes an empty one: that is what a file system makes of it that lost its last writes.
  if (text.trim() === '') return true;
  if (holder === null || holder.host !== hostname()) return false;
  if (!isAlive(holder.process)) return true;
  const started = await startOf(holder.process);
  if (started === GONE) return true;
  if (started !== null && holder.started !== null) return started !== holder.started;
  return holder.process === process.pid && !held.has(path);
}

const GONE = 'gone';

/**
 * When a process was started, in the clock of the boot that it was started in; `gone` for one that has ended and was not fetched
 * by its parent, null where the system does not say.
 */
async function startOf(id: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${id}/stat`, 'utf8'),
    ]);
    // The name stands in brackets and may hold anything, brackets too.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return GONE;
    const ticks = rest[18];
    return ticks === undefined ? null : `${boot.trim()} ${ticks}`;
  } catch {
    return null;
  }
}

/** What stands in a lock; null where there is none. */
async function contentOf(path: string): Promise<Found | null> {
  const text = await ifThere(readFile(path, 'utf8'));
  return text === null ? null : { text, holder: holderIn(text) };
}

function holderIn(text: string): Holder | null {
  try {
    const data: unknown = JSON.parse(text);
    // A bare number is what locks said before they named a host.
    if (typeof data === 'number') return holderSchema.parse({ process: data, started: null, host: hostname() });
    return holderSchema.parse(data);
  } catch {
    return null;
  }
}

function busy(path: string, found: Found | null, { code, who, next }: LockWords): RefusedError {
  const holder = found?.holder ?? null;
  const isForeign = found !== null && holder?.host !== hostname();
  const foreign = `see that nothing works there any more, and remove ${path}`;
  return new RefusedError({
    code,
    shortMessage: isForeign
      ? `${path} is held by ${holder === null ? 'somebody who left no name' : `a process of the host ${holder.host}`}`
      : `${who} works in ${path.slice(0, -FILE.length - 1)}`,
    details: {
      ...(holder === null ? {} : { process: holder.process, host: holder.host }),
      lock: path,
      next: isForeign ? foreign : `${next}; if that process is something else, remove ${path}`,
    },
  });
}

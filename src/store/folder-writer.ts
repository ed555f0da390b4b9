import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';

import { InputError } from '../protocol/errors.ts';
import { makeTemporary } from './make-folder.ts';
import {
  clearLeftovers,
  publishFolder,
  refuseExisting,
  syncFolders,
  temporaryFor,
  writeDurably,
} from './report-folder.ts';

/** Files that are written at a time: each waits for the disk, not for the processor. */
const AT_ONCE = 16;

/**
 * Writes files below a folder while the next ones are made, some at a time, each to the disk itself. The folder is not yet published;
 * write to a name of `temporaryFor` and then `publishFolder`.
 */
export class FolderWriter {
  readonly #folder: string;
  readonly #folders = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  #failure: unknown;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /**
   * Takes a file; comes back when there is room for the next.
   *
   * @throws InputError `REPORT_PATH` for a path that leads out of the folder
   * @throws what the first file that could not be written was refused for
   */
  async add(path: string, bytes: Uint8Array): Promise<void> {
    const target = resolve(this.#folder, path);
    if (!target.startsWith(this.#folder + sep)) throw badPath(path);
    await this.#make(dirname(target));
    const write = writeDurably(target, bytes)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#pending.delete(write));
    this.#pending.add(write);
    if (this.#pending.size >= AT_ONCE) await Promise.race(this.#pending);
    this.#check();
  }

  /** Waits for all of them, and makes their names durable. */
  async finish(): Promise<void> {
    await Promise.all(this.#pending);
    this.#check();
    await this.#make(this.#folder);
    await syncFolders(...this.#folders);
  }

  /** Waits for what is being written, whatever becomes of it: only then can the folder be removed. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #make(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await mkdir(folder, { recursive: true });
    for (let up = folder; !this.#folders.has(up); up = dirname(up)) {
      this.#folders.add(up);
      if (up === this.#folder) break;
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }
}

/** Writes files under `folder`, and makes each durable before it returns, as {@link FolderWriter} does. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const writer = new FolderWriter(folder);
  for (const [path, bytes] of files) await writer.add(path, bytes);
  await writer.finish();
}

/** Publishes one report folder: written beside its place, synced, then renamed. */
export async function publishReport(target: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await refuseExisting(target);
  const temporary = temporaryFor(target);
  await clearLeftovers(target);
  await makeTemporary(temporary, target);
  await writeFiles(temporary, files);
  await publishFolder(temporary, target);
}

function badPath(path: string): InputError {
  return new InputError({ code: 'REPORT_PATH', shortMessage: `a report file cannot be called ${path}` });
}

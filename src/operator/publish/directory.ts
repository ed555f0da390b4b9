import { copyFile, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { contentIdOf } from '../../settlement/report/content-id.ts';
import { REPORT_FOLDERS } from '../../settlement/report/prefix.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import { ifThere, NOTHING_THERE } from '../../store/if-there.ts';
import { makeFolder } from '../../store/make-folder.ts';
import type { FolderEntry } from '../../store/report-folder.ts';
import { publishReport } from '../../store/folder-writer.ts';
import { clearLeftovers, listFolder, readReport, syncFolders, temporaryFor } from '../../store/report-folder.ts';
import { hashFile } from '../../store/replay-inputs.ts';
import { writeWhole } from '../../store/write-whole.ts';
import type { Confirmation, InputFile, Publication, Target } from './target.ts';
import { differs, inputPathAt, MANIFEST, unconfirmed } from './target.ts';

/**
 * A folder of this machine, or one that is mounted: what a static web server shows. A report appears in it whole, by one
 * rename; into a folder that somebody else began it is filled up, the manifest last.
 */
export class DirectoryTarget implements Target {
  readonly name: string;
  readonly #root: string;

  constructor(root: string) {
    this.name = root;
    this.#root = root;
  }

  async publish({ epoch, cid, report, inputs }: Publication): Promise<Confirmation> {
    let [sent, kept, bytes] = [0, 0, 0];
    for (const input of inputs) {
      const wasThere = await this.#putInput(input);
      if (wasThere) kept++;
      else [sent, bytes] = [sent + 1, bytes + input.bytes];
    }
    const folder = epochFolder(epoch);
    const target = join(this.#root, folder);
    const missing = await this.#missingOf(folder, report);
    if (missing.length === report.size) await publishReport(target, report);
    else for (const path of missing) await this.#fillIn(join(target, path), report.get(path) ?? new Uint8Array());
    for (const path of missing) [sent, bytes] = [sent + 1, bytes + (report.get(path)?.length ?? 0)];
    kept += report.size - missing.length;
    const found = (await contentIdOf(await readReport(target))).cid;
    if (found !== cid) throw unconfirmed(this.name, folder, `content id ${cid}`, `content id ${found}`);
    return { sent, kept, bytes };
  }

  /** The files that are not there yet, the manifest last; a file that is there must be the very one. */
  async #missingOf(folder: string, report: Publication['report']): Promise<string[]> {
    const target = join(this.#root, folder);
    const entries = await listFolder(target);
    const strange = entries.find((entry) => !isOurs(entry, report));
    if (strange !== undefined) throw differs(this.name, `${folder}/${strange.path}`, 'nothing', `a ${strange.kind}`);
    const found = await readReport(target);
    for (const [path, bytes] of found) {
      const [wanted, given] = [sha256Hex(report.get(path) ?? new Uint8Array()), sha256Hex(bytes)];
      if (wanted !== given) throw differs(this.name, `${folder}/${path}`, `sha-256 ${wanted}`, `sha-256 ${given}`);
    }
    const missing = [...report.keys()].filter((path) => !found.has(path) && path !== MANIFEST);
    return found.has(MANIFEST) ? missing : [...missing, MANIFEST];
  }

  async #fillIn(path: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(dirname(path));
    await writeWhole(path, bytes);
  }

  /** Whether the input was there already. */
  async #putInput(input: InputFile): Promise<boolean> {
    const path = inputPathAt(input);
    const target = join(this.#root, path);
    const there = await sha256At(target);
    if (there !== null && there !== input.sha256) {
      throw differs(this.name, path, `sha-256 ${input.sha256}`, `sha-256 ${there}`);
    }
    if (there !== null) return true;
    await makeFolder(dirname(target));
    await clearLeftovers(target);
    const temporary = temporaryFor(target);
    try {
      await copyFile(input.from, temporary);
      const file = await open(temporary, 'r+');
      await file.sync().finally(() => file.close());
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
    await syncFolders(dirname(target));
    const found = await sha256At(target);
    if (found === input.sha256) return false;
    throw unconfirmed(this.name, path, `sha-256 ${input.sha256}`, found === null ? 'nothing' : `sha-256 ${found}`);
  }
}

/** What a report's folder may hold while it is filled up: its own files, and the folders of their parts. */
function isOurs({ path, kind }: FolderEntry, report: Publication['report']): boolean {
  if (kind === 'file') return report.has(path);
  return kind === 'directory' && REPORT_FOLDERS.includes(path);
}

/** The sha-256 of what stands at a path, `''` where it is no plain file; null: nothing does. */
async function sha256At(path: string): Promise<string | null> {
  const status = await ifThere(lstat(path), NOTHING_THERE);
  if (status === null) return null;
  return status.isFile() ? await hashFile(path) : '';
}

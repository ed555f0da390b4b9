import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Hash32 } from '../protocol/brands.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { loadState } from '../settlement/report/load-state.ts';
import type { State } from '../settlement/state.ts';
import { makeFolder } from './make-folder.ts';
import { publishReport } from './folder-writer.ts';
import { readReport } from './report-folder.ts';

/** A report and the state after its epoch, whose leaves lead to a root that somebody else vouches for. */
export interface RootedReport {
  readonly files: ReportFiles;
  readonly state: State;
}

/** Reads a report's state if all of its leaves are there and lead to `root`; null when not. */
export function stateUnder(files: ReportFiles, root: Hash32, leafCount: number): State | null {
  try {
    const state = loadState(files);
    return state.root === root && state.accounts.length === leafCount ? state : null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** Reports kept by the root that they open: what is read back is checked against it again. */
export class ReportArchive {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async find(root: Hash32, leafCount: number): Promise<RootedReport | null> {
    const files = await readReport(this.#path(root));
    const state = files.size === 0 ? null : stateUnder(files, root, leafCount);
    return state === null ? null : { files, state };
  }

  async keep(root: Hash32, files: ReportFiles): Promise<void> {
    await makeFolder(this.#folder);
    const target = this.#path(root);
    if ((await readdir(target).catch(() => [])).length === 0) await publishReport(target, files);
  }

  /** Removes all but these. */
  async keepOnly(roots: readonly Hash32[]): Promise<void> {
    const kept = new Set<string>(roots);
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!kept.has(name.slice(0, 66))) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  #path(root: Hash32): string {
    return join(this.#folder, root);
  }
}

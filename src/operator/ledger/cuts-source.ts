import { join } from 'node:path';

import type { CutFile, CutsSource } from '../../store/recompute-from-cuts.ts';
import { CUT_ROLES } from '../../store/recompute-from-cuts.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { canonicalBytes } from '../../settlement/report/canonical-json.ts';
import { ledgerPath } from '../data-folder.ts';
import { readCutSummary } from './cut-files.ts';

/** The cuts of some epochs, and one hash over all of them. */
export interface OwnCuts {
  readonly cuts: CutsSource['cuts'];
  readonly hash: string;
}

/**
 * The cuts of a data folder from one epoch, 0 if absent, to another, each held against its hashes; null where one is missing.
 *
 * @throws {RefusedError} `CUT_DAMAGED`
 */
export async function readOwnCuts(data: string, epoch: number, from = 0): Promise<OwnCuts | null> {
  const cuts: CutFile[] = [];
  const hashes: (readonly string[])[] = [];
  for (let of = from; of <= epoch; of++) {
    const summary = await readCutSummary(data, of);
    if (summary === null) return null;
    for (const role of CUT_ROLES) {
      const name = `${role}.ndjson`;
      const hash = summary.files[name];
      if (hash === undefined) continue;
      cuts.push({ epoch: of, role, path: join(ledgerPath(data, of), name) });
      hashes.push([`${of}`, role, hash]);
    }
  }
  return { cuts, hash: sha256Hex(canonicalBytes(hashes)) };
}

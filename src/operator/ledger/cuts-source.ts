import { join } from 'node:path';

import type { CutFile, CutsSource } from '../../store/recompute-from-cuts.ts';
import { CUT_ROLES } from '../../store/recompute-from-cuts.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { canonicalBytes } from '../../settlement/report/canonical-json.ts';
import { ledgerPath } from '../data-folder.ts';
import { readCutSummary, readSummaryAlone } from './cut-files.ts';

/** The cuts of some epochs, and one hash over all of them. */
export interface OwnCuts {
  readonly cuts: CutsSource['cuts'];
  readonly hash: string;
}

/**
 * The cuts of a data folder from one epoch, 0 if absent, to another; null where one is missing. The last is held against its hashes
 * here, each of the others when it is read.
 *
 * @throws {RefusedError} `CUT_DAMAGED`
 */
export async function readOwnCuts(data: string, epoch: number, from = 0): Promise<OwnCuts | null> {
  const cuts: CutFile[] = [];
  const hashes: (readonly string[])[] = [];
  for (let of = from; of <= epoch; of++) {
    const summary = of === epoch ? await readCutSummary(data, of) : await readSummaryAlone(data, of);
    if (summary === null) return null;
    for (const role of CUT_ROLES) {
      const name = `${role}.ndjson`;
      const hash = summary.files[name];
      if (hash === undefined) continue;
      cuts.push({ epoch: of, role, path: join(ledgerPath(data, of), name), sha256: hash });
      hashes.push([`${of}`, role, hash]);
    }
  }
  return { cuts, hash: sha256Hex(canonicalBytes(hashes)) };
}

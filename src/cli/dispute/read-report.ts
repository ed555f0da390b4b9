import { basename, dirname, join } from 'node:path';

import type { Hash32 } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { bytesToHex, hexToBytes } from '../../protocol/words.ts';
import type { FaultContext } from '../../settlement/faults/evidence.ts';
import { reportPreimages } from '../../settlement/faults/report-preimages.ts';
import { contentIdFrom, contentIdOf } from '../../settlement/report/content-id.ts';
import { locateReport } from '../../store/locate-report.ts';
import { readReport } from '../../store/report-folder.ts';
import { findPath } from '../options/find-path.ts';
import { reportFolder } from '../options/report-folder.ts';

/** What a folder shows of an epoch's tree. */
export interface ShownReport {
  readonly preimages: readonly Uint8Array[];
  /** What is to be said about it, a sentence each. */
  readonly notes: readonly string[];
}

/** Where nothing is published. */
export const NOTHING_SHOWN: ShownReport = { preimages: [], notes: [] };

/** Which report, and where to look. */
export interface ReportPlace {
  readonly option: string;
  readonly given: string;
  readonly cwd: string;
  readonly epoch: number;
  /** The digest of its content id as it was declared; null when none was. */
  readonly declared: Hash32 | null;
  /** What the chain has of the settlement, so that it need not be taken from the report. */
  readonly known?: FaultContext;
  /** Whether the folder is another epoch's report, or holds it. */
  readonly beside?: true;
}

const EPOCH_FOLDER = /^\d{6,10}$/;

/**
 * Reads everything that an epoch's report shows. What is malformed shows nothing, which is a finding and no error: its leaves are
 * to be demanded. When it is another report than the one that was declared, that is said.
 *
 * @throws {MissingError} `FOLDER_MISSING`
 * @throws {InputError} `REPORT_MISSING` when the folder has no report of this epoch
 */
export async function shownReport(place: ReportPlace): Promise<ShownReport> {
  const { epoch, declared } = place;
  const folder = await findReport(place);
  const files = await readReport(folder);
  const notes: string[] = [];
  if (declared !== null) {
    const found = bytesToHex((await contentIdOf(files)).digest);
    if (found !== declared) notes.push(`${folder} is not the report that the proposal of epoch ${epoch} names`);
  }
  const preimages: Uint8Array[] = [];
  try {
    for (const bytes of reportPreimages(files, place.known)) preimages.push(bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.push(`the report of epoch ${epoch} cannot be read in full: ${error.shortMessage}`);
  }
  return { preimages, notes };
}

/** The report of the epoch before, looked for beside another one; nothing where there is none. */
export async function shownBeside(place: ReportPlace): Promise<ShownReport> {
  try {
    return await shownReport({ ...place, beside: true });
  } catch (error) {
    if (error instanceof InputError && error.code === 'REPORT_MISSING') return NOTHING_SHOWN;
    throw error;
  }
}

/** By its content id, inside the folder or beside it; else the folder itself, unless it is another epoch's; else by its epoch. */
async function findReport({ option, given, cwd, epoch, declared, beside }: ReportPlace): Promise<string> {
  const folder = await reportFolder(option, given, cwd);
  if (declared !== null) {
    const { cid } = contentIdFrom(hexToBytes(declared));
    for (const near of [folder, dirname(folder)]) {
      const { path, found } = await findPath(join(near, cid), cwd);
      if (found?.isDirectory() === true) return path;
    }
  }
  const isReport = (await findPath(join(folder, 'manifest.json'), cwd)).found !== null;
  const isOther = beside === true || EPOCH_FOLDER.test(basename(folder));
  return isReport && !isOther ? folder : await locateReport(folder, epoch);
}

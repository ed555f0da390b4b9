import type { Hash32 } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { reportPreimages } from '../../settlement/faults/report-preimages.ts';
import { contentIdOf } from '../../settlement/report/content-id.ts';
import { locateReport } from '../../store/locate-report.ts';
import { readReport } from '../../store/report-folder.ts';
import { reportFolder } from '../options/report-folder.ts';

/** What a folder shows of an epoch's tree. */
export interface ShownReport {
  readonly preimages: readonly Uint8Array[];
  /** What is to be said about it, a sentence each. */
  readonly notes: readonly string[];
}

/** Which report, and where to look. */
export interface ReportPlace {
  readonly option: string;
  readonly given: string;
  readonly cwd: string;
  readonly epoch: number;
}

/**
 * Reads everything that an epoch's report shows. A report that is malformed shows nothing, which is a finding and no error: its
 * leaves are to be demanded. `declared` is the digest that the proposal names; another one is said.
 *
 * @throws {MissingError} `FOLDER_MISSING`
 * @throws {InputError} `REPORT_MISSING` when the folder has no report of this epoch
 */
export async function shownReport(place: ReportPlace, declared?: Hash32): Promise<ShownReport> {
  const folder = await locateReport(await reportFolder(place.option, place.given, place.cwd), place.epoch);
  const files = await readReport(folder);
  const notes: string[] = [];
  if (declared !== undefined) {
    const found = bytesToHex((await contentIdOf(files)).digest);
    if (found !== declared) notes.push(`${folder} is not the report that the proposal names (${declared})`);
  }
  const preimages: Uint8Array[] = [];
  try {
    for (const bytes of reportPreimages(files)) preimages.push(bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.push(`the report of epoch ${place.epoch} cannot be read in full: ${error.shortMessage}`);
  }
  return { preimages, notes };
}

/** The report of the epoch before: where it is said to be, else beside the other one; null where there is none. */
export async function shownParent(place: ReportPlace, parentGiven: string | undefined): Promise<ShownReport | null> {
  const epoch = place.epoch - 1;
  if (parentGiven !== undefined)
    return await shownReport({ ...place, option: '--parent-report', given: parentGiven, epoch });
  try {
    return await shownReport({ ...place, epoch });
  } catch (error) {
    if (error instanceof InputError && error.code === 'REPORT_MISSING') return null;
    throw error;
  }
}

import { lstat, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { InputError, ProtocolError } from '../protocol/errors.ts';
import { INPUTS_FILE } from '../settlement/report/inputs-file.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import { replayRowsSchema } from '../settlement/report/replay-document.ts';
import type { ReplayProgress } from './compute-replay.ts';
import { epochFolder } from './epoch-folder.ts';
import { reportEpochs } from './locate-report.ts';
import { verifyReplay } from './verify-replay.ts';
import type { Verification } from './verify-replay.ts';
import { verifyReport } from './verify-report.ts';
import { verifyReports } from './verify-reports.ts';

/**
 * Verifies whatever a folder is: a replay folder from its inputs, a folder of published reports each from the one before, or
 * one epoch's report from its parent's. A report inside a replay folder is also held against the content id that the replay
 * names for it.
 *
 * @throws InputError `NOT_A_REPORT` when the folder is neither, `PARENT_MISSING` when a report stands without its parent
 */
export async function verify(folder: string, onProgress?: (progress: ReplayProgress) => void): Promise<Verification> {
  if (await isThere(join(folder, 'replay.json'))) return verifyReplay(folder, onProgress);
  if (await isThere(join(folder, 'manifest.json'))) return verifyReport(folder, await contentIdFromReplay(folder));
  // A replay folder that lost its document still has its inputs; what operators publish has some too, and reports that name them.
  const hasInputs =
    (await isThere(join(folder, 'inputs'))) && !(await isThere(join(folder, epochFolder(0), INPUTS_FILE)));
  if (hasInputs || (await isThere(join(folder, 'rejects.json')))) return verifyReplay(folder, onProgress);
  if (await isThere(join(folder, 'epochs'))) return verifyReports(folder, onProgress);
  if ((await reportEpochs(dirname(resolve(folder)))).length > 0 && basename(resolve(folder)) === 'epochs') {
    throw new InputError({
      code: 'NOT_A_REPORT',
      shortMessage: `${folder} is the inside of a folder of reports`,
      details: { folder, next: `name the folder that holds epochs/: ${dirname(resolve(folder))}` },
    });
  }
  throw new InputError({
    code: 'NOT_A_REPORT',
    shortMessage: `${folder} holds neither replay.json nor manifest.json nor epochs/`,
    details: { folder },
  });
}

async function contentIdFromReplay(folder: string): Promise<{ readonly cid?: string }> {
  const path = join(dirname(dirname(resolve(folder))), 'replay.json');
  try {
    const { epochs } = parseReportFile(replayRowsSchema, 'replay.json', await readFile(path));
    const row = epochs.find(({ epoch }) => epoch.toString().padStart(6, '0') === basename(resolve(folder)));
    return row === undefined ? {} : { cid: row.cid };
  } catch (error) {
    if (error instanceof ProtocolError) return {};
    if (error instanceof Error && 'code' in error) return {};
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

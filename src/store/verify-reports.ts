import { join } from 'node:path';

import { inputFileName, INPUTS_FILE, inputsSchema } from '../settlement/report/inputs-file.ts';
import type { ReplayProgress } from './compute-replay.ts';
import { epochFolder } from './epoch-folder.ts';
import { reportEpochs } from './locate-report.ts';
import { hashFile } from './replay-inputs.ts';
import { listFolder, readWithin } from './report-folder.ts';
import { verifyReport } from './verify-report.ts';
import type { Difference, Verification } from './verify-replay.ts';

/**
 * Verifies a folder of published reports without their ledger: each from its own scores and the report before it, from
 * epoch 0 on, without a gap. Inputs that are published beside them are held against their names, which are their hashes, and none may
 * be missing that a report names.
 */
export async function verifyReports(
  folder: string,
  onProgress: (progress: ReplayProgress) => void = () => undefined,
): Promise<Verification> {
  const epochs = await reportEpochs(folder);
  const expected = new Set(['epochs', ...epochs.map(epochFolder)]);
  for (const { path } of await listFolder(folder)) {
    const top = path.split('/').slice(0, 2).join('/');
    if (path !== 'inputs' && !INPUT.test(path) && !expected.has(top)) {
      return different(path, 'nothing', 'something that is no report', 0);
    }
  }
  const inputs = await inputDifference(folder, epochs);
  if (inputs !== null) return { equal: false, difference: inputs, epochs: 0 };
  for (const [place, epoch] of epochs.entries()) {
    if (epoch !== place) return different(epochFolder(place), 'a report', 'nothing', place);
    const { difference } = await verifyReport(join(folder, epochFolder(epoch)));
    if (difference !== null) {
      const file = difference.file === '.' ? epochFolder(epoch) : `${epochFolder(epoch)}/${difference.file}`;
      return { equal: false, difference: { ...difference, file }, epochs: place };
    }
    onProgress({ step: 'epochs', done: place + 1, of: epochs.length });
  }
  return { equal: true, difference: null, epochs: epochs.length };
}

const INPUT = /^inputs\/([0-9a-f]{64})\.[a-z]{1,8}(\.gz)?$/;

/** What is wrong with the inputs beside the reports; null also where they are published elsewhere. */
async function inputDifference(folder: string, epochs: readonly number[]): Promise<Difference | null> {
  const found = (await listFolder(join(folder, 'inputs'))).map(({ path }) => `inputs/${path}`);
  for (const path of found) {
    const [, expected] = INPUT.exec(path) ?? [];
    const hash = await hashFile(join(folder, path));
    if (hash !== expected) return { file: path, path: null, byte: null, expected: `sha-256 ${expected}`, found: hash };
  }
  if (found.length === 0) return null;
  const there = new Set(found);
  for (const epoch of epochs) {
    const bytes = await readWithin(join(folder, epochFolder(epoch), INPUTS_FILE));
    // Whether it is one is found when the report itself is looked at.
    const listed = bytes === undefined ? null : inputsSchema.safeParse(jsonOf(bytes));
    for (const input of listed?.success === true ? listed.data.inputs : []) {
      const file = `inputs/${inputFileName(input)}`;
      if (!there.has(file)) return { file, path: null, byte: null, expected: 'a file', found: 'nothing' };
    }
  }
  return null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function different(file: string, expected: string, found: string, epochs: number): Verification {
  return { equal: false, difference: { file, path: null, byte: null, expected, found }, epochs };
}

import { join } from 'node:path';

import type { ReplayProgress } from './compute-replay.ts';
import { epochFolder } from './epoch-folder.ts';
import { reportEpochs } from './locate-report.ts';
import { listFolder } from './report-folder.ts';
import { verifyReport } from './verify-report.ts';
import type { Verification } from './verify-replay.ts';

/**
 * Verifies a folder of published reports without their ledger: each from its own scores and the report before it, from
 * epoch 0 on, without a gap.
 */
export async function verifyReports(
  folder: string,
  onProgress: (progress: ReplayProgress) => void = () => undefined,
): Promise<Verification> {
  const epochs = await reportEpochs(folder);
  const expected = new Set(['epochs', ...epochs.map(epochFolder)]);
  for (const { path } of await listFolder(folder)) {
    const top = path.split('/').slice(0, 2).join('/');
    if (!expected.has(top)) return different(path, 'nothing', 'something that is no report', 0);
  }
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

function different(file: string, expected: string, found: string, epochs: number): Verification {
  return { equal: false, difference: { file, path: null, byte: null, expected, found }, epochs };
}

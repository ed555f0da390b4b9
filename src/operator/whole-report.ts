import { RefusedError } from '../protocol/errors.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import type { Manifest } from '../settlement/report/report-schema.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';

const MANIFEST = 'manifest.json';

/**
 * Makes sure that the files of a report are those that its manifest names and no others. Only then do all who read it come to the
 * same content id: what is published is what is proposed.
 *
 * @param folder where it was read from
 * @throws {RefusedError} `REPORT_CHANGED`
 */
export function assertWholeReport(folder: string, files: ReportFiles, manifest: Pick<Manifest, 'files'>): void {
  for (const path of [...new Set([...Object.keys(manifest.files), ...files.keys()])].sort()) {
    if (path === MANIFEST) continue;
    const bytes = files.get(path);
    const expected = Object.hasOwn(manifest.files, path) ? `sha-256 ${manifest.files[path] ?? ''}` : 'no such file';
    const found = bytes === undefined ? 'no such file' : `sha-256 ${sha256Hex(bytes)}`;
    if (expected === found) continue;
    throw new RefusedError({
      code: 'REPORT_CHANGED',
      shortMessage: `${folder}/${path} is not what the report's manifest names`,
      details: {
        ...{ path, expected, found },
        next: 'put the file back from a target that holds the report; take away what does not belong there',
      },
    });
  }
}

/**
 * Makes sure that a report is the one that was settled, by the journal: a manifest that was changed by hand names its files just as
 * well, and comes to another content id.
 *
 * @throws {RefusedError} `REPORT_CHANGED`
 */
export function assertSettledReport(epoch: number, settled: string | number | null | undefined, found: string): void {
  if (settled === undefined || settled === found) return;
  throw new RefusedError({
    code: 'REPORT_CHANGED',
    shortMessage: `the report of epoch ${epoch} is not the one that was settled`,
    details: {
      ...{ epoch, settled, found },
      next: `nothing was published or proposed; lode epoch settle --epoch ${epoch} puts back what was settled, and a target that holds it has it too`,
    },
  });
}

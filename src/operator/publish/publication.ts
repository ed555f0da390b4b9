import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { InvariantError, MissingError, RefusedError } from '../../protocol/errors.ts';
import { contentIdOf } from '../../settlement/report/content-id.ts';
import type { ReportInput } from '../../settlement/report/inputs-file.ts';
import { inputFileName, INPUTS_FILE, inputsSchema } from '../../settlement/report/inputs-file.ts';
import { manifestSchema, parseReportFile } from '../../settlement/report/report-schema.ts';
import { hashFile } from '../../store/replay-inputs.ts';
import { readReport } from '../../store/report-folder.ts';
import { inputsPath, ledgerPath, reportPath } from '../data-folder.ts';
import { assertWholeReport } from '../whole-report.ts';
import type { InputFile, Publication } from './target.ts';
import { MANIFEST } from './target.ts';

/**
 * What is to be published of an epoch, as it stands in the data folder: the settled report, and the inputs that the report
 * names, each held against its hash.
 *
 * @throws {MissingError} `REPORT_MISSING` before the epoch is settled, `INPUT_MISSING`
 * @throws {RefusedError} `REPORT_CHANGED`; `INPUT_CHANGED` when a file is not what the report was computed from
 */
export async function readPublication(data: string, epoch: number): Promise<Publication> {
  const folder = reportPath(data, epoch);
  const report = await readReport(folder);
  if (!report.has(MANIFEST)) {
    throw new MissingError({
      code: 'REPORT_MISSING',
      shortMessage: `there is no report of epoch ${epoch} in ${folder}`,
      details: { epoch, folder, next: `settle the epoch first: lode epoch settle --epoch ${epoch}` },
    });
  }
  assertWholeReport(folder, report, parseReportFile(manifestSchema, MANIFEST, report.get(MANIFEST)));
  const { inputs } = parseReportFile(inputsSchema, INPUTS_FILE, report.get(INPUTS_FILE));
  const files: InputFile[] = [];
  const names = new Set<string>();
  for (const input of inputs) {
    const name = inputFileName(input);
    // The same file may serve in two roles.
    if (!names.has(name)) files.push(await inputOf(data, epoch, input, name));
    names.add(name);
  }
  const { cid } = await contentIdOf(report);
  return { epoch, cid, report, inputs: files };
}

async function inputOf(data: string, epoch: number, input: ReportInput, name: string): Promise<InputFile> {
  const { role, sha256, bytes, cid } = input;
  const places = [join(inputsPath(data), name), join(ledgerPath(data, epoch), input.name)];
  for (const from of places) {
    const size = await stat(from).then(
      (status) => status.size,
      () => null,
    );
    if (size === null) continue;
    const found = await hashFile(from);
    if (found === sha256 && size === bytes) return { name, from, sha256, bytes, cid };
    if (found === sha256) throw badSize(input, size);
    throw new RefusedError({
      code: 'INPUT_CHANGED',
      shortMessage: `${from} is not the ${role} that epoch ${epoch} was computed from`,
      details: {
        path: from,
        expected: `sha-256 ${sha256}`,
        found: `sha-256 ${found}`,
        next: 'put the file back from a copy',
      },
    });
  }
  throw new MissingError({
    code: 'INPUT_MISSING',
    shortMessage: `the ${role} that epoch ${epoch} was computed from is not in ${data}`,
    details: { epoch, places, next: 'put the file back from a copy, or from a place where it is published' },
  });
}

function badSize({ role, bytes }: ReportInput, found: number): InvariantError {
  return new InvariantError({
    code: 'INPUT_SIZE',
    shortMessage: `the report gives the size of the ${role} wrongly`,
    details: { expected: bytes, found },
  });
}

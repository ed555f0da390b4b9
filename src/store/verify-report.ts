import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { InputError, ProtocolError } from '../protocol/errors.ts';
import { INPUTS_FILE, inputsSchema } from '../settlement/report/inputs-file.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { buildReport } from '../settlement/report/build-report.ts';
import { explanationsIn } from '../settlement/report/explanation-schema.ts';
import { firstDifference } from '../settlement/report/first-difference.ts';
import { explanationFault } from '../settlement/report/hold-explanations.ts';
import { isExplanation, REPORT_FOLDERS } from '../settlement/report/prefix.ts';
import { loadState } from '../settlement/report/load-state.ts';
import { accountPathsIn, readAccounts, readActivity } from '../settlement/report/read-accounts.ts';
import {
  ineligibleSchema,
  manifestSchema,
  parseReportFile,
  rejectsSchema,
} from '../settlement/report/report-schema.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import { settleActivity } from '../settlement/settle-epoch.ts';
import type { State } from '../settlement/state.ts';
import { GENESIS, withDeposit } from '../settlement/state.ts';
import { contentIdOf } from '../settlement/report/content-id.ts';
import { epochFolder } from './epoch-folder.ts';
import { listFolder, readReport } from './report-folder.ts';
import type { Difference, Verification } from './verify-replay.ts';

/** What else a report can be held against. */
export interface VerifyReportOptions {
  /** The report's content id, from the chain or from whoever published it: it covers every byte. */
  readonly cid?: string;
}

/**
 * Recomputes one epoch's report from its own scores and its parent's report, which stands beside it, and compares every
 * byte. It shows that tree, grants, curves and declaration follow from record and scores; that record and scores are the
 * right ones is shown by the whole replay folder, or by a content id.
 *
 * @throws InputError `PARENT_MISSING` when the parent's report is not there
 */
export async function verifyReport(folder: string, options: VerifyReportOptions = {}): Promise<Verification> {
  const files = await readReport(folder);
  try {
    const strange = (await listFolder(folder)).find(
      ({ path, kind }) => kind === 'other' || (kind === 'directory' && !REPORT_FOLDERS.includes(path)),
    );
    const difference =
      (strange === undefined ? null : whole(strange.path, 'nothing', 'something that is no file of a report')) ??
      inputDifference(files) ??
      (await reportDifference(folder, files)) ??
      (await contentDifference(files, options.cid));
    return { equal: difference === null, difference, epochs: difference === null ? 1 : 0 };
  } catch (error) {
    if (!isOfTheInput(error)) throw error;
    const { file, path } = error instanceof ProtocolError ? error.details : {};
    return {
      equal: false,
      epochs: 0,
      difference: {
        file: typeof file === 'string' ? file : 'manifest.json',
        path: typeof path === 'string' ? path : null,
        byte: null,
        expected: 'a report that can be recomputed',
        found: error instanceof ProtocolError ? error.shortMessage : error.message,
      },
    };
  }
}

/** Figures that no contract would let through can also make whole-number arithmetic fail. */
function isOfTheInput(error: unknown): error is ProtocolError | RangeError {
  if (error instanceof ProtocolError) return error.code !== 'PARENT_MISSING';
  return error instanceof RangeError;
}

const INELIGIBLE = 'ineligible.json';

/** Scores, rejects, who was not eligible and the way to the scores are what a report is computed from: of these only the manifest's hash can tell a change. */
function inputDifference(files: ReportFiles): Difference | null {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const all = [...new Set([...Object.keys(manifest.files), ...files.keys()])].sort();
  const stated = all.filter((path) => path === INELIGIBLE || path === INPUTS_FILE || isExplanation(path));
  for (const path of [...accountPathsIn(manifest), 'rejects.json', ...stated]) {
    const bytes = files.get(path);
    const expected = `sha-256 ${manifest.files[path] ?? 'missing'}`;
    const found = bytes === undefined ? 'nothing' : `sha-256 ${sha256Hex(bytes)}`;
    if (expected !== found) return whole(path, expected, found);
  }
  return null;
}

async function reportDifference(folder: string, files: ReportFiles): Promise<Difference | null> {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const { rejects } = parseReportFile(rejectsSchema, 'rejects.json', files.get('rejects.json'));
  const bytes = files.get(INELIGIBLE);
  const ineligible = bytes === undefined ? null : parseReportFile(ineligibleSchema, INELIGIBLE, bytes).accounts;
  const parent = await parentOf(folder, manifest.epoch);
  const { unlockPerUse } = manifest;
  // What a pool pays in after an epoch was settled and before it is final joins the reserve, and stands in no report of that epoch.
  const before = parent.state.reserve;
  const reserve = manifest.parent.reserve > before ? manifest.parent.reserve : before;
  const basis = {
    parent: withDeposit({ ...parent.state, reserve }, manifest.parent.pending - parent.state.pending),
    record: manifest.record,
    unlockPerUse,
  };
  const settled = settleActivity(basis, readActivity(files, manifest, manifest.record.tasks));
  const listed = files.get(INPUTS_FILE);
  const sources = listed === undefined ? null : parseReportFile(inputsSchema, INPUTS_FILE, listed);
  const explanations = explanationsIn(files, manifest);
  if (explanations !== null) {
    const accounts = [...readAccounts(files, manifest)].flatMap((part) => part.accounts);
    const fault = explanationFault(explanations, { manifest, accounts, ineligible });
    if (fault !== null) return whole(fault.file, 'steps that lead to the scores', fault.reason);
  }
  const context = {
    ...{ parentManifest: parent.manifest, inputs: manifest.inputs, unlockPerUse, rejects, ineligible, sources },
    explanations,
  };
  const expected = buildReport(settled, context);
  // The manifest names the hashes of all other files, so it comes last: the file itself says more.
  const paths = [...new Set([...expected.keys(), ...files.keys()])].filter((path) => path !== 'manifest.json').sort();
  for (const path of [...paths, 'manifest.json']) {
    const [wanted, found] = [expected.get(path), files.get(path)];
    if (wanted === undefined) return whole(path, 'nothing', 'a file');
    if (found === undefined) return whole(path, 'a file', 'nothing');
    const difference = firstDifference(wanted, found);
    if (difference !== null) return { file: path, ...difference };
  }
  return null;
}

async function parentOf(folder: string, epoch: number): Promise<{ state: State; manifest: string | null }> {
  if (epoch === 0) return { state: GENESIS, manifest: null };
  const path = join(dirname(resolve(folder)), basename(epochFolder(epoch - 1)));
  const exists = await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!exists) {
    throw new InputError({
      code: 'PARENT_MISSING',
      shortMessage: `the report of epoch ${epoch - 1} is not at ${path}`,
      details: { path },
    });
  }
  const files = await readReport(path);
  return { state: loadState(files), manifest: sha256Hex(files.get('manifest.json') ?? new Uint8Array()) };
}

async function contentDifference(files: ReportFiles, cid: string | undefined): Promise<Difference | null> {
  if (cid === undefined) return null;
  const found = (await contentIdOf(files)).cid;
  return found === cid ? null : whole('.', `content id ${cid}`, `content id ${found}`);
}

function whole(file: string, expected: string, found: string): Difference {
  return { file, path: null, byte: null, expected, found };
}

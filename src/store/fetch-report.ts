import { z } from 'zod';

import type { Hash32 } from '../protocol/brands.ts';
import { ProtocolError, RetryableError } from '../protocol/errors.ts';
import { hexToBytes } from '../protocol/words.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { contentIdFrom, contentIdOf } from '../settlement/report/content-id.ts';
import { digests } from '../settlement/report/report-fields.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import { epochFolder } from './epoch-folder.ts';
import type { FetchLimits } from './fetch-file.ts';
import { fetchFile } from './fetch-file.ts';
import type { FolderFiles, ReportPlace } from './report-place.ts';
import { placeName } from './report-place.ts';

/** What is looked for: the report that a settlement names. */
export interface WantedReport {
  readonly epoch: number;
  /** The sha2-256 digest of its content id, as the settlement declares it. */
  readonly reportCid: Hash32;
}

/** A report whose content is the one that was wanted. */
export interface FetchedReport {
  readonly files: ReportFiles;
  /** Where it was found. */
  readonly from: string;
  readonly cid: string;
}

/** What one place said. */
export interface PlaceAnswer {
  readonly place: string;
  readonly outcome: 'unavailable' | 'different';
  readonly reason: string;
}

/** Nobody gave the report: not there, no answer, an answer of a server in trouble. It may be there later. */
export class ReportUnavailableError extends RetryableError {
  override readonly name: string = 'ReportUnavailableError';
  readonly answers: readonly PlaceAnswer[];

  constructor(cid: string, answers: readonly PlaceAnswer[]) {
    super({ code: 'REPORT_UNAVAILABLE', shortMessage: `no place has the report ${cid}`, details: { cid, answers } });
    this.answers = answers;
  }
}

/**
 * Something else stands where the report should be: its content does not have the wanted id. That is the fault of whoever keeps the
 * place, and says nothing of whoever proposed the report: another place, or this one later, may have it.
 */
export class ReportDifferentError extends RetryableError {
  override readonly name: string = 'ReportDifferentError';
  readonly answers: readonly PlaceAnswer[];

  constructor(cid: string, answers: readonly PlaceAnswer[]) {
    super({
      code: 'REPORT_DIFFERENT',
      shortMessage: `what is published is not the report ${cid}`,
      details: { cid, answers, next: 'name another place that has it with --reports, and tell who keeps these' },
    });
    this.answers = answers;
  }
}

/** How much is taken from one place, and for how long it is waited. */
export interface ReportLimits extends FetchLimits {
  /** All files of a report together, in bytes. */
  readonly maxTotal: number;
  /** A report of 2^24 leaves has 32,768 shards, and may have as many files that explain the scores. */
  readonly maxFiles: number;
  /** Everything from one place, in milliseconds. */
  readonly within: number;
}

export const REPORT_LIMITS: ReportLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxTotal: 1024 * 1024 * 1024,
  maxFiles: 80_000,
  attempts: 4,
  firstWait: 500,
  answerWithin: 30_000,
  within: 300_000,
};

/** Files that are asked for at the same time. */
const AT_ONCE = 8;

/**
 * Fetches the report that a settlement names from the first place that has it, by its content id: whatever the places say,
 * what comes back is the very content that was proposed. `tell` hears how many files of how many are there.
 *
 * @throws {ReportUnavailableError} `REPORT_UNAVAILABLE` when no place gave anything
 * @throws {ReportDifferentError} `REPORT_DIFFERENT` when a place gave something else, and none the right one
 */
export async function fetchReport(
  places: readonly ReportPlace[],
  wanted: WantedReport,
  limits: ReportLimits = REPORT_LIMITS,
  tell: (files: number, of: number) => void = () => undefined,
): Promise<FetchedReport> {
  const { cid } = contentIdFrom(hexToBytes(wanted.reportCid));
  const answers: PlaceAnswer[] = [];
  for (const place of places) {
    const name = placeName(place);
    const folders = place.kind === 'gateway' ? [cid] : [cid, epochFolder(wanted.epoch)];
    const until = AbortSignal.timeout(limits.within);
    for (const folder of folders) {
      const at = `${place.at}/${folder}`;
      const outcome =
        place.kind === 'folder' ? await fromFolder(place.files, at, limits) : await fromWeb(at, limits, until, tell);
      if (outcome === null) continue;
      if ('reason' in outcome) {
        answers.push({ place: `${name}/${folder}`, ...outcome });
        continue;
      }
      const content = await contentIdOf(outcome.files);
      if (content.cid === cid) return { files: outcome.files, from: `${name}/${folder}`, cid };
      const changed = changedFile(outcome.files);
      const what = changed === null ? '' : `, and ${changed} is not the file that its manifest names`;
      const reason = `its content id is ${content.cid}${what}`;
      answers.push({ place: `${name}/${folder}`, outcome: 'different', reason });
    }
    const said = answers.some(({ place: at }) => at.startsWith(`${name}/`));
    if (!said) answers.push({ place: name, outcome: 'unavailable', reason: 'it is not there' });
  }
  throw answers.some(({ outcome }) => outcome === 'different')
    ? new ReportDifferentError(cid, answers)
    : new ReportUnavailableError(cid, answers);
}

/** Null: there is no such folder. */
type Found = { readonly files: ReportFiles } | Omit<PlaceAnswer, 'place'> | null;

const unavailable = (reason: string): Found => ({ outcome: 'unavailable', reason });
const different = (reason: string): Found => ({ outcome: 'different', reason });

async function fromFolder(from: FolderFiles, folder: string, limits: ReportLimits): Promise<Found> {
  const entries = await from.list(folder);
  if (entries.length === 0) return null;
  const listed = entries.filter(({ kind }) => kind === 'file');
  if (listed.length === 0) return unavailable('the folder is empty');
  if (listed.length > limits.maxFiles) return different(`more than ${limits.maxFiles} files`);
  if (listed.reduce((sum, { size }) => sum + size, 0) > limits.maxTotal) return different('too large for a report');
  const files = new Map<string, Uint8Array>();
  for (const { path } of listed) {
    const bytes = await from.read(`${folder}/${path}`, limits.maxBytes);
    if (bytes === undefined) return unavailable(`${path} cannot be read, or is larger than ${limits.maxBytes} bytes`);
    files.set(path, bytes);
  }
  return { files };
}

const REPORT_FILE = /^((accounts|rejects|ineligible|inputs)\.json|(shards|explanations)\/[0-9a-f]{1,6}\.json)$/;

/** What of a manifest is needed to know a report's files: nothing in it is trusted before the content id is compared. */
const listing = z.looseObject({
  files: digests.refine(
    (files) => Object.keys(files).every((path) => REPORT_FILE.test(path)),
    'not a file of a report',
  ),
});

const MANIFEST = 'manifest.json';

async function fromWeb(
  folder: string,
  limits: ReportLimits,
  until: AbortSignal,
  tell: (files: number, of: number) => void,
): Promise<Found> {
  const manifest = await fetchFile(`${folder}/${MANIFEST}`, limits, until, isJson);
  if (manifest.kind === 'absent') return null;
  if (manifest.kind === 'failed') return unavailable(`${MANIFEST}: ${manifest.reason}`);
  let paths: readonly string[];
  try {
    paths = Object.keys(parseReportFile(listing, MANIFEST, manifest.bytes).files).sort();
  } catch (error) {
    if (error instanceof ProtocolError) return different(error.shortMessage);
    throw error;
  }
  if (paths.length >= limits.maxFiles) return different(`more than ${limits.maxFiles} files`);
  const files = new Map([[MANIFEST, manifest.bytes]]);
  let [total, failure] = [manifest.bytes.length, null as Found];
  const queue = [...paths];
  const worker = async (): Promise<void> => {
    for (let path = queue.shift(); path !== undefined && failure === null; path = queue.shift()) {
      const file = await fetchFile(`${folder}/${path}`, limits, until, isJson);
      if (file.kind !== 'bytes') {
        failure ??= unavailable(`${path}: ${file.reason}`);
        return;
      }
      total += file.bytes.length;
      if (total > limits.maxTotal) failure ??= different('too large for a report');
      files.set(path, file.bytes);
      tell(files.size, paths.length + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failure ?? { files };
}

/** The first file that is another one than the manifest beside it names; null where there is none, or no manifest to read. */
function changedFile(files: ReportFiles): string | null {
  try {
    const named = parseReportFile(listing, MANIFEST, files.get(MANIFEST)).files;
    const changed = Object.keys(named).find((path) => sha256Hex(files.get(path) ?? new Uint8Array()) !== named[path]);
    return changed ?? null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** Whether the bytes begin and end as a JSON object does: a page of HTML and most pieces of a file do not. */
export function isJson(bytes: Uint8Array): boolean {
  const end = new TextDecoder().decode(bytes.subarray(-8)).trimEnd();
  return bytes[0] === 0x7b && end.endsWith('}');
}

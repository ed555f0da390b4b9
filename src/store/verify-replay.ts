import { join } from 'node:path';

import { ProtocolError } from '../protocol/errors.ts';
import type { ReportFile } from '../settlement/report/report-file.ts';
import { firstDifference } from '../settlement/report/first-difference.ts';
import type { ReplayRequest } from '../settlement/report/replay-document.ts';
import { replayHeadSchema, requestHash } from '../settlement/report/replay-document.ts';
import { REPORT_FOLDERS } from '../settlement/report/prefix.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import type { ReplayProgress } from './compute-replay.ts';
import { computeReplay } from './compute-replay.ts';
import { epochFolder } from './epoch-folder.ts';
import { hashFile, inputNames } from './replay-inputs.ts';
import type { FolderEntry } from './report-folder.ts';
import { listFolder, readWithin } from './report-folder.ts';

/** The first place where a folder is not what its inputs give. */
export interface Difference {
  /** Relative to the folder. */
  readonly file: string;
  /** JSON path, or null when the whole file or its bytes are meant. */
  readonly path: string | null;
  /** Offset of the first differing byte, or null when the whole file is meant. */
  readonly byte: number | null;
  readonly expected: string;
  readonly found: string;
}

/** What a verification came to; no difference means that every byte is as it must be. */
export interface Verification {
  readonly equal: boolean;
  readonly difference: Difference | null;
  /** Epochs that were recomputed and found equal. */
  readonly epochs: number;
}

/**
 * Recomputes a replay folder from the inputs it holds and compares every byte of every file: nothing may be changed,
 * missing or extra. Needs nothing but the folder, and never throws because of what is in it.
 */
export async function verifyReplay(
  folder: string,
  onProgress: (progress: ReplayProgress) => void = () => undefined,
): Promise<Verification> {
  const entries = await listFolder(folder);
  const head = await readRequest(folder, entries);
  if ('difference' in head) return different(head.difference, 0);
  const { request } = head;
  const early = outlineDifference(request, entries) ?? (await inputDifference(folder, request));
  if (early !== null) return different(early, 0);
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  let expected = new Set<string>();
  const hold = async (at: string, [path, bytes]: ReportFile): Promise<void> => {
    expected.add(path);
    const difference = await fileDifference(folder, `${at}${path}`, bytes, files);
    if (difference !== null) throw new FoundDifference(difference);
  };
  const take = (epoch: number, file: ReportFile): Promise<void> => hold(`${epochFolder(epoch)}/`, file);
  const epochs = computeReplay(request, join(folder, 'inputs'), { onProgress, take });
  let done = 0;
  try {
    for (;;) {
      const step = await epochs.next();
      if (step.done === true) {
        for (const file of [...step.value.files].sort(([a], [b]) => (a < b ? -1 : 1))) await hold('', file);
        return { equal: true, difference: null, epochs: done };
      }
      const extra = extraDifference(`${epochFolder(step.value.row.epoch)}/`, expected, files);
      if (extra !== null) return different(extra, done);
      expected = new Set();
      done++;
    }
  } catch (error) {
    if (error instanceof FoundDifference) return different(error.difference, done);
    // Inputs that the engine refuses cannot have given this folder.
    if (!(error instanceof ProtocolError)) throw error;
    return different(whole('replay.json', 'inputs that can be replayed', error.shortMessage), done);
  } finally {
    await epochs.return(undefined as never);
  }
}

/** Ends the computation at the first file that is not what it must be. */
class FoundDifference extends Error {
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(difference.file);
    this.difference = difference;
  }
}

async function readRequest(
  folder: string,
  entries: readonly FolderEntry[],
): Promise<{ readonly request: ReplayRequest } | { readonly difference: Difference }> {
  const file = 'replay.json';
  const entry = entries.find(({ path }) => path === file);
  if (entry?.kind !== 'file') return { difference: whole(file, 'a replay document', nameOf(entry)) };
  const bytes = await readWithin(join(folder, file));
  if (bytes === undefined) return { difference: whole(file, 'a replay document', UNREADABLE) };
  try {
    const { request, requestHash: hash } = parseReportFile(replayHeadSchema, file, bytes);
    const expected = requestHash(request);
    if (expected === hash) return { request };
    return { difference: { file, path: '$.request', byte: null, expected: hash, found: expected } };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const path = typeof error.details['path'] === 'string' ? error.details['path'] : '$';
    return { difference: { file, path, byte: null, expected: 'a replay document', found: error.shortMessage } };
  }
}

/** What can be told from names alone: files that no replay of this request has, and files that every one has. */
function outlineDifference(request: ReplayRequest, entries: readonly FolderEntry[]): Difference | null {
  const inputs = inputNames(request).map((name) => `inputs/${name}`);
  const folders = Array.from({ length: request.epochs }, (_, epoch) => epochFolder(epoch));
  const required = new Set([
    'replay.json',
    'rejects.json',
    ...inputs,
    ...folders.flatMap((path) => [`${path}/manifest.json`, `${path}/rejects.json`]),
  ]);
  const parts = REPORT_FOLDERS.filter((name) => name !== 'explanations' || request.explanations === true);
  const known = new Set([
    'inputs',
    'epochs',
    ...folders,
    ...folders.flatMap((path) => parts.map((of) => `${path}/${of}`)),
  ]);
  for (const { path, kind } of entries) {
    const isPart = parts.includes(path.split('/')[2] ?? '') && folders.includes(path.slice(0, 13));
    // Whether an epoch has one depends on its policy and on its size; that shows when it is recomputed.
    const isOptional =
      ['/accounts.json', '/ineligible.json'].includes(path.slice(13)) && folders.includes(path.slice(0, 13));
    if (
      kind === 'file'
        ? !required.has(path) && !isPart && !isOptional
        : kind === 'other' || (!known.has(path) && !isPart)
    ) {
      return whole(path, 'nothing', nameOf({ path, kind, size: 0 }));
    }
  }
  const found = new Set(entries.filter(({ kind }) => kind === 'file').map(({ path }) => path));
  for (const path of required) if (!found.has(path)) return whole(path, 'a file', 'nothing');
  return null;
}

async function inputDifference(folder: string, request: ReplayRequest): Promise<Difference | null> {
  for (const name of inputNames(request)) {
    const hash = await hashFile(join(folder, 'inputs', name));
    if (!name.startsWith(`${hash}.`)) return whole(`inputs/${name}`, `sha-256 ${name.slice(0, 64)}`, `sha-256 ${hash}`);
  }
  return null;
}

/** Compares a file with what it must be. */
async function fileDifference(
  folder: string,
  file: string,
  bytes: Uint8Array,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<Difference | null> {
  const entry = entries.get(file);
  if (entry?.kind !== 'file') return whole(file, 'a file', nameOf(entry));
  const found = await readWithin(join(folder, file), 2 * bytes.length + 1_048_576);
  if (found === undefined) return whole(file, `a file of ${bytes.length} bytes`, UNREADABLE);
  const difference = firstDifference(bytes, found);
  return difference === null ? null : { file, ...difference };
}

/** What a folder of a report has beside the report; `at` is its path with `/` behind. */
function extraDifference(
  at: string,
  expected: ReadonlySet<string>,
  entries: ReadonlyMap<string, FolderEntry>,
): Difference | null {
  for (const { path, kind } of entries.values()) {
    const isFolder = REPORT_FOLDERS.includes(path.slice(at.length));
    const extra = kind !== 'directory' || !isFolder;
    if (path.startsWith(at) && extra && !expected.has(path.slice(at.length))) {
      return whole(path, 'nothing', nameOf({ path, kind, size: 0 }));
    }
  }
  return null;
}

const UNREADABLE = 'a file that is far too large or cannot be read';

function different(difference: Difference, epochs: number): Verification {
  return { equal: false, difference, epochs };
}

function whole(file: string, expected: string, found: string): Difference {
  return { file, path: null, byte: null, expected, found };
}

function nameOf(entry: FolderEntry | undefined): string {
  if (entry === undefined) return 'nothing';
  return entry.kind === 'file' ? 'a file' : entry.kind === 'directory' ? 'a folder' : 'something that is no plain file';
}

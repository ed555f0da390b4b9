import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';

import { InputError, MissingError } from '../../protocol/errors.ts';
import type { RawRow } from '../../settlement/ledger/rows.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { COLUMNS_OF, ledgerKindOf } from '../../store/ledger-kind.ts';
import type { LedgerFile } from '../../store/read-rows.ts';
import { streamRows } from '../../store/read-rows.ts';
import { hashFile } from '../../store/replay-inputs.ts';
import { ingestPath } from '../data-folder.ts';
import type { SegmentFile } from '../ingest/segments.ts';
import { readSegment, rowsOfSegment, scanIngested } from '../ingest/segments.ts';
import type { OperatorConfig } from '../operator-config.ts';
import type { CutKind } from './rows-of-cut.ts';
import { CUT_KINDS } from './rows-of-cut.ts';

/** The sources, and by what it can be told whether they changed. */
export interface Sources {
  readonly list: readonly Source[];
  /** One hash over the names and the contents of all of them. */
  readonly hash: string;
}

/** Rows of one kind that stand together. */
export interface Source {
  readonly kind: CutKind;
  /** What rejects call it; no two have the same. */
  readonly name: string;
  /** Of its content as it was found. */
  readonly hash: string;
  /** Its rows, some at a time; in the end the hash of what was read, null where that is not known. */
  readonly read: () => AsyncGenerator<readonly RawRow[], string | null>;
}

/** A file of rows, and of what kind. */
interface SourceFile extends Required<LedgerFile> {
  readonly kind: CutKind;
}

/**
 * Finds every source: the files of the settings, those of the drop folder, and what applications sent.
 *
 * @throws {InputError} `FILE_UNREADABLE`, `SOURCE_TWICE`
 * @throws {MissingError} `DROP_FOLDER_MISSING`
 * @throws {RefusedError} `SEGMENT_DAMAGED`
 */
export async function openSources(data: string, { ledger }: Pick<OperatorConfig, 'ledger'>): Promise<Sources> {
  const named = CUT_KINDS.flatMap((kind) =>
    ledger[kind].map((path): SourceFile => ({ kind, path, name: nameOf(data, path) })),
  );
  const files = [...named, ...(await dropped(ledger.dropFolder))];
  const names = new Set<string>();
  for (const { name } of files) {
    if (!names.has(name)) names.add(name);
    else throw twice(name);
  }
  const list: Source[] = [];
  for (const file of files) {
    list.push({ kind: file.kind, name: file.name, hash: await hashFile(file.path), read: () => readFileRows(file) });
  }
  // What was taken from an application is paid for, also when the endpoint is switched off since.
  for await (const { segment, name, isLast, scanned } of scanIngested(ingestPath(data))) {
    const read = () => readSegmentRows(segment, isLast);
    list.push({ kind: 'contributions', name, hash: scanned.sum, read });
  }
  const hashes = list.map(({ name, hash }) => `${name} ${hash}`).sort();
  return { list, hash: sha256Hex(new TextEncoder().encode(hashes.join('\n'))) };
}

/** The hash is of the very bytes that the rows are from: what is written to the file meanwhile is read for the next epoch. */
async function* readFileRows(file: SourceFile): ReturnType<Source['read']> {
  const hash = createHash('sha256');
  const format = yield* streamRows(file, COLUMNS_OF[file.kind], (bytes) => hash.update(bytes));
  return format === 'parquet' ? null : hash.digest('hex');
}

async function* readSegmentRows(segment: SegmentFile, isLast: boolean): ReturnType<Source['read']> {
  const scanned = await readSegment(segment, isLast);
  yield rowsOfSegment(scanned);
  return scanned.sum;
}

function twice(name: string): InputError {
  return new InputError({
    code: 'SOURCE_TWICE',
    shortMessage: `two sources are called ${name}, and a rejected row could be of either`,
    details: { name, next: 'name each file once; call files that are not the same by different names' },
  });
}

/**
 * The files of the drop folder that are complete, in the order of their names: whoever writes one gives it a name that begins with
 * a dot or ends in `.part`, and renames it when it is whole.
 */
async function dropped(folder: string | null): Promise<SourceFile[]> {
  if (folder === null) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MissingError({
      code: 'DROP_FOLDER_MISSING',
      shortMessage: `the drop folder ${folder} cannot be read`,
      details: { folder, next: 'make it, or correct ledger.dropFolder in lode.config.json' },
      cause,
    });
  });
  const files: SourceFile[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() || entry.name.startsWith('.') || entry.name.endsWith('.part')) continue;
    const file = { path: join(folder, entry.name), name: `drop/${entry.name}` };
    files.push({ ...file, kind: await kindOf(file, entry.name) });
  }
  return files;
}

/** By its name, else by its columns; a file of no kind is read as contributions, whose reader says what is wrong with it. */
async function kindOf(file: LedgerFile, name: string): Promise<CutKind> {
  const named = CUT_KINDS.find((kind) => name.toLowerCase().startsWith(kind));
  if (named !== undefined) return named;
  const { kind } = await ledgerKindOf(file);
  return CUT_KINDS.find((one) => one === kind) ?? 'contributions';
}

/** The same on every machine that has the data folder, wherever that stands. */
function nameOf(data: string, path: string): string {
  const inside = relative(data, path);
  return isAbsolute(inside) || inside.startsWith('..') ? basename(path) : inside.split(sep).join('/');
}

import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';

import { InputError, MissingError } from '../../protocol/errors.ts';
import type { RawFile } from '../../settlement/ledger/build-ledger.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { COLUMNS_OF, ledgerKindOf } from '../../store/ledger-kind.ts';
import type { LedgerFile } from '../../store/read-rows.ts';
import { readRows } from '../../store/read-rows.ts';
import { hashFile } from '../../store/replay-inputs.ts';
import { ingestPath } from '../data-folder.ts';
import { readIngested } from '../ingest/segments.ts';
import type { OperatorConfig } from '../operator-config.ts';
import type { SourceFiles } from './cut.ts';
import type { CutKind } from './rows-of-cut.ts';
import { CUT_KINDS } from './rows-of-cut.ts';

/** Everything that the sources hold, and by what it can be told whether they changed. */
export interface ReadSources {
  readonly files: SourceFiles;
  /** One hash over the names and the contents of all source files. */
  readonly hash: string;
  readonly count: number;
}

/** A file of rows, and of what kind. */
interface SourceFile extends Required<LedgerFile> {
  readonly kind: CutKind;
}

/**
 * Reads every row of every source: the files of the settings, those of the drop folder, and what applications sent.
 *
 * @throws {InputError} `FILE_UNREADABLE`, `SOURCE_TWICE`
 * @throws {MissingError} `DROP_FOLDER_MISSING`
 * @throws {RefusedError} `SEGMENT_DAMAGED`
 */
export async function readSources(data: string, { ledger }: Pick<OperatorConfig, 'ledger'>): Promise<ReadSources> {
  const named = CUT_KINDS.flatMap((kind) =>
    ledger[kind].map((path): SourceFile => ({ kind, path, name: nameOf(data, path) })),
  );
  const sources = [...named, ...(await dropped(ledger.dropFolder))];
  const twice = sources.find(({ name }, at) => sources.findIndex((one) => one.name === name) !== at);
  if (twice !== undefined) {
    throw new InputError({
      code: 'SOURCE_TWICE',
      shortMessage: `two sources are called ${twice.name}, and a rejected row could be of either`,
      details: { name: twice.name, next: 'name each file once; call files that are not the same by different names' },
    });
  }
  const files: Record<CutKind, RawFile[]> = { contributions: [], usage: [], accounts: [] };
  const hashes: string[] = [];
  for (const source of sources) {
    files[source.kind].push({ file: source.name, rows: await readRows(source, COLUMNS_OF[source.kind]) });
    hashes.push(`${source.name} ${await hashFile(source.path)}`);
  }
  // What was taken from an application is paid for, also when the endpoint is switched off since.
  const ingested = await readIngested(ingestPath(data));
  files.contributions.push(...ingested);
  for (const { file, rows } of ingested) hashes.push(`${file} ${rows.length}`);
  const hash = sha256Hex(new TextEncoder().encode(hashes.sort().join('\n')));
  return { files, hash, count: hashes.length };
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

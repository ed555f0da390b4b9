import { basename } from 'node:path';

import { Fault } from '../settlement/ledger/fault.ts';
import type { Columns } from '../settlement/ledger/parse-fields.ts';
import { CsvReader } from '../settlement/ledger/read-csv.ts';
import { readNdjson } from '../settlement/ledger/read-ndjson.ts';
import type { RawRow } from '../settlement/ledger/rows.ts';
import { LineSplitter } from '../settlement/ledger/split-lines.ts';
import type { TextLine } from '../settlement/ledger/split-lines.ts';
import { firstBytes, readGzip, readPlain } from './read-bytes.ts';
import type { Piece } from './read-bytes.ts';
import { readParquet } from './read-parquet.ts';

/** A ledger file; `name` is what rejects call it, by default the last part of the path. */
export interface LedgerFile {
  readonly path: string;
  readonly name?: string;
}

/** The name by which rejects call a file. */
export function fileName({ path, name }: LedgerFile): string {
  return name ?? basename(path);
}

/**
 * Reads every row of a file of any accepted format: CSV or NDJSON, each also gzipped, or Parquet.
 *
 * The name's ending tells the format (`.ndjson`, `.jsonl`, `.parquet`, with or without `.gz`; any other is CSV), and where
 * the first bytes tell it (gzip, Parquet) they must agree. A damaged file gives the rows that stand before the damage and one more that names it.
 *
 * @throws {InputError} `FILE_UNREADABLE` when there is no such file or it may not be read
 */
export async function readRows(file: LedgerFile, columns: Columns): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const more of streamRows(file, columns)) for (const row of more) rows.push(row);
  return rows;
}

/**
 * The same rows, some at a time, and in the end the format; of a Parquet file all at once. `see` is given every byte of a file of
 * text as it is read, and nothing of another.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function* streamRows(
  file: LedgerFile,
  columns: Columns,
  see?: (bytes: Uint8Array) => void,
): AsyncGenerator<readonly RawRow[], FoundFormat['format']> {
  const { format, pieces, fault } = await formatOf(file, see);
  if (format === 'unusable') yield [{ line: 1, fault }];
  else if (format === 'parquet') yield await readParquet(file.path, columns);
  else if (format === 'ndjson') yield* readNdjsonText(pieces());
  else {
    const csv = new CsvReader(columns);
    yield* readText(
      pieces(),
      (lines) => csv.push(lines),
      (line, damaged) => csv.end(line, damaged),
    );
  }
  return format;
}

/** What a file's name and first bytes say that it is, and how its text is read; or why it cannot be used at all. */
export type FoundFormat =
  | { readonly format: 'csv' | 'ndjson'; readonly pieces: () => AsyncIterable<Piece>; readonly fault?: undefined }
  | { readonly format: 'parquet'; readonly pieces?: undefined; readonly fault?: undefined }
  | { readonly format: 'unusable'; readonly pieces?: undefined; readonly fault: Fault };

/**
 * Tells the format of a file as {@link readRows} reads it.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function formatOf(file: LedgerFile, see?: (bytes: Uint8Array) => void): Promise<FoundFormat> {
  const name = fileName(file);
  const start = await firstBytes(file.path, 4);
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const parquet = start.length === 4 && new TextDecoder('latin1').decode(start) === 'PAR1';
  const plainName = name.toLowerCase().replace(/\.gz$/, '');
  if (!gzip && plainName !== name.toLowerCase()) return unusable('the name says gzip, the content does not');
  if (plainName.endsWith('.parquet') || parquet) {
    if (gzip) return unusable('a gzipped Parquet file cannot be read; Parquet compresses by itself');
    return parquet ? { format: 'parquet' } : unusable('the name says Parquet, the content does not');
  }
  const pieces = () => (gzip ? readGzip(file.path, see) : readPlain(file.path, see));
  return { format: /\.(ndjson|jsonl)$/.test(plainName) ? 'ndjson' : 'csv', pieces };
}

/** Every row of an NDJSON file stands for itself, so only a file without any shows that something was lost. */
async function* readNdjsonText(pieces: AsyncIterable<Piece>): AsyncGenerator<RawRow[]> {
  let isEmpty = true;
  for await (const rows of readText(pieces, readNdjson, () => [])) {
    if (rows.length > 0) isEmpty = false;
    yield rows;
  }
  if (isEmpty) yield [{ line: 1, fault: new Fault('file-empty', 'there is not even one line') }];
}

async function* readText(
  pieces: AsyncIterable<Piece>,
  push: (lines: readonly TextLine[]) => RawRow[],
  end: (nextLine: number, damaged: boolean) => RawRow[],
): AsyncGenerator<RawRow[]> {
  const splitter = new LineSplitter();
  let fault: Fault | undefined;
  for await (const piece of pieces) {
    if (piece instanceof Fault) fault = piece;
    else yield push(splitter.push(piece));
  }
  yield push(splitter.end(fault !== undefined));
  yield end(splitter.line, fault !== undefined);
  if (fault !== undefined) yield [{ line: splitter.line, fault }];
}

function unusable(words: string): FoundFormat {
  return { format: 'unusable', fault: new Fault('file-format', words) };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { MissingError } from '../../protocol/errors.ts';
import { withDuckDB } from '../duckdb-session.ts';
import { epochFolder } from '../epoch-folder.ts';
import { reportEpochs } from '../locate-report.ts';
import { makeTemporary } from '../make-folder.ts';
import {
  clearLeftovers,
  publishFolder,
  readReport,
  refuseExisting,
  syncFolders,
  temporaryFor,
  writeDurably,
} from '../report-folder.ts';
import { reportRows } from './report-rows.ts';
import type { ExportFileFormat } from './table-writer.ts';
import { TableWriter } from './table-writer.ts';
import type { ExportRow, TableName } from './tables.ts';
import { EXPORT_FORMAT, KINDS, TABLES } from './tables.ts';

/** What is exported, and where to. */
export interface ExportRequest {
  /** An operator's data folder, a replay folder, or a folder of published reports. */
  readonly folder: string;
  /** A new or empty folder. */
  readonly out: string;
  readonly format: ExportFileFormat;
  /** The first epoch, and the last; left out: from the first that is there, to the newest. */
  readonly from?: number;
  readonly to?: number;
  /** What was paid, where a chain was read; left out: there is no such table. */
  readonly claims?: readonly ExportRow[];
  readonly onEpoch?: (epoch: number, done: number, of: number) => void;
}

/** One file of an export. */
export interface ExportedTable {
  readonly name: TableName;
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface Exported {
  readonly epochs: readonly number[];
  readonly tables: readonly ExportedTable[];
}

/**
 * Writes reports as tables for other programs, each file with its columns in `schema.json`. The folder appears whole or not at
 * all, and the same reports give the same bytes.
 *
 * @throws {MissingError} `EXPORT_EMPTY` when there is no report of these epochs
 * @throws {InputError} `REPORT_INVALID`, `SHARD_INVALID`, `EXPORT_TOO_LARGE`, `FOLDER_EXISTS`, `FOLDER_UNUSABLE`
 */
export async function exportReports(request: ExportRequest): Promise<Exported> {
  const { folder, out, format, claims } = request;
  await refuseExisting(out);
  const epochs = await epochsOf(request);
  const temporary = temporaryFor(out);
  await clearLeftovers(out);
  await makeTemporary(temporary, out);
  // One thread: how the rows are cut into groups must not depend on the machine.
  const tables = await withDuckDB({ threads: 1 }, async (connection) => {
    const wanted = TABLES.filter(({ name }) => name !== 'claims' || claims !== undefined);
    const writers = new Map<TableName, TableWriter>();
    for (const table of wanted) writers.set(table.name, await TableWriter.create(connection, table));
    for (const [at, epoch] of epochs.entries()) {
      const files = await readReport(await reportFolderOf(folder, epoch));
      const rows = await reportRows(files, epoch, epoch === epochs.at(-1));
      for (const [name, own] of rows) for (const row of own) writers.get(name)?.append(row);
      request.onEpoch?.(epoch, at + 1, epochs.length);
    }
    for (const row of claims ?? []) writers.get('claims')?.append(row);
    const written: ExportedTable[] = [];
    for (const [name, writer] of writers) {
      const file = `${name}.${format}`;
      await writer.write(join(temporary, file), format);
      written.push({ name, file, rows: writer.rows, bytes: (await stat(join(temporary, file))).size });
    }
    return written;
  });
  const schema = new TextEncoder().encode(`${JSON.stringify(schemaOf(format, epochs, tables), null, 2)}\n`);
  await writeDurably(join(temporary, 'schema.json'), schema);
  await syncFolders(temporary);
  await publishFolder(temporary, out);
  return { epochs, tables };
}

/** `schema.json`: every table with its columns, so that nobody has to guess a unit. */
export function schemaOf(
  format: ExportFileFormat,
  epochs: readonly number[],
  tables: readonly Omit<ExportedTable, 'bytes'>[],
): object {
  return {
    format: EXPORT_FORMAT,
    files: format,
    epochs: { first: epochs[0], last: epochs.at(-1), count: epochs.length },
    tables: tables.map(({ name, file, rows }) => {
      const table = TABLES.find((one) => one.name === name);
      return {
        ...{ name, file, rows, meaning: table?.meaning, sortedBy: table?.sortedBy },
        columns: table?.columns.map(({ name: own, kind, meaning, nullable }) => ({
          ...{ name: own, type: KINDS[kind].type, unit: KINDS[kind].unit, nullable: nullable ?? false, meaning },
        })),
      };
    }),
  };
}

async function epochsOf({ folder, from = 0, to = Number.MAX_SAFE_INTEGER }: ExportRequest): Promise<number[]> {
  const found: number[] = [];
  for (const epoch of await reportEpochs(folder)) {
    if (epoch < from || epoch > to) continue;
    // An epoch that is not settled yet, or whose report was removed, has a folder all the same.
    if (await isThere(join(await reportFolderOf(folder, epoch), 'manifest.json'))) found.push(epoch);
  }
  if (found.length > 0) return found;
  throw new MissingError({
    code: 'EXPORT_EMPTY',
    shortMessage: `${folder} holds no report of these epochs`,
    details: {
      ...{ folder, from, to: to === Number.MAX_SAFE_INTEGER ? null : to },
      next: 'name a folder with epochs/000000/… in it: a data folder, a replay, or one that reports were published to',
    },
  });
}

/** In an operator's data folder a report stands among other files of its epoch, elsewhere it is the epoch's folder. */
async function reportFolderOf(folder: string, epoch: number): Promise<string> {
  const own = join(folder, epochFolder(epoch));
  return (await isThere(join(own, 'report', 'manifest.json'))) ? join(own, 'report') : own;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

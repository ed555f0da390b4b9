import { DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';

import { InvariantError } from '../protocol/errors.ts';
import { Fault } from '../settlement/ledger/fault.ts';
import { columnsFault } from '../settlement/ledger/parse-fields.ts';
import type { Columns } from '../settlement/ledger/parse-fields.ts';
import type { RawRow } from '../settlement/ledger/rows.ts';
import { checkExact, withDuckDB } from './duckdb-session.ts';

/** Whole numbers and text are taken as the text they are. */
const TEXTUAL: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
]);

/** Times are taken as text of the ledger's form; with a fraction of a second they are refused. */
const TIMES: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
]);

/** The engine would take such a path for a search pattern. */
const PATTERN = /[*?[\]{}]/;

/**
 * Reads every row of a Parquet file, whose "lines" are counted from 1. Columns are text, whole numbers or times; one of any
 * other type (a float above all) makes the file unusable, since what the writer meant can no longer be known exactly.
 */
export async function readParquet(path: string, columns: Columns): Promise<RawRow[]> {
  if (isPattern(path)) return damage(new Fault('file-format', 'the path has characters of a search pattern'));
  return withDuckDB({}, async (connection) => {
    const rows: RawRow[] = [];
    try {
      const { names, texts, table, fault } = await probeParquet(connection, path, columns);
      if (fault !== undefined) {
        rows.push({ line: 1, fault });
        return rows;
      }
      await readAll(connection, `SELECT ${texts.map(marked).join(', ')} FROM ${table}`, names, rows);
    } catch (error) {
      if (error instanceof InvariantError) throw error;
      rows.push({ line: rows.length + 1, fault: damageFault(error) });
    }
    return rows;
  });
}

/** What a Parquet file's columns are. */
export interface ParquetColumns {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  /** Each column as the text that the ledger's rules are about, in SQL. */
  readonly texts: readonly string[];
  /** The file as a table, in SQL. */
  readonly table: string;
  /** Why the columns cannot be used. */
  readonly fault: Fault | undefined;
}

/** Looks at the columns of a Parquet file; what the engine throws when it cannot is for the caller to judge. */
export async function probeParquet(
  connection: DuckDBConnection,
  path: string,
  columns: Columns,
): Promise<ParquetColumns> {
  const table = tableOf(path);
  const probe = await connection.stream(`SELECT * FROM ${table} LIMIT 0`);
  const [names, types] = [probe.columnNames(), probe.columnTypes()];
  const found = columnsFault(names, columns) ?? typesFault(names, types);
  return {
    ...{ names, types, table },
    texts: names.map((name, index) => asText(name, types[index])),
    fault: found === undefined ? undefined : new Fault('header', `the columns cannot be used: ${found.words}`),
  };
}

/** Whether the engine would take a path for more than the name of one file. */
export function isPattern(path: string): boolean {
  return PATTERN.test(path);
}

/** Whether a column is a time. */
export function isTime({ typeId }: DuckDBType): boolean {
  return TIMES.has(typeId);
}

/** The names of a Parquet file's columns; none when it cannot be read, which {@link readParquet} explains. */
export async function parquetColumns(path: string): Promise<readonly string[]> {
  if (isPattern(path)) return [];
  return withDuckDB({}, async (connection) => {
    try {
      return (await connection.stream(`SELECT * FROM ${tableOf(path)} LIMIT 0`)).columnNames();
    } catch {
      return [];
    }
  });
}

/**
 * A text as it is brought over from the engine, whose client takes a byte order mark away from where a text begins: behind a sign of ours
 * it is no beginning any more, and the row parser sees it.
 */
export function marked(text: string): string {
  return `'.' || (${text})`;
}

/** The text that was {@link marked}; one that is missing is empty. */
export function unmarked(value: unknown): string {
  return typeof value === 'string' ? value.slice(1) : '';
}

function tableOf(path: string): string {
  return `read_parquet('${path.replaceAll("'", "''")}', hive_partitioning = false)`;
}

async function readAll(
  connection: DuckDBConnection,
  sql: string,
  names: readonly string[],
  rows: RawRow[],
): Promise<void> {
  const result = await connection.stream(sql);
  checkExact(result.columnNames(), result.columnTypes());
  for await (const batch of result.yieldRows()) {
    for (const values of batch) {
      rows.push({
        line: rows.length + 1,
        fields: new Map(names.map((name, index) => [name, unmarked(values[index])])),
      });
    }
  }
}

function typesFault(names: readonly string[], types: readonly DuckDBType[]): Fault | undefined {
  const index = types.findIndex(({ typeId }) => !TEXTUAL.has(typeId) && !TIMES.has(typeId));
  return index < 0
    ? undefined
    : new Fault('parquet-type', `the column ${names[index] ?? index} is ${kindOf(types[index]?.typeId)}`);
}

/** Our own words for the types that writers use by mistake: the engine's names for them may change with its version. */
const KINDS: ReadonlyMap<DuckDBTypeId | undefined, string> = new Map([
  [DuckDBTypeId.FLOAT, 'FLOAT'],
  [DuckDBTypeId.DOUBLE, 'DOUBLE'],
  [DuckDBTypeId.DECIMAL, 'DECIMAL'],
  [DuckDBTypeId.BOOLEAN, 'BOOLEAN'],
  [DuckDBTypeId.DATE, 'DATE'],
  [DuckDBTypeId.BLOB, 'BLOB'],
]);

function kindOf(type: DuckDBTypeId | undefined): string {
  return KINDS.get(type) ?? 'of a type that is neither text, nor a whole number, nor a time';
}

/** A column by its name, in SQL. */
export function columnSql(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function asText(name: string, type: DuckDBType | undefined): string {
  const column = columnSql(name);
  if (type === undefined || !isTime(type)) return `CAST(${column} AS VARCHAR)`;
  const nanos = `epoch_ns(${column})`;
  const seconds = `strftime(make_timestamp((${nanos} // 1000000000) * 1000000), '%Y-%m-%dT%H:%M:%SZ')`;
  return `CASE WHEN ${nanos} % 1000000000 = 0 THEN ${seconds} ELSE CAST(${nanos} AS VARCHAR) || ' ns' END`;
}

/** The engine's own words would change with its version and name the path; what a report says is the same everywhere. */
export function damageFault(error: unknown): Fault {
  const words = error instanceof Error ? error.message : '';
  return /no magic bytes found at end|too small to be a parquet|prematurely end/i.test(words)
    ? new Fault('file-truncated', 'the Parquet file is cut short')
    : new Fault('file-corrupt', 'the Parquet file is corrupt or cannot be read');
}

function damage(fault: Fault): RawRow[] {
  return [{ line: 1, fault }];
}

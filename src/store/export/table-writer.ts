import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { DuckDBDecimalValue } from '@duckdb/node-api';

import { InputError } from '../../protocol/errors.ts';
import type { ExportColumn, ExportRow, ExportTable, ExportValue } from './tables.ts';
import { KINDS } from './tables.ts';

export type ExportFileFormat = 'csv' | 'parquet';

/** No whole number of more digits fits the exact type that both file formats have. */
const TOO_LARGE = 10n ** 38n;
/** Rows that are collected before they are handed to the database for good. */
const FLUSH_EVERY = 50_000;

/** Collects the rows of one table and writes them to a file, sorted: the same rows give the same bytes. */
export class TableWriter {
  readonly table: ExportTable;
  readonly #connection: DuckDBConnection;
  readonly #appender: DuckDBAppender;
  #rows = 0;

  private constructor(table: ExportTable, connection: DuckDBConnection, appender: DuckDBAppender) {
    this.table = table;
    this.#connection = connection;
    this.#appender = appender;
  }

  static async create(connection: DuckDBConnection, table: ExportTable): Promise<TableWriter> {
    // Times are kept as seconds, which is how they come.
    const columns = table.columns.map(({ name, kind }) => `"${name}" ${kind === 'time' ? 'BIGINT' : KINDS[kind].type}`);
    await connection.run(`CREATE TABLE "${table.name}" (${columns.join(', ')})`);
    return new TableWriter(table, connection, await connection.createAppender(table.name));
  }

  get rows(): number {
    return this.#rows;
  }

  /** @throws {InputError} `EXPORT_TOO_LARGE` for a number of more than 38 digits */
  append(row: ExportRow): void {
    for (const [at, column] of this.table.columns.entries()) this.#value(column, row[at] ?? null);
    this.#appender.endRow();
    this.#rows++;
    if (this.#rows % FLUSH_EVERY === 0) this.#appender.flushSync();
  }

  /** Writes the file; nothing can be appended afterwards. */
  async write(path: string, format: ExportFileFormat): Promise<void> {
    this.#appender.closeSync();
    const columns = this.table.columns.map(({ name, kind }) =>
      kind === 'time' ? `make_timestamp("${name}" * 1000000) AS "${name}"` : `"${name}"`,
    );
    const order = this.table.sortedBy.map((name) => `"${name}"`).join(', ');
    const options = format === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT parquet, COMPRESSION zstd';
    const target = path.replaceAll("'", "''");
    const query = `SELECT ${columns.join(', ')} FROM "${this.table.name}" ORDER BY ${order}`;
    await this.#connection.run(`COPY (${query}) TO '${target}' (${options})`);
  }

  #value({ name, kind }: ExportColumn, value: ExportValue): void {
    const appender = this.#appender;
    if (value === null) appender.appendNull();
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (typeof value === 'boolean') appender.appendBoolean(value);
    else if (KINDS[kind].type.startsWith('DECIMAL')) {
      const whole = BigInt(value);
      if (whole >= TOO_LARGE) throw tooLarge(this.table.name, name, whole);
      appender.appendDecimal(new DuckDBDecimalValue(whole, 38, 0));
    } else if (kind === 'epoch') appender.appendInteger(Number(value));
    else appender.appendBigInt(BigInt(value));
  }
}

function tooLarge(table: string, column: string, value: bigint): InputError {
  return new InputError({
    code: 'EXPORT_TOO_LARGE',
    shortMessage: `a number in ${table}.${column} has more than the 38 digits that a table can hold exactly`,
    details: { table, column, value, next: 'read this figure from the report itself' },
  });
}

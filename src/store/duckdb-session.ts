import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { DuckDBTypeId } from '@duckdb/node-api';

import { InvariantError } from '../protocol/errors.ts';

/** The only types a result may have. Each holds its numbers exactly; a float would already have lost what it lost. */
const EXACT: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
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
  DuckDBTypeId.VARCHAR,
]);

/** How much the engine may use; the result depends on none of it. */
export interface EngineLimits {
  readonly threads?: number;
}

/** A private database in memory that stays open until it is closed. */
export interface OpenDatabase {
  readonly connection: DuckDBConnection;
  readonly close: () => void;
}

/** Opens a private database in memory. */
export async function openDuckDB({ threads }: EngineLimits = {}): Promise<OpenDatabase> {
  const instance = await DuckDBInstance.create(':memory:', {
    // Everything needed is built in; nothing is ever fetched.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads === undefined ? {} : { threads: `${threads}` }),
  });
  try {
    const connection = await instance.connect();
    const close = (): void => {
      connection.closeSync();
      instance.closeSync();
    };
    return { connection, close };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** A private database in memory, given to `use` and closed after it. */
export async function withDuckDB<T>(
  limits: EngineLimits,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { connection, close } = await openDuckDB(limits);
  try {
    return await use(connection);
  } finally {
    close();
  }
}

/**
 * Runs a query whose result must be exact: whole numbers and text only, by the types of its columns.
 *
 * @throws {InvariantError} `SQL_INEXACT` when a column is a float, a decimal or anything else that is not exact
 */
export async function exactRows(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  const result = await connection.stream(sql);
  checkExact(result.columnNames(), result.columnTypes());
  return result.getRows();
}

/** The check of {@link exactRows} by itself. */
export function checkExact(names: readonly string[], types: readonly DuckDBType[]): void {
  types.forEach((type, index) => {
    if (EXACT.has(type.typeId)) return;
    throw new InvariantError({
      code: 'SQL_INEXACT',
      shortMessage: `DIFF-3: the column ${names[index] ?? index} of a result is ${type.toString()}, which does not hold whole numbers exactly`,
      details: { column: names[index], type: type.toString() },
    });
  });
}

/** A whole number of a result. */
export function whole(value: DuckDBValue | undefined): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new InvariantError({ code: 'SQL_INEXACT', shortMessage: 'DIFF-3: a result is not a whole number' });
}

/** What a number of a result stands for. */
export function pick<T>(list: readonly T[], index: DuckDBValue | undefined): T {
  const item = list[Number(whole(index))];
  if (item !== undefined) return item;
  throw new InvariantError({ code: 'SQL_INDEX', shortMessage: 'a result names something that is not in the ledger' });
}

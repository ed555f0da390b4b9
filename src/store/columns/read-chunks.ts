import { DuckDBHugeIntVector } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

import { InvariantError } from '../../protocol/errors.ts';
import { checkExact } from '../duckdb-session.ts';

/**
 * Runs a query whose result must be exact and gives it some thousand rows at a time, none of them as an object.
 *
 * @throws {InvariantError} `SQL_INEXACT` when a column is of a type that is not exact
 */
export async function* exactChunks(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  checkExact(result.columnNames(), result.columnTypes());
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

/*
 * The numbers of a column as the engine holds them, valid as long as the chunk is. The client's vectors have them under a name that
 * its types call private; by its own way each number would become a value of its own, which takes ten times as long.
 */

/** Numbers of 32 bits. */
export function integers(chunk: DuckDBDataChunk, column: number): Int32Array {
  const items = itemsOf(chunk, column);
  if (items instanceof Int32Array) return items;
  throw otherType(column);
}

/** Numbers of 64 bits with a sign. */
export function bigIntegers(chunk: DuckDBDataChunk, column: number): BigInt64Array {
  const items = itemsOf(chunk, column);
  if (items instanceof BigInt64Array) return items;
  throw otherType(column);
}

/** Numbers of 64 bits without a sign. */
export function unsigned(chunk: DuckDBDataChunk, column: number): BigUint64Array {
  const items = itemsOf(chunk, column);
  if (items instanceof BigUint64Array) return items;
  throw otherType(column);
}

/** Numbers of 128 bits, each as its low half and its high half. */
export function wide(chunk: DuckDBDataChunk, column: number): BigUint64Array {
  const vector = chunk.getColumnVector(column);
  const view: unknown = vector instanceof DuckDBHugeIntVector ? vector['dataView'] : undefined;
  if (!(view instanceof DataView)) throw otherType(column);
  return new BigUint64Array(view.buffer, view.byteOffset, 2 * chunk.rowCount);
}

function itemsOf(chunk: DuckDBDataChunk, column: number): unknown {
  const vector = chunk.getColumnVector(column);
  return 'items' in vector ? vector.items : undefined;
}

function otherType(column: number): InvariantError {
  const shortMessage = `DIFF-3: column ${column} of a result is not of the type that it was made with`;
  return new InvariantError({ code: 'SQL_INEXACT', shortMessage, details: { column } });
}

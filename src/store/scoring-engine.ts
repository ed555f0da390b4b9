import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

import type { Query, SqlDialect } from '../settlement/policy/sql.ts';
import { asOneStatement, DUCKDB } from '../settlement/policy/sql.ts';
import { exactRows } from './duckdb-session.ts';

/** Runs a query; whole numbers only, by the types of its columns. */
export type RunQuery = (query: Query) => Promise<DuckDBValue[][]>;

/** The tables that queries read; one engine's queries over them are another's to the unit. */
export const SCORING_TABLES = ['contributions', 'usage', 'badges'] as const;

/** What runs the compiled policy. */
export interface ScoringEngine {
  readonly dialect: SqlDialect;
  /**
   * Gives `use` what runs queries over the {@link SCORING_TABLES} of a private DuckDB database.
   *
   * @throws {InvariantError} `SQL_INEXACT` when a column of a result is a float, a decimal or anything else that is not exact
   */
  readonly withQueries: <T>(tables: DuckDBConnection, use: (run: RunQuery) => Promise<T>) => Promise<T>;
}

/** The engine within this process: it needs nothing else, and holds all it works on in the memory of this machine. */
export const EMBEDDED: ScoringEngine = {
  dialect: DUCKDB,
  withQueries: async (tables, use) => await use(async (query) => await exactRows(tables, asOneStatement(query))),
};

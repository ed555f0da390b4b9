import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';

import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient, SettingsMap } from '@clickhouse/client';

import { ProtocolError } from '../../protocol/errors.ts';
import { engineError, refuseStrange } from './engine-errors.ts';
import { exactLines } from './exact-lines.ts';

/** Where a ClickHouse is, and as whom it is asked. */
export interface ClickHousePlace {
  /** The address of its HTTP interface, without user and password. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** One query may take so long, in seconds. */
  readonly timeout: number;
}

/**
 * Under which the same text means the same as in the embedded engine, whatever the server's own profile says. What a profile may cut off
 * without an error (rows, groups, time) is an error here.
 */
const MEANING: ClickHouseSettings = {
  compatibility: '',
  allow_experimental_analyzer: 1,
  join_use_nulls: 1,
  prefer_column_name_to_alias: 1,
  use_variant_as_common_type: 0,
  data_type_default_nullable: 0,
  cast_keep_nullable: 0,
  aggregate_functions_null_for_empty: 0,
  transform_null_in: 0,
  join_default_strictness: 'ALL',
  any_join_distinct_right_table_keys: 0,
  final: 0,
  additional_table_filters: SettingsMap.from({}),
  additional_result_filter: '',
  // A result may not be that of another session's tables, nor rows come later than they are asked about.
  use_query_cache: 0,
  async_insert: 0,
  wait_for_async_insert: 1,
  extremes: 0,
  limit: '0',
  offset: '0',
  read_overflow_mode: 'throw',
  read_overflow_mode_leaf: 'throw',
  group_by_overflow_mode: 'throw',
  sort_overflow_mode: 'throw',
  result_overflow_mode: 'throw',
  timeout_overflow_mode: 'throw',
  timeout_overflow_mode_leaf: 'throw',
  set_overflow_mode: 'throw',
  join_overflow_mode: 'throw',
  transfer_overflow_mode: 'throw',
  distinct_overflow_mode: 'throw',
  max_query_size: `${1 << 28}`,
  max_ast_elements: `${1 << 24}`,
  max_expanded_ast_elements: `${1 << 24}`,
  output_format_tsv_crlf_end_of_line: 0,
  format_tsv_null_representation: '\\N',
  input_format_parquet_allow_missing_columns: 0,
};

/** The session ends by itself when nothing was asked for so many seconds: what it holds goes with it, however this process ended. */
const IDLE_SECONDS = 300;

/** A session of one server: temporary tables that only it sees, and that end with it. */
export interface EngineSession {
  /** Runs a statement that gives nothing back. */
  readonly command: (sql: string) => Promise<void>;
  /** Puts the rows of a Parquet file into a table. */
  readonly insert: (table: string, parquet: string) => Promise<void>;
  /** The rows of a query whose columns are these, in their order: whole numbers only. */
  readonly rows: (sql: string, columns: readonly string[]) => Promise<(bigint | number | null)[][]>;
}

/**
 * Opens a session, gives it to `use`, and drops what it holds.
 *
 * @throws {RetryableError} `ENGINE_UNREACHABLE`, `ENGINE_TIMEOUT`, `ENGINE_FULL`, `ENGINE_STOPPED`, `ENGINE_FORGOT`, `ENGINE_CUT_SHORT`
 * @throws {InputError} `ENGINE_LOGIN`, `ENGINE_STRANGE`, `ENGINE_TOO_OLD`
 * @throws {RefusedError} `ENGINE_DENIED`
 * @throws {InvariantError} `SQL_INEXACT`, `ENGINE_FAILED`
 */
export async function withEngineSession<T>(
  place: ClickHousePlace,
  use: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const { url, user, password, timeout } = place;
  const engine = new URL(url).host;
  const session = `lode-${randomUUID()}`;
  const client = createClient({
    ...{ url, username: user, password, application: 'lode', session_id: session },
    // The server gives up first, and says so.
    request_timeout: timeout * 1000 + Math.min(5, timeout) * 1000,
    max_open_connections: 1,
    compression: { request: false, response: false },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      ...MEANING,
      session_timeout: `${IDLE_SECONDS}`,
      max_execution_time: timeout,
      // Whether it worked is known before the first byte of an answer.
      wait_end_of_query: 1,
    },
  });
  const asked = async <R>(work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof ProtocolError ? error : engineError(error, engine);
    }
  };
  try {
    await asked(async () => await greet(client, engine));
    return await use({
      command: async (sql) => {
        await asked(async () => await client.command({ query: sql }));
      },
      insert: async (table, parquet) =>
        await asked(async () => {
          await client.insert({ table, values: createReadStream(parquet), format: 'Parquet' });
        }),
      rows: async (sql, columns) =>
        await asked(async () => {
          const { stream } = await client.exec({ query: `${sql}\nFORMAT TabSeparatedWithNamesAndTypes` });
          return await exactLines(stream, columns);
        }),
    });
  } finally {
    await leave(client);
  }
}

/** Makes sure that there is a ClickHouse at the other end. */
async function greet(client: ClickHouseClient, engine: string): Promise<void> {
  const result = await client.query({ query: 'SELECT version() AS version', format: 'TabSeparated' });
  const text = await result.text();
  if (!/^[0-9]+\.[0-9]+[^\t\n<]{0,60}\n$/.test(text)) refuseStrange(engine, text);
}

/** Ends the session at once where the server can, else it ends by itself; a failure here changes no result. */
async function leave(client: ClickHouseClient): Promise<void> {
  try {
    await client.command({ query: 'SELECT 1', clickhouse_settings: { close_session: 1 } });
  } catch {
    // It ends by itself.
  }
  await client.close();
}

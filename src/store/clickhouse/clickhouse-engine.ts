import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DuckDBConnection } from '@duckdb/node-api';

import { InvariantError, RetryableError } from '../../protocol/errors.ts';
import { CLICKHOUSE } from '../../settlement/policy/sql.ts';
import { exactRows, whole } from '../duckdb-session.ts';
import type { ScoringEngine } from '../scoring-engine.ts';
import { SCORING_TABLES } from '../scoring-engine.ts';
import type { ClickHousePlace, EngineSession } from './engine-session.ts';
import { withEngineSession } from './engine-session.ts';
import { stageQuery } from './stage-query.ts';

/** From so many contributions on, tables lie on the server's disk instead of in its memory. */
export const ON_DISK_FROM = 1 << 20;

/** How the columns of the tables are called there. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['INTEGER', 'Int32'],
  ['BIGINT', 'Int64'],
]);

/**
 * A ClickHouse server as the scoring engine: the tables go there as Parquet, the policy as SQL, the scores come back as digits. Everything
 * lies in temporary tables of one session, which nobody else sees and which end with it.
 */
export function clickHouseEngine(place: ClickHousePlace, onDiskFrom = ON_DISK_FROM): ScoringEngine {
  return {
    dialect: CLICKHOUSE,
    withQueries: async (tables, use) =>
      await withEngineSession(place, async (session) => {
        const kind = await bring(tables, session, onDiskFrom);
        const made = new Set<string>();
        return await use(async (query) => {
          const staged = stageQuery(query, made);
          for (const { name, select } of staged.tables) {
            await session.command(`CREATE TEMPORARY TABLE ${name} ENGINE = ${kind} AS ${select}`);
            made.add(name);
          }
          return await session.rows(staged.select, query.columns);
        });
      }),
  };
}

/** Brings the tables there, and says what kind of table its steps should be. */
async function bring(tables: DuckDBConnection, session: EngineSession, onDiskFrom: number): Promise<string> {
  const [[count] = []] = await exactRows(tables, 'SELECT count(*) FROM contributions');
  const kind = whole(count) < onDiskFrom ? 'Memory' : 'MergeTree ORDER BY tuple()';
  const folder = await mkdtemp(join(tmpdir(), 'lode-engine-'));
  try {
    for (const table of SCORING_TABLES) {
      const path = join(folder, `${table}.parquet`);
      await tables.run(`COPY ${table} TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
      await session.command(`CREATE TEMPORARY TABLE ${table} (${await columnsOf(tables, table)}) ENGINE = ${kind}`);
      await session.insert(table, path);
      await checkArrived(tables, session, table);
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return kind;
}

/** @throws {RetryableError} `ENGINE_CUT_SHORT` when the engine has not as many rows as it was sent */
async function checkArrived(tables: DuckDBConnection, session: EngineSession, table: string): Promise<void> {
  const [[sent] = []] = await exactRows(tables, `SELECT count(*) FROM ${table}`);
  const [[arrived] = []] = await session.rows(`SELECT ${CLICKHOUSE.count} AS n FROM ${table}`, ['n']);
  if (whole(sent) === whole(arrived)) return;
  throw new RetryableError({
    code: 'ENGINE_CUT_SHORT',
    shortMessage: 'the scoring engine has not got every row',
    details: { table, sent: whole(sent), arrived: whole(arrived) },
  });
}

async function columnsOf(tables: DuckDBConnection, table: string): Promise<string> {
  const reader = await tables.stream(`SELECT * FROM ${table} LIMIT 0`);
  const columns = reader.columnNames().map((name, at) => {
    const type = TYPES.get(reader.columnType(at).toString());
    if (type !== undefined) return `${name} ${type}`;
    throw new InvariantError({
      code: 'SQL_INEXACT',
      shortMessage: 'DIFF-3: a table holds something but whole numbers',
    });
  });
  return columns.join(', ');
}

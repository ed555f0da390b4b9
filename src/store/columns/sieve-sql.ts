import { DuckDBTypeId } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';

import { CONTRIBUTION_COLUMNS } from '../../settlement/ledger/parse-fields.ts';
import { MAX_UNITS } from '../../settlement/ledger/parse-number.ts';
import { MAX_ATTRIBUTE, MAX_NAME } from '../../settlement/ledger/parse-text.ts';
import type { ParquetColumns } from '../read-parquet.ts';
import { columnSql, isTime } from '../read-parquet.ts';

/** A Parquet file that the sieve can read. */
export interface SievedFile extends ParquetColumns {
  /** The position of the file among those of the ledger. */
  readonly index: number;
}

/**
 * The rows of a file as numbers, by SQL: `file, line, h, account, task, measure, time, units`, a column `v<k>` for each attribute that the
 * rules read and, where it is asked for, `id`. `h` is the id's hash.
 *
 * `account` is there exactly where the row parser certainly accepts the row and finds these numbers in it: this says less often yes than the
 * parser, never more often. Every other row is for the parser to judge.
 */
export function sieveSql(file: SievedFile, attributes: readonly string[], hasIds: boolean): string {
  const { index, table, names, types } = file;
  const text = textsOf(file);
  const typeOf = (name: string) => types[names.indexOf(name)];
  const values = attributes.map((name, k) => `${valueCode(text.get(name))} AS v${k}`);
  const others = names.filter((name) => !isOwn(name) && !attributes.includes(name));
  const checks = [
    idCheck(text.get('id') ?? '', typeOf('id')),
    ...others.map((name) => plainValue(text.get(name) ?? '', typeOf(name))),
  ];
  const given = `SELECT file_row_number AS line, ${text.get('id') ?? ''} AS id, ${text.get('account') ?? ''} AS account,
    CAST(enum_code(TRY_CAST(${text.get('task') ?? ''} AS known_tasks)) AS INTEGER) AS task_code,
    CAST(enum_code(TRY_CAST(coalesce(${text.get('measure') ?? "''"}, '') AS known_measures)) AS INTEGER) AS measure_code,
    ${seconds('time', typeOf('time'))} AS time, ${units('units', typeOf('units'))} AS units,
    ${[...values, checks.join(' AND ')].join(', ')} AS plain FROM ${table}`;
  const found = ['plain', 'p.task IS NOT NULL', 'g.time IS NOT NULL', 'g.units IS NOT NULL'];
  const clean = [...found, ...attributes.map((_, k) => `g.v${k} IS NOT NULL`)].join(' AND ');
  const columns = attributes.map((_, k) => `, g.v${k} AS v${k}`).join('');
  return `SELECT CAST(${index} AS SMALLINT) AS file, CAST(g.line AS INTEGER) AS line, hash(g.id) AS h,
    CASE WHEN ${clean} THEN a.number END AS account, p.task AS task, p.measure AS measure, g.time AS time, g.units AS units${columns}
    ${hasIds ? ', g.id AS id' : ''}
    FROM (${given}) AS g LEFT JOIN account_texts AS a ON g.account = a.text
    LEFT JOIN pairs AS p ON g.task_code = p.task_code AND g.measure_code = p.measure_code`;
}

/** The columns of {@link sieveSql} as those of a table. */
export function sievedColumns(attributes: readonly string[], hasIds: boolean): string {
  const values = attributes.map((_, k) => `, v${k} INTEGER`).join('');
  return `file SMALLINT, line INTEGER, h UBIGINT, account INTEGER, task INTEGER, measure INTEGER, time BIGINT,
    units BIGINT${values}${hasIds ? ', id VARCHAR' : ''}`;
}

/** A file's columns as text, by their names. */
export function textsOf({ names, texts }: ParquetColumns): ReadonlyMap<string, string> {
  return new Map(names.map((name, index) => [name, texts[index] ?? '']));
}

/** Whether the sieve can read a file with these columns at all; whatever else it has, the row parser can. */
export function isSievable({ names, types }: ParquetColumns): boolean {
  const hasTimes = names.some((name, index) => name !== 'time' && isTimeType(types[index]));
  return !hasTimes && !names.some((name) => ENGINES_OWN.has(name));
}

/** What the engine calls columns that it adds itself. */
const ENGINES_OWN: ReadonlySet<string> = new Set(['file_row_number', 'filename', 'file_index', 'rowid']);

function isOwn(name: string): boolean {
  return CONTRIBUTION_COLUMNS.required.includes(name) || CONTRIBUTION_COLUMNS.optional.includes(name);
}

function isTimeType(type: DuckDBType | undefined): boolean {
  return type !== undefined && isTime(type);
}

function isText(type: DuckDBType | undefined): boolean {
  return type?.typeId === DuckDBTypeId.VARCHAR;
}

/** Visible ASCII alone: such an id is its own key, and no other spelling of it is. */
function idCheck(text: string, type: DuckDBType | undefined): string {
  if (!isText(type)) return `${text} IS NOT NULL`;
  return `coalesce(strlen(${text}) <= ${MAX_NAME} AND regexp_full_match(${text}, '[!-~]+'), false)`;
}

/** A value that nobody compares: no control characters, and not too long even if each byte were a character. */
function plainValue(text: string, type: DuckDBType | undefined): string {
  if (!isText(type)) return 'true';
  const control = `regexp_matches(${text}, '[\\p{Cc}\\x{2028}\\x{2029}]')`;
  return `NOT coalesce(${control}, false) AND coalesce(strlen(${text}) <= ${MAX_ATTRIBUTE}, true)`;
}

/** The number of a value, -1 for none, NULL for one that is not known to count always. */
function valueCode(text: string | undefined): string {
  if (text === undefined) return 'CAST(-1 AS INTEGER)';
  return `CAST(enum_code(TRY_CAST(coalesce(${text}, '') AS known_values)) AS INTEGER) - 1`;
}

/** Seconds since 1970 of a time of the one accepted form, by shape and by calendar. */
function seconds(name: string, type: DuckDBType | undefined): string {
  const column = columnSql(name);
  if (isTimeType(type)) {
    const nanos = `epoch_ns(${column})`;
    return `CASE WHEN ${nanos} >= 0 AND ${nanos} % 1000000000 = 0 THEN ${nanos} // 1000000000 END`;
  }
  if (!isText(type)) return 'CAST(NULL AS BIGINT)';
  const form = '(19[7-9][0-9]|[2-9][0-9][0-9][0-9])-[0-9][0-9]-[0-9][0-9]T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z';
  const moment = `TRY_CAST(replace(replace(${column}, 'T', ' '), 'Z', '') AS TIMESTAMP)`;
  return `CASE WHEN regexp_full_match(${column}, '${form}') THEN epoch_us(${moment}) // 1000000 END`;
}

function units(name: string, type: DuckDBType | undefined): string {
  const column = columnSql(name);
  if (isTimeType(type)) return 'CAST(NULL AS BIGINT)';
  if (!isText(type)) return `TRY_CAST(CASE WHEN ${column} BETWEEN 0 AND ${MAX_UNITS} THEN ${column} END AS BIGINT)`;
  const whole = `TRY_CAST(CASE WHEN regexp_full_match(${column}, '0|[1-9][0-9]{0,15}') THEN ${column} END AS BIGINT)`;
  return `CASE WHEN ${whole} <= ${MAX_UNITS} THEN ${whole} END`;
}

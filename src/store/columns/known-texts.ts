import type { DuckDBConnection } from '@duckdb/node-api';

import type { Address } from '../../protocol/brands.ts';
import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import { KEY } from '../../settlement/columns/account-keys.ts';
import { alwaysCounts } from '../../settlement/ledger/build-ledger.ts';
import type { LedgerRules } from '../../settlement/ledger/build-ledger.ts';
import { isFault } from '../../settlement/ledger/fault.ts';
import { parseAccount } from '../../settlement/ledger/parse-account.ts';
import { ratingOf } from '../../settlement/ledger/parse-rating.ts';
import { DEFAULT_MEASURE } from '../../settlement/ledger/parse-rows.ts';
import { marked, unmarked } from '../read-parquet.ts';
import { exactChunks, integers, unsigned } from './read-chunks.ts';

/** A file of contributions as the sieve sees it: the file in SQL, and its columns as text by their names. */
export interface TextFile {
  readonly table: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** What the texts of a ledger became numbers of. */
export interface KnownTexts {
  readonly measureNumbers: Map<string, number>;
  readonly valueNumbers: Map<string, number>;
}

/** How many names of tasks with measures, and values of attributes, are judged by themselves; rows with others go the slow way. */
const MOST_NAMES = 10_000;
const MOST_VALUES = 1 << 20; // integer: 2^20

/**
 * Judges each task, measure and value of an attribute that the rules read once instead of in every row, by the parser of rows itself. Those with which a
 * row certainly counts become the types `known_tasks`, `known_measures` and `known_values`, and the table `pairs` of tasks with their measures.
 *
 * @throws {RangeError} when an attribute has too many values for that
 * @param taskOf the protocol's number of a task by the ledger's name; -1 where it has none
 */
export async function learnTexts(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  attributes: readonly string[],
  rules: LedgerRules,
  taskOf: (name: string) => number,
): Promise<KnownTexts> {
  const tasks = new Map<string, number>();
  const spellings = new Map<string, number>();
  const measureNumbers = new Map<string, number>();
  const pairs: number[][] = [];
  const measureOf = new Map<string, string>();
  for (const file of files) {
    for await (const [task, measure] of distinct(connection, file, ['task', 'measure'], MOST_NAMES)) {
      if (pairs.length >= MOST_NAMES) break;
      const name = measure === '' ? DEFAULT_MEASURE : measure;
      if (!alwaysCounts(new Map([...(measure === '' ? [] : [['measure', measure] as const]), ['task', task]]), rules))
        continue;
      measureOf.set(task, name);
      pairs.push([number(tasks, task), number(spellings, measure), taskOf(task), number(measureNumbers, name)]);
    }
  }
  // The empty value is the first of the type, so that a row without one has the number -1.
  const valueNumbers = new Map<string, number>();
  const refused = new Set<string>();
  for (const name of attributes) {
    for (const file of files) {
      if (!file.texts.has(name)) continue;
      let seen = 0;
      for await (const [task, value] of distinct(connection, file, ['task', name], MOST_VALUES + 1)) {
        // A value that nobody looked at could pass by the number that it has as another attribute's.
        if (++seen > MOST_VALUES) throw new RangeError(`more values of ${name} than can be judged by themselves`);
        const measure = measureOf.get(task);
        if (measure === undefined || value === '') continue;
        if (valueNumbers.size >= MOST_VALUES && !valueNumbers.has(value)) continue;
        const fields = new Map([
          ['task', task],
          ['measure', measure],
          [name, value],
        ] as const);
        if (!alwaysCounts(fields, rules)) refused.add(value);
        else number(valueNumbers, value);
      }
    }
  }
  await createEnum(connection, 'known_tasks', [...tasks.keys()]);
  await createEnum(connection, 'known_measures', [...spellings.keys()]);
  // One that is refused anywhere keeps its number, under a text that no row that counts can have.
  await createEnum(connection, 'known_values', [
    '',
    ...[...valueNumbers].map(([value, at]) => (refused.has(value) ? `\n${at}` : value)),
  ]);
  await connection.run('CREATE TABLE pairs (task_code INTEGER, measure_code INTEGER, task INTEGER, measure INTEGER)');
  const appender = await connection.createAppender('pairs');
  for (const cells of new Map(pairs.map((cells) => [`${cells[0]} ${cells[1]}`, cells])).values()) {
    for (const cell of cells) appender.appendInteger(cell);
    appender.endRow();
  }
  appender.closeSync();
  return { measureNumbers, valueNumbers };
}

/** What the values are as numbers, in the table `ratings`, as far as they are any. */
export async function fillRatings(connection: DuckDBConnection, { valueNumbers }: KnownTexts): Promise<void> {
  await connection.run('CREATE OR REPLACE TABLE ratings (value INTEGER, rating BIGINT)');
  const appender = await connection.createAppender('ratings');
  for (const [value, at] of valueNumbers) {
    const rating = ratingOf(value);
    if (rating === undefined) continue;
    appender.appendInteger(at);
    appender.appendBigInt(rating);
    appender.endRow();
  }
  appender.closeSync();
}

/**
 * Numbers every account that a row can have, by rising address: the table `account_texts` has the number of each accepted spelling.
 * Gives the accounts as packed keys.
 */
export async function learnAccounts(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  forbidden: ReadonlySet<string>,
): Promise<Uint8Array> {
  const all = files.map(({ table, texts }) => `SELECT ${texts.get('account') ?? 'NULL'} AS text FROM ${table}`);
  await connection.run(
    `CREATE TABLE spellings AS SELECT DISTINCT text FROM (${all.join(' UNION ALL ')}) AS given WHERE strlen(text) = 42`,
  );
  await fillTexts(connection, 'refused', [ZERO_ADDRESS, ...forbidden]);
  const mixed: { text: string; account: Address }[] = [];
  for await (const chunk of exactChunks(connection, `SELECT ${marked('text')} FROM spellings WHERE NOT ${LOWER}`)) {
    for (const value of chunk.getColumnValues(0)) {
      const text = unmarked(value);
      const account = parseAccount(text, forbidden);
      if (!isFault(account)) mixed.push({ text, account });
    }
  }
  await connection.run('CREATE TABLE mixed (text VARCHAR, account VARCHAR)');
  const appender = await connection.createAppender('mixed');
  for (const { text, account } of mixed) {
    appender.appendVarchar(text);
    appender.appendVarchar(account);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE TABLE account_texts AS
    SELECT CAST(row_number() OVER (ORDER BY text) - 1 AS INTEGER) AS number, text FROM (
      SELECT text FROM spellings WHERE ${LOWER} AND text NOT IN (SELECT refused.text FROM refused)
      ${mixed.length === 0 ? '' : 'UNION SELECT account FROM mixed'}) AS accepted`);
  await connection.run('DROP TABLE spellings');
  const keys = await packed(connection);
  if (mixed.length > 0) {
    await connection.run(`INSERT INTO account_texts SELECT a.number, m.text FROM mixed AS m
      INNER JOIN account_texts AS a ON a.text = m.account`);
  }
  return keys;
}

const LOWER = `regexp_full_match(text, '0x[0-9a-f]{40}')`;

/** The accounts of the table, in the order of their numbers. */
async function packed(connection: DuckDBConnection): Promise<Uint8Array> {
  const [[count = 0] = []] = (await connection.runAndReadAll('SELECT count(*) FROM account_texts')).getRowsJS();
  const keys = new Uint8Array(Number(count) * KEY);
  const view = new DataView(keys.buffer);
  const part = (from: number, digits: number) => `CAST('0x' || substr(text, ${from}, ${digits}) AS UBIGINT)`;
  const sql = `SELECT number, ${part(3, 16)} AS a, ${part(19, 16)} AS b, ${part(35, 8)} AS c FROM account_texts`;
  for await (const chunk of exactChunks(connection, sql)) {
    const [numbers, a, b, c] = [integers(chunk, 0), unsigned(chunk, 1), unsigned(chunk, 2), unsigned(chunk, 3)];
    numbers.forEach((at, i) => {
      view.setBigUint64(at * KEY, a[i] ?? 0n);
      view.setBigUint64(at * KEY + 8, b[i] ?? 0n);
      view.setUint32(at * KEY + 16, Number(c[i] ?? 0n)); // integer: 32 bits
    });
  }
  return keys;
}

/** A table of one column `text`. */
export async function fillTexts(connection: DuckDBConnection, table: string, texts: Iterable<string>): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE ${table} (text VARCHAR)`);
  const appender = await connection.createAppender(table);
  for (const text of texts) {
    appender.appendVarchar(text);
    appender.endRow();
  }
  appender.closeSync();
}

async function createEnum(connection: DuckDBConnection, name: string, texts: readonly string[]): Promise<void> {
  await connection.run('CREATE OR REPLACE TABLE listed (number INTEGER, text VARCHAR)');
  const appender = await connection.createAppender('listed');
  texts.forEach((text, index) => {
    appender.appendInteger(index);
    appender.appendVarchar(text);
    appender.endRow();
  });
  appender.closeSync();
  await connection.run(`CREATE TYPE ${name} AS ENUM (SELECT text FROM listed ORDER BY number)`);
}

/** Different pairs of texts in two columns; a column that is not there, and a missing value, are empty. */
async function* distinct(
  connection: DuckDBConnection,
  { table, texts }: TextFile,
  names: readonly [string, string],
  most: number,
): AsyncGenerator<readonly [string, string]> {
  const columns = names.map((name, index) => `coalesce(${texts.get(name) ?? "''"}, '') AS c${index}`);
  const sql = `SELECT ${marked('c0')}, ${marked('c1')} FROM (SELECT ${columns.join(', ')} FROM ${table}) AS given GROUP BY c0, c1 LIMIT ${most}`;
  for await (const chunk of exactChunks(connection, sql)) {
    const [first, second] = [chunk.getColumnValues(0), chunk.getColumnValues(1)];
    for (let i = 0; i < chunk.rowCount; i++) yield [unmarked(first[i]), unmarked(second[i])];
  }
}

function number(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

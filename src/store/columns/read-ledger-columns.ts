import type { DuckDBConnection } from '@duckdb/node-api';

import type { Address } from '../../protocol/brands.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { addressAt, packKeys, positionOf, compareKeys } from '../../settlement/columns/account-keys.ts';
import { buildLedger } from '../../settlement/ledger/build-ledger.ts';
import type { Ledger, LedgerRules, RawFile } from '../../settlement/ledger/build-ledger.ts';
import { type Fault } from '../../settlement/ledger/fault.ts';
import { CONTRIBUTION_COLUMNS } from '../../settlement/ledger/parse-fields.ts';
import { idKey } from '../../settlement/ledger/parse-text.ts';
import { attributeOf, compareText } from '../../settlement/ledger/rows.ts';
import type { Contribution, RawRow } from '../../settlement/ledger/rows.ts';
import { openDuckDB } from '../duckdb-session.ts';
import type { EngineLimits } from '../duckdb-session.ts';
import { readLedgerFiles } from '../read-ledger.ts';
import type { LedgerPaths } from '../read-ledger.ts';
import { damageFault, isPattern, marked, probeParquet, unmarked } from '../read-parquet.ts';
import type { Origin } from '../scoring-tables.ts';
import { fileName, formatOf } from '../read-rows.ts';
import { fillRatings, fillTexts, learnAccounts, learnTexts } from './known-texts.ts';
import type { KnownTexts, TextFile } from './known-texts.ts';
import { bigIntegers, exactChunks, integers } from './read-chunks.ts';
import { isSievable, sievedColumns, sieveSql, textsOf } from './sieve-sql.ts';
import type { SievedFile } from './sieve-sql.ts';

/** What decides which rows count and what becomes of them, beside the rows. */
export interface ColumnRules extends LedgerRules {
  /** The protocol's tasks. */
  readonly tasks: readonly { readonly id: number; readonly name: string }[];
  /** The attributes that the policy reads in some epoch. */
  readonly columns: readonly string[];
  /** Whether the order of rows can matter to scores. */
  readonly ordered: boolean;
}

/**
 * A ledger whose contributions lie in a database's table `sieved` as whole numbers: `account, task, measure, time, units`, `v<k>` for the
 * attributes, and `id` where the order matters. Everything else is as it is in a ledger of objects.
 */
export interface ColumnLedger {
  readonly connection: DuckDBConnection;
  readonly judged: Omit<Ledger, 'contributions' | 'outOfRange'>;
  /** Contributions that count. */
  readonly rows: number;
  /** Packed keys, rising; a row's account is the position here. */
  readonly accounts: Uint8Array;
  readonly texts: KnownTexts;
  readonly columns: readonly string[];
  readonly ordered: boolean;
  /** The contributions that the ledger's uses name, as far as they are in range. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly close: () => void;
}

/**
 * Reads a ledger whose contributions are all in Parquet files, without an object for each row: the engine numbers the rows that are
 * certainly accepted, and all others are judged by the row parser, so that rejects, duplicates and counts are those of `buildLedger`.
 *
 * Null where the contributions are not all Parquet, or a file cannot be read to its end: then the rows have to be read one by one.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function readLedgerColumns(
  paths: LedgerPaths,
  given: ColumnRules,
  limits: EngineLimits = {},
): Promise<ColumnLedger | null> {
  const rules = { ...given, columns: judgedColumns(given) };
  for (const file of paths.contributions) {
    if ((await formatOf(file)).format !== 'parquet' || isPattern(file.path)) return null;
  }
  const { connection, close } = await openDuckDB(limits);
  let isKept = false;
  try {
    const sieved = await sieve(connection, paths, rules);
    if (sieved === null) return null;
    isKept = true;
    return { ...sieved, connection, columns: rules.columns, ordered: rules.ordered, close };
  } finally {
    if (!isKept) close();
  }
}

/** The attributes whose values decide whether a row counts, or what it is worth. */
function judgedColumns({ columns, ratings, attributes }: ColumnRules): readonly string[] {
  const rated = [...(ratings?.values() ?? [])].flatMap((readers) => [...readers.keys()]);
  const read = (attributes ?? []).flatMap(({ ofTask }) => [...ofTask.values()].flatMap((names) => [...names]));
  return [...new Set([...columns, ...rated, ...read])].sort(compareText);
}

type Sieved = Omit<ColumnLedger, 'connection' | 'columns' | 'ordered' | 'close'>;

async function sieve(connection: DuckDBConnection, paths: LedgerPaths, rules: ColumnRules): Promise<Sieved | null> {
  const { contributions: _, ...others } = paths;
  const rest = await readLedgerFiles({ contributions: [], ...others });
  const ids = new Set((rest.usage ?? []).flatMap(({ rows }) => rows.flatMap(usedId)));
  const taskNumbers = new Map(rules.tasks.map(({ id, name }) => [name, id]));
  const taskOf = (name: string): number => taskNumbers.get(rules.taskMap.get(name) ?? '') ?? -1;
  let found: Found;
  try {
    const opened = await openFiles(connection, paths);
    if (opened === null) return null;
    found = await sieveFiles(connection, opened, { rules, ids, taskOf });
  } catch (error) {
    // What the engine cannot read to the end, the row parser reads as far as it goes.
    if (error instanceof InvariantError) throw error;
    return null;
  }
  const { raws, accounts, texts, uses } = found;
  const elsewhere = new Map([...uses].map(([id, { account }]) => [id, addressAt(accounts, account)]));
  const { contributions, outOfRange: __, ...judged } = buildLedger({ ...rest, contributions: raws }, rules, elsewhere);
  await addRows(connection, contributions, { rules, accounts, texts, taskOf });
  await fillRatings(connection, texts);
  const { start, end } = rules.range;
  const within = ({ time }: Origin): boolean => time >= start && time < end;
  const origins = new Map<string, Origin>([...uses].filter(([, origin]) => within(origin)));
  for (const { id, task, time } of contributions) if (ids.has(id)) origins.set(id, { task: taskOf(task), time });
  const counts = judged.counts.contributions;
  const all = {
    ...counts,
    read: counts.read + found.within + found.outside,
    accepted: counts.accepted + found.within,
    outOfRange: counts.outOfRange + found.outside,
  };
  return {
    judged: { ...judged, counts: { ...judged.counts, contributions: all } },
    ...{ rows: all.accepted, accounts, texts, origins },
  };
}

function usedId(row: RawRow): string[] {
  const id = 'fields' in row ? row.fields.get('contribution') : undefined;
  return id === undefined || id === '' ? [] : [id];
}

interface OpenedFiles {
  readonly sievable: readonly SievedFile[];
  /** The names of all files, and the rows of those that cannot be used. */
  readonly raws: readonly RawFile[];
}

/** Looks at the columns of every file; null when one has columns that are beyond the sieve. */
async function openFiles(connection: DuckDBConnection, { contributions }: LedgerPaths): Promise<OpenedFiles | null> {
  const sievable: SievedFile[] = [];
  const raws: RawFile[] = [];
  for (const [index, file] of contributions.entries()) {
    let fault: Fault | undefined;
    try {
      const columns = await probeParquet(connection, file.path, CONTRIBUTION_COLUMNS);
      fault = columns.fault;
      if (fault === undefined && !isSievable(columns)) return null;
      const table = columns.table.replace(/\)$/, ', file_row_number = true)');
      if (fault === undefined) sievable.push({ ...columns, table, index });
    } catch (error) {
      fault = damageFault(error);
    }
    raws.push({ file: fileName(file), rows: fault === undefined ? [] : [{ line: 1, fault }] });
  }
  return { sievable, raws };
}

interface Judging {
  readonly rules: ColumnRules;
  /** The contributions that uses name. */
  readonly ids: ReadonlySet<string>;
  readonly taskOf: (name: string) => number;
}

/** What of the files' rows the engine has numbered, and what is left to the row parser. */
interface Found {
  readonly raws: readonly RawFile[];
  readonly accounts: Uint8Array;
  readonly texts: KnownTexts;
  /** The contributions that uses name, by their id: the account by its number. */
  readonly uses: ReadonlyMap<string, Origin & { readonly account: number }>;
  /** Numbered rows that are in range, and those that are not. */
  readonly within: number;
  readonly outside: number;
}

async function sieveFiles(
  connection: DuckDBConnection,
  { sievable, raws }: OpenedFiles,
  { rules, ids, taskOf }: Judging,
): Promise<Found> {
  const { columns, ordered, range, forbidden = new Set<string>() } = rules;
  // A row says by itself on which line it stands.
  await connection.run('SET preserve_insertion_order = false');
  const files: TextFile[] = sievable.map((file) => ({ table: file.table, texts: textsOf(file) }));
  const texts = await learnTexts(connection, files, columns, rules, taskOf);
  const accounts = files.length === 0 ? new Uint8Array() : await learnAccounts(connection, files, forbidden);
  await connection.run(`CREATE TABLE sieved (${sievedColumns(columns, ordered)})`);
  for (const file of sievable) await connection.run(`INSERT INTO sieved ${sieveSql(file, columns, ordered)}`);
  await connection.run('DROP TABLE IF EXISTS account_texts');
  await markDoubtful(connection, sievable);
  const judged = new Map<number, RawRow[]>();
  for (const file of sievable) judged.set(file.index, await unclearRows(connection, file));
  await connection.run('DELETE FROM sieved WHERE account IS NULL');
  const uses = await findUsed(connection, sievable, ids);
  const outside = await one(
    connection,
    `SELECT count(*) FROM sieved WHERE time < ${range.start} OR time >= ${range.end}`,
  );
  if (outside > 0) await connection.run(`DELETE FROM sieved WHERE time < ${range.start} OR time >= ${range.end}`);
  return {
    raws: raws.map(({ file, rows }, index) => ({ file, rows: judged.get(index) ?? rows })),
    ...{ accounts, texts, uses, outside, within: await one(connection, 'SELECT count(*) FROM sieved') },
  };
}

/** Rows whose id another row has, or may have in another spelling, are taken out of the clear ones: a hash in common is enough. */
async function markDoubtful(connection: DuckDBConnection, files: readonly SievedFile[]): Promise<void> {
  const keys = new Set<string>();
  for (const file of files) {
    const id = textsOf(file).get('id') ?? '';
    const sql = `SELECT ${marked('id')} FROM (SELECT ${id} AS id FROM ${file.table} WHERE ${unclear(file)}) AS given WHERE id IS NOT NULL`;
    if ((await one(connection, `SELECT count(*) FROM sieved WHERE file = ${file.index} AND account IS NULL`)) === 0)
      continue;
    for await (const chunk of exactChunks(connection, sql)) {
      for (const value of chunk.getColumnValues(0)) keys.add(idKey(unmarked(value)));
    }
  }
  await fillTexts(connection, 'unclear_keys', keys);
  await connection.run(`CREATE TABLE doubtful AS
    SELECT h FROM sieved WHERE account IS NOT NULL GROUP BY h HAVING count(*) > 1
    UNION SELECT hash(text) AS h FROM unclear_keys`);
  if ((await one(connection, 'SELECT count(*) FROM doubtful')) > 0) {
    await connection.run(
      'UPDATE sieved SET account = NULL WHERE account IS NOT NULL AND h IN (SELECT h FROM doubtful)',
    );
  }
}

function unclear({ index }: SievedFile): string {
  return `file_row_number IN (SELECT sieved.line FROM sieved WHERE sieved.file = ${index} AND sieved.account IS NULL)`;
}

/** The rows of a file that the row parser has to judge, as it is given them. */
async function unclearRows(connection: DuckDBConnection, file: SievedFile): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  const count = await one(connection, `SELECT count(*) FROM sieved WHERE file = ${file.index} AND account IS NULL`);
  if (count === 0) return rows;
  const sql = `SELECT CAST(file_row_number AS INTEGER) AS n, ${file.texts.map(marked).join(', ')} FROM ${file.table}
    WHERE ${unclear(file)} ORDER BY file_row_number`;
  for await (const chunk of exactChunks(connection, sql)) {
    for (const [line, ...values] of chunk.getRows()) {
      const fields = new Map(file.names.map((name, index) => [name, unmarked(values[index])]));
      rows.push({ line: Number(line) + 1, fields });
    }
  }
  if (rows.length === count) return rows;
  throw lost({ file: file.index, unclear: count, found: rows.length });
}

/** The clear contributions that uses name, whenever they were made. */
async function findUsed(connection: DuckDBConnection, files: readonly SievedFile[], ids: ReadonlySet<string>) {
  const uses = new Map<string, Origin & { readonly account: number }>();
  if (ids.size === 0) return uses;
  await fillTexts(connection, 'used', ids);
  for (const file of files) {
    const id = textsOf(file).get('id') ?? '';
    const named = `SELECT id, n FROM (SELECT ${id} AS id, file_row_number AS n FROM ${file.table}) AS given
      WHERE id IN (SELECT text FROM used)`;
    const sql = `SELECT ${marked('g.id')} AS id, s.account AS account, s.task AS task, s.time AS time FROM (${named}) AS g
      INNER JOIN sieved AS s ON s.line = g.n AND s.file = ${file.index}`;
    for await (const chunk of exactChunks(connection, sql)) {
      const names = chunk.getColumnValues(0);
      const [numbers, tasks, times] = [integers(chunk, 1), integers(chunk, 2), bigIntegers(chunk, 3)];
      names.forEach((name, i) => {
        const time = Number(times[i] ?? 0n); // integer: seconds before the year 10000
        uses.set(unmarked(name), { account: numbers[i] ?? 0, task: tasks[i] ?? -1, time });
      });
    }
  }
  return uses;
}

interface Adding extends Omit<Judging, 'ids'> {
  readonly accounts: Uint8Array;
  readonly texts: KnownTexts;
}

/** Puts rows that the parser accepted beside the others. */
async function addRows(
  connection: DuckDBConnection,
  rows: readonly Contribution[],
  { rules: { columns, ordered }, accounts, texts: { measureNumbers, valueNumbers }, taskOf }: Adding,
): Promise<void> {
  const numbered = (numbers: Map<string, number>, text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const appender = await connection.createAppender('sieved');
  for (const { id, account, time, task, measure, units, attributes } of rows) {
    appender.appendSmallInt(-1);
    appender.appendInteger(-1);
    appender.appendUBigInt(0n);
    appender.appendInteger(accountNumber(accounts, account));
    appender.appendInteger(taskOf(task));
    appender.appendInteger(numbered(measureNumbers, measure));
    appender.appendBigInt(BigInt(time));
    appender.appendBigInt(units);
    for (const name of columns) {
      const value = attributeOf(attributes, name);
      appender.appendInteger(value === undefined ? -1 : numbered(valueNumbers, value));
    }
    if (ordered) appender.appendVarchar(id);
    appender.endRow();
  }
  appender.closeSync();
}

/** The number of an account of the ledger; -1 for one that is not in it. */
export function numberOf(accounts: Uint8Array, account: Address): number {
  const key = packKeys([account]);
  const at = positionOf(accounts, key);
  return at * key.length < accounts.length && compareKeys(accounts, at, key, 0) === 0 ? at : -1;
}

function accountNumber(accounts: Uint8Array, account: Address): number {
  const number = numberOf(accounts, account);
  if (number >= 0) return number;
  throw lost({ account });
}

async function one(connection: DuckDBConnection, sql: string): Promise<number> {
  const [[value] = []] = (await connection.runAndReadAll(sql)).getRowsJS();
  return Number(value);
}

function lost(details: Readonly<Record<string, unknown>>): InvariantError {
  const shortMessage = 'DIFF-2: a row of a Parquet file got lost between the sieve and the row parser';
  return new InvariantError({ code: 'LEDGER_COUNTS', shortMessage, details });
}

/** When the first and the last contribution that counts were made; null where none counts. */
export async function columnTimes({ connection, rows }: ColumnLedger) {
  if (rows === 0) return { first: null, last: null };
  const first = await one(connection, 'SELECT min(time) FROM sieved');
  return { first, last: await one(connection, 'SELECT max(time) FROM sieved') };
}

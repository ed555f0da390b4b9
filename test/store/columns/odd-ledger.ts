import type { DuckDBConnection } from '@duckdb/node-api';

import { checksumAddress } from '../../../src/protocol/brands.ts';
import type { Random } from '../../support/effort.ts';
import { accountOf, at, DAY } from '../../support/ledger.ts';

/** A row of a file as it is written; null is a missing value. */
export type OddRow = Readonly<Record<string, string | null>>;

export const FORBIDDEN = accountOf(99);

const sum = checksumAddress(accountOf(2));
const flipped = sum.replace(/[a-f]/i, (letter) =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
);

/** Values of each column that the row parser refuses, takes as another value, or takes though they look odd. */
export const ODD: Readonly<Record<string, readonly (string | null)[]>> = {
  id: [
    ...[
      null,
      '',
      ' ',
      ' c1',
      'c1 ',
      'c 1',
      'c  1',
      '\uff431',
      'c\u200b1',
      '\u200b',
      'caf\u00e9',
      'cafe\u0301',
      'c1\n',
      'c\t1',
      '\ufeffc1',
    ],
    ...[
      '\ufb01',
      'fi',
      `it's "quoted"`,
      '😀',
      'x'.repeat(200),
      'x'.repeat(201),
      'é'.repeat(150),
      'c\u0000',
      '-1',
      '1',
      '𝐜1',
      'C1',
    ],
  ],
  account: [
    ...[null, '', sum, flipped, sum.toLowerCase().toUpperCase(), accountOf(3).toUpperCase().replace('0X', '0x')],
    ...[`0X${accountOf(1).slice(2)}`, `0x${'0'.repeat(40)}`, FORBIDDEN, checksumAddress(FORBIDDEN), 'name.eth', 'name'],
    ...[accountOf(1).slice(0, 41), `${accountOf(1)}0`, `${accountOf(1)} `, ` ${accountOf(1)}`, `${accountOf(1)}\n`],
    `\ufeff${accountOf(1)}`,
    ...[accountOf(1).slice(2), `0x${'g'.repeat(40)}`, `0x${'٣'.repeat(20)}`, `0x${'é'.repeat(20)}`],
  ],
  time: [
    ...[null, '', at(-1), at(-1000 * DAY), at(500 * DAY), '1970-01-01T00:00:00Z', '1969-12-31T23:59:59Z'],
    ...[
      '9999-12-31T23:59:59Z',
      '10000-01-01T00:00:00Z',
      '2020-02-29T00:00:00Z',
      '2020-02-30T00:00:00Z',
      '2021-02-29T00:00:00Z',
    ],
    ...[
      '2020-01-05T24:00:00Z',
      '2020-01-05T23:59:60Z',
      '2020-01-05T23:60:00Z',
      '2020-13-01T00:00:00Z',
      '2020-00-01T00:00:00Z',
    ],
    ...['2020-01-00T00:00:00Z', '2020-01-05T00:00:00.000Z', '2020-01-05T00:00:00+00:00', '2020-01-05t00:00:00z'],
    ...[
      '2020-01-05 00:00:00Z',
      '2020-01-05T00:00:00',
      '2020-1-5T00:00:00Z',
      ' 2020-01-05T00:00:00Z',
      '2020-01-05T00:00:00Z\n',
    ],
    ...['２０２０-01-05T00:00:00Z', '1578182400', '0000-01-01T00:00:00Z', '2020-01-05T00:00Z', '2020-04-31T12:00:00Z'],
  ],
  task: [
    null,
    '',
    'nonsense',
    'voice ',
    ' voice',
    'VOICE',
    'toString',
    'voi\u200bce',
    'vóice',
    'letters',
    'text',
    "voi'ce",
  ],
  units: [
    ...[
      null,
      '',
      '0',
      '1000000000000000',
      '1000000000000001',
      '9999999999999999',
      '99999999999999999999',
      '00',
      '007',
      '+5',
    ],
    ...[
      '-1',
      '-0',
      '5.0',
      '5.',
      '1e3',
      '1,000',
      '1_000',
      '0x5',
      ' 5',
      '5 ',
      '5\n',
      '٣',
      '５',
      'NaN',
      'inf',
      '999999999999999',
    ],
  ],
  measure: [null, '', 'pages', 'minutes', 'other', 'Units', 'units ', 'un\u0001its', 'u\u00adnits', 'x'.repeat(201)],
  quality: [
    null,
    '',
    'gold',
    'poor',
    'constructor',
    '1.5',
    '01',
    '1e1',
    '-1',
    'go\u200bld',
    'gold ',
    '1000001',
    '0.0000001',
    'Gold',
  ],
  language: [
    ...[
      'en',
      'fr',
      'é',
      'e\u0301',
      'a\u200bb',
      'en ',
      'e\tn',
      'toString',
      '\u2028',
      'x'.repeat(1000),
      'x'.repeat(1001),
      '😀',
    ],
  ],
  note: [
    ...[
      `free "text", it's`,
      'tab\there',
      'line\nbreak',
      '\u2028',
      '\u2029',
      '\u0085',
      '\u007f',
      '\u0000',
      '\u200b',
      '👨‍👩‍👧',
    ],
    ...['x'.repeat(1000), 'x'.repeat(1001), '😀'.repeat(500), '😀'.repeat(501), 'é'.repeat(1000), ' ', '\u00a0'],
  ],
};

const COLUMNS = ['id', 'account', 'time', 'task', 'units', 'measure', 'quality', 'language', 'note'] as const;

/** A row with nothing odd about it. */
export function cleanRow(numbers: Random, index: number): OddRow {
  const some = (list: readonly (string | null)[]) => list[numbers.index(list.length)] ?? null;
  return {
    id: `c${index}`,
    account: accountOf(1 + numbers.index(4)),
    time: at(numbers.index(14 * 4) * (DAY / 4) + some1(numbers)),
    task: some(['voice', 'voice', 'text', 'letters']),
    units: `${1 + numbers.index(25)}`,
    measure: some(['units', 'units', null, '', 'pages', 'minutes', 'words']),
    quality: some(['gold', 'poor', '1.5', '0.000001', null]),
    language: some(['en', 'en', 'fr', 'gold', null]),
    note: some([null, 'done', '']),
  };
}

function some1(numbers: Random): number {
  return [-1, 0, 1, 3_600][numbers.index(4)] ?? 0;
}

/** Rows of which some are odd in a column, some repeat an earlier one, and some contradict it. */
export function oddRows(numbers: Random, count: number, from = 0): OddRow[] {
  const rows: OddRow[] = [];
  for (let i = 0; i < count; i++) {
    const clean = cleanRow(numbers, from + i);
    const earlier = rows[numbers.index(Math.max(1, rows.length))];
    const kind = numbers.index(20);
    if (kind === 0 && earlier !== undefined) rows.push(earlier);
    else if (kind === 1 && earlier !== undefined) rows.push({ ...clean, id: earlier['id'] ?? null });
    else if (kind < 6) rows.push(bent(clean, numbers));
    else rows.push(clean);
  }
  return rows;
}

/** The row with an odd value in one column. */
export function bent(row: OddRow, numbers: Random, column = COLUMNS[numbers.index(COLUMNS.length)] ?? 'id'): OddRow {
  const values = ODD[column] ?? [];
  return { ...row, [column]: values[numbers.index(values.length)] ?? null };
}

/** Types that a column of rows can be written as; what does not fit is missing then. */
export const TYPES: Readonly<Record<string, readonly string[]>> = {
  id: ['VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER'],
  time: ['VARCHAR', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ', 'VARCHAR', 'BIGINT'],
  units: ['VARCHAR', 'BIGINT', 'INTEGER', 'HUGEINT', 'UBIGINT', 'TINYINT'],
  quality: ['VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER'],
};

/** Writes rows as a Parquet file, the columns in a type each. */
export async function writeParquet(
  connection: DuckDBConnection,
  path: string,
  rows: readonly OddRow[],
  { columns, types = {} }: { readonly columns: readonly string[]; readonly types?: Readonly<Record<string, string>> },
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE given (${columns.map((name) => `"${name}" VARCHAR`).join(', ')})`);
  const appender = await connection.createAppender('given');
  for (const row of rows) {
    for (const name of columns) {
      const value = row[name] ?? null;
      if (value === null) appender.appendNull();
      else appender.appendVarchar(value);
    }
    appender.endRow();
  }
  appender.closeSync();
  const cast = (name: string) => {
    const type = types[name] ?? 'VARCHAR';
    if (type === 'VARCHAR') return `"${name}"`;
    const text = type.startsWith('TIMESTAMP') ? `replace(replace("${name}", 'T', ' '), 'Z', '')` : `"${name}"`;
    return `TRY_CAST(${type === 'TIMESTAMPTZ' ? `TRY_CAST(${text} AS TIMESTAMP)` : text} AS ${type}) AS "${name}"`;
  };
  await connection.run(`COPY (SELECT ${columns.map(cast).join(', ')} FROM given) TO '${path}' (FORMAT parquet)`);
}

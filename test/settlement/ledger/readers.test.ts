import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import type { Columns } from '../../../src/settlement/ledger/parse-fields.ts';
import { CsvReader } from '../../../src/settlement/ledger/read-csv.ts';
import { readNdjson } from '../../../src/settlement/ledger/read-ndjson.ts';
import type { RawRow } from '../../../src/settlement/ledger/rows.ts';
import { LineSplitter, MAX_LINE, MAX_RECORD } from '../../../src/settlement/ledger/split-lines.ts';
import { runs, seed } from '../../support/effort.ts';

const COLUMNS: Columns = { kind: 'usage', required: ['a', 'b'], optional: [], attributes: true };

function readCsv(content: string | Uint8Array, chunk = Infinity): RawRow[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const splitter = new LineSplitter();
  const reader = new CsvReader(COLUMNS);
  const rows: RawRow[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    rows.push(...reader.push(splitter.push(bytes.subarray(at, at + chunk))));
  }
  rows.push(...reader.push(splitter.end(false)));
  return [...rows, ...reader.end(splitter.line, false)];
}

/** Line and values, or line and code, of every row. */
function shown(rows: readonly RawRow[]): readonly unknown[][] {
  return rows.map((row) => [row.line, 'fault' in row ? row.fault.code : [...row.fields.values()]]);
}

function ndjson(text: string): readonly unknown[][] {
  const splitter = new LineSplitter();
  return shown(readNdjson([...splitter.push(new TextEncoder().encode(text)), ...splitter.end(false)]));
}

describe('CsvReader', () => {
  for (const [what, content, rows] of [
    [
      'plain rows',
      'a,b\n1,2\n3,4\n',
      [
        [2, ['1', '2']],
        [3, ['3', '4']],
      ],
    ],
    ['a byte order mark', '\ufeffa,b\n1,2\n', [[2, ['1', '2']]]],
    ['CRLF', 'a,b\r\n1,2\r\n', [[2, ['1', '2']]]],
    ['no line break at the end', 'a,b\n1,2', [[2, ['1', '2']]]],
    ['a header alone', 'a,b\n', []],
    ['nothing', '', [[1, 'file-empty']]],
    ['quotes', 'a,b\n"x, ""y""",""\n', [[2, ['x, "y"', '']]]],
    [
      'a quoted line break, and the line after it',
      'a,b\n"x\ny",2\n3,4\n',
      [
        [2, ['x\ny', '2']],
        [4, ['3', '4']],
      ],
    ],
    [
      'too few and too many columns',
      'a,b\n1\n1,2,3\n4,5\n',
      [
        [2, 'csv-columns'],
        [3, 'csv-columns'],
        [4, ['4', '5']],
      ],
    ],
    [
      'an empty line',
      'a,b\n\n1,2\n',
      [
        [2, 'csv-columns'],
        [3, ['1', '2']],
      ],
    ],
    [
      'a quote inside a plain field',
      'a,b\nx"y,2\n3,4\n',
      [
        [2, 'csv-quote'],
        [3, ['3', '4']],
      ],
    ],
    [
      'something after a closing quote',
      'a,b\n"x"y,2\n3,4\n',
      [
        [2, 'csv-quote'],
        [3, ['3', '4']],
      ],
    ],
    [
      'a quote that is never closed',
      'a,b\n1,2\n"x,2\n3,4\n',
      [
        [2, ['1', '2']],
        [3, 'csv-quote'],
        [4, 'csv-quote'],
      ],
    ],
    ['a lone carriage return', 'a,b\n1\r,2\n', [[2, ['1\r', '2']]]],
    ['a NUL', 'a,b\n1\u0000,2\n', [[2, ['1\u0000', '2']]]],
    [
      'a second column of the same name',
      'a,b,b\n1,2,3\n',
      [
        [1, 'header'],
        [2, 'header'],
      ],
    ],
    [
      'a missing column',
      'a,c\n1,2\n',
      [
        [1, 'header'],
        [2, 'header'],
      ],
    ],
    [
      'a column without a name',
      'a,b,\n1,2,3\n',
      [
        [1, 'header'],
        [2, 'header'],
      ],
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      expect(shown(readCsv(content))).to.deep.equal(rows);
    });
  }

  it('never takes what stands inside quotes for a row, even in a record that is bad', () => {
    const rows = readCsv('a,b\n"x"y,"\n1,2\n"\n"' + `${'z'.repeat(MAX_RECORD)}\n1,2\n` + '",5\n3,4\n');
    expect(shown(rows)).to.deep.equal([
      [2, 'csv-quote'],
      [5, 'record-too-long'],
      [8, ['3', '4']],
    ]);
  });

  it('marks the row that is not UTF-8 and reads on', () => {
    const bytes = new Uint8Array([
      ...Buffer.from('a,b\n1,'),
      0xc3,
      0x28,
      ...Buffer.from('\n"'),
      0xff,
      ...Buffer.from('\n",2\n3,4\n'),
    ]);
    expect(shown(readCsv(bytes))).to.deep.equal([
      [2, 'encoding'],
      [3, 'encoding'],
      [5, ['3', '4']],
    ]);
  });

  for (const [what, bytes] of [
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le')],
    ['Latin-1', Buffer.from('a,b,\u00e9\n1,2,3\n', 'latin1')],
  ] as const) {
    it(`refuses a file in ${what}, every row of it`, () => {
      const rows = shown(readCsv(bytes));
      expect(rows).to.not.be.empty;
      expect(rows.every(([, code]) => code === 'header')).to.equal(true);
    });
  }

  it('refuses a giant field as one row, and stops at a line that is too long to keep', () => {
    expect(shown(readCsv(`a,b\n${'x'.repeat(MAX_RECORD)},2\n3,4\n`))).to.deep.equal([
      [2, 'record-too-long'],
      [3, ['3', '4']],
    ]);
    expect(shown(readCsv(`a,b\n1,2\n${'x'.repeat(MAX_LINE)},2\n3,4\n`, 65_536))).to.deep.equal([
      [2, ['1', '2']],
      [3, 'file-corrupt'],
    ]);
  });

  it('reads the same whatever the chunks', () => {
    const content = fc
      .array(fc.constantFrom('a', 'b', ',', '"', '\n', '\r\n', '\u00e9', '\u{1f600}', '""', '\ufeff'), {
        maxLength: 40,
      })
      .map((parts) => `a,b\n${parts.join('')}`);
    fc.assert(
      fc.property(content, fc.integer({ min: 1, max: 7 }), (text, chunk) => {
        expect(shown(readCsv(text, chunk))).to.deep.equal(shown(readCsv(text)));
      }),
      { seed: seed(), numRuns: runs(500, 50_000) },
    );
  });

  it('agrees with csv-parse on every well-formed file', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('x', ' ', ',', '"', '\n', '\r\n', '\u00e9'), maxLength: 5 }),
      fc.string({ unit: 'grapheme' }),
    );
    const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (values, newline) => {
        const text = ['a,b', ...values.map((row) => row.map(quoted).join(','))].join(newline) + newline;
        const expected: unknown[][] = parse(text, { relax_column_count: true, skip_empty_lines: false });
        const given = readCsv(text).map((row) => ('fault' in row ? row.fault.code : [...row.fields.values()]));
        // A line break inside quotes keeps its carriage return there and loses it here; either way no column may hold it.
        const norm = (rows: unknown) => JSON.stringify(rows).replaceAll('\\r', '');
        expect(norm(given)).to.equal(norm(expected.slice(1)));
      }),
      { seed: seed(), numRuns: runs(500, 50_000) },
    );
  });
});

describe('readNdjson', () => {
  for (const [what, text, rows] of [
    ['strings, numbers and null', '{"a":"x","b":5,"c":null}\n', [[1, ['x', '5', '']]]],
    ['white space and CRLF', ' { "a" : "x" , "b" : 5 } \r\n', [[1, ['x', '5']]]],
    ['an integer beyond 2^53 exactly', '{"a":9007199254740993,"b":1}', [[1, ['9007199254740993', '1']]]],
    ['escapes', '{"a":"\\u00e9\\n\\"","b":"\\ud83d\\ude00"}', [[1, ['\u00e9\n"', '\u{1f600}']]]],
    ['numbers as they are written', '{"a":1e3,"b":-0.50}', [[1, ['1e3', '-0.50']]]],
    ['an empty object', '{}', [[1, []]]],
    ['a key given twice', '{"a":1,"a":2}', [[1, 'json']]],
    ['a key given twice in two spellings', '{"a":1,"\\u0061":2}', [[1, 'json']]],
    ['a nested value', '{"a":{"b":1}}', [[1, 'json']]],
    ['a list', '["a"]', [[1, 'json']]],
    ['true', '{"a":true}', [[1, 'json']]],
    [
      'NaN and Infinity',
      '{"a":NaN}\n{"a":-Infinity}',
      [
        [1, 'json'],
        [2, 'json'],
      ],
    ],
    ['a leading zero', '{"a":007}', [[1, 'json']]],
    ['an object cut short', '{"a":"x"', [[1, 'json']]],
    ['two objects on a line', '{"a":1}{"a":2}', [[1, 'json']]],
    ['a trailing comma', '{"a":1,}', [[1, 'json']]],
    [
      'an empty line',
      '{"a":1}\n\n{"a":2}\n',
      [
        [1, ['1']],
        [2, 'json'],
        [3, ['2']],
      ],
    ],
    ['a raw NUL', '{"a":"\u0000"}', [[1, 'json']]],
    [
      'a line that is too long',
      `{"a":"${'x'.repeat(MAX_LINE)}"}\n{"a":1}`,
      [
        [1, 'record-too-long'],
        [2, ['1']],
      ],
    ],
  ] as const) {
    it(`reads ${what}`, () => {
      expect(ndjson(text)).to.deep.equal(rows);
    });
  }

  it('agrees with JSON.parse on every flat object of strings and whole numbers', () => {
    const key = fc
      .string({ unit: 'grapheme', maxLength: 5 })
      .filter((name) => !/\p{Cc}/u.test(name) && name !== '__proto__');
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.integer(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true }), (object) => {
        const text = JSON.stringify(object);
        if (/\p{Cc}/u.test(text)) return;
        const [row] = readNdjson([{ line: 1, text }]);
        const fields = row !== undefined && 'fields' in row ? Object.fromEntries(row.fields) : undefined;
        const expected = Object.fromEntries(
          Object.entries(object).map(([name, given]) => [name, given === null ? '' : String(given)]),
        );
        expect(fields).to.deep.equal(expected);
      }),
      { seed: seed(), numRuns: runs(500, 50_000) },
    );
  });
});

import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { expect } from 'chai';
import fc from 'fast-check';

import { InputError } from '../../src/protocol/errors.ts';
import { totalCounts } from '../../src/settlement/ledger/build-ledger.ts';
import type { Ledger } from '../../src/settlement/ledger/build-ledger.ts';
import { idKey } from '../../src/settlement/ledger/parse-text.ts';
import { checkRejects, damageOf } from '../../src/settlement/ledger/reject-limit.ts';
import { withDuckDB } from '../../src/store/duckdb-session.ts';
import { readLedger } from '../../src/store/read-ledger.ts';
import { runs, seed } from '../support/effort.ts';
import { accountOf, at, rules } from '../support/ledger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HEADER = 'id,account,time,task,units,language';
const line = (index: number) => `c${index},${accountOf(index % 3)},${at(index)},voice,${index + 1},en`;
const csv = (rows: number) => [HEADER, ...Array.from({ length: rows }, (_, index) => line(index)), ''].join('\n');

/** Kind of file, line and code of every reject. */
const rejectsOf = ({ rejects }: Ledger) => rejects.map((reject) => [reject.line, reject.code]);

function expectCounts(ledger: Ledger): void {
  for (const { read, accepted, duplicates, rejected, outOfRange } of Object.values(ledger.counts)) {
    expect(accepted + duplicates + rejected + outOfRange, 'DIFF-2').to.equal(read);
  }
}

describe('readLedger', () => {
  const folder = temporaryFolder();
  const readFrom = async (name: string, content: string | Uint8Array): Promise<Ledger> =>
    readLedger({ contributions: [{ path: await folder.write(name, content) }] }, rules());

  describe('given each format', () => {
    it('reads the same ledger from CSV, NDJSON, both gzipped, and Parquet', async () => {
      const plain = await readFrom('a.csv', csv(50));
      const objects = csv(50)
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => {
          const [id, account, time, task, units, language] = row.split(',');
          return `{"id":"${id}","account":"${account}","time":"${time}","task":"${task}","units":${units},"language":"${language}"}\n`;
        })
        .join('');
      await folder.write('a.csv', csv(50));
      await withDuckDB({}, async (connection) => {
        const source = `read_csv('${folder.path('a.csv')}', all_varchar = true)`;
        await connection.run(`COPY (SELECT * FROM ${source}) TO '${folder.path('text.parquet')}' (FORMAT parquet)`);
        const typed = `id, account, CAST(time AS TIMESTAMP) AS time, task, CAST(units AS BIGINT) AS units, language`;
        await connection.run(
          `COPY (SELECT ${typed} FROM ${source}) TO '${folder.path('typed.parquet')}' (FORMAT parquet)`,
        );
      });
      const others = [
        await readFrom('a.csv.gz', gzipSync(csv(50))),
        await readFrom('a.ndjson', objects),
        await readFrom('a.jsonl.gz', gzipSync(objects)),
        await readLedger({ contributions: [{ path: folder.path('text.parquet') }] }, rules()),
        await readLedger({ contributions: [{ path: folder.path('typed.parquet') }] }, rules()),
      ];
      expect(plain.counts.contributions.accepted).to.equal(50);
      for (const other of others) {
        expect(other.contributions).to.deep.equal(plain.contributions);
        expect(other.counts).to.deep.equal(plain.counts);
      }
    });

    it('tells gzip by its bytes when the name does not', async () => {
      expect((await readFrom('b.csv', gzipSync(csv(5)))).counts.contributions.accepted).to.equal(5);
    });

    it('reads gzip of several members', async () => {
      const parts = [csv(5), `${line(7)}\n`].map((part) => gzipSync(part));
      expect((await readFrom('c.csv.gz', Buffer.concat(parts))).counts.contributions.accepted).to.equal(6);
    });

    it('calls a file by the name it is given', async () => {
      const path = await folder.write('d.csv', `${HEADER}\nx\n`);
      const ledger = await readLedger({ contributions: [{ path, name: 'mine.csv' }] }, rules());
      expect(ledger.rejects[0]?.file).to.equal('mine.csv');
    });

    it('throws an InputError for a file that is not there', async () => {
      const missing = readLedger({ contributions: [{ path: folder.path('nowhere.csv') }] }, rules());
      const error: unknown = await missing.catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(InputError).with.property('code', 'FILE_UNREADABLE');
    });
  });

  describe('given a damaged file', () => {
    it('keeps the rows before the cut of a gzip file, drops the row it cuts, and names the damage', async () => {
      const rows = 3_000;
      const bytes = gzipSync(csv(rows));
      const ledger = await readFrom('cut.csv.gz', bytes.subarray(0, bytes.length >> 1));
      const { read, accepted } = ledger.counts.contributions;
      expect(accepted).to.be.greaterThan(100).and.lessThan(rows);
      expect(rejectsOf(ledger)).to.deep.equal([[accepted + 2, 'file-truncated']]);
      expect(read).to.equal(accepted + 1);
      expect(() => checkRejects(ledger))
        .to.throw(InputError)
        .with.property('code', 'LEDGER_DAMAGED');
    });

    for (const [what, name, content, code] of [
      ['gzip with a wrong checksum', 'crc.csv.gz', wrongChecksum(gzipSync(csv(5))), 'file-corrupt'],
      [
        'gzip followed by other bytes',
        'tail.csv.gz',
        Buffer.concat([gzipSync(csv(5)), Buffer.from('more')]),
        'file-corrupt',
      ],
      ['gzip of a few bytes', 'few.csv.gz', gzipSync(csv(5)).subarray(0, 5), 'file-truncated'],
      ['plain text called gzip', 'no.csv.gz', csv(5), 'file-format'],
      ['plain text called Parquet', 'no.parquet', csv(5), 'file-format'],
      ['Parquet of a few bytes', 'few.parquet', 'PAR1', 'file-truncated'],
      ['Parquet of nonsense', 'bad.parquet', `PAR1${'x'.repeat(500)}PAR1`, 'file-corrupt'],
      ['nothing', 'nothing.csv', '', 'file-empty'],
      ['an NDJSON file of nothing', 'nothing.ndjson', '', 'file-empty'],
      ['an empty gzip file of NDJSON', 'nothing.ndjson.gz', gzipSync(''), 'file-empty'],
      ['an empty gzip file', 'nothing.csv.gz', gzipSync(''), 'file-empty'],
      ['no bytes at all called gzip', 'zero.csv.gz', '', 'file-format'],
    ] as const) {
      it(`names ${what}`, async () => {
        const ledger = await readFrom(name, content);
        expectCounts(ledger);
        expect(damageOf(ledger).map((damage) => damage.code)).to.deep.equal([code]);
        expect(() => checkRejects(ledger))
          .to.throw(InputError)
          .with.property('code', 'LEDGER_DAMAGED');
      });
    }

    it('names a Parquet file that is cut short', async () => {
      const whole = folder.path('whole.parquet');
      await withDuckDB({}, (connection) =>
        connection.run(`COPY (SELECT 'x' || range AS id FROM range(1000)) TO '${whole}' (FORMAT parquet)`),
      );
      const bytes = await readFile(whole);
      const ledger = await readFrom('cut.parquet', bytes.subarray(0, bytes.length >> 1));
      expect(rejectsOf(ledger)).to.deep.equal([[1, 'file-truncated']]);
    });
  });

  describe('given Parquet columns that are not exact', () => {
    const NOON = `TIMESTAMP '2020-01-02 12:00:00'`;
    const NO_KIND = 'of a type that is neither text, nor a whole number, nor a time';
    for (const [what, units, time, words] of [
      ['a DOUBLE', 'CAST(5 AS DOUBLE)', NOON, 'units is DOUBLE'],
      ['a FLOAT', 'CAST(5 AS FLOAT)', NOON, 'units is FLOAT'],
      ['a DECIMAL', 'CAST(5 AS DECIMAL(10, 2))', NOON, 'units is DECIMAL'],
      ['a BLOB', `CAST('5' AS BLOB)`, NOON, 'units is BLOB'],
      ['a BOOLEAN', 'true', NOON, 'units is BOOLEAN'],
      ['a list', '[5]', NOON, `units is ${NO_KIND}`],
      ['a struct', '{ n: 5 }', NOON, `units is ${NO_KIND}`],
      ['a DATE', '5', `DATE '2020-01-02'`, 'time is DATE'],
      ['a TIME', '5', `TIME '12:00:00'`, `time is ${NO_KIND}`],
    ] as const) {
      it(`DIFF-3: refuses ${what}, in words of our own`, async () => {
        const name = folder.path('inexact.parquet');
        const select = `SELECT 'c1' AS id, '${accountOf(1)}' AS account, ${time} AS time, 'voice' AS task, ${units} AS units`;
        await withDuckDB({}, (connection) => connection.run(`COPY (${select}) TO '${name}' (FORMAT parquet)`));
        const ledger = await readLedger({ contributions: [{ path: name }] }, rules());
        expect(rejectsOf(ledger)).to.deep.equal([[1, 'header']]);
        expect(ledger.rejects[0]?.reason).to.equal(`header: the columns cannot be used: the column ${words}`);
      });
    }

    it('refuses a time with a fraction of a second, and takes one of another resolution', async () => {
      const name = folder.path('times.parquet');
      const select = (id: number, time: string) =>
        `SELECT 'c${id}' AS id, '${accountOf(1)}' AS account, ${time} AS time, 'voice' AS task, 5 AS units`;
      for (const type of ['TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP_MS', 'TIMESTAMPTZ']) {
        const zone = type === 'TIMESTAMPTZ' ? '+00' : '';
        const rows = ['00', '00.5'].map((second, index) =>
          select(index, `CAST('2020-01-02 00:00:${second}${zone}' AS ${type})`),
        );
        await withDuckDB({}, (connection) =>
          connection.run(`COPY (${rows.join(' UNION ALL ')}) TO '${name}' (FORMAT parquet)`),
        );
        const ledger = await readLedger({ contributions: [{ path: name }] }, rules());
        expect(
          ledger.contributions.map(({ time }) => time),
          type,
        ).to.deep.equal([1_577_923_200]);
        expect(rejectsOf(ledger), type).to.deep.equal([[2, 'time-malformed']]);
      }
    });

    it('takes a missing value for an empty one', async () => {
      const name = folder.path('nulls.parquet');
      const select = `SELECT 'c1' AS id, '${accountOf(1)}' AS account, '${at(0)}' AS time, 'voice' AS task, CAST(NULL AS BIGINT) AS units`;
      await withDuckDB({}, (connection) => connection.run(`COPY (${select}) TO '${name}' (FORMAT parquet)`));
      const ledger = await readLedger({ contributions: [{ path: name }] }, rules());
      expect(rejectsOf(ledger)).to.deep.equal([[1, 'number-empty']]);
    });
  });

  describe('given hostile bytes', () => {
    const names = ['h.csv', 'h.ndjson', 'h.csv.gz', 'h.parquet', 'h'];
    const expectNoCrash = async (name: string, bytes: Uint8Array) => {
      const ledger = await readFrom(name, bytes);
      expectCounts(ledger);
      expect(totalCounts(ledger.counts).read).to.equal(ledger.counts.contributions.read);
    };

    it('DIFF-2: never crashes on random bytes', async () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc
          .uint8Array({ maxLength: 200 })
          .map((tail) => Buffer.concat([Buffer.from('PAR1'), tail, Buffer.from('PAR1')])),
        fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), tail])),
        fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(`${HEADER}\n${text}`)),
      );
      await fc.assert(fc.asyncProperty(fc.constantFrom(...names), bytes, expectNoCrash), {
        seed: seed(),
        numRuns: runs(200, 5_000),
      });
    });

    it('DIFF-2: accounts for every line of a good file with random faults', async () => {
      const good = Buffer.from(csv(12));
      const edit = fc.record({
        at: fc.nat(good.length - 1),
        cut: fc.nat(6),
        insert: fc.oneof(
          fc.uint8Array({ maxLength: 4 }),
          fc.constantFrom('"', ',', '\n', '\r', '\u0000', '-', 'e', '\u200b').map((text) => Buffer.from(text)),
        ),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.boolean(), async (edits, zipped) => {
          let bytes = good;
          for (const { at: place, cut, insert } of edits) {
            bytes = Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + cut)]);
          }
          const ledger = await readFrom(zipped ? 'm.csv.gz' : 'm.csv', zipped ? gzipSync(bytes) : bytes);
          expectCounts(ledger);
          const untouched = new Set(csv(12).trimEnd().split('\n').slice(1));
          const quotes = bytes.includes('"');
          if (quotes || damageOf(ledger).length > 0) return;
          const lines = bytes.toString().split('\n');
          if (lines.at(-1) === '') lines.pop();
          expect(ledger.counts.contributions.read, 'every line but the header').to.equal(lines.length - 1);
          if (lines[0] !== HEADER) return; // other columns: no row need fit them any more
          const kept = new Set(lines.slice(1).filter((text) => untouched.has(text)));
          expect(ledger.counts.contributions.accepted).to.be.at.least(
            [...kept].filter((text) => unique(text, lines)).length,
          );
        }),
        { seed: seed(), numRuns: runs(300, 15_000) },
      );
    });

    it('DIFF-2: never crashes on a damaged gzip or Parquet file', async () => {
      const whole = folder.path('damage.parquet');
      await folder.write('a.csv', csv(50));
      await withDuckDB({}, (connection) =>
        connection.run(
          `COPY (SELECT * FROM read_csv('${folder.path('a.csv')}', all_varchar = true)) TO '${whole}' (FORMAT parquet)`,
        ),
      );
      const files = [
        { name: 'damage.csv.gz', bytes: gzipSync(csv(200)) },
        { name: 'damage.parquet', bytes: readFileSync(whole) },
      ];
      const change = fc.record({
        file: fc.constantFrom(...files),
        at: fc.nat(100_000),
        value: fc.nat(255),
        cut: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(change, async ({ file, at: place, value, cut }) => {
          const bytes = Buffer.from(file.bytes);
          bytes[place % bytes.length] = value;
          await expectNoCrash(`x${file.name}`, cut ? bytes.subarray(0, place % bytes.length) : bytes);
        }),
        { seed: seed(), numRuns: runs(100, 2_000) },
      );
    });
  });
});

describe('the tldr ledger', () => {
  const folder = temporaryFolder();
  const file = (name: string) => `examples/tldr/tldr-${name}.csv.gz`;
  const tasks = ['corpus', 'curation', 'translation', 'proofreading', 'validation'];

  it('is read whole: every contribution counts, and repeated usage once', async () => {
    const ledger = await readLedger(
      { contributions: [{ path: file('contributions') }], usage: [{ path: file('usage') }] },
      { taskMap: new Map(tasks.map((task) => [task, task])), range: { start: 0, end: 2 ** 32 } },
    );
    expect(ledger.counts.contributions).to.deep.equal(counts(33_590, 33_590, 0));
    expect(ledger.counts.usage).to.deep.equal(counts(36_840, 25_534, 11_306));
    expect(ledger.rejects).to.deep.equal([]);
    expect(new Set(ledger.contributions.map(({ account }) => account)).size).to.equal(3_351);
    expect(() => checkRejects(ledger)).not.to.throw();
  });

  it('DIFF-1: is the same from its rows in reverse and in two files', async () => {
    const [header, ...rows] = gunzipSync(readFileSync(file('contributions')))
      .toString()
      .trimEnd()
      .split('\r\n');
    rows.reverse();
    const parts = [
      await folder.write('a.csv', [header, ...rows.slice(0, 10_000)].join('\r\n')),
      await folder.write('b.csv', [header, ...rows.slice(10_000)].join('\n')),
    ];
    const all = { taskMap: new Map(tasks.map((task) => [task, task])), range: { start: 0, end: 2 ** 32 } };
    const one = await readLedger({ contributions: [{ path: file('contributions') }] }, all);
    const two = await readLedger({ contributions: parts.map((path) => ({ path })) }, all);
    expect(two.contributions).to.deep.equal(one.contributions);
  });
});

function counts(read: number, accepted: number, duplicates: number) {
  return { read, accepted, duplicates, rejected: 0, outOfRange: 0 };
}

function wrongChecksum(gzip: Buffer): Buffer {
  const copy = Buffer.from(gzip);
  copy[copy.length - 8] = (copy.at(-8) ?? 0) ^ 1;
  return copy;
}

/** Whether no other line begins with the same id, in whatever spelling. */
function unique(text: string, lines: readonly string[]): boolean {
  const keyOf = (row: string) => idKey(row.split(',')[0] ?? '');
  return lines.filter((other) => keyOf(other) === keyOf(text)).length === 1;
}

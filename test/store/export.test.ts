import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { expect } from 'chai';

import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import type { AccountsFile, Manifest } from '../../src/settlement/report/report-schema.ts';
import { accountsSchema, manifestSchema, parseReportFile } from '../../src/settlement/report/report-schema.ts';
import { exactRows, withDuckDB } from '../../src/store/duckdb-session.ts';
import { exportReports } from '../../src/store/export/export-reports.ts';
import { TableWriter } from '../../src/store/export/table-writer.ts';
import { KINDS, TABLES } from '../../src/store/export/tables.ts';
import { readReport } from '../../src/store/report-folder.ts';
import { expectCode } from '../support/expect-code.ts';
import { OLD_REPORTS } from '../support/publication.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const OLD = join(OLD_REPORTS, '..');
type Rows = readonly Readonly<Record<string, string>>[];

describe('exportReports', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const manifests: Manifest[] = [];
  const accounts: AccountsFile[] = [];
  const cids: string[] = [];
  before(async () => {
    for (const name of (await readdir(OLD_REPORTS)).sort()) {
      const files = await readReport(join(OLD_REPORTS, name));
      manifests.push(parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json')));
      accounts.push(parseReportFile(accountsSchema, 'accounts.json', files.get('accounts.json')));
      cids.push((await contentIdOf(files)).cid);
    }
  });

  const csv = async (out: string, table: string): Promise<Rows> =>
    parse(await readFile(join(out, `${table}.csv`)), { columns: true });
  const sum = (rows: Rows, column: string): bigint =>
    rows.reduce((total, row) => total + BigInt(row[column] ?? ''), 0n);

  it('writes every figure of the reports as it is, to the wei', async () => {
    const out = folder.path('csv');
    const { epochs, tables } = await exportReports({ folder: OLD, out, format: 'csv' });
    expect(epochs).to.deep.equal(manifests.map(({ epoch }) => epoch));
    const rows = await csv(out, 'epochs');
    for (const [at, { epoch, outcome, record, next, parent }] of manifests.entries()) {
      const seconds = (time: string | undefined) => Date.parse(`${time ?? ''}Z`) / 1000;
      const row = rows[at]!;
      expect(row).to.include({
        ...{ epoch: `${epoch}`, report_cid: cids[at], root: next.root, price: `${record.price}` },
        ...{ budget: `${outcome.budget}`, granted: `${outcome.granted}`, withheld: `${outcome.withheld}` },
        ...{ reserve_before: `${parent.reserve}`, reserve_after: `${next.reserve}`, leaf_count: `${next.leafCount}` },
      });
      expect([seconds(row['starts_at']), seconds(row['ends_at'])]).to.deep.equal([record.start, record.end]);
    }
    const grants = await csv(out, 'grants');
    const active = await csv(out, 'accounts');
    for (const [at, { epoch, outcome, distinctParticipants }] of manifests.entries()) {
      const of = (all: Rows): Rows => all.filter((row) => row['epoch'] === `${epoch}`);
      expect(sum(of(grants), 'granted')).to.equal(outcome.minersGranted);
      expect(sum(of(active), 'granted')).to.equal(outcome.minersGranted);
      expect(new Set(of(grants).map(({ account }) => account)).size).to.equal(distinctParticipants);
      expect(of(active).map(({ account }) => account)).to.deep.equal(
        accounts[at]!.accounts.map(({ account }) => account),
      );
    }
    const last = manifests.at(-1)!;
    const leaves = await csv(out, 'leaves');
    expect(leaves).to.have.length(last.next.leafCount);
    expect(sum(leaves, 'unlocked') + sum(leaves, 'vesting'), 'with the foundation all that was granted').to.equal(
      last.next.totalGranted -
        last.next.foundations.reduce(
          (all, { curve }) => all + curve.unlocked + curve.cohorts.reduce((own, { amount }) => own + amount, 0n),
          0n,
        ),
    );
    expect(sum(await csv(out, 'cohorts'), 'amount')).to.equal(sum(leaves, 'vesting'));
    expect(tables.map(({ name, rows: count }) => `${name} ${count}`)).to.include(`leaves ${leaves.length}`);
  });

  it('says in schema.json what every column of every file is', async () => {
    const out = folder.path('schema');
    await exportReports({ folder: OLD, out, format: 'csv' });
    const schema = JSON.parse(await readFile(join(out, 'schema.json'), 'utf8')) as {
      readonly format: string;
      readonly tables: readonly {
        readonly file: string;
        readonly rows: number;
        readonly columns: { readonly name: string }[];
      }[];
    };
    expect(schema.format).to.equal('lode-export-v1');
    const files = (await readdir(out)).filter((name) => name !== 'schema.json').sort();
    expect(schema.tables.map(({ file }) => file).sort()).to.deep.equal(files);
    for (const { file, rows, columns } of schema.tables) {
      const [header, ...lines] = (await readFile(join(out, file), 'utf8')).trimEnd().split('\n');
      expect(header).to.equal(columns.map(({ name }) => name).join(','));
      expect(lines).to.have.length(rows);
    }
  });

  it('stand on docs/formats/export.md, every table and column, as they are written', async () => {
    const page = await readFile(new URL('../../docs/formats/export.md', import.meta.url), 'utf8');
    for (const { name, columns, sortedBy, meaning } of TABLES) {
      const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      const cells = section.split('\n').filter((line) => line.startsWith('| `'));
      expect(
        cells.map((line) =>
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
      ).to.deep.equal(
        columns.map(({ name: own, kind, nullable, meaning: words }) => {
          const type = `${KINDS[kind].type}${nullable === true ? ', or none' : ''}`;
          return [`\`${own}\``, type, KINDS[kind].unit, words];
        }),
      );
      expect(section.toLowerCase()).to.contain(`${meaning.toLowerCase()}. sorted by \`${sortedBy.join('`, `')}\``);
    }
  });

  it('writes the same into Parquet, in exact types, and the same bytes each time', async () => {
    const [one, two, text] = [folder.path('p1'), folder.path('p2'), folder.path('p3')];
    for (const out of [one, two]) await exportReports({ folder: OLD, out, format: 'parquet' });
    await exportReports({ folder: OLD, out: text, format: 'csv' });
    for (const name of await readdir(one)) {
      expect(Buffer.compare(await readFile(join(one, name)), await readFile(join(two, name))), name).to.equal(0);
    }
    await withDuckDB({}, async (connection) => {
      for (const table of TABLES.filter(({ name }) => name !== 'claims')) {
        const file = join(one, `${table.name}.parquet`);
        const types = await exactRows(connection, `SELECT column_type FROM (DESCRIBE SELECT * FROM '${file}')`);
        expect(types.flat()).to.deep.equal(table.columns.map(({ kind }) => KINDS[kind].type));
        const names = table.columns.map(({ name }) => `CAST("${name}" AS VARCHAR)`);
        const rows = await exactRows(connection, `SELECT ${names.join(', ')} FROM '${file}'`);
        const expected = (await csv(text, table.name)).map((row) => Object.values(row));
        expect(rows).to.deep.equal(expected);
      }
    });
  });

  it('takes a range of epochs, and the leaves of its newest', async () => {
    const out = folder.path('range');
    const { epochs } = await exportReports({ folder: OLD, out, format: 'csv', from: 2, to: 4 });
    expect(epochs).to.deep.equal([2, 3, 4]);
    expect(new Set((await csv(out, 'leaves')).map(({ epoch }) => epoch))).to.deep.equal(new Set(['4']));
    await expectCode(exportReports({ folder: OLD, out: folder.path('none'), format: 'csv', from: 7 }), 'EXPORT_EMPTY');
  });

  it('finds the reports of a data folder, and passes over epochs without one', async () => {
    const data = folder.path('data');
    await cp(join(OLD_REPORTS, '000003'), join(data, 'epochs/000003/report'), { recursive: true });
    await mkdir(join(data, 'epochs/000004/ledger'), { recursive: true });
    const { epochs } = await exportReports({ folder: data, out: folder.path('of-data'), format: 'csv' });
    expect(epochs).to.deep.equal([3]);
    await expectCode(exportReports({ folder: data, out: folder.path('of-data'), format: 'csv' }), 'FOLDER_EXISTS');
  });

  it('writes nothing from a report that was changed, whichever file of it', async () => {
    for (const file of ['accounts.json', 'shards/0.json', 'rejects.json', 'manifest.json']) {
      const bent = folder.path('bent');
      await rm(bent, { recursive: true, force: true });
      await cp(OLD, bent, { recursive: true });
      const path = join(bent, 'epochs/000005', file);
      const text = await readFile(path, 'utf8');
      await writeFile(path, file === 'manifest.json' ? text.replace('"epoch":5', '"epoch":6') : `${text} `);
      const out = folder.path('from-bent');
      await expectCode(exportReports({ folder: bent, out, format: 'csv' }), 'REPORT_INVALID');
      expect(await readdir(folder.path('.'))).to.not.include('from-bent');
    }
  });

  it('gives up rather than round a number that no exact type holds', async () => {
    const table = TABLES.find(({ name }) => name === 'accounts')!;
    await withDuckDB({}, async (connection) => {
      const writer = await TableWriter.create(connection, table);
      writer.append([1, `0x${'11'.repeat(20)}`, 10n ** 38n - 1n, 0n, 0n]);
      const tooLarge = async () => {
        await Promise.resolve();
        writer.append([1, `0x${'12'.repeat(20)}`, 10n ** 38n, 0n, 0n]);
      };
      await expectCode(tooLarge(), 'EXPORT_TOO_LARGE');
    });
  });
});

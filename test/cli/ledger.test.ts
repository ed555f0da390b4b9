import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { withDuckDB } from '../../src/store/duckdb-session.ts';
import type { LedgerCheck } from '../../src/store/check-ledger.ts';
import { LEDGER_KINDS } from '../../src/settlement/ledger/templates.ts';
import { alice, at, bob } from '../support/ledger.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lode, lodeError } from './run-lode.ts';

const HEADER = 'id,account,time,task,units';
const good = (id: string, account = alice) => `${id},${account},${at(60)},anything,5`;
const csv = (...lines: readonly string[]) => [...lines, ''].join('\n');

describe('lode ledger check', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const check = async (...files: readonly string[]) => runHere(['ledger', 'check', ...files], folder.path('.'));
  const found = async (...files: readonly string[]) => {
    const { code, out } = await check(...files, '--json');
    return { code, ...(JSON.parse(out) as LedgerCheck) };
  };

  it('says nothing on stdout of files that can be used, and ends with 0', async () => {
    await folder.write('good.csv', csv(HEADER, good('1'), good('2', bob)));
    const { code, stdout, stderr } = await lode(['ledger', 'check', 'good.csv'], folder.path('.'));
    expect({ code, stdout, stderr }).to.deep.equal({
      code: 0,
      stdout: '',
      stderr: 'good.csv: contributions, 2 rows\n',
    });
  });

  it('prints FILE:LINE: reason for each row that cannot be used, the header being line 1, and ends with 2', async () => {
    const rows = [good('1'), good('2', 'bob.eth' as never), good('3'), `4,${bob},2026-01-01,anything,5`, good('5')];
    await folder.write('bad.csv', csv(HEADER, ...rows, `6,${bob},${at(0)},anything,-1`));
    const { code, stdout, stderr } = await lode(['ledger', 'check', 'bad.csv'], folder.path('.'));
    expect(stdout.split('\n')).to.deep.equal([
      'bad.csv:3: address-name: "bob.eth" is a name; give the address itself',
      'bad.csv:5: time-malformed: "2026-01-01" is not of the form YYYY-MM-DDTHH:MM:SSZ',
      'bad.csv:7: number-negative: "-1" has a minus sign',
      '',
    ]);
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: 'bad.csv: contributions, 6 rows, 3 rejected\n' });
  });

  it('counts lines of the file, not rows: empty ones are rows that say nothing, and a quoted field goes over several', async () => {
    await folder.write('lines.csv', csv(`${HEADER},note`, `${good('1')},"a`, `b"`, good('2'), `${good('3')},x`));
    const { code, rejects } = await found('lines.csv');
    expect(code).to.equal(2);
    expect(rejects.map(({ line, code: why }) => [line, why])).to.deep.equal([
      [2, 'control-character'],
      [4, 'csv-columns'],
    ]);
  });

  it('tells every kind of file by its columns, in every format', async () => {
    await folder.write('c.csv', csv(HEADER, good('1')));
    await folder.write('u.csv.gz', gzipSync(csv('account,contribution,time', `${alice},1,${at(99)}`)));
    await folder.write('a.ndjson', `{"account":"${alice}","badge":"","since":"${at(0)}"}\n`);
    await folder.write('p.csv', csv('time,price', `${at(0)},1.5`));
    await folder.write('e.csv', csv('"epoch","price"', '0,1.5'));
    await withDuckDB({}, async (connection) => {
      const rows = `SELECT '7' AS id, '${bob}' AS account, '${at(0)}' AS time, 'x' AS task, 3 AS units`;
      await connection.run(`COPY (${rows}) TO '${folder.path('q.parquet')}' (FORMAT parquet)`);
    });
    const { code, files, usageHeld } = await found('c.csv', 'u.csv.gz', 'a.ndjson', 'p.csv', 'e.csv', 'q.parquet');
    expect({ code, usageHeld }).to.deep.equal({ code: 0, usageHeld: true });
    expect(files.map(({ kind, read, rejected }) => [kind, read, rejected])).to.deep.equal([
      ['contributions', 1, 0],
      ['usage', 1, 0],
      ['accounts', 1, 0],
      ['prices', 1, 0],
      ['prices', 1, 0],
      ['contributions', 1, 0],
    ]);
  });

  it('takes a file by the columns that it needs where attributes could be another kind’s', async () => {
    await folder.write('wide.csv', csv(`${HEADER},contribution,badge`, `${good('1')},x,y`));
    await folder.write('lacking.csv', csv('id,account,time,task,price', good('1')));
    const { files, rejects } = await found('wide.csv', 'lacking.csv');
    expect(files.map(({ kind }) => kind)).to.deep.equal(['contributions', 'contributions']);
    expect(rejects.map(({ file, line, reason }) => [file, line, reason])).to.deep.equal([
      ['lacking.csv', 1, 'header: the header cannot be used: there is no column "units"'],
    ]);
  });

  it('says once what is wrong with a header, and counts the rows under it', async () => {
    await folder.write('capital.csv', csv('Id,account,time,task,units', good('1'), good('2')));
    await folder.write('semicolon.csv', csv(HEADER.replaceAll(',', ';'), good('1').replaceAll(',', ';')));
    await folder.write('other.csv', csv('name,age', 'x,3'));
    const { code, files, rejects } = await found('capital.csv', 'semicolon.csv', 'other.csv');
    expect(code).to.equal(2);
    expect(files.map(({ kind, read, rejected }) => [kind, read, rejected])).to.deep.equal([
      ['contributions', 3, 3],
      [null, 1, 1],
      [null, 1, 1],
    ]);
    expect(rejects.map(({ file, line, reason }) => `${file}:${line}: ${reason}`)).to.deep.equal([
      'capital.csv:1: header: the header cannot be used: there is no column "id"',
      'semicolon.csv:1: header: the columns are those of no ledger file: "id;account;time;task;units"; fields are separated by commas',
      'other.csv:1: header: the columns are those of no ledger file: "name", "age"',
    ]);
  });

  it('names what is wrong with a whole file', async () => {
    await folder.write('empty.csv', '');
    await folder.write('empty.ndjson', '');
    await folder.write('words.ndjson', 'hello\n');
    await folder.write('not.parquet', 'hello');
    await folder.write('torn.parquet', 'PAR1');
    await folder.write('torn.csv.gz', gzipSync(csv(HEADER, good('1'))).subarray(0, 30));
    const { code, rejects } = await found(
      ...['empty.csv', 'empty.ndjson', 'words.ndjson', 'not.parquet', 'torn.parquet', 'torn.csv.gz'],
    );
    expect(code).to.equal(2);
    expect(rejects.map(({ file, line, code: why }) => [file, line, why])).to.deep.equal([
      ['empty.csv', 1, 'file-empty'],
      ['empty.ndjson', 1, 'file-empty'],
      ['words.ndjson', 1, 'json'],
      ['not.parquet', 1, 'file-format'],
      ['torn.parquet', 1, 'file-truncated'],
      ['torn.csv.gz', 1, 'file-truncated'],
    ]);
  });

  it('holds files beside each other: conflicts in both, repetitions counted, usage of what is not there', async () => {
    await folder.write('one.csv', csv(HEADER, good('1'), good('2')));
    await folder.write('two.csv', csv(HEADER, good('1', bob), good('2')));
    await folder.write('usage.csv', csv('contribution,account,time', `2,${alice},${at(99)}`, `9,${alice},${at(99)}`));
    const { files, rejects } = await found('one.csv', 'two.csv', 'usage.csv');
    expect(rejects.map(({ file, line, reason }) => `${file}:${line}: ${reason}`)).to.deep.equal([
      'one.csv:2: conflict: the same id stands at two.csv:2 with other content',
      'two.csv:2: conflict: the same id stands at one.csv:2 with other content',
      'usage.csv:3: usage-unknown-contribution: no usable contribution has the id "9"',
    ]);
    expect(files.map(({ duplicates }) => duplicates)).to.deep.equal([0, 1, 0]);
    const alone = await check('usage.csv');
    expect(alone).to.deep.equal({
      code: 0,
      out: '',
      err: 'usage.csv: usage, 2 rows\ngive the contributions as well to see whether what is used exists\n',
    });
    // The same file twice is the same file.
    expect((await found('one.csv', './one.csv')).files).to.have.length(1);
  });

  it('needs files, and says which are not there', async () => {
    expect((await lodeError(6, ['ledger', 'check', 'nowhere.csv'], folder.path('.'))).code).to.equal('FILE_MISSING');
    expect((await runHere(['ledger', 'check', '.'], folder.path('.'))).err).to.contain('a file, not a folder');
    expect((await runHere(['ledger', 'check'])).code).to.equal(2);
  });

  it('accepts the ledgers of the examples', async () => {
    const examples = [
      'tldr/tldr-contributions.csv.gz',
      'tldr/tldr-usage.csv.gz',
      'langx/online.csv',
      'langx/accounts.csv',
    ];
    const paths = examples.map((name) => new URL(`../../examples/${name}`, import.meta.url).pathname);
    const { code, out } = await check(...paths);
    expect({ code, out }).to.deep.equal({ code: 0, out: '' });
  });
});

describe('lode ledger template', () => {
  const folder = temporaryFolder();

  it('prints files of every kind that the check accepts together as they stand', async () => {
    for (const kind of LEDGER_KINDS) {
      await writeFile(folder.path(`${kind}.csv`), (await runHere(['ledger', 'template', kind])).out);
    }
    const files = LEDGER_KINDS.map((kind) => `${kind}.csv`);
    const { code, out } = await runHere(['ledger', 'check', ...files, '--json'], folder.path('.'));
    const check = JSON.parse(out) as LedgerCheck;
    expect({ code, ok: check.ok }).to.deep.equal({ code: 0, ok: true });
    expect(check.files.map(({ kind }) => kind)).to.deep.equal(LEDGER_KINDS);
  });

  it('begins with contributions unless told otherwise, and knows no other kinds', async () => {
    const { out } = await runHere(['ledger', 'template']);
    expect(out).to.equal(await readFile(folder.path('contributions.csv'), 'utf8'));
    const { code, err } = await runHere(['ledger', 'template', 'badges']);
    expect(code).to.equal(2);
    expect(err).to.contain('one of contributions, usage, accounts, prices');
  });
});

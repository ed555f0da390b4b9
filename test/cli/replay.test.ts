import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';

import { PRESET, smallLedger } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

const FROM = '2023-11-14T22:13:20Z';
const CONTRIBUTIONS = ['--contributions', 'ledger.csv'];
const SPAN = ['--from', FROM, '--epochs', '9'];
const BASE = ['--preset', 'lingoai', ...CONTRIBUTIONS, ...SPAN];

interface Document {
  readonly epochs: readonly Readonly<Record<string, string | number>>[];
  readonly accounts: readonly unknown[];
  readonly totalGranted: string;
  readonly counts: Readonly<Record<string, unknown>>;
}

describe('lode replay', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let cwd: string;
  let first: Document;

  before(async () => {
    cwd = folder.path('.');
    await folder.write('ledger.csv', smallLedger());
    const { code, json, stderr } = await lodeJson(['replay', ...BASE, '--out', 'out'], cwd);
    expect(code, stderr).to.equal(0);
    first = json as Document;
  });

  it('prints replay.json: a row an epoch, amounts as decimal strings, and the sums', async () => {
    expect(first.epochs).to.have.length(9);
    for (const row of first.epochs) {
      for (const key of ['budget', 'payout', 'granted', 'withheld', 'injected', 'reserve']) {
        expect(row[key], key).to.match(/^\d+$/);
      }
      expect(row['participants']).to.be.a('number');
      expect(row['root']).to.match(/^0x[0-9a-f]{64}$/);
    }
    expect(first.totalGranted).to.match(/^\d+$/);
    expect(first.counts['contributions']).to.deep.equal({
      read: 163,
      accepted: 160,
      duplicates: 1,
      rejected: 2,
      outOfRange: 0,
    });
    expect(await readFile(join(cwd, 'out', 'replay.json'), 'utf8').then(JSON.parse)).to.deep.equal(first);
  });

  it('says in the reports how the scores came about when it is asked to, and they explain without the ledger', async () => {
    const { code, stderr } = await lode(['replay', ...BASE, '--explanations', '--out', 'explained'], cwd);
    expect(code, stderr).to.equal(0);
    const path = join(cwd, 'explained/epochs/000003');
    const { accounts } = JSON.parse(await readFile(join(path, 'accounts.json'), 'utf8')) as {
      accounts: { account: string }[];
    };
    await mkdir(join(cwd, 'bare'));
    await cp(join(cwd, 'explained/epochs'), join(cwd, 'bare/epochs'), { recursive: true });
    const of = ['--account', accounts[0]!.account, '--epoch', '3'];
    const beside = await lode(['explain', '--report', 'explained', ...of], cwd);
    const alone = await lode(['explain', '--report', 'bare', ...of], cwd);
    expect(alone.code, alone.stderr).to.equal(0);
    // The rows up to the names of tasks, which only the preset has.
    const rows = ({ stdout }: { readonly stdout: string }) => stdout.slice(0, stdout.indexOf('2. Points by day'));
    expect(rows(alone)).to.equal(rows(beside));
    const totals = ({ stdout }: { readonly stdout: string }) => /: (\d+) of the days = .*/.exec(stdout)?.[0];
    expect(totals(alone)).to.be.a('string').and.equal(totals(beside));
    expect(alone.stdout).to.match(/1\. What it did\n +time +contribution/);
  });

  it('tells people the sums, and progress apart from them', async () => {
    const { code, stdout, stderr } = await lode(['replay', ...BASE, '--out', 'words'], cwd);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^lingoai: 9 epochs, 2023-11-14 to 2024-01-16\n/);
    expect(stderr).to.contain('reading the ledger').and.contain('written to words');
  });

  it('warns when every contribution lies outside the epochs, and says so in the result for people', async () => {
    const row = (id: string, account: string) => `${id},0x${account.repeat(20)},2023-11-16T00:00:00Z,corpus,5`;
    await folder.write('late.csv', ['id,account,time,task,units', row('a', '11'), row('b', '22')].join('\n'));
    const early = ['replay', '--preset', 'lingoai', '--contributions', 'late.csv', '--from', '2020-01-01'];
    const { code, stdout, stderr } = await lode([...early, '--epochs', '2', '--out', 'early'], cwd);
    expect(code).to.equal(0);
    const words = 'nobody earns anything: all 2 contributions lie outside the epochs';
    expect(stdout).to.contain(`  ${words}`);
    expect(stderr).to.contain(`warning: ${words}`);
    expect((await lodeJson([...early, '--epochs', '2', '--out', 'early'], cwd)).stderr).to.contain(words);
  });

  it('refuses a ledger of malformed rows, however few: exit code 2', async () => {
    await folder.write('bad.csv', 'id,account,time,task,units\na,0x12,2023-11-16T00:00:00Z,corpus,5\n');
    await folder.write('nothing.ndjson', '');
    const given = (file: string) => [
      'replay',
      '--preset',
      'lingoai',
      '--contributions',
      file,
      ...SPAN,
      '--out',
      `${file}-out`,
    ];
    expect((await lodeError(2, given('bad.csv'), cwd)).code).to.equal('LEDGER_REJECTS');
    expect((await lodeError(2, given('nothing.ndjson'), cwd)).code).to.equal('LEDGER_DAMAGED');
    const forced = await lode([...given('bad.csv').slice(0, -1), 'forced', '--any-rejects'], cwd);
    expect({ code: forced.code, warned: forced.stderr.includes('1 are rejected') }).to.deep.equal({
      code: 0,
      warned: true,
    });
  });

  it('verifies and keeps the same replay when it is there already', async () => {
    const { code, json, stderr } = await lodeJson(['replay', ...BASE, '--out', 'out'], cwd);
    expect(code).to.equal(0);
    expect(json).to.deep.equal(first);
    expect(stderr).to.contain('was there already');
  });

  it('gives the same roots for gzip and NDJSON, and for a task mapped by hand to what it was mapped to', async () => {
    const [head = '', ...rows] = smallLedger().split('\n');
    const names = head.split(',');
    const objects = rows.map((row) => {
      const cells = row.split(',');
      return JSON.stringify(Object.fromEntries(names.map((name, at) => [name, cells[at]])));
    });
    await folder.write('ledger.csv.gz', gzipSync(smallLedger()));
    await folder.write('ledger.ndjson', objects.join('\n'));
    const runs = [['ledger.csv.gz'], ['ledger.ndjson'], ['ledger.csv', '--map', 'corpus=data-contribution']];
    for (const [at, given] of runs.entries()) {
      const args = ['replay', '--preset', PRESET, ...SPAN, '--contributions', ...given, '--out', `form-${at}`];
      const { json } = await lodeJson(args, cwd);
      expect((json as Document).epochs.map(({ root }) => root)).to.deep.equal(first.epochs.map(({ root }) => root));
    }
  });

  it('refuses a folder with another replay, one whose files were altered, and one with anything else', async () => {
    const other = await lodeError(5, ['replay', ...BASE.slice(0, -1), '8', '--out', 'out'], cwd);
    expect(other.code).to.equal('FOLDER_EXISTS');
    await lode(['replay', ...BASE, '--out', 'altered'], cwd);
    await writeFile(join(cwd, 'altered', 'rejects.json'), '{}\n');
    const altered = await lodeError(5, ['replay', ...BASE, '--out', 'altered'], cwd);
    expect(altered).to.deep.include({ code: 'REPLAY_ALTERED' });
    expect(altered.details['file']).to.equal('rejects.json');
    await mkdir(join(cwd, 'mine'));
    await writeFile(join(cwd, 'mine', 'notes.txt'), 'keep me');
    expect((await lodeError(5, ['replay', ...BASE, '--out', 'mine'], cwd)).code).to.equal('FOLDER_EXISTS');
    expect(await readFile(join(cwd, 'mine', 'notes.txt'), 'utf8')).to.equal('keep me');
    await rm(join(cwd, 'altered'), { recursive: true });
  });

  for (const [what, exitCode, code, args] of [
    ['an option that is missing', 2, 'USAGE', ['--preset', 'lingoai', ...CONTRIBUTIONS, '--from', FROM, '--out', 'x']],
    ['an option that is unknown', 2, 'USAGE', [...BASE, '--out', 'x', '--epoch', '3']],
    ['an argument too many', 2, 'USAGE', ['now', ...BASE, '--out', 'x']],
    ['no calendar date', 2, 'OPTION_INVALID', [...BASE, '--from', '2023-02-29', '--out', 'x']],
    ['no whole number', 2, 'OPTION_INVALID', [...BASE, '--epochs', '1e3', '--out', 'x']],
    ['no mapping', 2, 'OPTION_INVALID', [...BASE, '--out', 'x', '--map', 'corpus']],
    [
      'a checksum that is wrong',
      2,
      'ADDRESS_CHECKSUM',
      [...BASE, '--out', 'x', '--foundation', `0xAb${'ab'.repeat(19)}`],
    ],
    [
      'a folder as a file',
      2,
      'OPTION_INVALID',
      ['--preset', 'lingoai', ...SPAN, '--contributions', 'out', '--out', 'x'],
    ],
    ['a file that is not there', 6, 'FILE_MISSING', [...BASE, '--usage', 'uses.csv', '--out', 'x']],
    ['a preset that is unknown', 6, 'PRESET_UNKNOWN', ['--preset', 'gold', ...CONTRIBUTIONS, ...SPAN, '--out', 'x']],
    ['a variant that is unknown', 2, 'PRESET_INVALID', [...BASE, '--variant', 'moon', '--out', 'x']],
    ['a task that is none of the preset', 2, 'TASK_UNKNOWN', [...BASE, '--map', 'corpus=gold', '--out', 'x']],
    ['changes that are none', 2, 'CHANGES_INVALID', [...BASE, '--changes', 'ledger.csv', '--out', 'x']],
    [
      'a ledger that is none',
      2,
      'LEDGER_DAMAGED',
      ['--preset', 'lingoai', ...SPAN, '--contributions', 'broken.csv', '--out', 'x'],
    ],
    ['a target below a file', 5, 'FOLDER_EXISTS', [...BASE, '--out', 'ledger.csv/x']],
  ] as const) {
    it(`names ${what}: exit code ${exitCode}`, async () => {
      await folder.write('broken.csv', 'who,what\n1,2\n');
      const error = await lodeError(exitCode, ['replay', ...args], cwd);
      expect(error.code, error.message).to.equal(code);
    });
  }

  // Linux has a place where even root can make nothing, and there an empty mount point is common.
  const nowhere = existsSync('/proc/self') ? ['/proc/xx', '/proc/xx/yy'] : [];
  const mounts = ['/dev/shm', '/dev/mqueue'].filter((path) => existsSync(path) && readdirSync(path).length === 0);
  for (const out of ['link', ...nowhere, ...mounts]) {
    it(`refuses ${out} as its target before it reads the ledger, and says what to do: exit code 5`, async () => {
      await mkdir(folder.path('linked'), { recursive: true });
      await symlink(folder.path('linked'), folder.path('link')).catch(() => undefined);
      const error = await lodeError(5, ['replay', ...BASE, '--contributions', 'broken.csv', '--out', out], cwd);
      expect(error.code, error.message).to.equal('FOLDER_UNUSABLE');
      expect(error.next).to.contain('name a folder inside it');
    });
  }

  it('makes the folders above its target', async () => {
    const { code, stderr } = await lodeJson(['replay', ...BASE, '--out', 'far/below/out'], cwd);
    expect(code, stderr).to.equal(0);
  });

  it('leaves nothing behind when it fails', async () => {
    await lodeError(2, ['replay', ...BASE, '--variant', 'moon', '--out', 'nothing'], cwd);
    const { stdout } = await lode(['verify', 'nothing'], cwd);
    expect(stdout).to.equal('');
  });
});

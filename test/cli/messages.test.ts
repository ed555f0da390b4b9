import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { parseDeploymentParameters } from '../../deploy/parameters.ts';
import { storyOf } from '../../src/cli/demo/plan.ts';
import { InputError, InvariantError } from '../../src/protocol/errors.ts';
import type { Policy } from '../../src/settlement/policy/policy.ts';
import { policyAt } from '../../src/settlement/policy/policy-at.ts';
import { pick } from '../../src/store/duckdb-session.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { expectCode } from '../support/expect-code.ts';
import { runHere } from '../support/run-here.ts';
import { PRESET, runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ErrorDocument } from './run-lode.ts';
import { LODE } from './run-lode.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FROM = '2023-11-14T22:13:20Z';

/** What a command line that fails says: on stderr in words, on stdout the same as a document. */
async function failure(...args: readonly string[]): Promise<ErrorDocument> {
  const { code, out, err } = await runHere([...args, '--json']);
  const { error } = JSON.parse(out) as { readonly error: ErrorDocument };
  expect(code).to.equal(error.exitCode);
  expect(err).to.contain(`lode: ${error.message}\n`).and.contain(`next: ${error.next}\n`);
  return error;
}

/** How a process ended, and the error that it printed. */
async function ended(child: ChildProcessWithoutNullStreams) {
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (said.out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said.err += piece));
  const [code] = (await once(child, 'close')) as [number];
  const { error } = JSON.parse(said.out) as { readonly error: ErrorDocument };
  return { code, error, err: said.err };
}

/** Codes that the rest of the suite has no other reason to meet. */
describe('what commands say of files and folders', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let account: string;

  before(async () => {
    account = (await runSmallReplay(folder.path('.'))).document.accounts![0]!.account;
  });

  const score = (contributions: string) => [
    ...['score', '--preset', PRESET, '--variant', 'demo', '--from', FROM, '--epoch', '0'],
    ...['--contributions', contributions],
  ];

  /** A copy of the replay with one of its files changed. */
  async function altered(name: string, file: string, change: (text: string) => string): Promise<string> {
    const copy = folder.path(name);
    await cp(folder.path('out'), copy, { recursive: true });
    await writeFile(`${copy}/${file}`, change(await readFile(`${copy}/${file}`, 'utf8')));
    return copy;
  }

  it('ADDRESS_BOOK_INVALID: an address book that is no JSON, or of another format', async () => {
    const book = folder.path('book.json');
    for (const [text, words] of [
      ['{', 'the address book is not JSON'],
      ['{"format":"lode-addresses-v9"}', 'the address book is wrong at /format'],
    ] as const) {
      await writeFile(book, text);
      const error = await failure('doctor', '--addresses', book, '--rpc', 'http://127.0.0.1:1');
      expect(error).to.include({ exitCode: 2, code: 'ADDRESS_BOOK_INVALID' });
      expect(error.message).to.contain(words);
    }
  });

  it('REPORT_INVALID: a file of a report that is broken', async () => {
    const report = await altered('broken', 'epochs/000008/manifest.json', (text) => text.slice(0, 40));
    const error = await failure('proof', '--report', report, '--account', account);
    expect(error).to.include({ exitCode: 2, code: 'REPORT_INVALID' });
    expect(error.message).to.contain('000008/manifest.json');
  });

  it('EXPLAIN_MISMATCH: scores that do not give the leaves of the same report', async () => {
    interface Accounts {
      readonly accounts: { readonly account: string; scores: string[] }[];
    }
    let first = '';
    const report = await altered('doubled', 'epochs/000003/accounts.json', (text) => {
      const document = JSON.parse(text) as Accounts;
      const [one] = document.accounts;
      first = one!.account;
      one!.scores = one!.scores.map((score) => (score === '0' ? '0' : `${BigInt(score) * 3n}`));
      return JSON.stringify(document);
    });
    const error = await failure('explain', '--report', report, '--account', first, '--epoch', '3');
    expect(error).to.include({ exitCode: 2, code: 'EXPLAIN_MISMATCH' });
    expect(error.details).to.deep.equal({ epoch: 3, account: first });
  });

  it('REPLAY_INVALID: what decides a replay is more than its document takes', async () => {
    const map = `${'a'.repeat(101)}=corpus`;
    const error = await failure(
      ...['replay', '--preset', PRESET, '--variant', 'demo', '--contributions', folder.path('ledger.csv')],
      ...['--from', FROM, '--epochs', '1', '--map', map, '--out', folder.path('long')],
    );
    expect(error).to.include({ exitCode: 2, code: 'REPLAY_INVALID' });
  });

  it('ENOTDIR, EISDIR: a path that goes through a file, and a folder in the place of a file', async () => {
    const through = await failure('demo', '--out', folder.path('ledger.csv/demo'));
    expect(through).to.include({ exitCode: 2, code: 'ENOTDIR', message: 'a part of this path is not a folder' });
    const other = await failure('preset', 'check', folder.path('.'));
    expect(other).to.include({ exitCode: 2, code: 'EISDIR', message: 'this is a folder, not a file' });
  });

  it('ELOOP: a link that leads back to itself', async () => {
    await symlink('loop.csv', folder.path('loop.csv'));
    const error = await failure(...score(folder.path('loop.csv')));
    expect(error).to.include({ exitCode: 2, code: 'ELOOP', message: 'this link leads back to itself' });
    expect(error.details).to.deep.equal({ path: folder.path('loop.csv') });
  });

  it('ENAMETOOLONG: a name longer than a file may have', async () => {
    const error = await failure(...score(folder.path('x'.repeat(300))));
    expect(error).to.include({ exitCode: 2, code: 'ENAMETOOLONG' });
  });

  const simulate = ['simulate', '--preset', 'lingoai', '--years', '1', '--json', '--out'];

  it('ENOENT: a file in a folder that is not there', async () => {
    const path = folder.path('nowhere/years.csv');
    expect(await failure(...simulate, path)).to.deep.include({ exitCode: 6, code: 'ENOENT', details: { path } });
  });

  // Where there are no such devices and file systems, nothing else refuses whoever runs the tests, who may be root.
  (existsSync('/dev/full') && existsSync('/sys/kernel') ? it : () => undefined)(
    'ENOSPC, EACCES: a disk that is full, and a folder in which nobody may write',
    async () => {
      expect(await failure(...simulate, '/dev/full')).to.include({ exitCode: 4, code: 'ENOSPC' });
      expect(await failure(...simulate, '/sys/years.csv')).to.include({ exitCode: 5, code: 'EACCES' });
    },
  );

  // A mount of one's own takes a namespace, which not every kernel gives.
  (spawnSync('unshare', ['-Urm', 'true']).status === 0 ? it : () => undefined)(
    'EROFS: a file system that is only read',
    async () => {
      await mkdir(folder.path('disc'));
      const command = `mount -t tmpfs -o ro tmpfs "$0" && exec "$@"`;
      const args = [...simulate, folder.path('disc/years.csv')];
      const child = spawn(
        'unshare',
        ['-Urm', 'sh', '-c', command, folder.path('disc'), process.execPath, LODE, ...args],
        {
          env: { ...process.env, NODE_OPTIONS: '' },
        },
      );
      const { code, error } = await ended(child);
      expect({ code, error: error.code }).to.deep.equal({ code: 5, error: 'EROFS' });
    },
  );

  it('EMFILE: no file can be opened any more', async () => {
    // The command is run once, so that all of it is loaded, and again when every handle of the process is taken.
    const text = `
      import { openSync } from 'node:fs';
      import { runHere } from './test/support/run-here.ts';
      const args = ${JSON.stringify([...score(folder.path('ledger.csv')), '--json'])};
      const before = await runHere(args);
      try { for (;;) openSync('/dev/null'); } catch {}
      const { code, out } = await runHere(args);
      process.exitCode = before.code === 0 ? code : 99;
      process.stdout.write(out);`;
    await writeFile(folder.path('full.mjs'), text.replace('./test', `${ROOT}test`));
    const command = `ulimit -n 200 && exec "$0" --import tsx "$1"`;
    const child = spawn('sh', ['-c', command, process.execPath, folder.path('full.mjs')], { cwd: ROOT });
    const { code, error } = await ended(child);
    expect(code).to.equal(4);
    expect(error).to.include({ exitCode: 4, code: 'EMFILE' });
  });
});

describe('what parts of the program say that commands look at before', () => {
  const folder = temporaryFolder();

  it('REPORT_PATH: a report that writes outside of its folder', async () => {
    for (const path of ['../a.json', '/a.json', 'shards/../../a.json']) {
      await expectCode(writeFiles(folder.path('report'), new Map([[path, new Uint8Array()]])), 'REPORT_PATH');
    }
  });

  it('PARAMETERS_INVALID: a file of a deployment that is no JSON, or of another format', () => {
    for (const [text, words] of [
      ['{', /is not JSON/],
      ['{"format":"lode-deployment-v9"}', /is wrong at \/format/],
    ] as const) {
      expect(() => parseDeploymentParameters(text))
        .to.throw(InputError, words)
        .with.property('code', 'PARAMETERS_INVALID');
    }
  });

  it('DEMO_TOO_SHORT: a story without room for its steps', () => {
    expect(() => storyOf(9))
      .to.throw(InputError)
      .with.property('code', 'DEMO_TOO_SHORT');
    expect(storyOf(10).firstClaim).to.equal(5);
  });

  it('POLICY_GAP: a policy that lacks an epoch', () => {
    const policy = { segments: [{ from: 3, until: 5 }] } as unknown as Policy; // nothing else is looked at
    for (const epoch of [2, 5]) {
      expect(() => policyAt(policy, epoch))
        .to.throw(InvariantError)
        .with.property('code', 'POLICY_GAP');
    }
    expect(policyAt(policy, 4)).to.equal(policy.segments[0]);
  });

  it('SQL_INDEX: a number of a result that stands for nothing', () => {
    expect(pick(['a', 'b'], 1n)).to.equal('b');
    for (const index of [2n, -1n]) {
      expect(() => pick(['a', 'b'], index))
        .to.throw(InvariantError)
        .with.property('code', 'SQL_INDEX');
    }
  });
});

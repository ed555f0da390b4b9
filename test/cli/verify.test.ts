import { appendFile, cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { run } from '../../src/cli/run.ts';
import type { Verification } from '../../src/store/verify-replay.ts';
import { runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

describe('lode verify', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let cwd: string;
  let input: string;

  before(async () => {
    cwd = folder.path('.');
    const { document } = await runSmallReplay(cwd);
    input = `inputs/${document.request.contributions[0]!}`;
  });

  it('finds a whole replay equal, from another folder too, in words and as JSON', async () => {
    const [words, json] = await Promise.all([lode(['verify', folder.path('out')]), lodeJson(['verify', 'out'], cwd)]);
    expect(words.code).to.equal(0);
    expect(words.stdout).to.contain('9 epochs recomputed, every byte is as it must be');
    expect(json).to.deep.include({ code: 0, json: { equal: true, difference: null, epochs: 9 } });
  });

  it('says of reports without their ledger that they follow from the scores that they state', async () => {
    await cp(folder.path('out/epochs'), folder.path('published/epochs'), { recursive: true });
    for (const path of ['out/epochs/000004', 'published']) {
      const { code, stdout } = await lode(['verify', path], cwd);
      expect({ code, claims: stdout.includes('as it must be') }).to.deep.equal({ code: 0, claims: false });
      expect(stdout).to.contain('recomputed from the scores it states');
    }
  });

  it("finds one epoch's report and a folder of bare reports equal", async () => {
    await mkdir(folder.path('bare'));
    await cp(folder.path('out/epochs'), folder.path('bare/epochs'), { recursive: true });
    const runs = await Promise.all(['out/epochs/000004', 'bare'].map((path) => lodeJson(['verify', path], cwd)));
    for (const { code, json } of runs)
      expect({ code, equal: (json as Verification).equal }).to.deep.equal({ code: 0, equal: true });
  });

  for (const [what, file, tamper] of [
    ['a byte more', () => 'epochs/000003/accounts.json', (path: string) => appendFile(path, ' ')],
    ['an amount that was changed', () => 'epochs/000005/manifest.json', changeDigit],
    ['a file cut short', () => 'epochs/000002/shards/0.json', (path: string) => truncate(path, 100)],
    ['a file that is missing', () => 'rejects.json', (path: string) => rm(path)],
    ['a file too many', () => 'epochs/000001/extra.json', (path: string) => writeFile(path, '{}')],
    ['an input that was changed', () => input, (path: string) => appendFile(path, '\n')],
    ['a replay document that is none', () => 'replay.json', (path: string) => writeFile(path, '[')],
    ['a link in place of a file', () => 'epochs/000000/rejects.json', link],
  ] as const) {
    it(`names ${what}: exit code 3`, async () => {
      await rm(folder.path('copy'), { recursive: true, force: true });
      await cp(folder.path('out'), folder.path('copy'), { recursive: true });
      await tamper(folder.path(join('copy', file())));
      const { code, json, stderr } = await lodeJson(['verify', 'copy'], cwd);
      const { equal, difference } = json as Verification;
      expect({ code, equal, file: difference?.file }, stderr).to.deep.equal({ code: 3, equal: false, file: file() });
    });
  }

  for (const [what, text] of [
    ['lists', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ] as const) {
    for (const path of ['manifest.json', 'accounts.json', 'rejects.json', 'shards/0.json']) {
      it(`names ${path} when it nests ${what} without end, in a replay and in a report alone: exit code 3`, async () => {
        await rm(folder.path('deep'), { recursive: true, force: true });
        await cp(folder.path('out'), folder.path('deep'), { recursive: true });
        await writeFile(folder.path(`deep/epochs/000003/${path}`), text);
        const [whole, alone] = await Promise.all(
          ['deep', 'deep/epochs/000003'].map((at) => lodeJson(['verify', at], cwd)),
        );
        const fileIn = ({ json }: { readonly json: unknown }) => (json as Verification).difference?.file;
        expect({ code: whole!.code, file: fileIn(whole!) }).to.deep.equal({ code: 3, file: `epochs/000003/${path}` });
        expect({ code: alone!.code, file: fileIn(alone!) }).to.deep.equal({ code: 3, file: path });
      });
    }

    it(`names replay.json and rejects.json when they nest ${what} without end: exit code 3`, async () => {
      for (const path of ['replay.json', 'rejects.json']) {
        await rm(folder.path('deep'), { recursive: true, force: true });
        await cp(folder.path('out'), folder.path('deep'), { recursive: true });
        await writeFile(folder.path(`deep/${path}`), text);
        const { code, json } = await lodeJson(['verify', 'deep'], cwd);
        expect({ code, file: (json as Verification).difference?.file }).to.deep.equal({ code: 3, file: path });
      }
    });
  }

  it('tells who names epochs/ itself to name the folder that holds it', async () => {
    const error = await lodeError(2, ['verify', 'out/epochs'], cwd);
    expect(error.code).to.equal('NOT_A_REPORT');
    expect(error.next).to.equal(`name the folder that holds epochs/: ${folder.path('out')}`);
  });

  for (const [what, exitCode, code, path] of [
    ['no such folder', 6, 'FOLDER_MISSING', 'nowhere'],
    ['a file', 2, 'OPTION_INVALID', 'ledger.csv'],
    ['a folder that is no report', 2, 'NOT_A_REPORT', '.'],
    ['a report without the one before', 6, 'PARENT_MISSING', 'alone/000004'],
  ] as const) {
    it(`says when it is given ${what}: exit code ${exitCode}`, async () => {
      await cp(folder.path('out/epochs/000004'), folder.path('alone/000004'), { recursive: true });
      expect((await lodeError(exitCode, ['verify', path], cwd)).code).to.equal(code);
    });
  }
});

describe('lode verify --from-chain', () => {
  const node = ['--rpc', 'http://127.0.0.1:1'];
  for (const [what, args] of [
    ['a folder as well', ['out', '--from-chain']],
    ['no address book', ['--from-chain', ...node, '--reports', '.']],
    ['no node', ['--from-chain', '--addresses', 'book.json', '--reports', '.']],
    ['no place of reports', ['--from-chain', '--addresses', 'book.json', ...node]],
    ['what belongs to it without it', ['.', '--reports', '.']],
    ['nothing at all', []],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const said = { stdout: '', stderr: '' };
      const code = await run(['verify', ...args, '--json'], {
        out: (text) => (said.stdout += text),
        err: (text) => (said.stderr += text),
        ...{ isTerminal: false, columns: 80, cwd: '/' },
      });
      const { error } = JSON.parse(said.stdout) as { readonly error: ErrorDocument };
      expect({ code, error: error.code }).to.deep.equal({ code: 2, error: 'OPTION_INVALID' });
      expect(error.message).not.to.contain("''");
    });
  }
});

async function changeDigit(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace(/"granted":"(\d)/, (_, digit: string) => `"granted":"${digit === '1' ? '2' : '1'}`),
  );
}

async function link(path: string): Promise<void> {
  const bytes = await readFile(path);
  await rm(path);
  await writeFile(`${path.replace('/copy/', '/')}.target`, bytes).catch(() => undefined);
  await symlink('/dev/null', path);
}

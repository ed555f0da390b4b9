import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';

import { expect } from 'chai';

import { PRESET, runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { LODE, startLode } from './run-lode.ts';

describe('lode and the shell', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  it('takes it that the reader of its output went away', async () => {
    const { document } = await runSmallReplay(folder.path('.'));
    const account = document.accounts![0]!.account;
    const child = startLode(['explain', '--report', folder.path('out'), '--account', account, '--epoch', '8']);
    child.stdout.destroy();
    let words = '';
    child.stderr.on('data', (text: Buffer) => (words += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, words }).to.deep.equal({ code: 0, words: '' });
  });

  // A machine without this device has no other disk that is full.
  (existsSync('/dev/full') ? it : () => undefined)(
    'says that its output cannot be written, and ends with 4',
    async () => {
      const full = openSync('/dev/full', 'w');
      try {
        const { account } = (await runSmallReplay(folder.path('.'), 'full')).document.accounts![0]!;
        for (const args of [
          ['proof', '--report', folder.path('full'), '--account', account, '--json'],
          ['proof', '--report', folder.path('nowhere'), '--account', account, '--json'],
          ['--help'],
        ]) {
          const child = spawn(process.execPath, [LODE, ...args], { stdio: ['ignore', full, 'pipe'] });
          let words = '';
          child.stderr?.on('data', (text: Buffer) => (words += text.toString()));
          const [code] = (await once(child, 'close')) as [number];
          expect(code, words).to.equal(4);
          expect(words).to.contain('lode: the result could not be written to stdout: ').and.contain('ENOSPC');
          expect(words).to.contain('next: ').and.not.contain('    at ');
        }
      } finally {
        closeSync(full);
      }
    },
  );

  it('ends with 130 when a Node that is too old gets the signal, and the one that it started does not', async () => {
    // What bin/lode.mjs sees under a Node that is too old: it starts itself again with the bundled one.
    const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })";
    const ledger = folder.path('ledger.csv');
    const args = ['replay', '--preset', PRESET, '--contributions', ledger, '--from', '2023-11-14T22:13:20Z'];
    const rest = ['--epochs', '100000', '--out', folder.path('old')];
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${old}`, LODE, ...args, ...rest], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code, words } = await interrupted(child);
    expect(code, words).to.equal(130);
    expect(words).to.contain('lode: stopped');
    expect(existsSync(folder.path('old'))).to.be.false;
  });
});

/** Sends Ctrl-C as soon as the ledger is being read, and waits for the end. */
async function interrupted(child: ChildProcess): Promise<{ code: number; words: string }> {
  let words = '';
  child.stderr?.on('data', (text: Buffer) => {
    words += text.toString();
    if (words.includes('reading') && !child.killed) child.kill('SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, words };
}

import { existsSync } from 'node:fs';
import { once } from 'node:events';

import { expect } from 'chai';

import { PRESET, runSmallReplay } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startLode } from './run-lode.ts';

describe('lode and the shell', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('takes it that the reader of its output went away', async () => {
    const { document } = await runSmallReplay(folder.path('.'));
    const account = document.accounts[0]!.account;
    const child = startLode(['explain', '--report', folder.path('out'), '--account', account, '--epoch', '8']);
    child.stdout.destroy();
    let words = '';
    child.stderr.on('data', (text: Buffer) => (words += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, words }).to.deep.equal({ code: 0, words: '' });
  });

  it('ends with 130 on Ctrl-C, and its folder is not there', async () => {
    const ledger = folder.path('ledger.csv');
    const span = ['--from', '2023-11-14T22:13:20Z', '--epochs', '100000'];
    const child = startLode([
      'replay',
      '--preset',
      PRESET,
      '--contributions',
      ledger,
      ...span,
      '--out',
      folder.path('cut'),
    ]);
    let words = '';
    child.stderr.on('data', (text: Buffer) => {
      words += text.toString();
      if (words.includes('reading') && !child.killed) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code, words).to.equal(130);
    expect(existsSync(folder.path('cut'))).to.be.false;
  });
});

import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { temporaryFolder } from '../support/temporary-folder.ts';
import { lodeError, lodeJson } from './run-lode.ts';

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface DemoDocument {
  readonly from: number;
  readonly epochs: readonly unknown[];
  readonly checks: readonly { readonly claim: string; readonly held: boolean }[];
  readonly events: readonly { readonly text: string }[];
  readonly totals: Readonly<Record<string, string>>;
}

describe('lode demo with a preset and ledger of one’s own', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();

  for (const { preset, files, epochs } of [
    { preset: 'langx', files: ['messages.csv', 'online.csv'], epochs: 10 },
    // It has a foundation, units sold in advance, a law with a price, usage: all of it without the preset's own scene.
    { preset: 'lingopod', files: ['translation.csv', 'voice-corpus.csv'], epochs: 40 },
  ]) {
    it(`runs the protocol on a copy of ${preset} and pays what people of the ledger earn`, async () => {
      await copyFile(repository(`presets/${preset}/preset.jsonc`), folder.path('mine.jsonc'));
      const ledger = files.map((file) => repository(`examples/${preset}/${file}`));
      const accounts = repository(`examples/${preset}/accounts.csv`);
      const args = ['demo', '--preset', 'mine.jsonc', '--contributions', ...ledger, '--accounts', accounts];
      const { code, json, stderr } = await lodeJson(
        [...args, '--epochs', `${epochs}`, '--out', preset],
        folder.path('.'),
      );
      expect(code, stderr).to.equal(0);
      const demo = json as DemoDocument;
      expect(demo.checks.filter(({ held }) => !held)).to.deep.equal([]);
      expect(demo.epochs).to.have.length(epochs);
      expect(demo.from % 86_400).to.equal(0);
      expect(BigInt(demo.totals['granted']!) > 0n && BigInt(demo.totals['claimed']!) > 0n).to.be.true;
      const told = demo.events.map(({ text }) => text).join('\n');
      expect(told).to.contain('claims for the first time').and.contain('One transaction claims for');
      expect(told).to.contain('only signs; somebody else sends it');
    });
  }

  it('says what to do without a ledger, and refuses options that need one', async () => {
    await copyFile(repository('presets/langx/preset.jsonc'), folder.path('mine.jsonc'));
    const error = await lodeError(6, ['demo', '--preset', './mine.jsonc'], folder.path('.'));
    expect(error.message).to.contain("no example ledger for './mine.jsonc'").and.contain('examples/');
    expect(error.next).to.contain('--contributions').and.contain('lode simulate --preset ./mine.jsonc');
    const lone = await lodeError(2, ['demo', '--preset', 'langx', '--from', '2025-01-01'], folder.path('.'));
    expect(lone.details).to.include({ option: '--from', given: '2025-01-01' });
  });
});

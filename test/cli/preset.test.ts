import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { PRESETS, presetText } from '../support/presets.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

const folder = mkdtempSync(join(tmpdir(), 'lode-preset-'));
after(() => {
  rmSync(folder, { recursive: true });
});

describe('lode presets', () => {
  it('lists the four with their totals and variants', async () => {
    const { code, json } = await lodeJson(['presets']);
    const { presets } = json as { presets: { name: string; total: string; variants: { name: string }[] }[] };
    expect(code).to.equal(0);
    expect(presets.map(({ name, total, variants }) => [name, total, variants.map((one) => one.name)])).to.deep.equal([
      ['langx', `36500000${'0'.repeat(18)}`, ['verified', 'strict']],
      ['lingoai', `45000000000${'0'.repeat(18)}`, ['verified', 'demo']],
      ['lingopod', `16500000000${'0'.repeat(18)}`, ['demo', 'calibrated', 'published', 'devices']],
      ['tnet', `6000000000${'0'.repeat(18)}`, ['registered']],
    ]);
  });

  it('says so in words', async () => {
    const { code, stdout } = await lode(['presets']);
    expect(code).to.equal(0);
    for (const name of PRESETS) expect(stdout).to.match(new RegExp(`^${name} `, 'm'));
  });
});

describe('lode preset show', () => {
  it('gives every value with path and source', async () => {
    const { code, json } = await lodeJson(['preset', 'show', 'langx', '--variant', 'strict']);
    const { variant, values } = json as { variant: string; values: { path: string }[] };
    expect({ code, variant }).to.deep.equal({ code: 0, variant: 'strict' });
    expect(values.find(({ path }) => path === '/curve/amount')).to.deep.equal({
      path: '/curve/amount',
      value: '10000',
      source: 'published',
      why: 'A fixed daily amount.',
    });
    expect(values.find(({ path }) => path === '/accountCap')).to.include({ value: '1%', source: 'assumed' });
  });

  it('prints sections with sources and reasons', async () => {
    const { stdout } = await lode(['preset', 'show', 'lingopod']);
    expect(stdout).to.match(/^law\.a +0\.9883333339127566 +published +\[\d+\]$/m);
    expect(stdout).to.match(/^law\.alpha +0\.3 +assumed +\[\d+\]$/m);
    expect(stdout).to.contain('  published: First month and decline as printed.');
  });

  it('names the variants that there are, at no line of the file', async () => {
    const error = await lodeError(2, ['preset', 'show', 'langx', '--variant', 'foo']);
    expect(error.message).to.equal('preset: no variant is called foo; there are: verified, strict');
  });

  it('names the presets that there are', async () => {
    const error = await lodeError(6, ['preset', 'show', 'lingo']);
    expect(error.code).to.equal('PRESET_UNKNOWN');
    expect(error.details['presets']).to.deep.equal([...PRESETS].sort());
  });
});

describe('lode preset check', () => {
  it('checks file and variants, and ends with 0 although there are contradictions', async () => {
    const { code, json } = await lodeJson(['preset', 'check', 'lingopod']);
    const { ok, checks } = json as { ok: boolean; checks: { variant: string | null }[] };
    expect({ code, ok }).to.deep.equal({ code: 0, ok: true });
    expect(checks.map(({ variant }) => variant)).to.deep.equal([null, 'demo', 'calibrated', 'published', 'devices']);
  });

  it('names contradictions and gaps in words', async () => {
    const { stdout } = await lode(['preset', 'check', 'lingopod']);
    expect(stdout).to.contain('4,250,000,000 of the announced 16,500,000,000 are never emitted');
    expect(stdout).to.contain('38,500,000,000 have no published curve');
    expect(stdout).to.match(
      /variant devices: can be deployed, as without it, but for:\n {2}falls away\n {4}warning: The reserve's law/,
    );
    expect(stdout).to.contain('variant calibrated: can be deployed, nothing else to say than without it');
  });

  it('ends with 2 when it cannot be deployed, and lists every problem with its line', async () => {
    const path = join(folder, 'mine.jsonc');
    const text = presetText('tnet').replace('"id": "2",', '"id": 2,').replace('"6000000000"', '"six"');
    writeFileSync(path, text);
    const { code, stdout } = await lode(['preset', 'check', path]);
    expect(code).to.equal(2);
    const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
    expect(stdout).to.contain(`line ${lineOf('"id": 2,')}, /tasks/1/id: expected a whole number`);
    expect(stdout).to.contain(`line ${lineOf('"total"')}, /curve/total: expected an amount of tokens`);
    const { json } = await lodeJson(['preset', 'check', path, '--variant', 'registered']);
    expect(json).to.include({ ok: false });
  });

  it('ends with 2 for a variant that does not exist', async () => {
    const { code, json } = await lodeJson(['preset', 'check', 'tnet', '--variant', 'none']);
    const { checks } = json as { checks: { problems: { reason: string }[] }[] };
    expect(code).to.equal(2);
    expect(checks[0]?.problems[0]?.reason).to.equal('no variant is called none; there are: registered');
  });
});

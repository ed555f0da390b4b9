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

const half = 5n * 10n ** 17n;

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

  describe('with a task that was added', () => {
    // A preset of three tasks whose policy already has rules for the fourth.
    const three = { ...parameters, tasks: parameters.tasks.slice(0, 3) };
    const economy = {
      ...parameters.economy,
      tasks: [{ from: 0, value: three.tasks.map(({ id }, at) => ({ task: id, weight: at === 0 ? half : half / 2n })) }],
      policy: [{ from: 0, value: { hash: preset.policy.hash, minScores: [7n, 7n, 7n] } }],
    };
    const given = { ...three, economy, taskMap: new Map(three.tasks.map(({ name }) => [name, name])) };
    const with4 = (changes: object) =>
      withChanges(given, parseChanges(JSON.stringify({ format: 'lode-changes-v1', ...changes })));
    const added = [{ id: 9, name: fourth }];

    it('count it from the table on that names it, with a minimum score of 1', () => {
      const weights = [{ from: 5, tasks: table(400, 300, 200, 100) }];
      const changed = with4({ tasks: added, weights });
      expect(valueAt(changed.economy.tasks, 4)).to.have.length(3);
      expect(valueAt(changed.economy.tasks, 5).at(-1)).to.deep.equal({ task: 9, weight: 10n ** 17n });
      expect(valueAt(changed.economy.policy, 4).minScores).to.deep.equal([7n, 7n, 7n]);
      expect(valueAt(changed.economy.policy, 5).minScores).to.deep.equal([7n, 7n, 7n, 1n]);
      expect(changed.taskMap.get(fourth)).to.equal(fourth);
      expect(changed.tasks.at(-1)?.id).to.equal(9);
    });

    it('keep it: a later table must name it again', () => {
      const { [fourth]: _, ...later } = table(400, 300, 300, 0);
      const weights = [
        { from: 5, tasks: table(400, 300, 200, 100) },
        { from: 6, tasks: later },
      ];
      expect(faultOf(() => with4({ tasks: added, weights }))).to.equal(`/weights/1/tasks/${fourth}`);
    });

    for (const [what, tasks, path] of [
      ['an id that is taken', [{ id: parameters.tasks[0]!.id, name: fourth }], '/tasks/0/id'],
      ['a name that is taken', [{ id: 9, name: first }], '/tasks/0/name'],
      ['a task without rules', [{ id: 9, name: 'juggling' }], '/tasks/0/name'],
      ['an id of 0', [{ id: 0, name: fourth }], '/tasks/0/id'],
    ] as const) {
      it(`refuse ${what}`, () => {
        expect(faultOf(() => with4({ tasks }))).to.equal(path);
      });
    }
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
    ['a deposit of nothing', { deposits: [{ epoch: 3, amount: '0' }] }, '/deposits/0/amount'],
    ['deposits out of order', { deposits: [4, 4].map((epoch) => ({ epoch, amount: '1' })) }, '/deposits'],
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

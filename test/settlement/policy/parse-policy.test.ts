import { expect } from 'chai';

import { InputError } from '../../../src/protocol/errors.ts';
import { keccak256 } from '../../../src/protocol/keccak.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { NO_MULTIPLIERS } from '../../../src/settlement/policy/lay-multipliers.ts';
import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import { minimumScores, policyAt, policyMeasures } from '../../../src/settlement/policy/policy-at.ts';
import { faultOf } from './policy-fault.ts';

const voice = { minimumScore: '1', measures: { units: { points: '2' } } };
const document = (changes: object = {}) => ({ format: 'lode-policy-v1', tasks: { voice }, ...changes });
const task = (changes: object) => document({ tasks: { voice: { ...voice, ...changes } } });
const overlays = (...list: object[]) => document({ overlays: list });

describe('parsePolicy', () => {
  it('reads every rule exactly', () => {
    const policy = parsePolicy(
      document({
        decimals: '2',
        tasks: {
          voice: { minimumScore: '10.5', dailyCap: '99.5', measures: { units: { points: '0.000001', dailyCap: '7' } } },
        },
        acceleration: { perUse: '0.01' },
      }),
    );
    expect(policy.decimals).to.equal(2);
    expect(policy.segments).to.have.length(1);
    const { tasks, perUse, from, until } = policyAt(policy, 12_345);
    expect([from, until, perUse]).to.deep.equal([0, 2 ** 32, 10n ** 16n]);
    expect(tasks.get('voice')).to.deep.equal({
      minimumScore: 1_050n,
      dailyCap: 99_500_000n,
      measures: new Map([['units', { points: 1n, dailyCap: 7n }]]),
      multipliers: NO_MULTIPLIERS,
      usage: undefined,
    });
  });

  for (const [what, data, path] of [
    ['nothing', undefined, 'policy'],
    ['a list', [], 'policy'],
    ['another format', document({ format: 'lode-policy-v2' }), 'policy.format'],
    ['an unknown key', document({ bonus: '1' }), 'policy.bonus'],
    ['an unknown key of a task', task({ streak: {} }), 'policy.tasks.voice.streak'],
    [
      'an unknown key of a measure',
      task({ measures: { units: { points: '1', cap: '2' } } }),
      'policy.tasks.voice.measures.units.cap',
    ],
    ['no task', document({ tasks: {} }), 'policy.tasks'],
    ['a task without measures', task({ measures: {} }), 'policy.tasks.voice.measures'],
    ['a number that is not in quotes', task({ minimumScore: 1 }), 'policy.tasks.voice.minimumScore'],
    ['no minimum score', task({ minimumScore: undefined }), 'policy.tasks.voice.minimumScore'],
    ['a minimum score of zero', task({ minimumScore: '0' }), 'policy.tasks.voice.minimumScore'],
    ['a minimum score finer than scores', task({ minimumScore: '0.5' }), 'policy.tasks.voice.minimumScore'],
    ['a minimum score of 2^96', task({ minimumScore: `${2n ** 96n}` }), 'policy.tasks.voice.minimumScore'],
    ['negative points', task({ measures: { units: { points: '-1' } } }), 'policy.tasks.voice.measures.units.points'],
    ['an exponent', task({ measures: { units: { points: '1e3' } } }), 'policy.tasks.voice.measures.units.points'],
    [
      'too many decimals',
      task({ measures: { units: { points: '0.0000001' } } }),
      'policy.tasks.voice.measures.units.points',
    ],
    [
      'another spelling of a number',
      task({ measures: { units: { points: '1.50' } } }),
      'policy.tasks.voice.measures.units.points',
    ],
    [
      'points beyond the bound',
      task({ measures: { units: { points: '1000000000.1' } } }),
      'policy.tasks.voice.measures.units.points',
    ],
    ['a cap of zero', task({ dailyCap: '0' }), 'policy.tasks.voice.dailyCap'],
    ['a cap of null outside an overlay', task({ dailyCap: null }), 'policy.tasks.voice.dailyCap'],
    [
      'a fraction of a unit as cap',
      task({ measures: { units: { points: '1', dailyCap: '0.5' } } }),
      'policy.tasks.voice.measures.units.dailyCap',
    ],
    ['a task with capitals', document({ tasks: { Voice: voice } }), 'policy.tasks.Voice'],
    ['too many decimals of scores', document({ decimals: '7' }), 'policy.decimals'],
    ['an acceleration above all', document({ acceleration: { perUse: '1.1' } }), 'policy.acceleration.perUse'],
    ['overlays that overlap', overlays({ from: '5', until: '9' }, { from: '8' }), 'policy.overlays[1].from'],
    ['an overlay after an endless one', overlays({ from: '5' }, { from: '8' }), 'policy.overlays[1].from'],
    ['an overlay that ends before it acts', overlays({ from: '5', until: '5' }), 'policy.overlays[0].until'],
    [
      'a new task without a minimum score',
      overlays({ from: '5', tasks: { text: { measures: voice.measures } } }),
      'policy.overlays[0].tasks.text.minimumScore',
    ],
    [
      'a new task without measures',
      overlays({ from: '5', tasks: { text: { minimumScore: '1' } } }),
      'policy.overlays[0].tasks.text.measures',
    ],
    [
      'a new measure without points',
      overlays({ from: '5', tasks: { voice: { measures: { pages: {} } } } }),
      'policy.overlays[0].tasks.voice.measures.pages.points',
    ],
    [
      'a measure to take away that is not there',
      overlays({ from: '5', tasks: { voice: { measures: { pages: null } } } }),
      'policy.overlays[0].tasks.voice.measures.pages',
    ],
    [
      'the last measure taken away',
      overlays({ from: '5', tasks: { voice: { measures: { units: null } } } }),
      'policy.overlays[0].tasks.voice.measures',
    ],
  ] as const) {
    it(`refuses ${what} and names the place`, () => {
      expect(faultOf(data)).to.equal(path);
    });
  }

  it('names the place in the file that the policy stands in', () => {
    expect(() => parsePolicy({}, 'preset.policy'))
      .to.throw(InputError)
      .with.nested.property('details.path', 'preset.policy.format');
  });
});

describe('policyHash', () => {
  it('is the keccak-256 of the canonical JSON of the file', () => {
    const text =
      '{"format":"lode-policy-v1","tasks":{"voice":{"measures":{"units":{"points":"2"}},"minimumScore":"1"}}}';
    expect(parsePolicy(document()).hash).to.equal(bytesToHex(keccak256(new TextEncoder().encode(text))));
  });

  it('depends on what the file says, not on the order of its keys', () => {
    const turned = { tasks: { voice: { measures: voice.measures, minimumScore: '1' } }, format: 'lode-policy-v1' };
    expect(parsePolicy(turned).hash).to.equal(parsePolicy(document()).hash);
    expect(parsePolicy(task({ minimumScore: '2' })).hash).not.to.equal(parsePolicy(document()).hash);
  });
});

describe('overlays', () => {
  const policy = parsePolicy({
    ...document({ acceleration: { perUse: '0.01' } }),
    overlays: [
      { from: '10', until: '20', tasks: { voice: { dailyCap: '5', measures: { pages: { points: '3' } } } } },
      {
        from: '30',
        tasks: { voice: { measures: { units: { points: '4' } } }, text: { ...voice, minimumScore: '9' } },
        acceleration: null,
      },
    ],
  });
  const pointsAt = (epoch: number) =>
    Object.fromEntries(
      [...(policyAt(policy, epoch).tasks.get('voice')?.measures ?? [])].map(([name, { points }]) => [name, points]),
    );

  it('act from their first epoch until the one at their end, over the policy itself', () => {
    expect(policy.segments.map(({ from, until }) => [from, until])).to.deep.equal([
      [0, 10],
      [10, 20],
      [20, 30],
      [30, 2 ** 32],
    ]);
    expect([9, 10, 19, 20, 30].map(pointsAt)).to.deep.equal([
      { units: 2_000_000n },
      { units: 2_000_000n, pages: 3_000_000n },
      { units: 2_000_000n, pages: 3_000_000n },
      { units: 2_000_000n },
      { units: 4_000_000n },
    ]);
    expect([19, 20].map((epoch) => policyAt(policy, epoch).tasks.get('voice')?.dailyCap)).to.deep.equal([
      5_000_000n,
      undefined,
    ]);
    expect([29, 30].map((epoch) => policyAt(policy, epoch).perUse)).to.deep.equal([10n ** 16n, 0n]);
  });

  it('give the minimum scores and measures of their tasks', () => {
    expect(minimumScores(policy, 30, ['voice', 'text'])).to.deep.equal([1n, 9n]);
    expect(() => minimumScores(policy, 29, ['text']))
      .to.throw(InputError)
      .with.property('code', 'POLICY_TASK_MISSING');
    expect(policyMeasures(policy)).to.deep.equal(
      new Map([
        ['voice', new Set(['units', 'pages'])],
        ['text', new Set(['units'])],
      ]),
    );
  });
});

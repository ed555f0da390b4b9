import { expect } from 'chai';

import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import { policyAt, policyAttributes } from '../../../src/settlement/policy/policy-at.ts';

const measures = { units: { points: '1' } };
const scarce = { window: '13', reference: '0.05', most: '3', unseen: '1' };
const quality = { attribute: 'quality', unrated: '1', levels: { gold: '1.5' } };
const file = (multipliers: object, more: object = {}) => ({
  format: 'lode-policy-v1',
  tasks: { messages: { minimumScore: '1', measures, multipliers } },
  ...more,
});
const withValues = (values: unknown) => file({ scarcity: { language: { ...scarce, values } } });
const list = (count: number) => Array.from({ length: count }, (_, index) => `l${index}`);

describe('the values that can be rare', () => {
  const of = (data: object) => policyAt(parsePolicy(data), 0).tasks.get('messages')?.multipliers.scarcity;

  it('are a set, or all', () => {
    expect(of(withValues(['ta', 'ca', 'Old Norse']))?.get('language')?.values).to.deep.equal(
      new Set(['ta', 'ca', 'Old Norse']),
    );
    expect(of(file({ scarcity: { language: scarce } }))?.get('language')?.values).to.equal(undefined);
  });

  it('are at most 1000, of at most 64 characters', () => {
    expect(of(withValues(list(1000)))?.get('language')?.values?.size).to.equal(1000);
    expect(of(withValues(['x'.repeat(64)]))?.get('language')?.values?.size).to.equal(1);
  });

  for (const [what, values, at] of [
    ['none', [], ''],
    ['1001', list(1001), ''],
    ['one twice', ['ta', 'ca', 'ta'], '[2]'],
    ['an empty one', ['ta', ''], '[1]'],
    ['a long one', ['x'.repeat(65)], '[0]'],
    ['an invisible character', ['ta\u200b'], '[0]'],
    ['something else than a list', 'ta', ''],
  ] as const) {
    it(`are refused with ${what}, with the place in the file`, () => {
      const path = `policy.tasks.messages.multipliers.scarcity.language.values${at}`;
      let fault: unknown;
      try {
        parsePolicy(withValues(values));
      } catch (error) {
        fault = error;
      }
      expect(fault).to.have.nested.property('details.path', path);
    });
  }
});

describe('policyAttributes', () => {
  it('names what each phase reads, by its time and task', () => {
    const policy = parsePolicy(
      file(
        { scarcity: { language: scarce } },
        {
          overlays: [
            { from: '5', until: '9', tasks: { messages: { multipliers: { quality, scarcity: { domain: scarce } } } } },
          ],
        },
      ),
    );
    const of = (...names: readonly string[]) => new Map([['messages', new Set(names)]]);
    expect(policyAttributes(policy, { start: 1_000, length: 7 })).to.deep.equal([
      { from: 1_000, ofTask: of('language') },
      { from: 1_035, ofTask: of('quality', 'domain', 'language') },
      { from: 1_063, ofTask: of('language') },
    ]);
  });
});

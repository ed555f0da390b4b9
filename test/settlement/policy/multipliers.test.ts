import { expect } from 'chai';

import { parsePolicy } from '../../../src/settlement/policy/parse-policy.ts';
import { policyAt, policyRatings } from '../../../src/settlement/policy/policy-at.ts';
import { faultOf } from './policy-fault.ts';

const measures = { text: { points: '10', dailyCap: '100' }, online: { points: '0', dailyCap: '120' } };
const task = { minimumScore: '1', measures };
const document = (changes: object = {}) => ({ format: 'lode-policy-v1', tasks: { messages: task }, ...changes });
const withTask = (changes: object) => document({ tasks: { messages: { ...task, ...changes } } });
const withMultipliers = (multipliers: object) => withTask({ multipliers });

const quality = { attribute: 'quality', unrated: '1', levels: { gold: '1.5', poor: '0' } };
const scarce = { window: '13', reference: '0.05', most: '3', unseen: '1' };
const badges = { factors: { Fundamental: '2', 'Early-Adopter': '0.5' }, most: '4' };
const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/** The rules of the only task in an epoch. */
function rulesAt(data: object, epoch = 0) {
  const rules = policyAt(parsePolicy(data), epoch).tasks.get('messages');
  if (rules === undefined) throw new Error('no such task');
  return rules;
}

describe('a policy with multipliers', () => {
  it('reads every multiplier in millionths, names in rising order', () => {
    const { multipliers, usage } = rulesAt(
      withTask({
        multipliers: {
          quality,
          scarcity: { language: scarce, domain: { ...scarce, reference: '1' } },
          measured: { online: { per: '120' } },
          streak: { per: '10', most: '30' },
          badges,
          consistency: { epochs: '8', bonus: '0.5' },
          loyalty: { epochs: '260', bonus: '0.01', most: '2' },
        },
        usage: { points: '0.5', epochCap: '100' },
      }),
    );
    expect(multipliers).to.deep.equal({
      quality: {
        attribute: 'quality',
        unrated: 1_000_000n,
        rating: {
          kind: 'levels',
          levels: new Map([
            ['gold', 1_500_000n],
            ['poor', 0n],
          ]),
        },
      },
      scarcity: new Map([
        ['domain', { window: 13, reference: 1_000_000n, most: 3_000_000n, unseen: 1_000_000n, values: undefined }],
        ['language', { window: 13, reference: 50_000n, most: 3_000_000n, unseen: 1_000_000n, values: undefined }],
      ]),
      measured: new Map([['online', { per: 120n }]]),
      streak: { per: 10n, most: 30n },
      badges: {
        factors: new Map([
          ['Early-Adopter', 500_000n],
          ['Fundamental', 2_000_000n],
        ]),
        most: 4_000_000n,
      },
      consistency: { epochs: 8, bonus: 500_000n },
      loyalty: { epochs: 260, bonus: 10_000n, most: 2_000_000n },
    });
    expect([...multipliers.scarcity.keys()]).to.deep.equal(['domain', 'language']);
    expect(usage).to.deep.equal({ points: 500_000n, epochCap: 100n });
  });

  it('takes a measure that multiplies with a cap of exactly a million units a day', () => {
    const capped = { ...measures, online: { points: '0', dailyCap: '1000000' } };
    const { measures: read, multipliers } = rulesAt(
      withTask({ measures: capped, multipliers: { measured: { online: { per: '1000000' } } } }),
    );
    expect(read.get('online')?.dailyCap).to.equal(1_000_000n);
    expect(multipliers.measured.get('online')).to.deep.equal({ per: 1_000_000n });
  });

  it('reads ratings as numbers with their bounds, and who is eligible', () => {
    const numeric = { attribute: 'quality', unrated: '0.5', least: '0', most: '2' };
    expect(rulesAt(withMultipliers({ quality: numeric })).multipliers.quality?.rating).to.deep.equal({
      kind: 'numeric',
      least: 0n,
      most: 2_000_000n,
    });
    const policy = parsePolicy(document({ eligibility: { badges: ['verified', ''], age: '7', allow: [address] } }));
    expect(policyAt(policy, 0).eligibility).to.deep.equal({
      badges: new Set(['verified', '']),
      age: 7n,
      allow: new Set([address.toLowerCase()]),
    });
  });

  const at = 'policy.tasks.messages.multipliers';
  for (const [what, data, path] of [
    ['an unknown multiplier', withMultipliers({ luck: {} }), `${at}.luck`],
    ['an unknown key of one', withMultipliers({ streak: { per: '1', most: '2', grace: '1' } }), `${at}.streak.grace`],
    ['quality without ratings', withMultipliers({ quality: { attribute: 'q', unrated: '1' } }), `${at}.quality.levels`],
    ['levels beside least', withMultipliers({ quality: { ...quality, least: '0' } }), `${at}.quality.least`],
    ['levels beside most', withMultipliers({ quality: { ...quality, most: '1' } }), `${at}.quality.most`],
    [
      'most without least',
      withMultipliers({ quality: { attribute: 'q', unrated: '1', most: '1' } }),
      `${at}.quality.least`,
    ],
    [
      'least above most',
      withMultipliers({ quality: { attribute: 'q', unrated: '1', least: '2', most: '1' } }),
      `${at}.quality.least`,
    ],
    ['no levels', withMultipliers({ quality: { ...quality, levels: {} } }), `${at}.quality.levels`],
    [
      'a column of the ledger as attribute',
      withMultipliers({ quality: { ...quality, attribute: 'task' } }),
      `${at}.quality.attribute`,
    ],
    ['rarity of a column of the ledger', withMultipliers({ scarcity: { measure: scarce } }), `${at}.scarcity.measure`],
    [
      'a factor above 1000',
      withMultipliers({ quality: { ...quality, unrated: '1000.000001' } }),
      `${at}.quality.unrated`,
    ],
    [
      'a factor finer than a millionth',
      withMultipliers({ quality: { ...quality, unrated: '0.0000001' } }),
      `${at}.quality.unrated`,
    ],
    [
      'a window of 0',
      withMultipliers({ scarcity: { language: { ...scarce, window: '0' } } }),
      `${at}.scarcity.language.window`,
    ],
    [
      'a window of 1001',
      withMultipliers({ scarcity: { language: { ...scarce, window: '1001' } } }),
      `${at}.scarcity.language.window`,
    ],
    [
      'a reference of 0',
      withMultipliers({ scarcity: { language: { ...scarce, reference: '0' } } }),
      `${at}.scarcity.language.reference`,
    ],
    [
      'a reference above 1',
      withMultipliers({ scarcity: { language: { ...scarce, reference: '1.000001' } } }),
      `${at}.scarcity.language.reference`,
    ],
    [
      'a rarity of less than 1',
      withMultipliers({ scarcity: { language: { ...scarce, most: '0.9' } } }),
      `${at}.scarcity.language.most`,
    ],
    [
      'an unseen value above most',
      withMultipliers({ scarcity: { language: { ...scarce, unseen: '3.1' } } }),
      `${at}.scarcity.language.unseen`,
    ],
    [
      'nine attributes',
      withMultipliers({
        scarcity: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`a${index}`, { ...scarce, most: '1' }])),
      }),
      `${at}.scarcity`,
    ],
    ['per 0', withMultipliers({ measured: { online: { per: '0' } } }), `${at}.measured.online.per`],
    ['per above a million', withMultipliers({ measured: { online: { per: '1000001' } } }), `${at}.measured.online.per`],
    [
      'a measure that the task does not have',
      withMultipliers({ measured: { offline: { per: '1' } } }),
      `${at}.measured.offline`,
    ],
    [
      'a measure without a cap',
      withTask({
        measures: { ...measures, online: { points: '0' } },
        multipliers: { measured: { online: { per: '1' } } },
      }),
      `${at}.measured.online`,
    ],
    [
      'a measure with a cap above a million',
      withTask({
        measures: { ...measures, online: { points: '0', dailyCap: '1000001' } },
        multipliers: { measured: { online: { per: '1000000' } } },
      }),
      `${at}.measured.online`,
    ],
    ['a streak of 0', withMultipliers({ streak: { per: '1', most: '0' } }), `${at}.streak.most`],
    ['a streak above 10000', withMultipliers({ streak: { per: '100', most: '10001' } }), `${at}.streak.most`],
    ['no badges', withMultipliers({ badges: { ...badges, factors: {} } }), `${at}.badges.factors`],
    [
      'a badge that no ledger can hold',
      withMultipliers({ badges: { ...badges, factors: { 'a\u200b': '1' } } }),
      `${at}.badges.factors["a\u200b"]`,
    ],
    [
      'a badge of 65 characters',
      withMultipliers({ badges: { ...badges, factors: { ['x'.repeat(65)]: '1' } } }),
      `${at}.badges.factors.${'x'.repeat(65)}`,
    ],
    ['badges of at most less than 1', withMultipliers({ badges: { ...badges, most: '0.5' } }), `${at}.badges.most`],
    [
      'a bonus over no epochs',
      withMultipliers({ consistency: { epochs: '0', bonus: '1' } }),
      `${at}.consistency.epochs`,
    ],
    ['loyalty without a bound', withMultipliers({ loyalty: { epochs: '1', bonus: '1' } }), `${at}.loyalty.most`],
    ['uses of negative worth', withTask({ usage: { points: '-1' } }), 'policy.tasks.messages.usage.points'],
    ['a cap of no uses', withTask({ usage: { points: '1', epochCap: '0' } }), 'policy.tasks.messages.usage.epochCap'],
    ['eligibility that asks for nothing', document({ eligibility: {} }), 'policy.eligibility'],
    ['an empty list of badges', document({ eligibility: { badges: [] } }), 'policy.eligibility.badges'],
    ['a badge twice', document({ eligibility: { badges: ['a', 'b', 'a'] } }), 'policy.eligibility.badges[2]'],
    ['an age of 0 days', document({ eligibility: { age: '0' } }), 'policy.eligibility.age'],
    ['half a day', document({ eligibility: { age: '0.5' } }), 'policy.eligibility.age'],
    [
      'an account twice, spelled differently',
      document({ eligibility: { allow: [address, address.toLowerCase()] } }),
      'policy.eligibility.allow[1]',
    ],
    [
      'a wrong checksum',
      document({ eligibility: { allow: [address.replace('aA', 'Aa')] } }),
      'policy.eligibility.allow[0]',
    ],
    ['eligibility null outside an overlay', document({ eligibility: null }), 'policy.eligibility'],
    ['a multiplier null outside an overlay', withMultipliers({ streak: null }), `${at}.streak`],
    [
      'a key that JSON hides',
      JSON.parse(JSON.stringify(document()).replace('"text"', '"__proto__"')),
      'policy.tasks.messages.measures.__proto__',
    ],
  ] as readonly (readonly [string, unknown, string])[]) {
    it(`refuses ${what} and names the place`, () => {
      expect(faultOf(data)).to.equal(path);
    });
  }

  describe('given factors that come to much together', () => {
    const largest = {
      quality: { attribute: 'quality', unrated: '0.5', levels: { gold: '2' } },
      scarcity: { language: { ...scarce, most: '5' } },
      measured: { online: { per: '60' } }, // 120 / 60 = 2
      streak: { per: '3', most: '30' }, // 10
      badges: { ...badges, most: '2.5' },
      consistency: { epochs: '8', bonus: '0' },
      loyalty: { epochs: '8', bonus: '0.01', most: '2' },
    };

    it('takes a product of 1000: 2 · 5 · 2 · 10 · 2.5 · 1 · 2', () => {
      expect(rulesAt(withMultipliers(largest)).multipliers.streak?.most).to.equal(30n);
    });

    it('refuses more, however little, and does not let a factor below 1 make room', () => {
      const more = { ...largest, loyalty: { ...largest.loyalty, most: '2.000001' } };
      expect(faultOf(withMultipliers(more))).to.equal(at);
      const poor = { ...more, quality: { attribute: 'quality', unrated: '0.1', levels: { gold: '0.1' } } };
      expect(faultOf(withMultipliers({ ...poor, loyalty: { ...more.loyalty, most: '4.000001' } }))).to.equal(at);
    });

    const ofDay = (per: string, most: string) =>
      withTask({
        measures: { ...measures, online: { points: '0', dailyCap: '1000000' } },
        multipliers: {
          measured: { online: { per } },
          streak: { per: '1000000', most: '10000' },
          badges: { ...badges, most },
        },
      });

    it('takes numerators of a day up to 10^17, and denominators too', () => {
      // 10^6 · 10^4 · 10^7 over 10^5 · 10^6 · 10^6
      expect(rulesAt(ofDay('100000', '10')).multipliers.measured.get('online')).to.deep.equal({ per: 100_000n });
    });

    for (const [what, data] of [
      ['numerators', ofDay('100000', '10.000001')],
      ['denominators', ofDay('100001', '10')],
    ] as const) {
      it(`refuses more ${what}, however small the factors are together, and names the bound`, () => {
        expect(faultOf(data)).to.equal(at);
        expect(() => parsePolicy(data)).to.throw(new RegExp(`${what} of the day.*more than 100000000000000000$`));
      });
    }

    it('says in which overlay it happens', () => {
      const overlays = [{ from: '5', tasks: { messages: { multipliers: { streak: { per: '1', most: '11' } } } } }];
      const data = { ...withMultipliers(largest), overlays };
      expect(faultOf(data)).to.equal('policy.overlays[0].tasks.messages.multipliers');
    });
  });
});

describe('overlays of multipliers', () => {
  const base = withTask({
    multipliers: { quality, scarcity: { language: scarce }, streak: { per: '10', most: '30' } },
    usage: { points: '1' },
  });
  const overlaid = (changes: object, more: object = {}) =>
    ({ ...base, overlays: [{ from: '5', until: '9', tasks: { messages: changes }, ...more }] }) as object;

  it('replace a kind as a whole, add attributes, take away with null, and end', () => {
    const data = overlaid({
      multipliers: {
        quality: { attribute: 'rating', unrated: '0', least: '0', most: '1' },
        scarcity: { language: null, domain: scarce },
        streak: null,
        loyalty: { epochs: '3', bonus: '1', most: '3' },
      },
      usage: null,
    });
    const { multipliers, usage } = rulesAt(data, 5);
    expect(multipliers.quality?.attribute).to.equal('rating');
    expect([...multipliers.scarcity.keys()]).to.deep.equal(['domain']);
    expect([multipliers.streak, usage]).to.deep.equal([undefined, undefined]);
    expect(multipliers.loyalty).to.deep.equal({ epochs: 3, bonus: 1_000_000n, most: 3_000_000n });
    for (const epoch of [4, 9]) expect(rulesAt(data, epoch), `epoch ${epoch}`).to.deep.equal(rulesAt(base));
  });

  it('leave what they do not name as it is', () => {
    expect(rulesAt(overlaid({ dailyCap: '5' }), 5).multipliers).to.deep.equal(rulesAt(base).multipliers);
    expect(rulesAt(overlaid({ multipliers: { scarcity: null } }), 5).multipliers.quality).not.to.equal(undefined);
  });

  it('set and take away eligibility', () => {
    const policy = parsePolicy({
      ...base,
      eligibility: { badges: ['verified'] },
      overlays: [
        { from: '5', until: '6', eligibility: null },
        { from: '6', eligibility: { age: '7' } },
      ],
    });
    expect([4, 5, 6].map((epoch) => policyAt(policy, epoch).eligibility)).to.deep.equal([
      { badges: new Set(['verified']), age: undefined, allow: undefined },
      undefined,
      { badges: undefined, age: 7n, allow: undefined },
    ]);
  });

  const at = 'policy.overlays[0].tasks.messages';
  for (const [what, data, path] of [
    ['a multiplier that is not there', overlaid({ multipliers: { loyalty: null } }), `${at}.multipliers.loyalty`],
    [
      'an attribute that is not there',
      overlaid({ multipliers: { scarcity: { domain: null } } }),
      `${at}.multipliers.scarcity.domain`,
    ],
    ['measures that are not there', overlaid({ multipliers: { measured: null } }), `${at}.multipliers.measured`],
    ['eligibility that is not there', overlaid({}, { eligibility: null }), 'policy.overlays[0].eligibility'],
  ] as const) {
    it(`do not take away ${what}`, () => {
      expect(faultOf(data)).to.equal(path);
    });
  }

  it('do not take away a measure that multiplies', () => {
    const data = { ...withMultipliers({ measured: { online: { per: '120' } } }) };
    const changes = { from: '5', tasks: { messages: { measures: { online: null } } } };
    expect(faultOf({ ...data, overlays: [changes] })).to.equal(`${at}.multipliers.measured.online`);
  });
});

describe('policyRatings', () => {
  it('knows the labels and numbers of every phase, by task and attribute', () => {
    const numeric = { attribute: 'quality', unrated: '1', least: '0', most: '1' };
    const policy = parsePolicy({
      ...withMultipliers({ quality }),
      overlays: [{ from: '5', tasks: { messages: { multipliers: { quality: numeric } } } }],
    });
    const reader = { labels: new Set(['gold', 'poor']), numbers: true };
    expect(policyRatings(policy)).to.deep.equal(new Map([['messages', new Map([['quality', reader]])]]));
    expect(policyRatings(parsePolicy(document()))).to.deep.equal(new Map());
  });
});

import { expect } from 'chai';

import { badge, bob, DAY, policyOf, row, scored, steps, voiceOf } from '../support/scoring.ts';

const rated = (quality: string) => row(0, { attributes: { quality } });

describe('quality', () => {
  const levels = {
    attribute: 'quality',
    unrated: '0.5',
    levels: { gold: '1.5', fair: '0.333333', poor: '0', best: '1000' },
  };
  const numeric = { attribute: 'quality', unrated: '0.5', least: '0.2', most: '2' };

  for (const [rating, points] of [
    ['gold', 15_000_000n],
    ['fair', 3_333_330n],
    ['poor', 0n],
    ['best', 10_000_000_000n],
    ['0.8', 5_000_000n], // these rules read labels only
  ] as const) {
    it(`by labels makes ten points ${points} millionths when the row is ${rating}`, async () => {
      const policy = policyOf({ multipliers: { quality: levels } });
      expect(await voiceOf({ rows: [rated(rating)], policy })).to.deep.equal([points]);
    });
  }

  for (const [rating, points] of [
    ['0', 2_000_000n],
    ['0.199999', 2_000_000n],
    ['0.2', 2_000_000n],
    ['0.200001', 2_000_010n],
    ['1', 10_000_000n],
    ['2', 20_000_000n],
    ['2.000001', 20_000_000n],
    ['1000000', 20_000_000n],
    ['gold', 5_000_000n], // these rules read numbers only
  ] as const) {
    it(`by numbers from 0.2 to 2 makes ten points ${points} millionths when the rating is ${rating}`, async () => {
      const policy = policyOf({ multipliers: { quality: numeric } });
      expect(await voiceOf({ rows: [rated(rating)], policy })).to.deep.equal([points]);
    });
  }

  it('takes a row without a rating at its own factor, and leaves tasks without the rule alone', async () => {
    const task = { minimumScore: '1', measures: { units: { points: '1' } } };
    const policy = policyOf({}, { tasks: { voice: { ...task, multipliers: { quality: levels } }, text: task } });
    const rows = [row(0), row(0, { task: 'text', attributes: { quality: 'poor' } })];
    const [epoch] = await scored({ rows, policy });
    expect(epoch?.scores.map(({ task: id, score }) => [id, score])).to.deep.equal([
      [3, 5_000_000n],
      [7, 10_000_000n],
    ]);
  });

  it('rounds each row down, and acts after the cap on units and before the cap on points', async () => {
    const measures = { units: { points: '0.000001', dailyCap: '25' } };
    const rows = [rated('fair'), rated('fair'), rated('fair')]; // 10, 10 and 5 units: ⌊3.3⌋ + ⌊3.3⌋ + ⌊1.6⌋
    expect(await voiceOf({ rows, policy: policyOf({ measures, multipliers: { quality: levels } }) })).to.deep.equal([
      7n,
    ]);
    const capped = policyOf({ dailyCap: '12', multipliers: { quality: levels } });
    expect(await voiceOf({ rows: [rated('gold')], policy: capped })).to.deep.equal([12_000_000n]);
  });

  it('changes from labels to numbers with an overlay, and reads another attribute', async () => {
    const overlays = [
      { from: '1', tasks: { voice: { multipliers: { quality: { ...numeric, attribute: 'rating' } } } } },
    ];
    const attributes = { quality: 'gold', rating: '0.7' };
    const rows = [row(0, { attributes }), row(1, { attributes })];
    const policy = policyOf({ multipliers: { quality: levels } }, { overlays });
    expect(await voiceOf({ rows, policy, toEpoch: 2 })).to.deep.equal([15_000_000n, 7_000_000n]);
    expect(await voiceOf({ rows, policy, fromEpoch: 1, toEpoch: 2 })).to.deep.equal([7_000_000n]);
  });
});

describe('scarcity', () => {
  const language = { window: '2', reference: '0.2', most: '3', unseen: '2.5' };
  const policy = policyOf({ multipliers: { scarcity: { language } } });
  const said = (day: number, name: string, more: Parameters<typeof row>[1] = {}) =>
    row(day, { attributes: { language: name }, ...more });
  const others = (day: number, name: string, count: number) =>
    Array.from({ length: count }, () => said(day, name, { account: bob }));

  /** Alice's single row of day 2 in a language, after a window of days 0 and 1. */
  const on2 = async (name: string, before: readonly ReturnType<typeof row>[]) =>
    (await voiceOf({ rows: [...before, said(2, name)], policy, toEpoch: 3 }))[2];

  it('counts a value once at the reference share and above, more below it, up to the most', async () => {
    // 20 rows: 4 (20 %), 3 (15 %), 1 (5 %), 12 (60 %).
    const before = [...others(0, 'en', 12), ...others(1, 'de', 4), ...others(1, 'fr', 3), ...others(0, 'gn', 1)];
    expect(await on2('en', before)).to.equal(10_000_000n);
    expect(await on2('de', before)).to.equal(10_000_000n); // ⌊0.2 · 20 / 4⌋ = 1 exactly
    expect(await on2('fr', before)).to.equal(13_333_330n); // ⌊200000 · 20 / 3⌋ = 1.333333
    expect(await on2('gn', before)).to.equal(30_000_000n); // 4, held at 3
  });

  it('gives a value that was not seen its own factor, and counts once after an empty window or without a value', async () => {
    expect(await on2('qu', others(1, 'en', 1))).to.equal(25_000_000n);
    expect(await on2('qu', [])).to.equal(10_000_000n);
    const rows = [...others(1, 'en', 1), row(2)];
    expect((await voiceOf({ rows, policy, toEpoch: 3 }))[2]).to.equal(10_000_000n);
  });

  it('looks at the window alone: neither at its own epoch nor at the one before the window', async () => {
    const rows = [
      ...others(0, 'fr', 5),
      ...others(1, 'en', 9),
      ...others(2, 'fr', 1),
      ...others(3, 'fr', 50),
      said(3, 'fr'),
    ];
    // On day 3 the window holds days 1 and 2: 1 of 10 rows is French, ⌊0.2 · 10 / 1⌋ = 2.
    expect((await voiceOf({ rows, policy, toEpoch: 4 }))[3]).to.equal(20_000_000n);
    expect(await voiceOf({ rows, policy, fromEpoch: 3, toEpoch: 4 })).to.deep.equal([20_000_000n]);
  });

  it('counts only rows that earned something in the same task, whoever made them', async () => {
    const before = [
      ...others(1, 'en', 8),
      said(1, 'fr', { units: 0n, account: bob }),
      said(1, 'fr', { task: 'text', account: bob }),
      said(1, 'fr', { measure: 'pages', account: bob }),
      said(1, 'fr'),
      said(1, 'fr'),
    ];
    expect(await on2('fr', before)).to.equal(10_000_000n); // 2 of 10
    const [step] = (await steps({ rows: [...before, said(2, 'fr')], policy }, 2)).rows;
    expect(step?.factors).to.deep.equal([
      { kind: 'scarcity', name: 'language', numerator: 1_000_000n, denominator: 1_000_000n, count: 2n, of: 10n },
    ]);
  });

  it('counts earlier rows by the rules of their own epoch', async () => {
    const free = { measures: { units: { points: '0' } } };
    const overlaid = policyOf(
      { multipliers: { scarcity: { language } } },
      { overlays: [{ from: '0', until: '1', tasks: { voice: free } }] },
    );
    const rows = [...others(0, 'fr', 99), ...others(1, 'en', 9), ...others(1, 'fr', 1), said(2, 'fr')];
    expect((await voiceOf({ rows, policy: overlaid, toEpoch: 3 }))[2]).to.equal(20_000_000n);
  });

  it('works by several attributes, in the order of their names, each rounded down', async () => {
    const rows = [
      row(0, { account: bob, attributes: { language: 'en', domain: 'law' } }),
      row(1, { units: 3n, attributes: { language: 'qu', domain: 'art' } }),
    ];
    const fine = policyOf({
      measures: { units: { points: '0.000003' } },
      multipliers: { scarcity: { language, domain: { window: '1', reference: '0.5', most: '2', unseen: '1.05' } } },
    });
    // 9 millionths · 1.05 = ⌊9.45⌋ = 9, · 2.5 = ⌊22.5⌋ = 22; in the other order it would be 23.
    expect((await voiceOf({ rows, policy: fine, toEpoch: 2 }))[1]).to.equal(22n);
  });

  it('has its own window in each phase and reaches back over the border', async () => {
    const overlays = [
      { from: '3', tasks: { voice: { multipliers: { scarcity: { language: { ...language, window: '3' } } } } } },
    ];
    const phased = policyOf({ multipliers: { scarcity: { language } } }, { overlays });
    const rows = [...others(0, 'fr', 1), ...others(1, 'en', 9), said(2, 'fr'), said(3, 'fr')];
    // Day 2 looks at days 0 and 1: 1 of 10, factor 2. Day 3 looks at days 0 to 2: 2 of 11, ⌊0.2 · 11 / 2⌋ = 1.1.
    const all = await voiceOf({ rows, policy: phased, toEpoch: 4 });
    expect(all.slice(2)).to.deep.equal([20_000_000n, 11_000_000n]);
    expect(await voiceOf({ rows, policy: phased, fromEpoch: 3, toEpoch: 4 })).to.deep.equal([11_000_000n]);
  });
});

describe('a list of the values that can be rare', () => {
  const language = { window: '2', reference: '0.2', most: '3', unseen: '2.5', values: ['gn', 'en', 'qu'] };
  const policy = policyOf({ multipliers: { scarcity: { language } } });
  const said = (day: number, name: string, count = 1) =>
    Array.from({ length: count }, () => row(day, { account: bob, attributes: { language: name } }));
  const mine = (name: string) => row(2, { attributes: { language: name } });

  for (const [what, name, points, count] of [
    ['a rare value on it', 'gn', 30_000_000n, 1n], // 0.2 · 20 / 1 = 4, at most 3
    ['a value on it that was not seen', 'qu', 25_000_000n, 0n],
    ['a common value on it', 'en', 10_000_000n, 18n],
    ['an invented value from its second epoch on', 'xx-1', 10_000_000n, null],
    ['an invented value in its first epoch', 'xx-2', 10_000_000n, null],
    ['another spelling of a value on it', 'GN', 10_000_000n, null],
  ] as const) {
    it(`counts ${what} ${points / 10_000_000n === 1n ? 'once' : `${points / 1_000_000n} tenths`}`, async () => {
      // 20 rows, the invented one too is one of all: 0.2 · 20 / 1.
      const rows = [...said(0, 'en', 18), ...said(1, 'gn'), ...said(1, 'xx-1'), mine(name)];
      expect(await voiceOf({ rows, policy, fromEpoch: 2, toEpoch: 3 })).to.deep.equal([points]);
      const [found] = (await steps({ rows, policy }, 2)).rows;
      const factor = { kind: 'scarcity', name: 'language', numerator: points / 10n, denominator: 1_000_000n };
      expect(found?.factors).to.deep.equal([
        count === null ? { ...factor, isListed: false } : { ...factor, count, of: 20n },
      ]);
    });
  }

  it('is that of the epoch, and counts once even where a value that was not seen counts for nothing', async () => {
    const changed = { ...language, unseen: '0', values: ['xx-1'] };
    const overlays = [{ from: '2', tasks: { voice: { multipliers: { scarcity: { language: changed } } } } }];
    const later = policyOf({ multipliers: { scarcity: { language } } }, { overlays });
    const before = [...said(0, 'en', 18), ...said(1, 'gn'), ...said(1, 'xx-1')];
    const scores = [];
    for (const name of ['gn', 'xx-1', 'xx-2']) {
      scores.push(...(await voiceOf({ rows: [...before, mine(name)], policy: later, fromEpoch: 2, toEpoch: 3 })));
    }
    expect(scores).to.deep.equal([10_000_000n, 30_000_000n, 10_000_000n]);
  });
});

describe('rows that quality rejects', () => {
  const scarcity = { language: { window: '1', reference: '0.2', most: '3', unseen: '1' } };
  const quality = { attribute: 'quality', unrated: '1', levels: { rejected: '0', poor: '0.25' } };
  const said = (language: string, count: number, more: Record<string, string> = {}) =>
    Array.from({ length: count }, () => row(0, { account: bob, attributes: { language, ...more } }));

  it('take nothing from the rarity of a language, and poor ones do', async () => {
    const policy = policyOf({ multipliers: { quality, scarcity } });
    const before = [...said('en', 18), ...said('gn', 2)];
    const mine = row(1, { attributes: { language: 'gn' } });
    for (const [rating, points] of [
      ['rejected', 20_000_000n], // 0.2 · 20 / 2 = 2
      ['poor', 10_000_000n], // 0.2 · 220 / 202 is below 1
    ] as const) {
      const rows = [...before, ...said('gn', 200, { quality: rating }), mine];
      expect((await voiceOf({ rows, policy, toEpoch: 2 }))[1], rating).to.equal(points);
      expect(await voiceOf({ rows, policy, fromEpoch: 1, toEpoch: 2 }), rating).to.deep.equal([points]);
    }
  });

  it('are those of the rules of their own epoch, also where the later ones have no quality', async () => {
    const overlays = [{ from: '1', tasks: { voice: { multipliers: { quality: null } } } }];
    const policy = policyOf({ multipliers: { quality, scarcity } }, { overlays });
    const mine = row(1, { attributes: { language: 'gn', quality: 'rejected' } });
    const rows = [...said('en', 18), ...said('gn', 2), ...said('gn', 200, { quality: 'rejected' }), mine];
    expect((await voiceOf({ rows, policy, toEpoch: 2 }))[1]).to.equal(20_000_000n);
    const later = await steps({ rows, policy }, 1);
    expect(later.rows[0]?.factors.map(({ kind }) => kind)).to.deep.equal(['scarcity']);
    expect(await voiceOf({ rows, policy, fromEpoch: 1, toEpoch: 2 })).to.deep.equal([20_000_000n]);
  });
});

describe('a row', () => {
  it('earns at most 10^15 points, before its factors', async () => {
    const policy = policyOf({
      measures: { units: { points: '1000000000' } },
      multipliers: { quality: { attribute: 'quality', unrated: '0.5', least: '0', most: '1000' } },
    });
    const rows = [row(0, { units: 10n ** 15n }), row(0, { units: 10n ** 6n, account: bob })];
    const [epoch] = await scored({ rows, policy });
    for (const { score } of epoch?.scores ?? []) expect(score).to.equal(5n * 10n ** 20n);
    expect(epoch?.scores).to.have.length(2);
  });

  it('DIFF-3: sums the most at a factor of 1000 exactly, and a day comes to at most 10^15 points', async () => {
    const quality = { attribute: 'quality', unrated: '1000', least: '0', most: '1000' };
    const policy = policyOf({ measures: { units: { points: '1000000000' } }, multipliers: { quality } });
    const count = 50_000;
    const rows = Array.from({ length: count }, () => row(0, { units: 10n ** 15n }));
    const { days, tasks } = await steps({ rows, policy });
    expect(days[0], 'DIFF-3').to.deep.include({ earned: BigInt(count) * 10n ** 24n, capped: 10n ** 21n });
    expect(tasks[0]?.total, 'DIFF-3').to.equal(10n ** 21n);
  });

  it('DIFF-3: sums the largest days at a factor of 1000 exactly', async () => {
    const multipliers = { badges: { factors: { x: '999' }, most: '1000' } };
    const policy = policyOf({ measures: { units: { points: '1000000000' } }, multipliers });
    const count = 5_000;
    const rows = Array.from({ length: count }, (_, day) => row(day, { units: 10n ** 15n }));
    const { tasks } = await steps({ rows, accounts: [badge('x', 0)], policy, length: count * DAY });
    expect(tasks[0]?.total, 'DIFF-3').to.equal(BigInt(count) * 10n ** 24n);
  });
});

import { expect } from 'chai';

import { badge, bob, DAY, policyOf, row, START, steps, voiceOf, WEEK } from '../support/scoring.ts';

const days = (...list: readonly number[]) => list.map((day) => row(day));

describe('a measure that multiplies', () => {
  const measures = {
    units: { points: '1' },
    online: { points: '0', dailyCap: '120' },
    pages: { points: '0', dailyCap: '5' },
  };
  const online = (day: number, units: bigint) => row(day, { measure: 'online', units });
  const policy = policyOf({ measures, multipliers: { measured: { online: { per: '120' } } } });

  for (const [minutes, points] of [
    [0n, 0n],
    [1n, 83_333n],
    [60n, 5_000_000n],
    [120n, 10_000_000n],
    [121n, 10_000_000n],
  ] as const) {
    it(`makes ten points ${points} millionths with ${minutes} of 120 minutes`, async () => {
      expect(await voiceOf({ rows: [row(0), online(0, minutes)], policy })).to.deep.equal([points]);
    });
  }

  it('gives nothing on a day without a unit of it, and looks at the same task and day alone', async () => {
    expect(await voiceOf({ rows: [row(0)], policy })).to.deep.equal([0n]);
    const rows = [row(0), online(1, 120n), row(0, { task: 'text', measure: 'online', units: 120n })];
    expect(await voiceOf({ rows, policy, toEpoch: 2 })).to.deep.equal([0n, 0n]);
  });

  it('adds up over the day, several as one fraction that is rounded down once', async () => {
    const both = policyOf({
      measures,
      multipliers: { measured: { pages: { per: '2' }, online: { per: '7' } } },
    });
    const rows = [row(0, { units: 1n }), online(0, 3n), online(0, 2n), row(0, { measure: 'pages', units: 3n })];
    // ⌊1,000,000 · 15 / 14⌋; with a floor after each factor it would be 1,071,427.
    expect(await voiceOf({ rows, policy: both })).to.deep.equal([1_071_428n]);
  });

  it('counts anew in each part of a day that the border of an epoch cuts, as the cap of the measure does', async () => {
    const capped = policyOf({
      measures: { ...measures, units: { points: '1', dailyCap: '10' } },
      multipliers: { measured: { online: { per: '120' } } },
    });
    const part = (seconds: number, units: bigint, minutes: bigint) => [
      row(0, { time: START + seconds, units }),
      row(0, { time: START + seconds, measure: 'online', units: minutes }),
    ];
    const noon = { start: START + DAY / 2, policy: capped, toEpoch: 2 };
    // One UTC day: 8 units and 90 minutes in its morning, 12 and 150 in its afternoon.
    const rows = [...part(DAY, 8n, 90n), ...part(DAY + DAY / 2, 12n, 150n)];
    expect(await voiceOf({ ...noon, rows })).to.deep.equal([6_000_000n, 10_000_000n]);
  });

  it('acts after the cap on points: a cap bounds volume', async () => {
    const capped = policyOf({ measures, dailyCap: '4', multipliers: { measured: { online: { per: '60' } } } });
    expect(await voiceOf({ rows: [row(0), online(0, 120n)], policy: capped })).to.deep.equal([8_000_000n]);
  });
});

describe('a streak', () => {
  const policy = policyOf({ multipliers: { streak: { per: '10', most: '4' } } });

  it('grows by each active day up to the most, and a missed day sets it back', async () => {
    const points = await voiceOf({ rows: days(0, 1, 2, 3, 4, 6, 7), policy, toEpoch: 9 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([1n, 2n, 3n, 4n, 4n, 0n, 1n, 2n, 0n]);
  });

  it('is the same whichever epochs are asked for', async () => {
    const rows = days(0, 1, 2, 3, 5, 6, 7, 8, 9);
    const all = await voiceOf({ rows, policy, toEpoch: 10 });
    for (let epoch = 0; epoch < 10; epoch++) {
      expect(await voiceOf({ rows, policy, fromEpoch: epoch, toEpoch: epoch + 1 }), `epoch ${epoch}`).to.deep.equal([
        all[epoch],
      ]);
    }
  });

  it('goes on by work in another task, not by rows that earn nothing, nor by work before the economy', async () => {
    const rows = [
      row(-1),
      row(0, { task: 'text' }),
      row(1),
      row(2, { units: 0n }),
      row(3),
      row(4, { measure: 'pages' }),
      row(5),
    ];
    const points = await voiceOf({ rows, policy, toEpoch: 6 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([0n, 2n, 0n, 1n, 0n, 1n]);
  });

  it('counts a day as active though other factors than quality leave nothing of it, and not where quality does', async () => {
    const poor = policyOf({
      measures: { units: { points: '1' }, online: { points: '0', dailyCap: '10' } },
      multipliers: {
        measured: { online: { per: '10' } },
        streak: { per: '10', most: '4' },
        quality: { attribute: 'quality', unrated: '1', levels: { poor: '0' } },
      },
    });
    const online = [0, 1, 3, 4].map((day) => row(day, { measure: 'online' }));
    const rows = [row(0), row(1, { attributes: { quality: 'poor' } }), row(2), row(3), row(4), ...online];
    // Day 1 is rejected, day 2 has no minutes: 10 · 1/10, 0, 10 · 0 · 1/10, 10 · 2/10, 10 · 3/10.
    const points = [1_000_000n, 0n, 0n, 2_000_000n, 3_000_000n];
    expect(await voiceOf({ rows, policy: poor, toEpoch: 5 })).to.deep.equal(points);
    expect(await voiceOf({ rows, policy: poor, fromEpoch: 4, toEpoch: 5 })).to.deep.equal([3_000_000n]);
  });

  it('runs over the border of an overlay, also of one in which no streak counts', async () => {
    const none = { tasks: { voice: { multipliers: { streak: null } } } };
    const phased = policyOf(
      { multipliers: { streak: { per: '10', most: '9' } } },
      { overlays: [{ from: '2', until: '4', ...none }] },
    );
    const points = await voiceOf({ rows: days(0, 1, 2, 3, 4), policy: phased, toEpoch: 5 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([1n, 2n, 10n, 10n, 5n]);
  });

  it('breaks where an overlay makes the work of a day worth nothing', async () => {
    const free = { tasks: { voice: { measures: { units: { points: '0' } } } } };
    const phased = policyOf(
      { multipliers: { streak: { per: '10', most: '9' } } },
      { overlays: [{ from: '1', until: '2', ...free }] },
    );
    const points = await voiceOf({ rows: days(0, 1, 2, 3), policy: phased, toEpoch: 4 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([1n, 0n, 1n, 2n]);
  });

  it('belongs to UTC days where epochs begin inside one: both parts of a day are one active day', async () => {
    const noon = { start: START + DAY / 2, length: DAY, policy };
    const at = (seconds: number) => row(0, { time: START + seconds });
    // Days 0 (afternoon), 1 (morning and afternoon), 2 (morning).
    const rows = [at(DAY - 1), at(DAY), at(2 * DAY - 1), at(2 * DAY)];
    const points = await voiceOf({ ...noon, rows, toEpoch: 2 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([1n + 2n, 2n + 3n]);
    expect(await voiceOf({ ...noon, rows, fromEpoch: 1, toEpoch: 2 })).to.deep.equal([5_000_000n]);
  });

  it('reaches far back over weeks', async () => {
    const long = policyOf({ multipliers: { streak: { per: '100', most: '40' } } });
    const rows = days(...Array.from({ length: 49 }, (_, day) => day));
    const last = await voiceOf({ rows, policy: long, length: WEEK, fromEpoch: 6, toEpoch: 7 });
    expect(last).to.deep.equal([7n * 4_000_000n]); // 43 to 49 days, 40 of them count
    const sixth = await voiceOf({ rows, policy: long, length: WEEK, fromEpoch: 5, toEpoch: 6 });
    expect(sixth).to.deep.equal([(36n + 37n + 38n + 39n + 40n + 40n + 40n) * 100_000n]);
  });
});

describe('badges', () => {
  const factors = { Fundamental: '2', Teacher: '0.1', Backer: '1' };
  const policy = policyOf({ multipliers: { badges: { factors, most: '3.5' } } });
  const scene = (...accounts: readonly ReturnType<typeof badge>[]) => ({ rows: [row(0)], accounts, policy });

  it('add to 1 up to the most; others, and those of others, count nothing', async () => {
    expect(await voiceOf(scene())).to.deep.equal([10_000_000n]);
    expect(await voiceOf(scene(badge('Fundamental', 0), badge('Teacher', 0)))).to.deep.equal([31_000_000n]);
    expect(await voiceOf(scene(badge('Fundamental', 0), badge('Backer', 0)))).to.deep.equal([35_000_000n]);
    expect(await voiceOf(scene(badge('teacher', 0), badge('', 0), badge('Backer', 0, bob)))).to.deep.equal([
      10_000_000n,
    ]);
  });

  it('count once when given twice, from the earlier time', async () => {
    const twice = scene(badge('Backer', START + 5 * DAY), badge('Backer', 0), badge('Backer', START));
    expect(await voiceOf(twice)).to.deep.equal([20_000_000n]);
  });

  it('count on the day in which they are given, not on the one before', async () => {
    expect(await voiceOf(scene(badge('Backer', START + DAY - 1)))).to.deep.equal([20_000_000n]);
    expect(await voiceOf(scene(badge('Backer', START + DAY)))).to.deep.equal([10_000_000n]);
    // In an epoch of several days the end of the day decides: at midnight the day before is over.
    const week = (since: number) => voiceOf({ ...scene(badge('Backer', since)), rows: days(0, 1), length: WEEK });
    expect(await week(START + DAY)).to.deep.equal([30_000_000n]);
    expect(await week(START + DAY - 1)).to.deep.equal([40_000_000n]);
  });

  it('count in an epoch that ends inside a day only when they were given before its end', async () => {
    const noon = {
      start: START + DAY / 2,
      toEpoch: 2,
      rows: [row(0, { time: START + DAY }), row(0, { time: START + 2 * DAY - 1 })],
      policy,
    };
    const before = badge('Backer', START + DAY + DAY / 2 - 1);
    expect(await voiceOf({ ...noon, accounts: [before] })).to.deep.equal([20_000_000n, 20_000_000n]);
    const after = badge('Backer', START + DAY + DAY / 2);
    expect(await voiceOf({ ...noon, accounts: [after] })).to.deep.equal([10_000_000n, 20_000_000n]);
  });

  it('change with an overlay as a whole', async () => {
    const change = { multipliers: { badges: { factors: { Teacher: '0.5' }, most: '2' } } };
    const phased = policyOf(
      { multipliers: { badges: { factors, most: '3.5' } } },
      { overlays: [{ from: '1', tasks: { voice: change } }] },
    );
    const accounts = [badge('Fundamental', 0), badge('Teacher', 0)];
    const points = await voiceOf({ rows: days(0, 1), accounts, policy: phased, toEpoch: 2 });
    expect(points).to.deep.equal([31_000_000n, 15_000_000n]);
  });
});

describe('the published LangX formula', () => {
  const policy = policyOf({
    measures: {
      text: { points: '10', dailyCap: '100' },
      voice: { points: '100', dailyCap: '10' },
      image: { points: '200', dailyCap: '5' },
      online: { points: '0', dailyCap: '120' },
    },
    multipliers: {
      measured: { online: { per: '120' } },
      streak: { per: '10', most: '30' },
      badges: { factors: { Fundamental: '2', 'Early-Adopter': '0.5', Pioneer: '0.2', Teacher: '0.1' }, most: '10' },
    },
  });
  const used = (day: number, amounts: Readonly<Record<string, bigint>>) =>
    Object.entries(amounts).map(([measure, units]) => row(day, { measure, units }));
  const earlier = Array.from({ length: 9 }, (_, day) => row(day, { measure: 'text', units: 1n }));
  const accounts = [badge('Early-Adopter', 0), badge('Pioneer', 0)];
  const example = { text: 80n, voice: 3n, image: 1n, online: 60n };

  it('gives 1105 for 80 texts, 3 voice, 1 image, 60 minutes, a streak of 10 and badges of 1.7, and shows its factors', async () => {
    const scene = { rows: [...earlier, ...used(9, example)], accounts, policy };
    expect(await voiceOf({ ...scene, fromEpoch: 9, toEpoch: 10 })).to.deep.equal([1_105_000_000n]);
    const { days: shown, tasks } = await steps(scene, 9);
    expect(shown).to.deep.equal([
      {
        task: 3,
        day: START / DAY + 9,
        earned: 1_300_000_000n,
        capped: 1_300_000_000n,
        factors: [
          { kind: 'measured', name: 'online', numerator: 60n, denominator: 120n },
          { kind: 'streak', numerator: 10n, denominator: 10n },
          { kind: 'badges', numerator: 1_700_000n, denominator: 1_000_000n, held: ['Early-Adopter', 'Pioneer'] },
        ],
        kept: 1_105_000_000n,
      },
    ]);
    expect(tasks[0]).to.deep.include({ days: 1_105_000_000n, total: 1_105_000_000n, score: 1_105_000_000n, uses: 0n });
  });

  it('gives nothing on a day without messages, however long online', async () => {
    expect(
      await voiceOf({ rows: [...earlier, ...used(9, { online: 120n })], accounts, policy, fromEpoch: 9, toEpoch: 10 }),
    ).to.deep.equal([0n]);
  });

  it('adds Fundamental and Teacher to 3.1', async () => {
    const { days: shown } = await steps({
      rows: used(0, example),
      accounts: [badge('Fundamental', 0), badge('Teacher', 0)],
      policy,
    });
    expect(shown[0]?.factors.at(-1)?.numerator).to.equal(3_100_000n);
  });
});

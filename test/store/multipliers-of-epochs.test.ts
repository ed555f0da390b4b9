import { expect } from 'chai';

import { accountOf } from '../support/ledger.ts';
import { alice, badge, bob, DAY, policyOf, row, scored, START, steps, use, voiceOf } from '../support/scoring.ts';

const days = (...list: readonly number[]) => list.map((day) => row(day));

describe('consistency', () => {
  const policy = policyOf({ multipliers: { consistency: { epochs: '3', bonus: '0.5' } } });

  it('adds its bonus by the active ones of the epochs before, none of which is before the first', async () => {
    const points = await voiceOf({ rows: days(0, 1, 2, 3, 5), policy, toEpoch: 6 });
    // Active before: 0, 1, 2, 3, –, 2 of 3; ⌊500000 · n / 3⌋.
    expect(points).to.deep.equal([10_000_000n, 11_666_660n, 13_333_330n, 15_000_000n, 0n, 13_333_330n]);
  });

  it('is the same whichever epochs are asked for, and shows what it counted', async () => {
    const rows = days(0, 1, 2, 3, 5);
    expect(await voiceOf({ rows, policy, fromEpoch: 5, toEpoch: 6 })).to.deep.equal([13_333_330n]);
    expect((await steps({ rows, policy }, 5)).tasks[0]?.factors).to.deep.equal([
      { kind: 'consistency', numerator: 1_333_333n, denominator: 1_000_000n, count: 2n, of: 3n },
    ]);
  });

  it('counts an epoch once however many rows it has, work in any task, and nothing that earned nothing', async () => {
    const rows = [...days(0, 0, 0), row(1, { task: 'text' }), row(2, { units: 0n }), row(3)];
    expect((await voiceOf({ rows, policy, toEpoch: 4 }))[3]).to.equal(13_333_330n);
  });

  it('counts activity by the rules of its own epoch', async () => {
    const overlays = [{ from: '1', until: '2', tasks: { voice: { measures: { units: { points: '0' } } } } }];
    const phased = policyOf({ multipliers: { consistency: { epochs: '2', bonus: '1' } } }, { overlays });
    expect(await voiceOf({ rows: days(0, 1, 2), policy: phased, toEpoch: 3 })).to.deep.equal([
      10_000_000n,
      0n,
      15_000_000n,
    ]);
  });

  it('counts no epoch whose work was rejected, or rounded down to nothing, by the quality of that epoch', async () => {
    const quality = { attribute: 'quality', unrated: '1', levels: { rejected: '0', dust: '0.09' } };
    const rated = (day: number, name: string) => row(day, { units: 1n, attributes: { quality: name } });
    const measures = { units: { points: '0.00001' } };
    const consistent = { consistency: { epochs: '4', bonus: '1' } };
    // Quality ends on day 3: 1 unit is 10 millionths, ⌊10 · 0.09⌋ = 0; days 0 and 3 remain of 0 to 3.
    const overlays = [{ from: '0', until: '3', tasks: { voice: { multipliers: { quality } } } }];
    const rows = [row(0), rated(1, 'rejected'), rated(2, 'dust'), rated(3, 'rejected'), row(4)];
    const phased = policyOf({ measures, multipliers: consistent }, { overlays });
    expect((await voiceOf({ rows, policy: phased, toEpoch: 5 }))[4]).to.equal(150n);
    expect(await voiceOf({ rows, policy: phased, fromEpoch: 4, toEpoch: 5 })).to.deep.equal([150n]);
    const loyal = policyOf({ measures, multipliers: { loyalty: { epochs: '9', bonus: '1', most: '9' }, quality } });
    expect((await voiceOf({ rows, policy: loyal, toEpoch: 5 }))[4]).to.equal(200n);
  });

  it('has its own span in each task and phase', async () => {
    const task = { minimumScore: '1', measures: { units: { points: '1' } } };
    const consistency = { epochs: '4', bonus: '1' };
    const overlays = [{ from: '3', tasks: { voice: { multipliers: { consistency } } } }];
    const policyOfTwo = policyOf(
      {},
      {
        tasks: { voice: { ...task, multipliers: { consistency: { epochs: '1', bonus: '1' } } }, text: task },
        overlays,
      },
    );
    const rows = [...days(0, 1, 3), row(3, { task: 'text' })];
    const epochs = await scored({ rows, policy: policyOfTwo, toEpoch: 4 });
    expect(epochs.map(({ scores }) => scores.map(({ score }) => score))).to.deep.equal([
      [10_000_000n],
      [20_000_000n],
      [],
      [15_000_000n, 10_000_000n],
    ]);
  });
});

describe('loyalty', () => {
  const policy = policyOf({ multipliers: { loyalty: { epochs: '100', bonus: '0.3', most: '2' } } });

  it('adds its bonus for every active epoch before, at most so much', async () => {
    const points = await voiceOf({ rows: days(0, 1, 2, 3, 4, 5, 9), policy, toEpoch: 10 });
    expect(points.map((each) => each / 1_000_000n)).to.deep.equal([10n, 13n, 16n, 19n, 20n, 20n, 0n, 0n, 0n, 20n]);
  });

  it('forgets what is further back than its epochs', async () => {
    const short = policyOf({ multipliers: { loyalty: { epochs: '2', bonus: '0.3', most: '2' } } });
    const rows = days(0, 1, 2, 3, 6);
    const all = await voiceOf({ rows, policy: short, toEpoch: 7 });
    expect(all.map((each) => each / 1_000_000n)).to.deep.equal([10n, 13n, 16n, 16n, 0n, 0n, 10n]);
    expect(await voiceOf({ rows, policy: short, fromEpoch: 6, toEpoch: 7 })).to.deep.equal([10_000_000n]);
  });

  it('acts after consistency, each rounded down', async () => {
    const both = policyOf({
      measures: { units: { points: '0.000001' } },
      multipliers: { consistency: { epochs: '2', bonus: '0.3' }, loyalty: { epochs: '9', bonus: '0.1', most: '2' } },
    });
    // 10 · 1.15 = ⌊11.5⌋ = 11, · 1.1 = ⌊12.1⌋ = 12; at once it would be ⌊12.65⌋ = 12. 7: ⌊8.05⌋ = 8, ⌊8.8⌋ = 8; at once ⌊8.855⌋.
    expect((await voiceOf({ rows: days(0, 1), policy: both, toEpoch: 2 }))[1]).to.equal(12n);
    const nineteen = [row(0), row(1, { units: 19n })]; // ⌊21.85⌋ = 21, ⌊23.1⌋ = 23; at once ⌊24.03⌋ = 24
    expect((await voiceOf({ rows: nineteen, policy: both, toEpoch: 2 }))[1]).to.equal(23n);
  });
});

describe('points for usage', () => {
  const policy = policyOf({ usage: { points: '0.5', epochCap: '3' } });
  const used = row(0);
  const uses = (count: number, day: number) => Array.from({ length: count }, () => use(used, START + day * DAY));

  it('are given for each use up to the cap, also in an epoch without a contribution', async () => {
    const usage = [...uses(2, 1), ...uses(3, 2), ...uses(4, 3)];
    expect(await voiceOf({ rows: [used], usage, policy, toEpoch: 5 })).to.deep.equal([
      10_000_000n,
      1_000_000n,
      1_500_000n,
      1_500_000n,
      0n,
    ]);
    expect(await voiceOf({ rows: [used], usage, policy, fromEpoch: 3, toEpoch: 4 })).to.deep.equal([1_500_000n]);
  });

  it('belong to the task of the contribution', async () => {
    const text = row(0, { task: 'text' });
    const [, epoch] = await scored({
      rows: [used, text],
      usage: [use(text, START + DAY), ...uses(1, 1)],
      policy,
      toEpoch: 2,
    });
    expect(epoch?.scores.map(({ task, score }) => [task, score])).to.deep.equal([
      [3, 500_000n],
      [7, 500_000n],
    ]);
    expect(epoch?.uses).to.deep.equal([{ account: alice, uses: 2n }]);
  });

  it('are not given for a use before its contribution, nor for a contribution that is not in the economy', async () => {
    const usage = [use(used, used.time - 1), use(used, used.time), use(row(-1), START), use(row(0), START + 5)];
    const [epoch] = await scored({ rows: [used, row(-1, { id: 'early' })], usage, policy });
    expect(epoch?.scores.map(({ score }) => score)).to.deep.equal([10_500_000n]);
    expect(epoch?.uses).to.deep.equal([{ account: alice, uses: 4n }]);
    const early = row(-1);
    expect(await voiceOf({ rows: [early], usage: [use(early, START)], policy })).to.deep.equal([0n]);
  });

  it('are multiplied by consistency and loyalty, not by what acts on rows and days', async () => {
    const multipliers = {
      quality: { attribute: 'quality', unrated: '0.5', levels: { gold: '1' } },
      streak: { per: '100', most: '1' },
      loyalty: { epochs: '5', bonus: '1', most: '3' },
    };
    const usage = uses(2, 1);
    const scene = { rows: [used], usage, policy: policyOf({ usage: { points: '0.5' }, multipliers }), toEpoch: 2 };
    expect(await voiceOf(scene)).to.deep.equal([50_000n, 2_000_000n]);
    const { tasks } = await steps(scene, 1);
    expect(tasks).to.deep.equal([
      {
        task: 3,
        days: 0n,
        uses: 2n,
        usagePoints: 1_000_000n,
        factors: [{ kind: 'loyalty', numerator: 2_000_000n, denominator: 1_000_000n, count: 1n, of: 5n }],
        total: 2_000_000n,
        score: 2_000_000n,
      },
    ]);
  });

  it('end where an overlay takes them away', async () => {
    const phased = policyOf(
      { usage: { points: '0.5' } },
      { overlays: [{ from: '2', tasks: { voice: { usage: null } } }] },
    );
    const usage = [...uses(1, 1), ...uses(1, 2)];
    expect(await voiceOf({ rows: [used], usage, policy: phased, toEpoch: 3 })).to.deep.equal([
      10_000_000n,
      500_000n,
      0n,
    ]);
  });
});

describe('eligibility', () => {
  const carol = accountOf(3);
  const everybody = (day: number) => [alice, bob, carol].map((account) => row(day, { account }));
  const sorted = (list: readonly string[]) => [...list].sort();
  const refused = async (eligibility: object, accounts: readonly ReturnType<typeof badge>[], more: object = {}) => {
    const scene = { rows: everybody(0), accounts, policy: policyOf({}, { eligibility }), ...more };
    const [epoch] = await scored(scene);
    expect(
      sorted([...(epoch?.scores ?? []), ...(epoch?.ineligible ?? [])].map(({ account }) => account)),
    ).to.deep.equal(sorted([alice, bob, carol]));
    return Object.fromEntries((epoch?.ineligible ?? []).map(({ account, reason }) => [account, reason]));
  };

  it('needs one of the badges, given before the end of the epoch', async () => {
    const badges = ['verified', 'device'];
    const accounts = [badge('device', START + DAY - 1), badge('verified', START + DAY, bob), badge('member', 0, carol)];
    expect(await refused({ badges }, accounts)).to.deep.equal({ [bob]: 'badge-missing', [carol]: 'badge-missing' });
    expect(await refused({ badges: [''] }, [badge('', 0)])).to.deep.equal({
      [bob]: 'badge-missing',
      [carol]: 'badge-missing',
    });
  });

  it('needs to be on the list', async () => {
    expect(await refused({ allow: [bob] }, [])).to.deep.equal({ [alice]: 'not-listed', [carol]: 'not-listed' });
  });

  it('needs an age from the first row of the accounts file or the first contribution, to the second', async () => {
    const accounts = [badge('any', START - 6 * DAY), badge('', START - 6 * DAY + 1, bob)];
    expect(await refused({ age: '7' }, accounts)).to.deep.equal({ [bob]: 'too-young', [carol]: 'too-young' });
    const rows = [
      row(0, { time: START, units: 0n }),
      row(6),
      row(0, { time: START + 1, account: bob }),
      row(6, { account: bob }),
    ];
    const last = { rows, policy: policyOf({}, { eligibility: { age: '7' } }), fromEpoch: 6, toEpoch: 7 };
    expect((await scored(last))[0]?.ineligible).to.deep.equal([{ account: bob, reason: 'too-young' }]);
  });

  it('knows no age from work before the economy', async () => {
    const scene = (early: number) => ({
      rows: [row(early), row(2)],
      policy: policyOf({}, { eligibility: { age: '2' } }),
      fromEpoch: 2,
      toEpoch: 3,
    });
    expect((await scored(scene(-1)))[0]?.ineligible).to.deep.equal([{ account: alice, reason: 'too-young' }]);
    expect((await scored(scene(0)))[0]?.ineligible).to.deep.equal([]);
  });

  it('names the first condition that fails: the list, the badge, the age', async () => {
    const rules = { allow: [alice, bob], badges: ['verified'], age: '7' };
    expect(await refused(rules, [badge('verified', START)])).to.deep.equal({
      [alice]: 'too-young',
      [bob]: 'badge-missing',
      [carol]: 'not-listed',
    });
  });

  it('makes every score 0, keeps the uses, and lists an account once and only when it would have scored', async () => {
    const first = row(0);
    const rows = [first, row(0, { task: 'text' }), row(0, { units: 0n, account: bob })];
    const policy = policyOf({}, { eligibility: { badges: ['verified'] } });
    const [epoch] = await scored({ rows, usage: [use(first, first.time)], policy });
    expect(epoch).to.deep.equal({
      epoch: 0,
      scores: [],
      uses: [{ account: alice, uses: 1n }],
      ineligible: [{ account: alice, reason: 'badge-missing' }],
    });
  });

  it('does not matter for activity and rarity, begins and ends with an overlay, and is explained', async () => {
    const streak = { multipliers: { streak: { per: '10', most: '9' } } };
    const policy = policyOf(streak, { overlays: [{ from: '1', until: '2', eligibility: { badges: ['verified'] } }] });
    const scene = { rows: days(0, 1, 2), policy, toEpoch: 3 };
    expect(await voiceOf(scene)).to.deep.equal([1_000_000n, 0n, 3_000_000n]);
    const explained = [0, 1].map(async (epoch) => (await steps(scene, epoch)).eligibility);
    expect(await Promise.all(explained)).to.deep.equal([
      null,
      { eligible: false, reason: 'badge-missing', firstSeen: START + DAY / 2 },
    ]);
    expect((await steps(scene, 1)).tasks[0]?.score).to.equal(2_000_000n);
    const held = { ...scene, accounts: [badge('verified', 5)] };
    expect((await steps(held, 1)).eligibility).to.deep.equal({ eligible: true, reason: null, firstSeen: 5 });
  });
});

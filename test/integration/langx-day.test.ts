import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { network } from 'hardhat';

import type { Address } from '../../src/protocol/brands.ts';
import type { AccountRow, Contribution } from '../../src/settlement/ledger/rows.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { testAddress } from '../support/history.ts';
import type { Settled, World } from '../support/world.ts';
import { BEFORE, deployWorld, runEpoch } from '../support/world.ts';

const preset = loadPreset(readFileSync(new URL('../../presets/langx/preset.jsonc', import.meta.url), 'utf8'));
const START = Date.UTC(2025, 5, 1) / 1000;
const DAY = 86_400;
const DAYS = 13;
const [EXAMPLE_DAY, SECOND_DAY, SILENT_DAY, LAST_DAY] = [9, 10, 11, 12];
const TOKEN = 10n ** 18n;
const A_DAY = 10_000n * TOKEN;
const POINT = 1_000_000n;

interface Deeds {
  readonly text?: number;
  readonly voice?: number;
  readonly image?: number;
  readonly online?: number;
}

const contributions: Contribution[] = [];
const accounts: AccountRow[] = [];

function person(number: number, badges: readonly string[] = []): Address {
  const account = testAddress(number);
  for (const badge of badges) accounts.push({ account, badge, since: START - DAY });
  return account;
}

function on(day: number, account: Address, deeds: Deeds): void {
  for (const [measure, units] of Object.entries(deeds) as [string, number][]) {
    const id = `${day}-${measure}-${account}`;
    const time = START + day * DAY + 3600;
    contributions.push({ id, account, time, task: 'messages', measure, units: BigInt(units), attributes: {} });
  }
}

/** The same on each of the nine days before, so that the streak is ten. A message without minutes keeps it and earns nothing. */
function steadyUntil(day: number, account: Address, deeds: Deeds, habit: Deeds = { text: 1 }): Address {
  for (let before = day - 9; before < day; before++) on(before, account, habit);
  on(day, account, deeds);
  return account;
}

/** On the days before the example everybody earns, nobody over the limit, so that nothing but roundings is kept. */
const EARNING: Deeds = { text: 1, online: 120 };

// The published example, and others who bring the sum to 50,000: 16 · 3,000 + 890 + 5 + 1,105.
const published = steadyUntil(EXAMPLE_DAY, person(0, ['Early-Adopter', 'Pioneer']), { text: 80, voice: 3, image: 1, online: 60 }, EARNING); // prettier-ignore
for (let n = 1; n <= 16; n++)
  steadyUntil(EXAMPLE_DAY, person(n), { text: 100, voice: 10, image: 5, online: 120 }, EARNING);
steadyUntil(EXAMPLE_DAY, person(17), { text: 89, online: 120 }, EARNING);
steadyUntil(EXAMPLE_DAY, person(18), { text: 1, online: 60 }, EARNING);
// The second example: 975 of 9,000 = 8 · 1,000 + 25 + 975.
const second = steadyUntil(SECOND_DAY, person(20), { text: 95, voice: 10, online: 60 });
for (let n = 21; n <= 28; n++) steadyUntil(SECOND_DAY, person(n), { voice: 10, online: 120 });
steadyUntil(SECOND_DAY, person(29), { text: 5, online: 60 });
// A day on which people are online and nobody writes; then they begin again.
for (let n = 20; n <= 29; n++) on(SILENT_DAY, testAddress(n), { online: 90 });
for (let n = 20; n <= 29; n++) on(LAST_DAY, testAddress(n), { voice: 10, online: 120 });
const eager = person(30);
on(LAST_DAY, eager, { text: 500, voice: 50, image: 50, online: 500 });
const decorated = person(31, ['Fundamental', 'Teacher']);
on(LAST_DAY, decorated, { voice: 10, online: 120 });
const quiet = person(32);
on(LAST_DAY, quiet, { text: 1, online: 1 });

describe('LangX, day by day on chain', function () {
  this.timeout(300_000);
  const days: Settled[] = [];
  let world: World;

  before(async () => {
    const hardhat = await network.create({
      override: { initialDate: new Date((START - DAY) * 1000).toISOString() },
    });
    try {
      world = await deployWorld(hardhat, { start: START, preset });
      const { taskMap, tasks, policy } = world.parameters;
      const clock = { start: START, length: DAY };
      const ledger = { contributions, usage: [], accounts };
      const scored = await scoreEpochs({ ledger, policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: DAYS });
      for (const work of scored) days.push((await runEpoch(world, days.at(-1)?.next ?? BEFORE, work)).settled);
      const { token, reserve } = world.chain.contracts;
      expect(await token.totalSupply()).to.equal(BigInt(DAYS) * A_DAY);
      expect(await reserve.reserve()).to.equal(days.at(-1)!.next.reserve);
    } finally {
      await hardhat.close();
    }
  });

  const rowOf = (day: number, account: Address) => [...days[day]!.rows].find((row) => row.account === account);
  const scoreOf = (day: number, account: Address) => rowOf(day, account)?.scores[0] ?? 0n;
  const totalOf = (day: number) => days[day]!.settlement.scoreTotals[0]!;

  it('1105 of 50,000 is a share of 0.0221, and 221 tokens', () => {
    expect(scoreOf(EXAMPLE_DAY, published)).to.equal(1105n * POINT);
    expect(totalOf(EXAMPLE_DAY)).to.equal(50_000n * POINT);
    expect((scoreOf(EXAMPLE_DAY, published) * 10_000n) / totalOf(EXAMPLE_DAY)).to.equal(221n);
    expect(rowOf(EXAMPLE_DAY, published)?.grant).to.equal(221n * TOKEN);
  });

  it('975 of 9000 is 10.83 %, and paid in full', () => {
    expect(scoreOf(SECOND_DAY, second)).to.equal(975n * POINT);
    expect(totalOf(SECOND_DAY)).to.equal(9000n * POINT);
    const { payout } = days[SECOND_DAY]!.outcome;
    const { grant, capped } = rowOf(SECOND_DAY, second)!;
    expect({ perTenThousand: (grant * 10_000n + payout - 1n) / payout, capped }).to.deep.equal({
      perTenThousand: 1084n, // 10.8333 %, rounded up here
      capped: [false],
    });
    expect(grant).to.equal((payout * 975n) / 9000n);
  });

  it('a day without a message pays nobody and keeps its 10,000', () => {
    const { granted, withheld, budget, payout } = days[SILENT_DAY]!.outcome;
    expect({ granted, withheld, budget, payout }).to.deep.equal({
      granted: 0n,
      withheld: A_DAY,
      budget: A_DAY,
      payout: 0n,
    });
    expect(days[SILENT_DAY]!.participants).to.equal(0);
  });

  it('a missed day resets the streak: the same deeds are worth a tenth of what they were', () => {
    const steady = testAddress(21);
    expect(scoreOf(SECOND_DAY, steady)).to.equal(1000n * POINT);
    expect(scoreOf(LAST_DAY, steady)).to.equal(100n * POINT);
    const part = (day: number) => (rowOf(day, steady)!.grant * totalOf(day)) / days[day]!.outcome.payout;
    expect(part(SECOND_DAY) / POINT).to.be.within(999n, 1000n);
    expect(part(LAST_DAY) / POINT).to.be.within(99n, 100n);
  });

  it('caps: what goes over 100 texts, 10 voice messages, 5 images and 120 minutes counts for nothing', () => {
    expect(scoreOf(LAST_DAY, eager)).to.equal(300n * POINT);
  });

  it('one person gets 12 % of a day at most, and the rest is kept', () => {
    const { payout } = days[LAST_DAY]!.outcome;
    const row = rowOf(LAST_DAY, eager)!;
    expect((scoreOf(LAST_DAY, eager) * 100n) / totalOf(LAST_DAY) >= 12n).to.equal(true);
    expect({ grant: row.grant, capped: row.capped }).to.deep.equal({ grant: (payout * 12n) / 100n, capped: [true] });
  });

  it('Fundamental and Teacher make 3.1', () => {
    expect(scoreOf(LAST_DAY, decorated)).to.equal(310n * POINT);
  });

  it('a share under 0.005 % is paid', () => {
    const score = scoreOf(LAST_DAY, quiet);
    expect(score).to.equal(8_333n);
    expect(score * 20_000n < totalOf(LAST_DAY)).to.equal(true);
    const { payout } = days[LAST_DAY]!.outcome;
    expect(rowOf(LAST_DAY, quiet)?.grant).to.equal((payout * score) / totalOf(LAST_DAY));
    expect(rowOf(LAST_DAY, quiet)!.grant > 0n).to.equal(true);
  });

  it("every day's grants and what is kept come to 10,000 exactly, and what comes back beside", () => {
    for (const { outcome, rows } of days) {
      expect([...rows].reduce((sum, { grant }) => sum + grant, 0n)).to.equal(outcome.granted);
      expect(outcome.granted + outcome.withheld - outcome.injected).to.equal(A_DAY);
    }
  });
});

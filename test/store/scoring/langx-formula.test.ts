import { expect } from 'chai';
import fc from 'fast-check';

import type { AccountRow, Contribution } from '../../../src/settlement/ledger/rows.ts';
import { scoreEpochs } from '../../../src/store/duckdb-scoring.ts';
import { runs, seed } from '../../support/effort.ts';
import { accountOf, DAY, START } from '../../support/ledger.ts';
import { plainScorer } from '../../support/plain-scorer/plain-scorer.ts';
import { presetNamed } from '../../support/presets.ts';
import { LANGX } from './langx-examples.ts';

/** What each badge adds, in tenths. */
const TENTHS = { Fundamental: 20, Backer: 10, 'Early-Adopter': 5, Pioneer: 2, Teacher: 1, Creator: 1 } as const;
/** The day that is scored: there is room for a streak of 35 before it. */
const TODAY = 34;

const person = fc.record({
  text: fc.nat(120),
  voice: fc.nat(12),
  image: fc.nat(6),
  online: fc.nat(150),
  streak: fc.integer({ min: 1, max: TODAY + 1 }),
  badges: fc.subarray(Object.keys(TENTHS) as (keyof typeof TENTHS)[]), // its own keys
});
type Person = typeof person extends fc.Arbitrary<infer T> ? T : never;

/** (text·10 + voice·100 + image·200) · (online/120) · (streak/10) · badges in millionths of a point, as one fraction. */
function published({ text, voice, image, online, streak, badges }: Person): bigint {
  const points = Math.min(text, 100) * 10 + Math.min(voice, 10) * 100 + Math.min(image, 5) * 200;
  const tenths = badges.reduce((sum, badge) => sum + TENTHS[badge], 10);
  const factors = [points, Math.min(online, 120), Math.min(streak, 30), Math.min(tenths, 100)];
  return factors.reduce((product, factor) => product * BigInt(factor), 1_000_000n) / (120n * 10n * 10n);
}

function ledgerOf(people: readonly Person[]) {
  const contributions: Contribution[] = [];
  const accounts: AccountRow[] = [];
  people.forEach(({ text, voice, image, online, streak, badges }, index) => {
    const account = accountOf(index + 1);
    const add = (day: number, measure: string, units: number) => {
      const [id, time] = [`m${contributions.length}`, START + day * DAY];
      contributions.push({ id, account, time, task: 'messages', measure, units: BigInt(units), attributes: {} });
    };
    for (let day = TODAY - streak + 1; day < TODAY; day++) add(day, 'text', 1);
    for (const [measure, units] of Object.entries({ text, voice, image, online })) add(TODAY, measure, units);
    for (const badge of badges) accounts.push({ account, badge, since: START });
  });
  return { contributions, accounts, usage: [] };
}

describe('the published LangX formula', function () {
  this.timeout(0);

  it('is exact: every score is the fraction itself, rounded down once to a millionth of a point', async () => {
    const shared = {
      tasks: [{ id: 1, name: 'messages' }],
      taskMap: new Map([['messages', 'messages']]),
      clock: { start: START, length: DAY },
    };
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 60, maxLength: 60 }), async (people) => {
        const scoring = { ...shared, ledger: ledgerOf(people) };
        const range = { fromEpoch: TODAY, toEpoch: TODAY + 1 };
        const [found] = await scoreEpochs({ ...scoring, ...range, policy: presetNamed('langx').policy });
        const plain = plainScorer({ ...scoring, policy: LANGX });
        people.forEach((each, index) => {
          const account = accountOf(index + 1);
          const score = found?.scores.find((one) => one.account === account)?.score ?? 0n;
          expect(score, JSON.stringify(each)).to.equal(published(each));
          expect(plain.steps(account, 'messages', TODAY).score, 'by hand').to.equal(score);
        });
      }),
      { seed: seed(), numRuns: runs(10, 400) },
    );
  });
});

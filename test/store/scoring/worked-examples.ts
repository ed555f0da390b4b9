import type { AccountRow, Contribution, Usage } from '../../../src/settlement/ledger/rows.ts';
import { alice, bob, DAY, START } from '../../support/ledger.ts';
import type { PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';
import type { EligibilityFile, PolicyFile, TaskFile } from '../../support/plain-scorer/policy-file.ts';
import type { WorkedExample } from './langx-examples.ts';

const WEEK = 7 * DAY;
const POINT = 1_000_000n;

let last = 0;
function row(week: number, changes: Partial<Contribution> = {}): Contribution {
  last += 1;
  const time = START + week * WEEK + last;
  return {
    id: `r${last}`,
    account: alice,
    time,
    task: 'voice',
    measure: 'units',
    units: 10n,
    attributes: {},
    ...changes,
  };
}

function use({ id, account }: Contribution, week: number): Usage {
  last += 1;
  return { contribution: id, account, time: START + week * WEEK + last, attributes: {} };
}

function weekly(task: TaskFile, ledger: Partial<PlainScoring['ledger']>, more: Partial<PolicyFile> = {}): PlainScoring {
  const voice = { minimumScore: '1', measures: { units: { points: '1' } }, ...task };
  const policy = { format: 'lode-policy-v1', decimals: '6', tasks: { voice }, ...more };
  return {
    policy,
    ledger: { contributions: [], usage: [], accounts: [], ...ledger },
    tasks: [{ id: 3, name: 'voice' }],
    taskMap: new Map([['voice', 'voice']]),
    clock: { start: START, length: WEEK },
  };
}

const rated = (quality: string): Contribution => row(0, { attributes: { quality } });
const inLanguage = (week: number, language: string, account = alice): Contribution =>
  row(week, { attributes: { language }, account });
const languages = (week: number, counts: Readonly<Record<string, number>>): Contribution[] =>
  Object.entries(counts).flatMap(([language, count]) =>
    Array.from({ length: count }, () => inLanguage(week, language, bob)),
  );

const LEVELS = { quality: { attribute: 'quality', unrated: '0.9', levels: { gold: '1.5', poor: '0' } } };
const NUMERIC = { quality: { attribute: 'quality', unrated: '1', least: '0.25', most: '2' } };
const SCARCITY = { scarcity: { language: { window: '2', reference: '0.05', most: '3', unseen: '2.5' } } };
const used = row(0);
const usedLater = row(1);

function allowed(eligibility: EligibilityFile, ledger: Partial<PlainScoring['ledger']>): PlainScoring {
  return weekly({}, ledger, { eligibility });
}

const since = (account: AccountRow['account'], badge: string, time: number): AccountRow => ({
  account,
  badge,
  since: time,
});

/** Each part of the policy language on its own, by hand. Scores are in millionths of a point; a plain row is worth 10 points. */
export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  {
    name: 'quality by levels: 1.5 for gold, 0 for poor, 0.9 for what is unrated or unreadable',
    scoring: weekly({ multipliers: LEVELS }, { contributions: [rated('gold'), rated('poor'), rated('1.7'), row(0)] }),
    epoch: 0,
    scores: [[alice, 3, 33n * POINT]],
  },
  {
    name: 'quality by number: the rating itself between its bounds, exactly to six places',
    scoring: weekly({ multipliers: NUMERIC }, { contributions: [rated('1.234567'), rated('0.1'), rated('1000000')] }),
    epoch: 0,
    scores: [[alice, 3, 12_345_670n + 2_500_000n + 20n * POINT]],
  },
  {
    // 0.05 · 40 rows / 1 row in sw = 2; 0.05 · 40 / 39 is about 0.05, so 1; a row without a language counts once.
    name: 'scarcity: a language of one row in forty counts twice at a reference of one in twenty, a common one once',
    scoring: weekly(
      { multipliers: SCARCITY },
      { contributions: [...languages(0, { fr: 39, sw: 1 }), inLanguage(1, 'sw'), inLanguage(1, 'fr'), row(1)] },
    ),
    epoch: 1,
    scores: [[alice, 3, 40n * POINT]],
  },
  {
    // sw: 0.05 · 40 / 1 = 2, eo among the 40. eo (seen) and vo (not) are not listed: once. tok is, and was not seen: 2.5.
    name: 'scarcity: a value that is not on the list counts once, whether it was seen or not, and is one of all rows',
    scoring: weekly(
      { multipliers: { scarcity: { language: { ...SCARCITY.scarcity.language, values: ['sw', 'fr', 'tok'] } } } },
      {
        contributions: [
          ...languages(0, { fr: 38, sw: 1, eo: 1 }),
          ...['sw', 'eo', 'vo', 'tok'].map((language) => inLanguage(1, language)),
        ],
      },
    ),
    epoch: 1,
    scores: [[alice, 3, 20n * POINT + 10n * POINT + 10n * POINT + 25n * POINT]],
  },
  {
    // Without the twenty rejected rows 0.05 · 40 / 1 = 2; with them 0.05 · 60 / 21 is below 1.
    name: 'scarcity: rows that quality rejected are not seen',
    scoring: weekly(
      { multipliers: { ...SCARCITY, ...LEVELS } },
      {
        contributions: [
          ...languages(0, { fr: 39, sw: 1 }),
          ...Array.from({ length: 20 }, () =>
            row(0, { account: bob, attributes: { language: 'sw', quality: 'poor' } }),
          ),
          row(1, { attributes: { language: 'sw', quality: 'gold' } }),
        ],
      },
    ),
    epoch: 1,
    scores: [[alice, 3, 30n * POINT]],
  },
  {
    name: 'scarcity: at most the largest factor, and a language that was never seen has its own',
    scoring: weekly(
      { multipliers: SCARCITY },
      { contributions: [...languages(0, { fr: 99, sw: 1 }), inLanguage(1, 'sw'), inLanguage(1, 'eo')] },
    ),
    epoch: 1,
    scores: [[alice, 3, 55n * POINT]],
  },
  {
    name: 'scarcity: an attribute with a name that every object has is only what the rows say',
    scoring: weekly(
      { multipliers: { scarcity: { constructor: SCARCITY.scarcity.language } } },
      { contributions: [row(0), row(1, { attributes: { constructor: 'law' } })] },
    ),
    epoch: 1,
    scores: [[alice, 3, 10n * POINT]],
  },
  {
    name: 'scarcity: without rows in the window there is nothing to compare with, and the window moves on',
    scoring: weekly(
      { multipliers: SCARCITY },
      { contributions: [...languages(0, { fr: 99, sw: 1 }), inLanguage(3, 'sw')] },
    ),
    epoch: 3,
    scores: [[alice, 3, 10n * POINT]],
  },
  {
    // 0.05 · 3 / 1 = 0.15 → 1: over the reference share. The row of 0 units is not counted as a row in fr.
    name: 'scarcity: rows that earned nothing are not seen',
    scoring: weekly(
      { multipliers: SCARCITY },
      {
        contributions: [
          ...languages(0, { sw: 1 }),
          row(0, { units: 0n, attributes: { language: 'fr' } }),
          inLanguage(1, 'fr'),
        ],
      },
    ),
    epoch: 1,
    scores: [[alice, 3, 25n * POINT]],
  },
  {
    // 1 + 0.5 · 2/4 = 1.25
    name: 'consistency: two active epochs of the last four, this one not among them',
    scoring: weekly(
      { multipliers: { consistency: { epochs: '4', bonus: '0.5' } } },
      { contributions: [row(0), row(2), row(3), row(5)] },
    ),
    epoch: 5,
    scores: [[alice, 3, 12_500_000n]],
  },
  {
    // 1 + 0.5 · 1/4 = 1.125, · 1.01: week 2 was rejected, and week 3 came to ⌊1 millionth · 0.9⌋ = 0.
    name: 'consistency and loyalty: an epoch in which quality left nothing is not active',
    scoring: weekly(
      {
        measures: { units: { points: '1' }, dust: { points: '0.000001' } },
        multipliers: {
          ...LEVELS,
          consistency: { epochs: '4', bonus: '0.5' },
          loyalty: { epochs: '9', bonus: '0.01', most: '2' },
        },
      },
      {
        contributions: [
          row(1),
          row(2, { attributes: { quality: 'poor' } }),
          row(3, { measure: 'dust', units: 1n }),
          row(4, { attributes: { quality: 'gold' } }),
        ],
      },
    ),
    epoch: 4,
    scores: [[alice, 3, 17_043_750n]],
  },
  {
    name: 'consistency: ranges of epochs with the same rule count an active epoch once',
    scoring: weekly(
      { multipliers: { consistency: { epochs: '1', bonus: '0.5' } } },
      { contributions: [row(2), row(3)] },
      { overlays: [{ from: '1', until: '2' }] },
    ),
    epoch: 3,
    scores: [[alice, 3, 15n * POINT]],
  },
  {
    name: 'loyalty: a bonus for each active epoch, up to the most',
    scoring: weekly(
      { multipliers: { loyalty: { epochs: '260', bonus: '0.01', most: '1.02' } } },
      { contributions: [row(0), row(1), row(2), row(3), row(4)] },
    ),
    epoch: 4,
    scores: [[alice, 3, 10_200_000n]],
  },
  {
    name: 'loyalty: two active epochs give two bonuses',
    scoring: weekly(
      { multipliers: { loyalty: { epochs: '260', bonus: '0.01', most: '2' } } },
      { contributions: [row(0), row(3), row(4)] },
    ),
    epoch: 4,
    scores: [[alice, 3, 10_200_000n]],
  },
  {
    name: 'usage: points for each use up to the cap, also in an epoch without a contribution',
    scoring: weekly(
      { usage: { points: '0.5', epochCap: '3' } },
      { contributions: [used, usedLater], usage: [1, 1, 1, 1, 2].map((week) => use(used, week)) },
    ),
    epoch: 1,
    scores: [[alice, 3, 11_500_000n]],
  },
  {
    name: 'usage: the uses of an epoch count in that epoch',
    scoring: weekly(
      { usage: { points: '0.5' } },
      { contributions: [used], usage: [1, 1, 1, 1, 2].map((week) => use(used, week)) },
    ),
    epoch: 1,
    scores: [[alice, 3, 2n * POINT]],
  },
  {
    name: 'the cap of a day bounds volume, not the multipliers of the day',
    scoring: weekly(
      { dailyCap: '4', multipliers: { badges: { factors: { Backer: '1' }, most: '10' } } },
      { contributions: [row(0)], accounts: [since(alice, 'Backer', START)] },
    ),
    epoch: 0,
    scores: [[alice, 3, 8n * POINT]],
  },
  {
    name: 'one row earns at most 10^15 points',
    scoring: weekly(
      { measures: { units: { points: '1000' } } },
      { contributions: [row(0, { units: 10n ** 15n }), row(0, { units: 10n ** 12n, time: START + 2 * DAY })] },
    ),
    epoch: 0,
    scores: [[alice, 3, 2n * 10n ** 21n]],
  },
  {
    name: 'one day comes to at most 10^15 points before its factors, under a larger cap too',
    scoring: weekly(
      {
        dailyCap: '1000000000000000000',
        measures: { units: { points: '1000' } },
        multipliers: { badges: { factors: { Backer: '1' }, most: '10' } },
      },
      {
        contributions: [row(0, { units: 10n ** 12n }), row(0, { units: 10n ** 12n })],
        accounts: [since(alice, 'Backer', START)],
      },
    ),
    epoch: 0,
    scores: [[alice, 3, 2n * 10n ** 21n]],
  },
  {
    // 1,000,000 · 5/7 · 3/2 · 1.000001 = 1,071,429.6…; rounded down each time, 714,285 and 1,071,427 would come first.
    name: 'the factors of a day are one fraction, rounded down once',
    scoring: weekly(
      {
        measures: {
          units: { points: '1' },
          online: { points: '0', dailyCap: '120' },
          pages: { points: '0', dailyCap: '5' },
        },
        multipliers: {
          measured: { online: { per: '7' }, pages: { per: '2' } },
          badges: { factors: { Backer: '0.000001' }, most: '2' },
        },
      },
      {
        contributions: [
          row(0, { units: 1n }),
          row(0, { measure: 'online', units: 5n }),
          row(0, { measure: 'pages', units: 3n }),
        ],
        accounts: [since(alice, 'Backer', START)],
      },
    ),
    epoch: 0,
    scores: [[alice, 3, 1_071_429n]],
  },
  {
    name: 'the largest day under the largest factors: 10^21 millionths by 10^17 is 10^38, by 10^14 again 10^24',
    scoring: weekly(
      {
        measures: {
          units: { points: '1000' },
          online: { points: '0', dailyCap: '1000000' },
          pages: { points: '0', dailyCap: '100000' },
        },
        multipliers: {
          measured: { online: { per: '1000000' }, pages: { per: '100' } },
          badges: { factors: { Backer: '1' }, most: '1' },
        },
      },
      {
        contributions: [
          row(0, { units: 10n ** 12n }),
          row(0, { measure: 'online', units: 10n ** 6n }),
          row(0, { measure: 'pages', units: 10n ** 5n }),
        ],
      },
    ),
    epoch: 0,
    scores: [[alice, 3, 10n ** 24n]],
  },
  {
    name: 'an overlay replaces a multiplier as a whole, and null takes one away',
    scoring: weekly(
      { multipliers: { ...LEVELS, consistency: { epochs: '1', bonus: '1' } } },
      { contributions: [row(0), row(1, { attributes: { quality: 'gold' } })] },
      { overlays: [{ from: '1', tasks: { voice: { multipliers: { ...NUMERIC, consistency: null } } } }] },
    ),
    epoch: 1,
    scores: [[alice, 3, 10n * POINT]],
  },
  {
    name: 'eligibility: an account that is not listed scores nothing, with the reason',
    scoring: allowed(
      { allow: [alice], age: '7' },
      { contributions: [row(0, { time: START }), row(0, { account: bob })] },
    ),
    epoch: 0,
    scores: [[alice, 3, 10n * POINT]],
    ineligible: [[bob, 'not-listed']],
  },
  {
    name: 'eligibility: one of the badges, given before the epoch ended',
    scoring: allowed(
      { badges: ['verified', 'device'] },
      {
        contributions: [row(0), row(0, { account: bob })],
        accounts: [
          since(alice, 'device', START + WEEK - 1),
          since(bob, 'verified', START + WEEK),
          since(bob, 'other', 0),
        ],
      },
    ),
    epoch: 0,
    scores: [[alice, 3, 10n * POINT]],
    ineligible: [[bob, 'badge-missing']],
  },
  {
    name: 'eligibility: the age goes by the first contribution, or by the first row of the account where that is earlier',
    scoring: allowed(
      { age: '7' },
      {
        contributions: [row(0, { time: START + 1 }), row(0, { account: bob, time: START + 1 })],
        accounts: [since(alice, '', START)],
      },
    ),
    epoch: 0,
    scores: [[alice, 3, 10n * POINT]],
    ineligible: [[bob, 'too-young']],
  },
];

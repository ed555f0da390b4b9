import type { Address } from '../../../src/protocol/brands.ts';
import type { AccountRow, Contribution } from '../../../src/settlement/ledger/rows.ts';
import { alice, bob, DAY, START } from '../../support/ledger.ts';
import type { PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';
import type { PolicyFile } from '../../support/plain-scorer/policy-file.ts';

/** A case worked out by hand: what is scored, in which epoch, and what comes out. */
export interface WorkedExample {
  readonly name: string;
  readonly scoring: PlainScoring;
  readonly epoch: number;
  /** Account, task and score. */
  readonly scores: readonly (readonly [Address, number, bigint])[];
  readonly ineligible?: readonly (readonly [Address, string])[];
}

/** The published rules: (text·10 + voice·100 + image·200) · minutes/120 · streak/10 · badges, with the published caps. */
export const LANGX: PolicyFile & Readonly<Record<string, unknown>> = {
  format: 'lode-policy-v1',
  decimals: '6',
  tasks: {
    messages: {
      minimumScore: '0.000001',
      measures: {
        text: { points: '10', dailyCap: '100' },
        voice: { points: '100', dailyCap: '10' },
        image: { points: '200', dailyCap: '5' },
        online: { points: '0', dailyCap: '120' },
      },
      multipliers: {
        measured: { online: { per: '120' } },
        streak: { per: '10', most: '30' },
        badges: {
          factors: {
            Fundamental: '2',
            Backer: '1',
            'Early-Adopter': '0.5',
            Pioneer: '0.2',
            Teacher: '0.1',
            Creator: '0.1',
          },
          most: '10',
        },
      },
    },
  },
};

const POINT = 1_000_000n;

let last = 0;
/** What somebody did on a day. */
function did(day: number, units: Readonly<Record<string, bigint>>, account = alice): Contribution[] {
  return Object.entries(units).map(([measure, count]) => {
    last += 1;
    const time = START + day * DAY + last;
    return { id: `m${last}`, account, time, task: 'messages', measure, units: count, attributes: {} };
  });
}

/** The same little work on each of some days, so that they are active: `days(3, 5)` are the days 3, 4 and 5. */
function days(from: number, to: number): Contribution[] {
  return Array.from({ length: to - from + 1 }, (_, i) => did(from + i, { text: 1n, online: 120n })).flat();
}

function held(badges: readonly string[], since = START - DAY): AccountRow[] {
  return badges.map((badge) => ({ account: alice, badge, since }));
}

function langx(contributions: readonly Contribution[], accounts: readonly AccountRow[] = []): PlainScoring {
  return {
    policy: LANGX,
    ledger: { contributions, usage: [], accounts },
    tasks: [{ id: 1, name: 'messages' }],
    taskMap: new Map([['messages', 'messages']]),
    clock: { start: START, length: DAY },
  };
}

const published = { text: 80n, voice: 3n, image: 1n, online: 60n };
const full = { text: 100n, online: 120n };

/** The worked examples of the published document, and its rules one by one. The score is in millionths of a point. */
export const LANGX_EXAMPLES: readonly WorkedExample[] = [
  {
    name: 'LangX: 80 texts, 3 voice messages, 1 image, 60 minutes, streak 10, Early-Adopter and Pioneer: 1105',
    scoring: langx([...days(0, 8), ...did(9, published)], held(['Early-Adopter', 'Pioneer'])),
    epoch: 9,
    scores: [[alice, 1, 1105n * POINT]],
  },
  {
    name: 'LangX: Fundamental and Teacher multiply by 3.1',
    scoring: langx([...days(0, 8), ...did(9, full)], held(['Fundamental', 'Teacher'])),
    epoch: 9,
    scores: [[alice, 1, 3100n * POINT]],
  },
  {
    name: 'LangX: texts, voice, images and minutes above the caps of the day count for nothing',
    scoring: langx([...days(0, 8), ...did(9, { text: 900n, voice: 11n, image: 6n, online: 1_440n })]),
    epoch: 9,
    scores: [[alice, 1, 3000n * POINT]],
  },
  {
    name: 'LangX: a streak counts at most 30 days',
    scoring: langx([...days(0, 33), ...did(34, full)]),
    epoch: 34,
    scores: [[alice, 1, 3000n * POINT]],
  },
  {
    // 10 · 5/120 · 30/10 = 150/120 = 1.25. Rounded down after each factor: 0.416666, then 1.249998.
    name: 'LangX: the formula is exact: 1 text, 5 minutes and a streak of 30 are 1.25 points',
    scoring: langx([...days(0, 33), ...did(34, { text: 1n, online: 5n })]),
    epoch: 34,
    scores: [[alice, 1, 1_250_000n]],
  },
  {
    name: 'LangX: the formula is exact: 1 text, 15 minutes and a streak of 1 are 0.125 points',
    scoring: langx(did(3, { text: 1n, online: 15n })),
    epoch: 3,
    scores: [[alice, 1, 125_000n]],
  },
  {
    // 10 · 1/120 · 30/10 · 4.9 = 1.225. Rounded down after each factor: 0.083333, 0.249999, 1.224995.
    name: 'LangX: the formula is exact: 1 text, 1 minute, a streak of 30 and badges of 4.9 are 1.225 points',
    scoring: langx(
      [...days(0, 33), ...did(34, { text: 1n, online: 1n })],
      held(['Fundamental', 'Backer', 'Early-Adopter', 'Pioneer', 'Teacher', 'Creator']),
    ),
    epoch: 34,
    scores: [[alice, 1, 1_225_000n]],
  },
  {
    // 10 · 7/120 · 1/10 · 1.7 = 119/1200 = 0.09916…
    name: 'LangX: what is no whole number of millionths is rounded down, once',
    scoring: langx(did(3, { text: 1n, online: 7n }), held(['Early-Adopter', 'Pioneer'])),
    epoch: 3,
    scores: [[alice, 1, 99_166n]],
  },
  {
    name: 'LangX: a missed day resets the streak',
    scoring: langx([...days(0, 8), ...did(10, full)]),
    epoch: 10,
    scores: [[alice, 1, 100n * POINT]],
  },
  {
    name: 'LangX: minutes alone keep no streak and score nothing',
    scoring: langx([...days(0, 8), ...did(9, { online: 120n }), ...did(10, full)]),
    epoch: 10,
    scores: [[alice, 1, 100n * POINT]],
  },
  {
    name: 'LangX: a day with minutes and without messages scores nothing',
    scoring: langx([...days(0, 8), ...did(9, { online: 120n })], held(['Fundamental'])),
    epoch: 9,
    scores: [],
  },
  {
    name: 'LangX: a day with messages and without minutes scores nothing, but goes on with the streak',
    scoring: langx([...days(0, 8), ...did(9, { text: 100n }), ...did(10, full)]),
    epoch: 10,
    scores: [[alice, 1, 1100n * POINT]],
  },
  {
    name: 'LangX: a badge counts from the day on which it was given, and once',
    scoring: langx(
      [...did(3, full), ...did(3, full, bob)],
      [...held(['Backer'], START + 4 * DAY - 1), ...held(['Backer'])],
    ),
    epoch: 3,
    scores: [
      [alice, 1, 200n * POINT],
      [bob, 1, 100n * POINT],
    ],
  },
  {
    name: 'LangX: a badge that was given on the next day does not count yet',
    scoring: langx(did(3, full), held(['Backer'], START + 4 * DAY)),
    epoch: 3,
    scores: [[alice, 1, 100n * POINT]],
  },
];

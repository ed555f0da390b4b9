import { expect } from 'chai';

import { explanationText } from '../../src/cli/output/explanation.ts';
import { counted } from '../../src/protocol/tokens.ts';
import type { AccountExplanation } from '../../src/store/read-account.ts';
import { testAddress } from '../support/history.ts';

const WAD = 10n ** 18n;
const EMPTY = { unlocked: 0n, cohorts: [] };
const ACCELERATION = { uses: 1n, perUse: WAD / 100n, bound: WAD / 10n, part: 0n, left: WAD, amount: 0n, cohorts: [] };
const TASK = {
  task: 2,
  name: 'validation',
  score: 0n,
  minimumScore: 1n,
  counts: false,
  participants: 0,
  scoreTotal: 0n,
  weight: WAD,
  budget: 0n,
  share: 0n,
  most: 0n,
  grant: 0n,
};

function words(given: Partial<AccountExplanation>): string {
  return explanationText({
    epoch: 0,
    account: testAddress(1),
    start: 0,
    end: 604_800,
    index: 0,
    leafCount: 1,
    budget: WAD,
    base: WAD,
    payout: WAD,
    miners: WAD,
    accountCap: WAD / 20n,
    tasks: [TASK],
    grant: 0n,
    acceleration: ACCELERATION,
    cohort: { end: 604_800, duration: 0 },
    before: EMPTY,
    rolled: EMPTY,
    accelerated: EMPTY,
    after: EMPTY,
    total: 0n,
    unlocked: 0n,
    rows: null,
    days: null,
    totals: null,
    eligibility: null,
    hasEligibility: false,
    ineligible: null,
    otherTasks: [],
    ...given,
  });
}

describe('explanationText', () => {
  it('counts leaves from 1 and says what the account cap is', () => {
    expect(words({})).to.contain('leaf 1 of 1\n').and.contain("at most: the account cap, 5.0 % of a task's budget");
  });

  it('says of a task without participants that its part went to the reserve', () => {
    expect(words({})).to.contain('nobody counted in 2 validation: its part went to the reserve');
    expect(words({ tasks: [{ ...TASK, name: null }] })).to.contain('nobody counted in 2: its part');
    expect(words({ tasks: [{ ...TASK, participants: 1 }] })).not.to.contain('went to the reserve');
    expect(words({ miners: 0n })).not.to.contain('went to the reserve');
  });

  for (const [what, given, expected] of [
    ['the bound is 0', { bound: 0n }, 'acceleration is off in this epoch (1 use, '],
    ['a use unlocks nothing', { perUse: 0n }, 'acceleration is off in this epoch (1 use, '],
    ['nobody used anything', { uses: 0n }, 'none of what it made was used (0 uses, '],
    ['nothing is locked', { left: 0n }, 'nothing was locked that could be unlocked (1 use, '],
  ] as const) {
    it(`says why usage unlocked nothing when ${what}`, () => {
      expect(words({ acceleration: { ...ACCELERATION, ...given } })).to.contain(`nothing: ${expected}`);
    });
  }
});

describe('explanationText on the way to a score', () => {
  const contribution = {
    ...{ id: 'c1', account: testAddress(1), time: 60, task: 'proofreading', measure: 'units', units: 5n },
    attributes: { language: 'sw' },
  };
  const ONE = 1_000_000n;
  const factor = (numerator: bigint) => ({ numerator, denominator: ONE });
  const rare = { kind: 'scarcity', name: 'language', ...factor(2n * ONE), count: 3n, of: 120n } as const;
  const row = { contribution, task: 2, counted: 4n, earned: 4n * ONE, factors: [rare], after: 8n * ONE };
  const online = { kind: 'measured', name: 'online', numerator: 60n, denominator: 120n } as const;
  const badges = { kind: 'badges', ...factor(1_700_000n), held: ['Early-Adopter', 'Pioneer'] } as const;
  const days = [{ task: 2, day: 0, earned: 8n * ONE, capped: 6n * ONE, factors: [online, badges], kept: 5_100_000n }];
  const loyal = { kind: 'loyalty', ...factor(1_030_000n), count: 3n, of: 260n } as const;
  const total = {
    ...{ task: 2, days: 5_100_000n, uses: 2n, usagePoints: ONE, factors: [loyal], total: 6_283_000n },
    score: 6n,
  };

  it('shows the factors of rows and days, and what they make of the points', () => {
    const text = words({ rows: [row], days, totals: [total] });
    expect(text).to.match(/c1 +proofreading +5 +4 +4 +× 2 \(rarity of language: 3 of 120 rows\) +8\n/);
    expect(text).to.match(/after the daily cap +factors, as one fraction +result\n/);
    const steps = '× 60/120 \\(units of online\\) × 1.7 \\(badges: Early-Adopter, Pioneer\\)';
    expect(text).to.match(new RegExp(`1970-01-01 +2 validation +8 +6 +${steps} +5.1\n`));
    const sum = '5.1 of the days + 1 for 2 uses × 1.03 (loyalty: 3 of the 260 epochs before) = 6.283 points';
    expect(text).to.contain(`2 validation: ${sum}, a score of 6\n`).and.contain('everybody can score');
  });

  it('shows measures where a task has any of its own, and else no column for them', () => {
    const online = { ...row, contribution: { ...contribution, measure: 'online', units: 97n } };
    expect(words({ rows: [row, online] }))
      .to.match(/c1 +proofreading +online +97 +4 /)
      .and.match(/c1 +proofreading +units +5 +4 /);
    expect(words({ rows: [row] })).not.to.contain('measure');
  });

  it('says of work in a task that is not among those of the epoch that it earns nothing', () => {
    const early = { ...total, task: 4 };
    const text = words({
      days: [{ ...days[0]!, task: 4 }],
      totals: [early, total],
      otherTasks: [{ task: 4, name: 'voting' }],
    });
    expect(text).to.match(
      /4 voting: .*, a score of 6; it is not among the tasks of this epoch, so this earns nothing\n/,
    );
    expect(text).to.match(/2 validation: .*, a score of 6\n/);
    expect(text).to.match(/1970-01-01 +4 voting /);
  });

  for (const [reason, why] of [
    ['not-listed', 'it is not on the list of the policy'],
    ['badge-missing', 'it holds none of the badges that the policy asks for'],
    ['too-young', 'it is too young'],
  ] as const) {
    it(`says without a ledger too why the report calls an account not eligible: ${reason}`, () => {
      expect(words({ ineligible: reason })).to.contain(`so every score is 0: ${why} (${reason})\n`);
      expect(words({})).not.to.contain('eligible');
    });
  }

  it('says that a value is not on the list of those that can be rare', () => {
    const invented = { kind: 'scarcity', name: 'language', ...factor(ONE), isListed: false } as const;
    const text = words({ rows: [{ ...row, factors: [invented], after: row.earned }], days: [] });
    expect(text).to.contain('× 1 (rarity of language: not on the list)');
  });

  it('does not say that everybody can score where the policy asks for something', () => {
    const nothing = { rows: [], days: [], totals: [] };
    expect(words(nothing)).to.contain('no points\n').and.contain('everybody can score in this epoch');
    expect(words({ ...nothing, hasEligibility: true })).not.to.contain('everybody can score');
  });

  it('has no column of factors where nothing multiplies', () => {
    const plain = { ...row, factors: [], after: row.earned };
    expect(words({ rows: [plain], days: [] })).not.to.contain('factors');
  });

  for (const [reason, expected] of [
    ['not-listed', 'it is not on the list of the policy (not-listed)'],
    ['badge-missing', 'it holds none of the badges that the policy asks for (badge-missing)'],
    ['too-young', 'it is too young: first seen 1970-01-01 00:01 (too-young)'],
  ] as const) {
    it(`says why an account is not eligible: ${reason}`, () => {
      const text = words({
        rows: [row],
        days,
        totals: [total],
        eligibility: { eligible: false, reason, firstSeen: 60 },
      });
      expect(text).to.contain(`the account is not eligible, so every score is 0: ${expected}\n`);
    });
  }
});

describe('counted', () => {
  it('has one of a thing and many', () => {
    expect([counted(0, 'epoch'), counted(1n, 'epoch'), counted(2000, 'hash', 'hashes')]).to.deep.equal([
      '0 epochs',
      '1 epoch',
      '2,000 hashes',
    ]);
  });
});

import { expect } from 'chai';

import { explanationText } from '../../src/cli/output/explanation.ts';
import { counted } from '../../src/cli/output/tokens.ts';
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

describe('counted', () => {
  it('has one of a thing and many', () => {
    expect([counted(0, 'epoch'), counted(1n, 'epoch'), counted(2000, 'hash', 'hashes')]).to.deep.equal([
      '0 epochs',
      '1 epoch',
      '2,000 hashes',
    ]);
  });
});

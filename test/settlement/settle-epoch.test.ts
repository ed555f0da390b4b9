import { expect } from 'chai';

import type { Address } from '../../src/protocol/brands.ts';
import { parseAddress, parseHash32, ZERO_ADDRESS } from '../../src/protocol/brands.ts';
import type { EpochRecord } from '../../src/protocol/epoch-record.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';

const WAD = 10n ** 18n;
const person = (digit: string): Address => parseAddress(`0x${digit.repeat(40)}`);
const [alice, bob, carol, fund] = [person('a'), person('b'), person('c'), person('f')];

/** 1,000 wei an epoch for two tasks at 60 % and 40 %, a foundation at 10 %, cohorts of one epoch released over 200 s. */
function record(epoch: number, change: Partial<EpochRecord> = {}): EpochRecord {
  return {
    epoch,
    start: epoch * 100,
    end: epoch * 100 + 100,
    budget: 1000n,
    tasks: [1, 2],
    weights: [600_000_000_000_000_000n, 400_000_000_000_000_000n],
    minScores: [1n, 5n],
    policyHash: parseHash32(`0x${'11'.repeat(32)}`),
    price: 0n,
    reserve: {
      hasLaw: false,
      a: 0n,
      b: 0n,
      c: 0n,
      alpha: 0n,
      priceRef: 0n,
      smoothing: 2,
      rho: 0n,
      priceSource: ZERO_ADDRESS,
    },
    foundation: fund,
    foundationShare: WAD / 10n,
    accountCap: WAD,
    accelerationBound: WAD / 2n,
    cohortEnd: epoch * 100 + 100,
    duration: 200,
    window: 0,
    bond: 0n,
    ...change,
  };
}

const settle = (
  parent: State,
  given: EpochRecord,
  scores: [Address, number, bigint][],
  uses: [Address, bigint][] = [],
) =>
  settleEpoch({
    parent,
    record: given,
    scores: scores.map(([account, task, score]) => ({ account, task, score })),
    uses: uses.map(([account, count]) => ({ account, uses: count })),
    unlockPerUse: WAD / 10n,
  });

describe('settleEpoch', () => {
  it('splits payout between foundation and tasks, tasks between scores, each rounded down; the rest is withheld', () => {
    // Payout 1000: foundation 100, miners 900, tasks 540 and 360. Alice 540·2/3 = 360, Bob 180 and 360.
    const { outcome, rows, participants } = settle(GENESIS, record(0), [
      [alice, 1, 2n],
      [bob, 1, 1n],
      [bob, 2, 9n],
    ]);
    expect([...rows].map(({ account, grants }) => [account, grants])).to.deep.equal([
      [alice, [360n, 0n]],
      [bob, [180n, 360n]],
    ]);
    expect(outcome).to.deep.include({ payout: 1000n, minersGranted: 900n, foundationGranted: 100n, withheld: 0n });
    expect(participants).to.equal(2);
  });

  it('pays a score below the minimum, which does not make a participant; a task without one goes to the reserve', () => {
    // Bob's 4 in task 2 are below 5: n = 0, so its 360 and the foundation's 40 of it are withheld.
    const { outcome, rows, settlement } = settle(GENESIS, record(0), [
      [alice, 1, 1n],
      [bob, 2, 4n],
    ]);
    expect(settlement.participants).to.deep.equal([1, 0]);
    expect(settlement.scoreTotals).to.deep.equal([1n, 4n]);
    expect([...rows].map(({ grant }) => grant)).to.deep.equal([540n, 0n]);
    expect(settlement.leafCount).to.equal(2);
    expect(outcome).to.deep.include({ granted: 600n, withheld: 400n });
    expect(outcome.reasons).to.deep.include({ emptyTask: 400n, capAndRounding: 0n, noMiner: 0n });
  });

  it('caps an account per task', () => {
    const capped = record(0, { accountCap: WAD / 4n });
    const { rows, outcome } = settle(GENESIS, capped, [
      [alice, 1, 3n],
      [bob, 1, 1n],
      [bob, 2, 5n],
    ]);
    expect([...rows].map(({ grants, capped: at }) => [grants, at])).to.deep.equal([
      [
        [135n, 0n],
        [true, false],
      ],
      [
        [135n, 90n],
        [false, true],
      ],
    ]);
    expect(outcome.reasons.capAndRounding).to.equal(1000n - 360n - 40n);
  });

  it('vests: grants join their cohort, usage unlocks the oldest first, finished cohorts roll over', () => {
    const first = settle(GENESIS, record(0), [
      [alice, 1, 1n],
      [alice, 2, 5n],
    ]);
    const second = settle(first.next, record(1), [
      [alice, 1, 1n],
      [bob, 2, 5n],
    ]);
    expect(second.next.accounts.at(0)!.curve.cohorts.map(({ amount }) => amount)).to.deep.equal([900n, 540n]);
    // Alice's first cohort is released in full at 300, this epoch's end: 540 are left, of which three uses unlock 30 %.
    const third = settle(
      second.next,
      record(2),
      [],
      [
        [alice, 3n],
        [carol, 9n],
      ],
    );
    expect(third.settlement.accelerated).to.deep.equal([162n]);
    expect(third.next.accounts.at(0)!.curve).to.deep.equal({
      unlocked: 900n + 162n,
      cohorts: [{ end: 200, duration: 200, amount: 378n }],
    });
    expect(third.settlement.leafCount).to.equal(2);
  });

  it('settles an epoch without anybody: the tree stands, the whole base is withheld', () => {
    const { outcome, settlement, tree } = settle(GENESIS, record(0), []);
    expect(outcome).to.deep.include({ payout: 0n, granted: 0n, withheld: 1000n });
    expect(outcome.reasons.noMiner).to.equal(1000n);
    expect(settlement).to.deep.include({ leafCount: 0, root: `0x${'0'.repeat(64)}` });
    expect(tree.depth).to.equal(0);
  });

  it('refuses scores that cannot be', () => {
    const wrong: [Address, number, bigint][][] = [
      [[alice, 3, 1n]],
      [[alice, 1, 0n]],
      [[alice, 1, -1n]],
      [[alice, 1, 1n << 96n]],
      [[ZERO_ADDRESS, 1, 1n]],
      [
        [alice, 1, 1n],
        [alice, 1, 1n],
      ],
    ];
    for (const scores of wrong) expect(() => settle(GENESIS, record(0), scores)).to.throw(InputError, 'SCORE_INVALID');
  });
});

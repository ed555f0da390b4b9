import { expect } from 'chai';
import fc from 'fast-check';

import { InputError } from '../../../src/protocol/errors.ts';
import { settleEpoch } from '../../../src/settlement/settle-epoch.ts';
import { GENESIS } from '../../../src/settlement/state.ts';
import { valueAt } from '../../../src/settlement/economy-parameters.ts';
import { loadState } from '../../../src/settlement/report/load-state.ts';
import { buildReport } from '../../../src/settlement/report/build-report.ts';
import { addressAt } from '../../../src/settlement/columns/account-keys.ts';
import { AmountColumn } from '../../../src/settlement/columns/amount-column.ts';
import { tableOf } from '../../../src/settlement/columns/table-builder.ts';
import { checkActivity, layActivity } from '../../../src/settlement/epoch-scores.ts';
import { activityIn, scoresOf } from '../../../src/settlement/columns/epoch-columns.ts';
import { MAX_UINT128, MAX_UINT64, MAX_UINT96 } from '../../../src/protocol/words.ts';
import { runs, seed } from '../../support/effort.ts';
import { crowd } from '../../support/crowd.ts';
import { histories, runHistory, testAddress } from '../../support/history.ts';
import { settlePlainly } from '../../support/plain-settlement.ts';

const refused = (call: () => unknown, code: string): void => {
  expect(call).to.throw(InputError).with.property('code', code);
};

describe('a settlement in columns', () => {
  it('DIFF-2 is what the rules give account by account: root, sums, grants and every curve', () => {
    fc.assert(
      fc.property(histories({ maxEpochs: 6, maxAccounts: 20 }), (history) => {
        for (const [at, settled] of runHistory(history).entries()) {
          const { parent, record, settlement, rows, next } = settled;
          const { scores, uses } = history.epochs[at]!;
          const unlockPerUse = valueAt(history.parameters.unlockPerUse, record.epoch);
          const plain = settlePlainly({ parent, record, scores, uses, unlockPerUse });
          expect(settlement.root).to.equal(plain.root);
          expect(settlement.participants).to.deep.equal(plain.participants);
          expect(settlement.scoreTotals).to.deep.equal(plain.scoreTotals);
          expect(settlement.granted).to.equal(plain.granted);
          expect(settlement.accelerated).to.deep.equal(plain.accelerated);
          expect(settled.participants).to.equal(plain.distinct);
          expect([...next.accounts].map(({ account, curve }) => ({ account, curve }))).to.deep.equal(plain.accounts);
          for (const { account, grants, index } of rows) {
            expect(grants).to.deep.equal(plain.grants.get(account) ?? grants.map(() => 0n));
            expect(next.accounts.at(index)!.account).to.equal(account);
          }
        }
      }),
      { numRuns: runs(300, 20_000), seed: seed() },
    );
  });

  it('goes on from a table that was read back as from the one that was written', () => {
    fc.assert(
      fc.property(histories({ maxEpochs: 4, maxAccounts: 12 }), (history) => {
        for (const settled of runHistory(history)) {
          const report = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
          const { columns } = settled.next.accounts;
          const again = loadState(report).accounts.columns;
          for (const name of ['keys', 'firstCohort', 'curveHashes'] as const) {
            expect(again[name], name).to.deep.equal(columns[name]);
          }
          expect(again.unlocked.words).to.deep.equal(columns.unlocked.words);
          expect(again.cohortAmounts.words).to.deep.equal(columns.cohortAmounts.words);
        }
      }),
      { numRuns: runs(50, 2000), seed: seed() },
    );
  });

  it('reads leaves back that have nothing, as many as there are', () => {
    const { record, rows } = crowd(300);
    const high = { ...record, minScores: record.minScores.map(() => MAX_UINT96) };
    const scores = [...rows].map(({ account }) => ({ account, task: record.tasks[0]!, score: 1n }));
    const first = settleEpoch({ parent: GENESIS, record: high, scores, uses: [], unlockPerUse: 0n });
    const next = { ...high, epoch: 1, start: record.end, end: 2 * record.end - record.start };
    const idle = settleEpoch({ parent: first.next, record: next, scores: [], uses: [], unlockPerUse: 0n });
    const state = loadState(buildReport(idle, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] }));
    expect(state.accounts).to.have.length(300);
    expect([...state.accounts].every(({ curve }) => curve.unlocked === 0n && curve.cohorts.length === 0)).to.be.true;
  });

  it('knows no terms that all accounts are done with', () => {
    const cohort = (end: number, amount: bigint) => ({ end, duration: 10, amount });
    const table = tableOf([
      { account: testAddress(0), curve: { unlocked: 1n, cohorts: [cohort(5, 2n), cohort(9, 3n)] } },
    ]);
    expect(table.columns.terms).to.deep.equal([
      { end: 5, duration: 10 },
      { end: 9, duration: 10 },
    ]);
    expect([table.finishes(0, 14), table.finishes(0, 15)]).to.deep.equal([false, true]);
  });

  describe('a column of amounts', () => {
    it('gives back any number below 2^128, beside any other', () => {
      const edges = [0n, 1n, MAX_UINT64, MAX_UINT64 + 1n, MAX_UINT96, MAX_UINT128 - 1n, MAX_UINT128];
      fc.assert(
        fc.property(fc.array(fc.oneof(fc.bigInt(0n, MAX_UINT128), fc.constantFrom(...edges))), (amounts) => {
          const column = new AmountColumn(amounts.length);
          amounts.forEach((amount, index) => {
            column.set(index, MAX_UINT128);
            column.set(index, amount);
          });
          expect(amounts.map((_, index) => column.at(index))).to.deep.equal(amounts);
        }),
        { numRuns: runs(200, 10_000), seed: seed() },
      );
    });
  });

  describe('a table of accounts', () => {
    it('finds every account that it has and no other', () => {
      const accounts = Array.from({ length: 50 }, (_, n) => testAddress(2 * n)).sort();
      const table = tableOf(accounts.map((account) => ({ account, curve: { unlocked: 0n, cohorts: [] } })));
      accounts.forEach((account, index) => {
        const { key } = table.at(index)!;
        expect([addressAt(key, 0), table.indexOf(key)]).to.deep.equal([account, index]);
      });
      for (let n = 0; n < 50; n++) {
        const { key } = tableOf([{ account: testAddress(2 * n + 1), curve: { unlocked: 0n, cohorts: [] } }]).at(0)!;
        expect(table.indexOf(key)).to.equal(-1);
      }
      expect(table.at(-1)!.account).to.equal(accounts.at(-1));
      expect([table.at(-51), table.at(50), table.at(0.5)]).to.deep.equal([undefined, undefined, undefined]);
    });
  });

  describe('columns from outside', () => {
    const [low, high] = [testAddress(0), testAddress(1)].sort() as [never, never];
    const laid = () =>
      layActivity(
        [
          { account: low, task: 1, score: MAX_UINT96 },
          { account: high, task: 2, score: 1n },
        ],
        [{ account: high, uses: MAX_UINT64 }],
        [1, 2],
      );

    it('are taken up to the largest score and the most uses', () => {
      expect(() => {
        checkActivity(laid(), [1, 2]);
      }).not.to.throw();
    });

    it('are refused with a score of 2^96, accounts that do not rise, and uses of 2^64', () => {
      const large = laid();
      large.scores[1]!.set(0, MAX_UINT96 + 1n);
      refused(() => {
        checkActivity(large, [1, 2]);
      }, 'SCORE_INVALID');
      const twice = laid();
      twice.accounts.set(twice.accounts.subarray(0, 20), 20);
      refused(() => {
        checkActivity(twice, [1, 2]);
      }, 'SCORE_INVALID');
      refused(() => layActivity([], [{ account: low, uses: MAX_UINT64 + 1n }], [1]), 'SCORE_INVALID');
    });

    it('may name the zero address only where it did not score', () => {
      const { accounts, scores, uses } = laid();
      accounts.fill(0, 0, 20);
      refused(() => {
        checkActivity({ accounts, scores, uses }, [1, 2]);
      }, 'SCORE_INVALID');
      for (const column of scores) column.set(0, 0n);
      expect(() => {
        checkActivity({ accounts, scores, uses }, [1, 2]);
      }).not.to.throw();
    });

    it('give up tasks that the record does not have, and have zeros for those that nobody scored in', () => {
      const { accounts, scores, uses } = laid();
      const columns = { epoch: 0, accounts, scores, uses, tasks: [1, 2], ineligible: [] };
      const activity = activityIn(columns, [2, 7]);
      expect(activity.scores.map((column) => [column.at(0), column.at(1)])).to.deep.equal([
        [0n, 1n],
        [0n, 0n],
      ]);
      expect(scoresOf(columns)).to.deep.equal({
        epoch: 0,
        scores: [
          { account: low, task: 1, score: MAX_UINT96 },
          { account: high, task: 2, score: 1n },
        ],
        uses: [{ account: high, uses: MAX_UINT64 }],
        ineligible: [],
      });
    });
  });
});

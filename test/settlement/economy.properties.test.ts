import { expect } from 'chai';
import fc from 'fast-check';

import { leftOf, roll, totalOf, unlockedAt } from '../../src/protocol/vesting-curve.ts';
import type { Curve } from '../../src/protocol/vesting-curve.ts';
import { accelerate } from '../../src/protocol/vesting-curve.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { runs, seed } from '../support/effort.ts';
import type { History } from '../support/history.ts';
import { histories, runHistory } from '../support/history.ts';

const SIZE = { maxEpochs: 8, maxAccounts: 9 };
const check = (property: (settled: readonly EpochSettlement[], history: History) => void): void =>
  fc.assert(
    fc.property(histories(SIZE), (history) => property(runHistory(history), history)),
    { numRuns: runs(1000, 20_000), seed: seed() },
  );
const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);
const allCurves = (state: State): Curve[] => [
  ...[...state.accounts].map(({ curve }) => curve),
  ...state.foundationCurves.values(),
];

describe('the economy', () => {
  describe('settlement of any epoch', () => {
    it('SETL-1 granted + withheld == budget + injected, and never both withheld and injected', () => {
      check((settled) => {
        for (const { outcome } of settled) {
          expect(outcome.granted + outcome.withheld, 'SETL-1').to.equal(outcome.budget + outcome.injected);
          expect(outcome.withheld === 0n || outcome.injected === 0n, 'SETL-1').to.be.true;
        }
      });
    });

    it('SETL-2 g is the sum of the grants, granted = g + f, the reasons add up to the difference', () => {
      check((settled) => {
        for (const { outcome, rows, settlement } of settled) {
          expect(settlement.granted, 'SETL-2').to.equal(sum([...rows].map(({ grant }) => grant)));
          expect(outcome.granted, 'SETL-2').to.equal(settlement.granted + outcome.foundationGranted);
          expect(sum(Object.values(outcome.reasons)), 'SETL-2').to.equal(outcome.budget - outcome.granted);
          expect(outcome.reasons.capAndRounding >= 0n && outcome.reasons.emptyTask >= 0n, 'SETL-2').to.be.true;
        }
      });
    });

    it('SETL-4 the foundation gets at most its share of what was granted, and nothing when miners get nothing', () => {
      check((settled) => {
        for (const { outcome, record } of settled) {
          // f ≤ φ · (g + f), in whole wei up to the one rounding of the payout's split.
          expect(
            outcome.foundationGranted * 10n ** 18n <= record.foundationShare * outcome.granted + 10n ** 18n,
            'SETL-4',
          ).to.be.true;
          if (outcome.minersGranted === 0n) expect(outcome.foundationGranted, 'SETL-4').to.equal(0n);
          expect(outcome.foundationGranted * 2n <= outcome.granted, 'SETL-4').to.be.true;
        }
      });
    });

    it('RSRV-1 the reserve is S + withheld − injected + deposits, never below 0, and at most S/T leaves it', () => {
      check((settled) => {
        for (const { outcome, record, parent, next } of settled) {
          const after = parent.reserve + outcome.withheld - outcome.injected + parent.pending;
          expect(next.reserve, 'RSRV-1').to.equal(after);
          expect(next.reserve >= 0n, 'RSRV-1').to.be.true;
          expect(next.pending, 'RSRV-1').to.equal(0n);
          expect(outcome.injected <= parent.reserve / BigInt(record.reserve.smoothing), 'RSRV-1').to.be.true;
        }
      });
    });
  });

  describe('vesting', () => {
    it('VEST-1 what is unlocked never falls in time, is at most the total and equals it at the end', () => {
      check((settled) => {
        const { next, record } = settled.at(-1)!;
        for (const curve of allCurves(next)) {
          const finish = Math.max(record.end, ...curve.cohorts.map(({ end, duration }) => end + duration));
          const times = Array.from({ length: 9 }, (_, i) => record.end + Math.floor(((finish - record.end) * i) / 8));
          const amounts = times.map((time) => unlockedAt(curve, time));
          amounts.reduce((before, amount) => {
            expect(amount >= before && amount <= totalOf(curve), 'VEST-1').to.be.true;
            return amount;
          }, 0n);
          expect(unlockedAt(curve, finish), 'VEST-1').to.equal(totalOf(curve));
        }
      });
    });

    it('VEST-1 rolling a curve changes nothing from then on', () => {
      check((settled) => {
        const { next, record } = settled.at(-1)!;
        for (const curve of allCurves(next)) {
          for (const later of [record.end, record.end + 86_400, record.end + 10_000_000]) {
            const rolled = roll(curve, later);
            expect(totalOf(rolled), 'VEST-1').to.equal(totalOf(curve));
            for (const time of [later, later + 1000, later + 5_000_000]) {
              expect(unlockedAt(rolled, time), 'VEST-1').to.equal(unlockedAt(curve, time));
            }
          }
        }
      });
    });

    it('VEST-2 acceleration only raises what is unlocked, within the bound, and nothing is counted twice', () => {
      check((settled) => {
        for (const { rows, record, parent, settlement } of settled) {
          const before = new Map([...parent.accounts].map(({ account, curve }) => [account, roll(curve, record.end)]));
          const cohorts = roll(parent.totalCurve, record.end).cohorts;
          expect(settlement.accelerated, 'VEST-2').to.deep.equal(
            cohorts.map((_, j) => sum([...rows].map(({ accelerated }) => accelerated[j]!))),
          );
          for (const { account, accelerated } of rows) {
            const curve = before.get(account) ?? { unlocked: 0n, cohorts: [] };
            const amount = sum(accelerated);
            expect(amount <= (leftOf(curve) * record.accelerationBound) / 10n ** 18n, 'VEST-2').to.be.true;
            const faster = accelerate(
              curve,
              amount,
              cohorts.map(({ end }) => end),
            ).curve;
            expect(totalOf(faster), 'VEST-2').to.equal(totalOf(curve));
            for (const time of [record.end, record.end + 100_000, record.end + 3_000_000]) {
              expect(unlockedAt(faster, time) >= unlockedAt(curve, time), 'VEST-2').to.be.true;
            }
          }
        }
      });
    });

    it('VEST-2 an account unlocks min(bound, uses × rate) of what it has left, whatever is beyond the bound', () => {
      check((settled, { parameters, epochs }) => {
        settled.forEach(({ rows, record, parent }, epoch) => {
          const uses = new Map(epochs[epoch]!.uses.map((entry) => [entry.account, entry.uses]));
          const taken = new Map([...rows].map(({ account, accelerated }) => [account, sum(accelerated)]));
          for (const { account, curve } of parent.accounts) {
            const asked = (uses.get(account) ?? 0n) * valueAt(parameters.unlockPerUse, epoch);
            const part = asked < record.accelerationBound ? asked : record.accelerationBound;
            const amount = (leftOf(roll(curve, record.end)) * part) / 10n ** 18n;
            expect(taken.get(account) ?? 0n, 'VEST-2').to.equal(amount);
          }
        });
      });
    });

    it('VEST-5 accounts and foundations together are the total curve, cohort by cohort, at any time', () => {
      check((settled) => {
        for (const { next, record } of settled) {
          // A foundation that earns nothing is not touched, so its curve may hold finished cohorts.
          const curves = allCurves(next).map((curve) => roll(curve, record.end));
          const faces = new Map<number, bigint>();
          for (const { end, amount } of curves.flatMap(({ cohorts }) => cohorts)) {
            faces.set(end, (faces.get(end) ?? 0n) + amount);
          }
          const total = next.totalCurve;
          for (const { end, amount } of roll(total, record.end).cohorts)
            expect(faces.get(end), 'VEST-5').to.equal(amount);
          expect(faces.size, 'VEST-5').to.equal(roll(total, record.end).cohorts.length);
          for (const time of [record.end, record.end + 77_777, record.end + 1_000_000, record.end + 100_000_000]) {
            const parts = sum(curves.map((curve) => unlockedAt(curve, time)));
            const whole = unlockedAt(total, time);
            const cohorts = curves.reduce((count, { cohorts: own }) => count + own.length, 0);
            expect(parts <= whole && whole - parts <= BigInt(cohorts), 'VEST-5').to.be.true;
          }
        }
      });
    });

    it('VEST-5 what all accounts and foundations can ever claim equals what was granted', () => {
      check((settled) => {
        const granted = sum(settled.map(({ outcome }) => outcome.granted));
        const { next } = settled.at(-1)!;
        expect(next.totalGranted, 'VEST-5').to.equal(granted);
        expect(sum(allCurves(next).map(totalOf)), 'VEST-5').to.equal(granted);
        expect(totalOf(next.totalCurve), 'VEST-5').to.equal(granted);
      });
    });
  });

  describe('input order', () => {
    it('DIFF-1 scores and uses in any order give the same root and the same next state', () => {
      fc.assert(
        fc.property(histories(SIZE), fc.array(fc.nat(), { minLength: 61, maxLength: 61 }), (history, keys) => {
          const shuffled = <T>(list: readonly T[]): T[] =>
            list
              .map((value, i) => ({ value, key: keys[i % keys.length]! }))
              .sort((a, b) => a.key - b.key)
              .map(({ value }) => value);
          const other = {
            ...history,
            epochs: history.epochs.map((epoch) => ({
              ...epoch,
              scores: shuffled(epoch.scores),
              uses: shuffled(epoch.uses),
            })),
          };
          const [left, right] = [runHistory(history), runHistory(other)];
          expect(
            right.map(({ next }) => next),
            'DIFF-1',
          ).to.deep.equal(left.map(({ next }) => next));
        }),
        { numRuns: runs(200, 5000), seed: seed() },
      );
    });
  });
});

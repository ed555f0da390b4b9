import { expect } from 'chai';
import fc from 'fast-check';

import { mulDivDown, WAD } from '../../src/protocol/fixed-point.ts';
import {
  balanceOf,
  foundationGrantDown,
  grantDown,
  reasonsOf,
  splitPayout,
  taskBudgetsDown,
} from '../../src/protocol/settlement-math.ts';
import { runs, seed } from '../support/effort.ts';
import { groups, readVectors } from '../support/vectors.ts';

const TASKS = 4;
const table = readVectors<Record<string, string[]>>('splits');
const column = (name: string): bigint[] => table[name]!.map(BigInt);
const grouped = (name: string, size: number): bigint[][] => groups(column(name), size);

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Weights of any number of tasks that add up to exactly 1. */
const anyWeights = fc.array(fc.bigInt(1n, WAD), { minLength: 1, maxLength: 16 }).map((parts) => {
  const total = sum(parts);
  const weights = parts.map((part) => mulDivDown(part, WAD, total));
  return [weights[0]! + WAD - sum(weights), ...weights.slice(1)];
});

describe('splits', () => {
  it('give the vectors, to the wei', () => {
    const participants = grouped('participants', TASKS);
    const scores = grouped('scores', 3 * TASKS);
    column('budget').forEach((budget, row) => {
      const [payout, share, cap] = ['payout', 'share', 'cap'].map((name) => column(name)[row]!) as [
        bigint,
        bigint,
        bigint,
      ];
      const { foundation, miners } = splitPayout(payout, share);
      const { budgets, unused } = taskBudgetsDown(
        miners,
        grouped('weights', TASKS)[row]!,
        participants[row]!.map(Number),
      );
      const totals = grouped('totals', TASKS)[row]!;
      const grants = groups(scores[row]!, TASKS).map((own) => grantDown(budgets, own, totals, cap));
      const f = foundationGrantDown(foundation, sum(grants), miners);
      const granted = sum(grants) + f;
      const reasons = reasonsOf({
        budget,
        base: column('base')[row]!,
        levelled: column('levelled')[row]!,
        payout,
        share,
        unused,
        granted,
        hasParticipants: participants[row]!.some((count) => count > 0n),
      });
      expect([foundation, miners, unused, f, granted]).to.deep.equal(
        ['foundation', 'miners', 'unused', 'f', 'granted'].map((name) => column(name)[row]),
      );
      expect(budgets).to.deep.equal(grouped('budgets', TASKS)[row]);
      expect(grants).to.deep.equal(grouped('grants', 3)[row]);
      const { withheld, injected } = balanceOf(budget, granted);
      expect([withheld, injected]).to.deep.equal([column('withheld')[row], column('injected')[row]]);
      expect(Object.values(reasons)).to.deep.equal(grouped('reasons', 6)[row]);
    });
  });

  it('pay LangX’s worked examples: 221 tokens, and 10.83 % of the day', () => {
    expect(column('grants')[0]).to.equal(221n * WAD);
    expect(column('grants')[3]).to.equal(mulDivDown(975n, 10_000n * WAD, 9_000n));
  });

  it('refuse lists of different length', () => {
    expect(() => taskBudgetsDown(1n, [WAD], [])).to.throw('SettlementMath_LengthMismatch');
    expect(() => grantDown([1n], [], [1n], WAD)).to.throw('SettlementMath_LengthMismatch');
    expect(() => grantDown([1n], [1n], [], WAD)).to.throw('SettlementMath_LengthMismatch');
  });

  it('SETL-1..4: nothing is lost, nothing is paid twice, at random', () => {
    const amount = fc.bigInt(0n, (1n << 127n) - 1n);
    fc.assert(
      fc.property(
        anyWeights,
        fc.record({ budget: amount, returned: amount, payout: amount }),
        fc.bigInt(0n, WAD / 2n - 1n),
        fc.bigInt(WAD / 1000n, WAD),
        fc.array(
          fc.array(fc.oneof(fc.constant(0n), fc.bigInt(0n, (1n << 96n) - 1n)), { minLength: 16, maxLength: 16 }),
          { maxLength: 8 },
        ),
        (weights, { budget, returned, payout: wanted }, share, cap, scores) => {
          const participants = weights.map((_, task) => scores.filter((own) => own[task]! > 0n).length);
          const totals = weights.map((_, task) => sum(scores.map((own) => own[task]!)));
          const hasParticipants = participants.some((count) => count > 0);
          const payout = hasParticipants ? wanted : 0n;
          const { foundation, miners } = splitPayout(payout, share);
          const { budgets, unused } = taskBudgetsDown(miners, weights, participants);
          expect(sum(budgets) + unused <= miners, 'SETL-3 budgets').to.equal(true);
          const grants = scores.map((own) => grantDown(budgets, own.slice(0, weights.length), totals, cap));
          const g = sum(grants);
          expect(g <= sum(budgets), 'SETL-2 grants').to.equal(true);
          const f = foundationGrantDown(foundation, g, miners);
          const granted = g + f;
          expect(f * WAD <= granted * share, 'SETL-4 share').to.equal(true);
          expect(g > 0n || f === 0n, 'SETL-4 nothing without miners').to.equal(true);
          const { withheld, injected } = balanceOf(budget, granted);
          expect(granted + withheld, 'SETL-1').to.equal(budget + injected);
          expect(withheld === 0n || injected === 0n, 'SETL-1 one side').to.equal(true);
          const base = budget + returned;
          const reasons = reasonsOf({
            budget,
            base,
            levelled: base / 3n,
            payout,
            share,
            unused,
            granted,
            hasParticipants,
          });
          expect(sum(Object.values(reasons)), 'SETL-2 reasons').to.equal(budget - granted);
          expect(reasons.capAndRounding >= 0n, 'SETL-2 remainder goes to the reserve').to.equal(true);
        },
      ),
      { seed: seed(), numRuns: runs(300, 10_000) },
    );
  });
});

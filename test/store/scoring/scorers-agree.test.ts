import { expect } from 'chai';
import fc from 'fast-check';

import { scoreEpochs } from '../../../src/store/duckdb-scoring.ts';
import { isDeep, runs, seed } from '../../support/effort.ts';
import { plainScorer } from '../../support/plain-scorer/plain-scorer.ts';
import type { PlainScoring } from '../../support/plain-scorer/plain-scorer.ts';
import { engineOptions, EPOCHS, expectSame, expectSameSteps, randomCases } from './agreement.ts';
import { Coverage } from './coverage.ts';
import { LANGX_EXAMPLES } from './langx-examples.ts';
import { WORKED_EXAMPLES } from './worked-examples.ts';

async function engineEpochs(scoring: PlainScoring, fromEpoch: number, toEpoch: number, threads = 1) {
  return scoreEpochs({ ...engineOptions(scoring), fromEpoch, toEpoch, threads });
}

describe('the scoring engine', () => {
  for (const { name, scoring, epoch, scores, ineligible = [] } of [...LANGX_EXAMPLES, ...WORKED_EXAMPLES]) {
    it(name, async () => {
      const [found] = await engineEpochs(scoring, epoch, epoch + 1);
      const byAccount = [...scores].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(found?.scores.map(({ account, task, score }) => [account, task, score])).to.deep.equal(byAccount);
      expect(found?.ineligible.map(({ account, reason }) => [account, reason])).to.deep.equal(ineligible);
    });
  }
});

describe('scoreEpochs against the plain scorer', function () {
  this.timeout(isDeep ? 0 : 60_000);
  const coverage = new Coverage();

  it('DIFF-3: gives the same scores, uses and reasons to the unit, for random policies and ledgers', async () => {
    await fc.assert(
      fc.asyncProperty(randomCases, async ({ scoring, from, length, who, threads }) => {
        const scorer = plainScorer(scoring);
        const plain = Array.from({ length: EPOCHS }, (_, epoch) => scorer.epoch(epoch));
        const epochs = await engineEpochs(scoring, 0, EPOCHS);
        expectSame(epochs, plain, 'DIFF-3');
        const to = Math.min(from + length, EPOCHS);
        const { contributions, usage, accounts } = scoring.ledger;
        const shuffled = {
          ...scoring,
          ledger: {
            contributions: [...contributions].reverse(),
            usage: [...usage].reverse(),
            accounts: [...accounts].reverse(),
          },
        };
        const part = await engineEpochs(shuffled, from, to, threads);
        expectSame(part, plain.slice(from, to), 'DIFF-1: other epochs, another order of rows, more threads');
        await expectSameSteps(scoring, scorer, { who, epoch: from });
        for (const epoch of plain) coverage.see(scoring, scorer, epoch);
      }),
      { seed: seed(), numRuns: runs(50, 4_000), endOnFailure: !isDeep },
    );
  });

  it('met every rule of the language in those cases', () => {
    expect(coverage.below(runs(1, 20)), JSON.stringify(coverage.counts)).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { findFault } from '../../../src/settlement/faults/find-fault.ts';
import { ledgerDifferences, sameDeclaration } from '../../../src/settlement/faults/ledger-differences.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../../src/settlement/settle-epoch.ts';
import { random, runs, seed } from '../../support/effort.ts';
import { assemble, contextOf, forgeryOf } from '../../support/forgery.ts';
import { histories, runHistory } from '../../support/history.ts';

/** Epochs in which somebody scored. */
function* scoredEpochs(count: number): Generator<EpochSettlement> {
  let left = count;
  for (const history of fc.sample(histories({ maxEpochs: 4, maxAccounts: 9 }), { numRuns: count, seed: seed() })) {
    for (const settled of runHistory(history)) {
      if ([...settled.rows].some(({ scores }) => scores.some((score) => score > 0n)) && left-- > 0) yield settled;
    }
  }
}

describe('ledgerDifferences', function () {
  this.timeout(120_000);

  it('finds nothing where a settlement is what the ledger gives', () => {
    for (const settled of scoredEpochs(runs(40, 400))) {
      const { preimages } = assemble(forgeryOf(settled));
      expect(ledgerDifferences(contextOf(settled), revealFrom(preimages), settled)).to.deep.equal({
        ...{ declaration: [], figures: [], grants: [] },
      });
      expect(sameDeclaration(settled.settlement, settled.settlement)).to.equal(true);
    }
  });

  it('names exactly the scores that are not those of the ledger, where no arithmetic can show it', () => {
    const numbers = random('false scores');
    let seen = 0;
    for (const settled of scoredEpochs(runs(60, 600))) {
      const { parent, record, rows } = settled;
      const scores = [...rows].flatMap(({ account, scores: own }) =>
        own.flatMap((score, i) => (score === 0n ? [] : [{ account, task: record.tasks[i]!, score }])),
      );
      const place = numbers.index(scores.length);
      // Of a score of 1 nothing would be left.
      if (scores[place]!.score === 1n) continue;
      const victim = scores[place]!;
      const bent = scores.map((row, at) => (at === place ? { ...row, score: row.score - 1n } : row));
      const lie = settleEpoch({ parent, record, scores: bent, uses: [], unlockPerUse: 0n });
      const truth = settleEpoch({ parent, record, scores, uses: [], unlockPerUse: 0n });
      const { preimages } = assemble(forgeryOf(lie));
      const context = contextOf(lie, lie.settlement);
      const reveal = revealFrom(preimages);
      const { figures, declaration, grants } = ledgerDifferences(context, reveal, truth);
      expect(figures).to.deep.equal([
        {
          ...{ account: victim.account, what: 'score', of: victim.task },
          ...{ declared: victim.score - 1n, recomputed: victim.score },
        },
      ]);
      expect(declaration.map(({ figure }) => figure)).to.include(`scoreTotals[${record.tasks.indexOf(victim.task)}]`);
      for (const { account, declared, recomputed } of grants) {
        expect(declared).to.equal([...lie.rows].find((row) => row.account === account)?.grant ?? 0n);
        expect(recomputed).to.equal([...truth.rows].find((row) => row.account === account)?.grant ?? 0n);
      }
      if (parent.accounts.length === 0)
        expect(findFault({ context, reveal, revealParent: () => undefined })).to.equal(null);
      seen++;
    }
    expect(seen).to.be.greaterThan(20);
  });

  it('leaves out what is not opened, and still names what the declaration shows', () => {
    for (const settled of scoredEpochs(5)) {
      const context = contextOf(settled, { ...settled.settlement, granted: settled.settlement.granted - 1n });
      const { declaration, figures, grants } = ledgerDifferences(context, () => undefined, settled);
      expect({ figures, grants }).to.deep.equal({ figures: [], grants: [] });
      const { granted } = settled.settlement;
      expect(declaration).to.deep.equal([{ figure: 'granted', declared: `${granted - 1n}`, recomputed: `${granted}` }]);
    }
  });
});

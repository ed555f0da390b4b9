import fc from 'fast-check';

import type { Reveal } from '../../../src/settlement/faults/open-tree.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { seed } from '../../support/effort.ts';
import { assemble, forgeryOf } from '../../support/forgery.ts';
import type { History } from '../../support/history.ts';
import { histories, runHistory } from '../../support/history.ts';

/** One epoch with all that its report and its parent's show. */
export interface Case {
  readonly settled: EpochSettlement;
  readonly history: History;
  readonly revealParent: Reveal;
}

/** Epochs of random histories, again and again new ones. */
export function* cases(name: string): Generator<Case> {
  for (let round = 0; ; round++) {
    const size = { maxEpochs: 6, maxAccounts: [2, 5, 9, 17][round % 4]! };
    for (const history of fc.sample(histories(size), { numRuns: 20, seed: seed() + round * 1000 + name.length })) {
      let revealParent: Reveal = () => undefined;
      for (const settled of runHistory(history)) {
        yield { settled, history, revealParent };
        revealParent = revealFrom(assemble(forgeryOf(settled)).preimages);
      }
    }
  }
}

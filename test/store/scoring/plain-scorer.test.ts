import { expect } from 'chai';

import { plainScorer } from '../../support/plain-scorer/plain-scorer.ts';
import { LANGX_EXAMPLES } from './langx-examples.ts';
import { WORKED_EXAMPLES } from './worked-examples.ts';

describe('the plain scorer', () => {
  for (const { name, scoring, epoch, scores, ineligible = [] } of [...LANGX_EXAMPLES, ...WORKED_EXAMPLES]) {
    it(name, () => {
      const found = plainScorer(scoring).epoch(epoch);
      const byAccount = [...scores].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(found.scores.map(({ account, task, score }) => [account, task, score])).to.deep.equal(byAccount);
      expect(found.ineligible.map(({ account, reason }) => [account, reason])).to.deep.equal(ineligible);
    });
  }
});

import { expect } from 'chai';

import { policyOf, row, scored } from '../support/scoring.ts';

const consistency = { epochs: '4', bonus: '0.5' };
const loyalty = { epochs: '4', bonus: '0.125', most: '1.5' };
/** Both say the same when both count: half as much again after four active days. */
const alone = { consistency: { multipliers: { consistency } }, loyalty: { multipliers: { loyalty } } };

describe('factors of past epochs', () => {
  for (const [kind, rules] of Object.entries(alone)) {
    it(`${kind} alone counts an epoch once, however many tasks and ranges of epochs have the rule`, async () => {
      const rows = [0, 1, 2, 3, 4, 5].flatMap((day) => [row(day), row(day, { task: 'text' })]);
      const policy = policyOf(rules, { overlays: [{ from: '3', tasks: { voice: { dailyCap: '1000' } } }] });
      const epochs = await scored({ rows, policy, toEpoch: 6 });
      const points = epochs.map(({ scores }) => scores.map(({ score }) => Number(score) / 1_000_000));
      const expected = [10, 11.25, 12.5, 13.75, 15, 15];
      expect(points).to.deep.equal(expected.map((value) => [value, value]));
    });
  }
});

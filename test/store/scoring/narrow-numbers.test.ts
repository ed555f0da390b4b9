import { expect } from 'chai';

import { policyOf, row, voiceOf } from '../../support/scoring.ts';

/** Policies whose numbers reach the end of 64 bits: points of a unit, units of each row, and what they come to in millionths. */
const EDGES: readonly (readonly [what: string, points: string, units: readonly bigint[], wanted: bigint])[] = [
  ['one row just above 2^62', '1000000000', [4612n], 4_612n * 10n ** 15n],
  ['a day of two rows between 2^62 and 2^63', '1000000000', [4000n, 4000n], 8_000n * 10n ** 15n],
  ['a day just below 2^63', '1000000000', [9223n], 9_223n * 10n ** 15n],
  ['a day just above 2^63', '1000000000', [9223n, 1n], 9_224n * 10n ** 15n],
  ['a day far above it', '1000000000', [5000n, 5000n, 5000n], 15_000n * 10n ** 15n],
];

describe('numbers of 64 bits', () => {
  for (const [what, points, units, wanted] of EDGES) {
    it(`score as wide ones do: ${what}`, async () => {
      const policy = policyOf({ measures: { units: { points } } });
      const rows = units.map((each) => row(0, { units: each }));
      expect(await voiceOf({ rows, policy })).to.deep.equal([wanted]);
    });
  }

  it('leave a cap of a day above 2^62 as it is declared', async () => {
    const dailyCap = '5000000000000';
    const policy = policyOf({ measures: { units: { points: '1000000000' } }, dailyCap });
    const rows = [row(0, { units: 4000n }), row(0, { units: 4000n })];
    expect(await voiceOf({ rows, policy })).to.deep.equal([5n * 10n ** 18n]);
  });

  it('sum the units of a capped measure beyond 2^63, whatever these are worth', async () => {
    const units = 10n ** 15n;
    const rows = Array.from({ length: 9300 }, () => row(0, { units }));
    const policy = policyOf({ measures: { units: { points: '0', dailyCap: '10' } } });
    expect(await voiceOf({ rows, policy })).to.deep.equal([0n]);
    const worth = policyOf({ measures: { units: { points: '0.000001', dailyCap: '10' } } });
    expect(await voiceOf({ rows, policy: worth })).to.deep.equal([10n]);
  });
});

import { expect } from 'chai';

import { ratingOf } from '../../../src/settlement/ledger/parse-rating.ts';
import { contribution, contributionsOf } from '../../support/ledger.ts';

const ratings = (reader: { labels?: readonly string[]; numbers?: boolean }) =>
  new Map([
    ['voice', new Map([['quality', { labels: new Set(reader.labels ?? []), numbers: reader.numbers ?? false }]])],
  ]);

/** The code of the row's reject; undefined when it was accepted. */
const codeOf = (changes: object, reader: { labels?: readonly string[]; numbers?: boolean }): string | undefined =>
  contributionsOf([contribution(changes as Record<string, string>)], { ratings: ratings(reader) }).rejects[0]?.code;

describe('the ratings of a ledger', () => {
  const both = { labels: ['gold', 'poor'], numbers: true };

  for (const [quality, reader, code] of [
    ['gold', both, undefined],
    ['0.85', both, undefined],
    ['0', both, undefined],
    ['1000000', both, undefined],
    ['0.000001', both, undefined],
    ['', both, undefined],
    ['Gold', both, 'quality-invalid'],
    ['silver', both, 'quality-invalid'],
    ['1000000.000001', both, 'quality-invalid'],
    ['0.0000001', both, 'quality-invalid'],
    ['-1', both, 'quality-invalid'],
    ['1e3', both, 'quality-invalid'],
    ['85 %', both, 'quality-invalid'],
    ['0.85', { labels: ['gold'] }, 'quality-invalid'],
    ['gold', { numbers: true }, 'quality-invalid'],
  ] as const) {
    it(`${code === undefined ? 'takes' : 'refuses'} ${JSON.stringify(quality)} where labels are [${'labels' in reader ? reader.labels.join() : ''}]${'numbers' in reader ? ' and numbers are read' : ''}`, () => {
      expect(codeOf({ quality }, reader)).to.equal(code);
    });
  }

  it('are looked at only in the tasks and columns that the policy reads', () => {
    expect(codeOf({ task: 'text', quality: 'silver' }, both)).to.equal(undefined);
    expect(codeOf({ grade: 'silver' }, both)).to.equal(undefined);
  });

  it('are read in millionths, exactly', () => {
    expect(['0.85', '1.50', '2', '0.000001', '1000000'].map(ratingOf)).to.deep.equal([
      850_000n,
      1_500_000n,
      2_000_000n,
      1n,
      1_000_000_000_000n,
    ]);
  });
});

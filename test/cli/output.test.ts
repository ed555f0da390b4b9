import { expect } from 'chai';

import { jsonDocument } from '../../src/cli/output/json-document.ts';
import { table } from '../../src/cli/output/table.ts';
import { grouped, percent, tokens } from '../../src/protocol/tokens.ts';

describe('tokens', () => {
  for (const [wei, digits, text] of [
    [0n, 2, '0.00'],
    [1n, 2, '0.00'],
    [10n ** 18n, 0, '1'],
    [999_999_999_999_999_999n, 2, '0.99'],
    [1_234_567_890_000_000_000_000n, 2, '1,234.56'],
    [-1_500_000_000_000_000_000n, 1, '-1.5'],
    [-9_999_999_999_999_999n, 2, '0.00'],
    [-10_000_000_000_000_000n, 2, '-0.01'],
    [2n ** 128n - 1n, 18, '340,282,366,920,938,463,463.374607431768211455'],
  ] as const) {
    it(`writes ${wei} wei as ${text}, never more than there is`, () => {
      expect(tokens(wei, digits)).to.equal(text);
    });
  }
});

describe('grouped and percent', () => {
  it('groups whole numbers by thousands', () => {
    expect([0, 999, 1000, 33590, 45_000_000_000n].map(grouped)).to.deep.equal([
      '0',
      '999',
      '1,000',
      '33,590',
      '45,000,000,000',
    ]);
  });

  it('cuts ratios off at one decimal place', () => {
    expect([0n, 10n ** 18n, 559_999_999_999_999_999n].map(percent)).to.deep.equal(['0.0 %', '100.0 %', '55.9 %']);
  });
});

describe('jsonDocument', () => {
  it('writes amounts as decimal strings and ends with one newline', () => {
    expect(jsonDocument({ epochs: [{ budget: 10n ** 30n }] }, 0)).to.equal(
      '{"epochs":[{"budget":"1000000000000000000000000000000"}]}\n',
    );
  });
});

describe('table', () => {
  it('sets numbers to the right, words to the left, and leaves no space at the end of a line', () => {
    const columns = [{ title: 'name' }, { title: 'paid', align: 'right' }] as const;
    expect(
      table(columns, [
        ['a', '10'],
        ['longer', '2'],
      ]),
    ).to.equal('name    paid\n──────  ────\na         10\nlonger     2\n');
  });
});

import { expect } from 'chai';

import { MAX_UINT128 } from '../../src/protocol/words.ts';
import { tokenText } from '../../web/src/format/token-text.ts';

describe('an amount on the page', () => {
  it('is cut to two places, as on the command line', () => {
    expect(tokenText(1_234_567_890_000_000_000_000n)).to.equal('1,234.56');
    expect(tokenText(10n ** 16n)).to.equal('0.01');
    expect(tokenText(-(10n ** 16n))).to.equal('-0.01');
    expect(tokenText(MAX_UINT128)).to.equal('340,282,366,920,938,463,463.37');
  });

  it('is nothing only where it is nothing', () => {
    expect(tokenText(0n)).to.equal('0.00');
    for (const wei of [1n, -1n, 10n ** 16n - 1n, 1n - 10n ** 16n]) expect(tokenText(wei)).to.equal('< 0.01');
  });
});

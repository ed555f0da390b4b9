import { expect } from 'chai';

import { epochsCsv } from '../../src/claims/history-csv.ts';

const ALICE = '0x15d34aaf54267db7d7c367839aaf71a00a2c6a65';

describe('what epochs gave an account, as CSV', () => {
  it('has all places of every amount, and leaves empty what is not known', () => {
    const grant = { start: 2_000_000_000, end: 2_000_086_400, granted: 1n, total: 1_234n * 10n ** 18n };
    const text = epochsCsv(
      ALICE,
      [
        { epoch: 0, grant: null },
        { epoch: 1, grant },
      ],
      '=LODE',
    );
    expect(text.split('\r\n')).to.deep.equal([
      'account,epoch,start,end,granted,total,token',
      `${ALICE},0,,,,,'=LODE`,
      `${ALICE},1,2033-05-18T03:33:20Z,2033-05-19T03:33:20Z,0.000000000000000001,1234.000000000000000000,'=LODE`,
      '',
    ]);
  });
});

import { expect } from 'chai';

import { InputError } from '../../src/protocol/errors.ts';
import { readAddress, readAddresses } from '../../web/src/views/miner/read-address.ts';

const CHECKSUMMED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

describe('readAddress', () => {
  it('takes an address as it is pasted', () => {
    expect(readAddress(`  ${CHECKSUMMED}\n`)).to.deep.equal({ address: CHECKSUMMED.toLowerCase(), error: null });
  });

  it('says what is wrong with a mistyped one', () => {
    for (const [text, code] of [
      [CHECKSUMMED.replace('5aA', '5aa'), 'ADDRESS_CHECKSUM'],
      [CHECKSUMMED.slice(0, -1), 'ADDRESS_MALFORMED'],
      ['', 'ADDRESS_MALFORMED'],
    ] as const) {
      const { address, error } = readAddress(text);
      expect(address).to.equal(null);
      expect(error).to.be.instanceOf(InputError).with.property('code', code);
    }
  });
});

describe('readAddresses', () => {
  it('takes each address once, whatever stands between them', () => {
    const other = `0x${'11'.repeat(20)}`;
    expect(readAddresses(`${CHECKSUMMED}, ${other};\n${other} `)).to.deep.equal({
      accounts: [CHECKSUMMED.toLowerCase(), other],
      wrong: [],
    });
  });

  it('names what is none', () => {
    expect(readAddresses(`alice ${CHECKSUMMED} 0x12`).wrong).to.deep.equal(['alice', '0x12']);
  });
});

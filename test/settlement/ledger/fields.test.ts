import { expect } from 'chai';
import fc from 'fast-check';

import { checksumAddress } from '../../../src/protocol/brands.ts';
import { isFault } from '../../../src/settlement/ledger/fault.ts';
import { parseAccount } from '../../../src/settlement/ledger/parse-account.ts';
import {
  MAX_UNITS,
  parseDecimal,
  parsePositiveDecimal,
  parseWhole,
} from '../../../src/settlement/ledger/parse-number.ts';
import { idKey, isCanonical } from '../../../src/settlement/ledger/parse-text.ts';
import { parseTime } from '../../../src/settlement/ledger/parse-time.ts';
import { compareText } from '../../../src/settlement/ledger/rows.ts';
import { runs, seed } from '../../support/effort.ts';
import { accountOf, alice } from '../../support/ledger.ts';

function codeOf(parsed: unknown): string | undefined {
  return isFault(parsed) ? parsed.code : undefined;
}

describe('parseWhole', () => {
  for (const [text, code] of [
    ['', 'number-empty'],
    ['-5', 'number-negative'],
    ['-0', 'number-negative'],
    ['NaN', 'number-malformed'],
    ['Infinity', 'number-malformed'],
    ['-Infinity', 'number-negative'],
    ['1e308', 'number-exponent'],
    ['1E3', 'number-exponent'],
    ['1.5e3', 'number-exponent'],
    [(2n ** 256n).toString(), 'number-too-large'],
    ['9'.repeat(100_000), 'number-too-large'],
    [(MAX_UNITS + 1n).toString(), 'number-too-large'],
    ['1,000', 'number-separator'],
    ['1 000', 'number-separator'],
    ['1_000', 'number-separator'],
    ['0x10', 'number-malformed'],
    ['0b1', 'number-malformed'],
    ['5.0', 'number-decimals'],
    ['5.', 'number-malformed'],
    ['.5', 'number-malformed'],
    ['007', 'number-malformed'],
    ['+5', 'number-malformed'],
    [' 5', 'number-malformed'],
    ['5 ', 'number-malformed'],
    ['٣', 'number-malformed'],
    ['５', 'number-malformed'],
    ['5\u0000', 'number-malformed'],
    ['five', 'number-malformed'],
    ['null', 'number-malformed'],
  ] as const) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))} as ${code}`, () => {
      expect(codeOf(parseWhole(text, MAX_UNITS))).to.equal(code);
    });
  }

  it('reads plain digits exactly, up to the bound', () => {
    expect(parseWhole('0', MAX_UNITS)).to.equal(0n);
    expect(parseWhole('1000000000000000', MAX_UNITS)).to.equal(MAX_UNITS);
  });
});

describe('parseDecimal', () => {
  it('reads as many decimals as fit and not one more', () => {
    expect(parseDecimal('1.25', 18, 2n ** 128n)).to.equal(1_250_000_000_000_000_000n);
    expect(parseDecimal('0.000000000000000001', 18, 2n ** 128n)).to.equal(1n);
    expect(codeOf(parseDecimal('0.0000000000000000001', 18, 2n ** 128n))).to.equal('number-decimals');
  });

  it('refuses a price of nothing', () => {
    expect(codeOf(parsePositiveDecimal('0.0', 18, 2n ** 128n))).to.equal('number-zero');
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 120n }), (value) => {
        const digits = value.toString().padStart(19, '0');
        const text = `${digits.slice(0, -18)}.${digits.slice(-18)}`;
        expect(parseDecimal(text, 18, 2n ** 120n)).to.equal(value);
      }),
      { seed: seed(), numRuns: runs(200, 20_000) },
    );
  });
});

describe('parseTime', () => {
  for (const [text, code] of [
    ['2016-12-31T23:59:60Z', 'time-leap-second'],
    ['2020-01-01T00:00:00+00:00', 'time-offset'],
    ['2020-01-01T00:00:00-05:00', 'time-offset'],
    ['2020-01-01 00:00:00+0200', 'time-offset'],
    ['2020-01-01T24:00:00Z', 'time-impossible'],
    ['2020-01-01T00:60:00Z', 'time-impossible'],
    ['2020-01-01T00:00:60Z', 'time-impossible'],
    ['2019-02-29T00:00:00Z', 'time-impossible'],
    ['2100-02-29T00:00:00Z', 'time-impossible'],
    ['2020-04-31T00:00:00Z', 'time-impossible'],
    ['2020-13-01T00:00:00Z', 'time-impossible'],
    ['2020-00-01T00:00:00Z', 'time-impossible'],
    ['1969-12-31T23:59:59Z', 'time-impossible'],
    ['2020-01-01T00:00:00', 'time-malformed'],
    ['2020-01-01T00:00:00.000Z', 'time-malformed'],
    ['2020-01-01t00:00:00z', 'time-malformed'],
    ['2020-01-01 00:00:00Z', 'time-malformed'],
    ['2020-01-01', 'time-malformed'],
    ['2020-1-1T00:00:00Z', 'time-malformed'],
    ['20200101T000000Z', 'time-malformed'],
    ['12020-01-01T00:00:00Z', 'time-malformed'],
    ['1577836800', 'time-malformed'],
    ['yesterday', 'time-malformed'],
    ['', 'time-malformed'],
    [' 2020-01-01T00:00:00Z', 'time-malformed'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)} as ${code}`, () => {
      expect(codeOf(parseTime(text))).to.equal(code);
    });
  }

  it('agrees with the calendar of the runtime on every time from 1970 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
        const text = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
        expect(parseTime(text)).to.equal(seconds);
      }),
      { seed: seed(), numRuns: runs(1_000, 100_000) },
    );
  });

  it('reads both ends of the range and a leap day of a fourth century', () => {
    expect(parseTime('1970-01-01T00:00:00Z')).to.equal(0);
    expect(parseTime('9999-12-31T23:59:59Z')).to.equal(253_402_300_799);
    expect(parseTime('2000-02-29T12:00:00Z')).to.equal(951_825_600);
  });
});

describe('parseAccount', () => {
  const forbidden = new Set<string>([accountOf(9)]);
  const mixed = checksumAddress(alice);
  const wrong = mixed.replace(/[a-fA-F]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

  it('takes lower case and a correct checksum, and gives lower case', () => {
    expect(parseAccount(alice, forbidden)).to.equal(alice);
    expect(parseAccount(mixed, forbidden)).to.equal(alice);
  });

  for (const [what, text, code] of [
    ['a wrong checksum', wrong, 'address-checksum'],
    ['the zero address', `0x${'0'.repeat(40)}`, 'address-zero'],
    ["the protocol's own contract", accountOf(9), 'address-forbidden'],
    ["the protocol's own contract with its checksum", checksumAddress(accountOf(9)), 'address-forbidden'],
    ['a name', 'alice.eth', 'address-name'],
    ['a name of another kind', 'alice.lens.xyz', 'address-name'],
    ['a word', 'alice', 'address-malformed'],
    ['39 digits', alice.slice(0, -1), 'address-malformed'],
    ['41 digits', `${alice}0`, 'address-malformed'],
    ['a capital X', `0X${alice.slice(2)}`, 'address-malformed'],
    ['no prefix', alice.slice(2), 'address-malformed'],
    ['a space before it', ` ${alice}`, 'address-malformed'],
    ['a digit that is none', `${alice.slice(0, -1)}g`, 'address-malformed'],
    ['nothing', '', 'address-malformed'],
  ] as const) {
    it(`refuses ${what} as ${code}`, () => {
      expect(codeOf(parseAccount(text, forbidden))).to.equal(code);
    });
  }
});

describe('idKey', () => {
  const plain = 'caf\u00e9 1';
  for (const [what, variant] of [
    ['normal form D', 'cafe\u0301 1'],
    ['a zero-width space', 'caf\u00e9\u200b 1'],
    ['a zero-width joiner', 'ca\u200df\u00e9 1'],
    ['a soft hyphen', 'ca\u00adf\u00e9 1'],
    ['a byte order mark', '\ufeffcaf\u00e9 1'],
    ['a no-break space', 'caf\u00e9\u00a01'],
    ['an ideographic space', 'caf\u00e9\u30001'],
    ['two spaces', 'caf\u00e9  1'],
    ['a space at the end', 'caf\u00e9 1 '],
    ['full-width letters', '\uff43af\u00e9 1'],
    ['a variation selector', 'caf\u00e9\ufe0f 1'],
    ['a Hangul filler', 'caf\u00e9\u3164 1'],
    ['a direction mark', 'caf\u00e9\u202e 1'],
  ] as const) {
    it(`sees through ${what}`, () => {
      expect(idKey(variant)).to.equal(idKey(plain));
      expect(isCanonical(variant)).to.equal(variant.startsWith('\uff43'));
    });
  }

  it('gives the same key for a key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(idKey(idKey(text))).to.equal(idKey(text));
      }),
      { seed: seed(), numRuns: runs(2_000, 200_000) },
    );
  });
});

describe('compareText', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { seed: seed(), numRuns: runs(1_000, 100_000) },
    );
  });
});

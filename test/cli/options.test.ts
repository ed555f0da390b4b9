import { expect } from 'chai';

import { accountOption } from '../../src/cli/options/account.ts';
import { dateOption } from '../../src/cli/options/date.ts';
import { taskMapOption } from '../../src/cli/options/task-map.ts';
import { wholeNumberOption } from '../../src/cli/options/whole-number.ts';
import { refuseSecrets } from '../../src/cli/refuse-secrets.ts';
import { InputError, type ProtocolError } from '../../src/protocol/errors.ts';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(InputError);
    return (error as ProtocolError).code;
  }
  return 'none';
}

describe('dateOption', () => {
  const parse = dateOption('--from');

  for (const [text, seconds] of [
    ['1970-01-01', 0],
    ['2024-02-29', 1_709_164_800],
    ['2024-01-01T06:00Z', 1_704_088_800],
    ['2024-01-01T06:00:30Z', 1_704_088_830],
  ] as const) {
    it(`reads ${text} in UTC`, () => {
      expect(parse(text)).to.equal(seconds);
    });
  }

  for (const text of [
    '',
    'yesterday',
    '2024',
    '2024-1-1',
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-01T24:00Z',
    '2024-01-01T10:60Z',
    '2024-01-01T10:00',
    '2024-01-01 10:00Z',
    '1969-12-31',
    '0000-01-01',
    '2024-01-01T10:00:00+02:00',
    ' 2024-01-01',
  ]) {
    it(`refuses '${text}'`, () => {
      expect(codeOf(() => parse(text))).to.equal('OPTION_INVALID');
    });
  }
});

describe('wholeNumberOption', () => {
  const parse = wholeNumberOption('--epochs', 1, 5000);

  it('reads both bounds', () => {
    expect([parse('1'), parse('5000')]).to.deep.equal([1, 5000]);
  });

  for (const text of [
    '',
    '0',
    '5001',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1,000',
    ' 1',
    'NaN',
    'Infinity',
    '9'.repeat(400),
  ]) {
    it(`refuses '${text.slice(0, 20)}'`, () => {
      expect(codeOf(() => parse(text))).to.equal('OPTION_INVALID');
    });
  }
});

describe('accountOption', () => {
  const parse = accountOption('--account');

  it('gives an address in lower case', () => {
    expect(parse('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).to.equal('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed');
  });

  it('refuses a wrong checksum and a wrong length by different codes', () => {
    expect(codeOf(() => parse('0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'))).to.equal('ADDRESS_CHECKSUM');
    expect(codeOf(() => parse('0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae'))).to.equal('ADDRESS_MALFORMED');
  });
});

describe('taskMapOption', () => {
  const parse = taskMapOption('--map');

  it('collects one pair after another', () => {
    expect(parse('b=c', parse('a=x', undefined))).to.deep.equal({ a: 'x', b: 'c' });
  });

  for (const text of ['', 'a', 'a=', '=b', 'a=b=c', '__proto__=b', 'a=__proto__']) {
    it(`refuses '${text}'`, () => {
      expect(codeOf(() => parse(text, undefined))).to.equal('OPTION_INVALID');
    });
  }

  it('refuses two meanings of one name, and takes the same meaning twice', () => {
    expect(codeOf(() => parse('a=y', { a: 'x' }))).to.equal('OPTION_INVALID');
    expect(parse('a=x', { a: 'x' })).to.deep.equal({ a: 'x' });
  });

  it('is not misled by names that every object has', () => {
    expect(parse('constructor=x', undefined)).to.deep.equal({ constructor: 'x' });
  });
});

describe('refuseSecrets', () => {
  const key = 'ab'.repeat(32);
  const phrase = 'test test test test test test test test test test test junk';

  for (const args of [[key], [`0x${key}`], ['--key', `0x${key.toUpperCase()}`], [`--key=0x${key}`], [phrase]]) {
    it(`refuses ${args.join(' ').slice(0, 12)}… and does not repeat it`, () => {
      let words = '';
      try {
        refuseSecrets(['replay', ...args]);
      } catch (error) {
        words = JSON.stringify({ error, message: (error as Error).message });
      }
      expect(words).to.contain('SECRET_ON_COMMAND_LINE').and.not.contain(key).and.not.contain('junk');
    });
  }

  it('takes addresses, dates and files named by a hash', () => {
    refuseSecrets(['--account', `0x${'ab'.repeat(20)}`, '--from', '2024-01-01', `inputs/${key}.csv`]);
  });
});

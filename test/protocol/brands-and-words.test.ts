import { expect } from 'chai';
import fc from 'fast-check';

import {
  checksumAddress,
  parseAddress,
  parseAmount,
  parseEpoch,
  parseHash32,
  parseTaskId,
} from '../../src/protocol/brands.ts';
import { assertInvariant, InputError, InvariantError, ProtocolError } from '../../src/protocol/errors.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import {
  bytesToHex,
  equalBytes,
  hexToBytes,
  MAX_UINT256,
  readWord,
  viewOf,
  WORD,
  writeWord,
} from '../../src/protocol/words.ts';
import { runs, seed } from '../support/effort.ts';
import { readVectors } from '../support/vectors.ts';

const checksums = readVectors<{ lower: string[]; mixed: string[] }>('checksum');

describe('brands', () => {
  it('reads addresses in lower case and with a right checksum only', () => {
    checksums.mixed.forEach((mixed, index) => {
      const lower = checksums.lower[index]!;
      expect(parseAddress(mixed)).to.equal(lower);
      expect(parseAddress(lower)).to.equal(lower);
      expect(checksumAddress(parseAddress(lower))).to.equal(mixed);
      const wrong = mixed.replace(/[a-f]/, (letter) => letter.toUpperCase());
      if (wrong !== mixed) expect(() => parseAddress(wrong)).to.throw('ADDRESS_CHECKSUM');
    });
    for (const text of [
      '',
      '0x',
      '0x12',
      'vitalik.eth',
      `0x${'g'.repeat(40)}`,
      ` 0x${'0'.repeat(40)}`,
      '0'.repeat(42),
    ]) {
      expect(() => parseAddress(text), text).to.throw('ADDRESS_MALFORMED');
    }
  });

  it('reads hashes, epochs, tasks and amounts strictly', () => {
    expect(parseHash32(`0x${'AB'.repeat(32)}`)).to.equal(`0x${'ab'.repeat(32)}`);
    expect(() => parseHash32('0x12')).to.throw('HASH_MALFORMED');
    expect([parseEpoch(0), parseEpoch(2 ** 32 - 1), parseTaskId(65_535)]).to.deep.equal([0, 2 ** 32 - 1, 65_535]);
    for (const value of [-1, 0.5, NaN, Infinity, 2 ** 32]) expect(() => parseEpoch(value)).to.throw('EPOCH_INVALID');
    for (const value of [-1, 0.5, NaN, 65_536]) expect(() => parseTaskId(value)).to.throw('TASK_INVALID');
    expect(parseAmount('0', 5n)).to.equal(0n);
    expect(parseAmount(String(MAX_UINT256), MAX_UINT256)).to.equal(MAX_UINT256);
    for (const text of ['', '-1', '+1', '01', '1.0', '1e3', '0x1', ' 1', '1,000', '9'.repeat(79)]) {
      expect(() => parseAmount(text, MAX_UINT256), text).to.throw('AMOUNT_MALFORMED');
    }
    expect(() => parseAmount('6', 5n)).to.throw('AMOUNT_TOO_LARGE');
  });
});

describe('words', () => {
  it('writes and reads every word, over whatever stood there', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_UINT256), fc.integer({ min: 0, max: 256 }), (value, bits) => {
        const small = BigInt.asUintN(bits, value);
        const bytes = new Uint8Array(3 * WORD).fill(255);
        writeWord(viewOf(bytes), WORD, small);
        expect(readWord(viewOf(bytes), WORD)).to.equal(small);
        expect(bytesToHex(bytes.subarray(WORD, 2 * WORD))).to.equal(`0x${small.toString(16).padStart(64, '0')}`);
        expect(bytes.subarray(0, WORD).every((byte) => byte === 255)).to.equal(true);
        expect(bytes.subarray(2 * WORD).every((byte) => byte === 255)).to.equal(true);
      }),
      { seed: seed(), numRuns: runs(300, 10_000) },
    );
  });

  it('reads hexadecimal and nothing else', () => {
    expect([...hexToBytes('0x00fFaA')]).to.deep.equal([0, 255, 170]);
    for (const text of ['', '0', '00', '0x0', '0xzz', '0x0g'])
      expect(() => hexToBytes(text), text).to.throw('HEX_INVALID');
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).to.equal(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).to.equal(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).to.equal(false);
  });
});

describe('keccak', () => {
  it('is the hash of the chain, also of more than its buffer', () => {
    const empty = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
    expect(bytesToHex(keccak256(new Uint8Array()))).to.equal(empty);
    expect(keccak256(new Uint8Array(100_000))).to.have.length(32);
    expect(bytesToHex(keccak256(new Uint8Array()))).to.equal(empty);
  });
});

describe('errors', () => {
  it('carry a code, a sentence, the facts and the cause', () => {
    const cause = new Error('below');
    const error = new InputError({ code: 'X', shortMessage: 'why', details: { a: 1 }, cause });
    expect(error).to.be.instanceOf(ProtocolError);
    expect(error).to.include({ name: 'InputError', code: 'X', shortMessage: 'why', cause });
    expect(error.details).to.deep.equal({ a: 1 });
    expect(() => assertInvariant(false, 'Y', 'never')).to.throw(InvariantError, 'Y');
  });
});

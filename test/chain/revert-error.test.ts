import { expect } from 'chai';
import type { ParamType } from 'ethers';
import { Interface } from 'ethers';

import { FACTORIES } from '../../src/chain/bindings.ts';
import { chainError, decodeRevert, RevertError } from '../../src/chain/revert-error.ts';
import { RetryableError } from '../../src/protocol/errors.ts';

/** A value of a type that is not its zero, and how it comes back. */
function sample({ type, baseType }: ParamType): unknown {
  if (baseType === 'array') return [];
  if (type === 'address') return '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  if (type === 'string') return 'words';
  if (type === 'bytes') return '0x1234';
  if (type === 'bool') return true;
  return /^bytes\d+$/.test(type) ? `0x${'ab'.repeat(Number(type.slice(5)))}` : 7n;
}

describe('decodeRevert', () => {
  for (const [name, factory] of Object.entries(FACTORIES)) {
    it(`gives every error of ${name} its own name as code and its arguments by name`, () => {
      const abi = new Interface(factory.abi);
      let count = 0;
      abi.forEachError((fragment) => {
        const values = fragment.inputs.map(sample);
        const error = decodeRevert(abi.encodeErrorResult(fragment, values));
        expect(error.code).to.equal(fragment.name);
        expect(Object.values(error.details)).to.deep.equal(values);
        expect(Object.keys(error.details)).to.deep.equal(fragment.inputs.map((input) => input.name));
        count++;
      });
      // The timelock and the curve declare some, too: none of the eight is without.
      expect(count).to.be.greaterThan(0);
    });
  }

  it('knows the two errors of the language', () => {
    const builtIn = new Interface(['error Error(string message)', 'error Panic(uint256 panicCode)']);
    expect(decodeRevert(builtIn.encodeErrorResult('Error', ['no'])).details).to.deep.equal({ message: 'no' });
    expect(decodeRevert(builtIn.encodeErrorResult('Panic', [17])).details).to.deep.equal({ panicCode: 17n });
  });

  for (const [what, data] of [
    ['nothing', '0x'],
    ['four bytes that nobody knows', '0xdeadbeef'],
    ['an error of ours cut short', new Interface(FACTORIES.vault.abi).getError('VestingVault_ProofInvalid')!.selector],
  ] as const) {
    it(`says that it does not know ${what}`, () => {
      const error = decodeRevert(data);
      expect(error.code).to.equal('REVERT_UNKNOWN');
      expect(error.details).to.deep.equal({ data });
    });
  }

  it('says when waiting helps', () => {
    const abi = new Interface(FACTORIES.distributor.abi);
    const open = decodeRevert(abi.encodeErrorResult('EpochDistributor_WindowOpen', [1, 2]));
    expect(open.shortMessage).to.match(
      /until 1970-01-01T00:00:02Z; wait and try again \(EpochDistributor_WindowOpen\)$/,
    );
  });
});

describe('chainError', () => {
  const data = new Interface(FACTORIES.vault.abi).encodeErrorResult('VestingVault_RecipientZero');

  for (const [where, error] of [
    ['on top', { data }],
    ['where ethers puts it', { code: 'CALL_EXCEPTION', data, info: { error: { data: '0x' } } }],
    ['where nodes put it', { code: 'CALL_EXCEPTION', data: null, info: { error: { code: 3, data } } }],
    ['where Hardhat puts it', { info: { error: { data: { message: 'reverted', data } } } }],
  ] as const) {
    it(`finds the reason ${where}`, () => {
      const found = chainError(error);
      expect(found).to.be.instanceOf(RevertError);
      expect((found as RevertError).code).to.equal('VestingVault_RecipientZero');
      expect((found as RevertError).cause).to.equal(error);
    });
  }

  it('tells a node that does not answer from a contract that refuses', () => {
    for (const code of ['NETWORK_ERROR', 'SERVER_ERROR', 'TIMEOUT', 'ECONNREFUSED', 'BAD_DATA']) {
      const found = chainError(Object.assign(new Error(), { code }));
      expect(found, code).to.be.instanceOf(RetryableError);
      expect((found as RetryableError).code).to.equal('NODE_UNAVAILABLE');
    }
    expect((chainError({ code: 'INSUFFICIENT_FUNDS' }) as RevertError).code).to.equal('INSUFFICIENT_FUNDS');
  });

  it('leaves alone what it does not know', () => {
    const error = new TypeError('ours');
    expect(chainError(error)).to.equal(error);
    expect(chainError(undefined)).to.equal(undefined);
  });

  it('does not follow a circle for ever', () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(chainError(error)).to.equal(error);
  });
});

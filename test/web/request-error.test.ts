import { expect } from 'chai';

import { InputError, type ProtocolError } from '../../src/protocol/errors.ts';
import { requestError } from '../../web/src/wallet/request-error.ts';

const codeOf = (error: unknown): string => (requestError(error, 31_337) as ProtocolError).code;
const wordsOf = (error: unknown): string => (requestError(error, 31_337) as ProtocolError).shortMessage;

describe('what a wallet has against a request', () => {
  it('is that its owner said no', () => {
    expect(codeOf({ code: 4001, message: 'User rejected the request.' })).to.equal('WALLET_REJECTED');
  });

  it('is that it does not know the chain, also where one wallet tells it for another', () => {
    expect(codeOf({ code: 4902, message: 'Unrecognized chain ID' })).to.equal('WALLET_CHAIN_UNKNOWN');
    const wrapped = { code: -32_603, message: 'Internal', data: { originalError: { code: 4902 } } };
    expect(codeOf(wrapped)).to.equal('WALLET_CHAIN_UNKNOWN');
    expect(wordsOf(wrapped)).to.equal('the wallet does not know chain 31337');
  });

  it('is that it waits for an earlier answer', () => {
    expect(codeOf({ code: -32_002, message: 'already pending' })).to.equal('WALLET_BUSY');
  });

  it('is told whatever it throws, in one line and without what was sent', () => {
    expect(wordsOf(new Error(`bad\nluck`))).to.equal('the wallet did not do it: bad');
    expect(wordsOf('locked')).to.equal('the wallet did not do it: locked');
    for (const odd of [undefined, null, 7, {}, { message: 8 }]) {
      expect(wordsOf(odd)).to.equal('the wallet did not do it: it does not say why');
    }
    expect(wordsOf({ code: 1, message: `0x${'12'.repeat(200)}` })).not.to.contain('121212');
  });

  it('is left as it is where it is in words already', () => {
    const error = new InputError({ code: 'ADDRESS_INVALID', shortMessage: 'no address' });
    expect(requestError(error, 1)).to.equal(error);
  });
});

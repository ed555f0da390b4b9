import { expect } from 'chai';
import type { CompilerOutputError } from 'hardhat/types/solidity';

import config from '../../../hardhat.config.ts';
import { asError, warningsAsErrors } from '../../../scripts/hardhat/warnings-as-errors.ts';

const warning: CompilerOutputError = {
  type: 'Warning',
  component: 'general',
  severity: 'warning',
  message: 'Unused local variable.',
  formattedMessage: 'Warning: Unused local variable.\n --> project/contracts/A.sol:1:1:',
};

describe('compiler warnings', () => {
  it('are errors', () => {
    expect(asError(warning)).to.include({ type: 'Error', severity: 'error' });
    expect(asError({ ...warning, severity: 'info' })).to.include({ severity: 'error' });
  });

  it('about the size of a contract are errors, but for tests, which never go on chain', () => {
    const message = 'Contract code size is 30000 bytes and exceeds 24576 bytes';
    const of = (path: string): CompilerOutputError =>
      asError({ ...warning, message, formattedMessage: `${message}\n --> ${path}:1:1:` });
    expect(of('project/contracts/A.sol').severity).to.equal('error');
    expect(of('project/test/solidity/A.t.sol').severity).to.equal('warning');
  });

  it('are errors in every build of this repository', () => {
    expect(config.plugins).to.include(warningsAsErrors);
  });
});

import { expect } from 'chai';

import { leftovers } from '../../../scripts/checks/leftovers.ts';
import { findings } from './support.ts';

// In two pieces, so that this file is not itself a finding.
const LATER = 'TO' + 'DO';
const SILENCE = 'eslint-' + 'disable-next-line';

describe('check: leftovers', () => {
  it('accepts finished work', () => {
    const contents = {
      'test/a.test.ts': `it('skips what is paid', () => list.only('x'));\n// ${SILENCE} no-x -- the library asks for it\n`,
      'contracts/A.sol': '// solhint-disable-next-line no-inline-assembly\n',
    };
    expect(findings(leftovers, contents)).to.deep.equal([]);
  });

  const wrong: readonly (readonly [string, string, string])[] = [
    ['a focused test', 'test/a.test.ts', "it.only('x', () => {});"],
    ['a focused suite', 'test/a.test.ts', "describe.only('x', () => {});"],
    ['a skipped test', 'test/a.test.ts', "it.skip('x', () => {});"],
    ['a test that skips itself', 'test/a.test.ts', "it('x', function () { this.skip(); });"],
    ['a short form', 'test/a.test.ts', "xit('x', () => {});"],
    ['a skipped Solidity test', 'test/solidity/A.t.sol', 'function test_A() public { vm.skip(true); }'],
    ['work for later', 'src/cli/a.ts', `// ${LATER}: finish`],
    ['work for later in a contract', 'contracts/A.sol', `/// ${LATER} finish`],
    ['a silenced rule', 'src/cli/a.ts', `// ${SILENCE} no-x`],
    ['a silenced compiler', 'src/cli/a.ts', '// @ts-' + 'ignore'],
    ['an expected error without a reason', 'src/cli/a.ts', '// @ts-' + 'expect-error'],
    ['all rules silenced', 'contracts/A.sol', '// solhint-' + 'disable'],
  ];
  for (const [what, file, text] of wrong) {
    it(`rejects ${what}`, () => {
      expect(findings(leftovers, { [file]: text })).to.have.lengthOf(1);
    });
  }
});

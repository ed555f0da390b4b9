import { expect } from 'chai';

import { contractSize, sizeLimitKept } from '../../../scripts/checks/contract-size.ts';
import { fileLength } from '../../../scripts/checks/file-length.ts';
import { fileNames } from '../../../scripts/checks/file-names.ts';
import { pins } from '../../../scripts/checks/pins.ts';
import { findings } from './support.ts';

describe('check: file length', () => {
  it('accepts 450 lines and rejects 451', () => {
    expect(findings(fileLength, { 'src/a.ts': 'x\n'.repeat(450) })).to.deep.equal([]);
    expect(findings(fileLength, { 'src/a.ts': 'x\n'.repeat(451) })).to.deep.equal([
      'src/a.ts has 451 lines, at most 450 are allowed',
    ]);
  });

  it('leaves data alone', () => {
    expect(findings(fileLength, { 'test/vectors/a.json': '1\n'.repeat(9_999) })).to.deep.equal([]);
  });
});

describe('check: file names', () => {
  it('accepts names after what is inside', () => {
    const contents = { 'src/close-epoch.test.ts': '', 'contracts/types/Epoch.sol': 'type Epoch is uint32;' };
    expect(findings(fileNames, contents)).to.deep.equal([]);
  });

  it('rejects others', () => {
    expect(findings(fileNames, { 'src/closeEpoch.ts': '' })).to.have.lengthOf(1);
    expect(findings(fileNames, { 'contracts/Types.sol': 'type Epoch is uint32;' })).to.have.lengthOf(1);
  });
});

describe('check: pins', () => {
  const manifest = (version: string): Record<string, string> => ({
    'package.json': JSON.stringify({ dependencies: { ethers: version } }),
  });

  it('accepts one version', () => {
    expect(findings(pins, manifest('6.17.0'))).to.deep.equal([]);
    expect(findings(pins, manifest('1.5.5-r.5'))).to.deep.equal([]);
  });

  for (const version of ['^6.17.0', '~6.17.0', '6', 'latest', '>=6.0.0', 'github:a/b']) {
    it(`rejects ${version}`, () => {
      expect(findings(pins, manifest(version))).to.deep.equal([`package.json ethers is '${version}'`]);
    });
  }
});

describe('check: contract size', () => {
  const artifact = (size: number, initSize = size): Record<string, string> => ({
    'artifacts/contracts/A.sol/A.json': JSON.stringify({
      contractName: 'A',
      deployedBytecode: `0x${'00'.repeat(size)}`,
      bytecode: `0x${'00'.repeat(initSize)}`,
    }),
  });

  it('accepts the largest contract that a chain accepts', () => {
    expect(findings(contractSize, artifact(24_576, 49_152))).to.deep.equal([]);
  });

  it('rejects one byte more', () => {
    expect(findings(contractSize, artifact(24_577))).to.have.lengthOf(1);
    expect(findings(contractSize, artifact(24_576, 49_153))).to.have.lengthOf(1);
  });

  it('rejects a setting that lifts the limit', () => {
    expect(findings(sizeLimitKept, { 'hardhat.config.ts': '{ allowUnlimitedContractSize: true }' })).to.have.lengthOf(
      1,
    );
  });
});

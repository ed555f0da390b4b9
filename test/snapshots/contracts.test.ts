import { readdirSync } from 'node:fs';

import { expect } from 'chai';

import { ownContracts } from '../../scripts/snapshots/built-contracts.ts';
import { abiFigures, sizeFigures } from '../../scripts/snapshots/contract-figures.ts';
import { storageFigures } from '../../scripts/snapshots/storage-layout.ts';
import { FACTORIES } from '../../src/chain/bindings.ts';
import { matchSnapshots } from '../support/snapshot.ts';

/** EIP-170. */
const CODE_LIMIT = 24_576;

describe('snapshots of the contracts', function () {
  this.timeout(120_000);
  const own = ownContracts();
  const names = own.map(({ contractName }) => contractName);

  it('cover every contract of a deployment', () => {
    for (const factory of Object.values(FACTORIES)) expect(names).to.include(factory.name.replace('__factory', ''));
  });

  it('size: bytes of code and of what creates it', () => {
    const sizes = sizeFigures(own);
    matchSnapshots('size', sizes);
    for (const name of names) expect(Number(sizes[name]), name).to.be.at.most(CODE_LIMIT);
  });

  for (const contract of own) {
    it(`abi: ${contract.contractName}`, () => {
      matchSnapshots(`abi/${contract.contractName}`, abiFigures(contract));
    });
  }

  it('storage: slots of all contracts', () => {
    for (const [name, figures] of storageFigures(own)) matchSnapshots(`storage/${name}`, figures);
  });

  it('nothing is left of a contract that is gone', () => {
    const files = (kind: string): readonly string[] => readdirSync(`snapshots/${kind}`).sort();
    expect(files('abi')).to.deep.equal(names.map((name) => `${name}.json`));
    // A contract without storage has no file.
    for (const file of files('storage')) expect(names).to.include(file.replace('.json', ''));
  });
});

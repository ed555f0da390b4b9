import { expect } from 'chai';

import { safeChecksum, safeFile } from '../../../src/chain/governance/safe-file.ts';
import { parseAddress } from '../../../src/protocol/brands.ts';

/** Two batches that a team published as its Safe's owners signed them: BIP-518-5 and BIP-519-2 of BalancerMaxis/multisig-ops. */
const PUBLISHED = [
  ['29000000000', 1_703_107_040_104, '0x1f440bb1b31ed23dce797e5957ac2a5749add1074f8540f0ff0a158e4b248003'],
  ['30000000000', 1_703_107_142_345, '0xa1bc4667c4f7289ebd0f1a07a44e791e2bc9883cf3ee0650c966b12a685d8721'],
] as const;

function published(value: string, createdAt: number, checksum: string) {
  const input = (name: string, type: string) => ({ name, type, internalType: type });
  return {
    version: '1.0',
    chainId: '1',
    createdAt,
    meta: {
      name: 'Transactions Batch',
      description: '',
      txBuilderVersion: '1.16.3',
      createdFromSafeAddress: '0x10A19e7eE7d7F8a52822f6817de8ea18204F2e4f',
      createdFromOwnerAddress: '',
      checksum,
    },
    transactions: [
      {
        to: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
        value: '0',
        data: null,
        contractMethod: {
          inputs: [input('to', 'address'), input('value', 'uint256')],
          name: 'transfer',
          payable: false,
        },
        contractInputsValues: { to: '0x811912c19eEF91b9Dc3cA52fc426590cFB84FC86', value },
      },
    ],
  };
}

describe('safeFile', () => {
  for (const [value, createdAt, checksum] of PUBLISHED) {
    it(`has the checksum of the builder: a published batch of ${value}`, () => {
      expect(safeChecksum(published(value, createdAt, checksum))).to.equal(checksum);
    });
  }

  const to = parseAddress('0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48');
  const safe = parseAddress('0x10a19e7ee7d7f8a52822f6817de8ea18204f2e4f');
  const meta = { chainId: 11_155_111, createdAt: 1_893_974_400, name: 'weights', description: 'why', safe };
  const calls = [{ to, data: '0x12345678', value: 5n }];

  it('gives each call as bytes, in order, with values as text', () => {
    const file = safeFile(calls, meta);
    expect(file.transactions).to.deep.equal([
      {
        to: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
        value: '5',
        data: '0x12345678',
        contractMethod: null,
        contractInputsValues: null,
      },
    ]);
    expect([file.version, file.chainId, file.createdAt]).to.deep.equal(['1.0', '11155111', 1_893_974_400_000]);
    expect(file.meta.createdFromSafeAddress).to.equal('0x10A19e7eE7d7F8a52822f6817de8ea18204F2e4f');
    expect(safeFile(calls, { ...meta, safe: null }).meta.createdFromSafeAddress).to.equal('');
  });

  it('has a checksum that holds for what was read back, whatever its name, and for no other transaction', () => {
    const { checksum } = safeFile(calls, meta).meta;
    const read = JSON.parse(JSON.stringify(safeFile(calls, meta))) as ReturnType<typeof safeFile>;
    expect(safeChecksum(read)).to.equal(checksum);
    expect(safeFile(calls, { ...meta, name: 'another' }).meta.checksum).to.equal(checksum);
    expect(safeFile([{ to, data: '0x12345679', value: 5n }], meta).meta.checksum).not.to.equal(checksum);
  });
});

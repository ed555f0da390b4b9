import { expect } from 'chai';
import { AbiCoder, getBytes, keccak256 } from 'ethers';

import { entries, packedEntries } from '../../../scripts/bench/tree/content.ts';
import { HASH_WAYS, MESSAGE } from '../../../scripts/bench/tree/hashers.ts';
import { TREE_WAYS } from '../../../scripts/bench/tree/trees.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { plainLevels } from '../../support/plain-tree.ts';

const LEAVES = 33;

describe('the bench of trees', () => {
  const coder = AbiCoder.defaultAbiCoder();
  const encoded = entries(LEAVES).map((entry) => coder.encode(['address', 'uint256'], entry));
  const leaves = encoded.map((bytes) => keccak256(keccak256(bytes)));

  for (const [way, { name, prepare }] of Object.entries(TREE_WAYS)) {
    it(`has ${name} (${way}) hash abi.encode(address, uint256) twice`, async () => {
      const built = (await prepare(LEAVES))();
      expect([...built.leaves()].map(bytesToHex)).to.have.members(leaves);
      expect(built.proof).to.be.within(5, 6);
      if (name !== 'lode') return;
      const packed = Uint8Array.from(Buffer.concat(leaves.map((leaf) => getBytes(leaf))));
      expect(built.root).to.equal(bytesToHex(plainLevels(packed).at(-1)![0]!));
    });
  }

  for (const { name, prepare } of Object.values(HASH_WAYS)) {
    it(`hashes by ${name} what all others hash`, async () => {
      const hash = await prepare();
      const messages = packedEntries(LEAVES);
      const hashes = new Uint8Array(LEAVES * 32);
      hash(messages, hashes);
      const expected = encoded.map((bytes) => keccak256(bytes).slice(2));
      expect(messages).to.have.length(LEAVES * MESSAGE);
      expect(bytesToHex(hashes)).to.equal(`0x${expected.join('')}`);
    });
  }
});

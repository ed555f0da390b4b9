import type { ContractTransactionResponse } from 'ethers';
import { expect } from 'chai';
import { network } from 'hardhat';

import { floorOf, unitsWork } from '../support/gas-floor.ts';
import { INITIAL_DATE } from '../support/gas-world.ts';
import { matchSnapshot } from '../support/snapshot.ts';
import { connectedPool, RELEASE_OVER, SALE_END } from '../support/unit-pool-fixture.ts';

const ACCOUNTS = 100;
/** A list of this many fits half a block of 30 million. */
const MOST_PER_ACCOUNT = 40_000n;

describe('gas: the unit pool', () => {
  it('books in lists, pays, and is closed', async () => {
    const { ethers, networkHelpers, close } = await network.create({ override: { initialDate: INITIAL_DATE } });
    const { time } = networkHelpers;
    try {
      const { pool, alice } = await connectedPool(ethers);
      const others = Array.from({ length: ACCOUNTS - 1 }, (_, index) => `0x${String(index + 1).padStart(40, '1')}`);
      const accounts = [alice.address, ...others];
      const minedOf = async (sent: Promise<ContractTransactionResponse>) => (await (await sent).wait())!;
      const gasOf = async (sent: Promise<ContractTransactionResponse>) => (await minedOf(sent)).gasUsed;
      const claim = async (name: string, to: 'new' | 'holder') => {
        const receipt = await minedOf(pool.claim(alice));
        matchSnapshot('gas', name, receipt.gasUsed);
        const floor = await floorOf(receipt, unitsWork(to));
        matchSnapshot('gas', `${name}, floor`, floor);
        expect(Number(receipt.gasUsed) / floor).to.be.within(1, 1.12);
      };

      const each = (await gasOf(pool.allot(accounts, Array<bigint>(ACCOUNTS).fill(1n)))) / BigInt(ACCOUNTS);
      matchSnapshot('gas', `allot to ${ACCOUNTS} new accounts, for each`, each);
      expect(each < MOST_PER_ACCOUNT).to.equal(true);
      await time.increaseTo(SALE_END + RELEASE_OVER / 2n);
      // Somebody was paid before, so that the pool's sum of payments is not the first.
      await pool.claim(others[0]!);
      await claim('claim of units, first, new holder', 'new');
      await time.increase(86_400);
      await claim('claim of units, repeated', 'holder');
      matchSnapshot('gas', 'close the unit pool, with units unsold', await gasOf(pool.close()));
    } finally {
      await close();
    }
  });
});

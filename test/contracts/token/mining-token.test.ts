import { expect } from 'chai';
import { network } from 'hardhat';

import { MAX_UINT128, WAD, ZERO_ADDRESS } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const CURVE_TOTAL = 1000n * WAD;

async function deployToken(genesis: { account: string; amount: bigint }[], curveTotal: bigint) {
  const [governor] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  return ethers.deployContract('MiningToken', ['Lode', 'LODE', await manager.getAddress(), genesis, curveTotal]);
}

/** No genesis, no minter. */
async function freshToken() {
  const [governor, minter, alice, bob, mallory] = await ethers.getSigners();
  const token = await deployToken([], CURVE_TOTAL);
  return { token, governor: governor!, minter: minter!, alice: alice!, bob: bob!, mallory: mallory! };
}

/** No genesis, with a minter. */
async function mintableToken() {
  const actors = await freshToken();
  await actors.token.setMinter(actors.minter.address);
  return actors;
}

describe('MiningToken', () => {
  describe('constructor', () => {
    it('has no supply and a cap of the curve without genesis allocations', async () => {
      const { token } = await loadFixture(freshToken);
      expect(await token.name()).to.equal('Lode');
      expect(await token.symbol()).to.equal('LODE');
      expect(await token.decimals()).to.equal(18n);
      expect(await token.totalSupply()).to.equal(0n);
      expect(await token.GENESIS()).to.equal(0n);
      expect(await token.CAP()).to.equal(CURVE_TOTAL);
      expect(await token.minter()).to.equal(ZERO_ADDRESS);
    });

    it('mints each genesis allocation, also twice to one account, and adds them to the cap', async () => {
      const { alice, bob } = await loadFixture(freshToken);
      const token = await deployToken(
        [
          { account: alice.address, amount: 5n },
          { account: bob.address, amount: 7n },
          { account: alice.address, amount: 1n },
        ],
        100n,
      );
      expect(await token.balanceOf(alice.address)).to.equal(6n);
      expect(await token.balanceOf(bob.address)).to.equal(7n);
      expect(await token.totalSupply()).to.equal(13n);
      expect(await token.GENESIS()).to.equal(13n);
      expect(await token.CAP()).to.equal(113n);
      await expect(token.deploymentTransaction())
        .to.emit(token, 'GenesisAllocated')
        .withArgs(alice.address, 5n)
        .and.to.emit(token, 'GenesisAllocated')
        .withArgs(bob.address, 7n)
        .and.to.emit(token, 'GenesisAllocated')
        .withArgs(alice.address, 1n);
    });

    it('takes a cap of exactly 2^128 - 1', async () => {
      const { alice } = await loadFixture(freshToken);
      const token = await deployToken([{ account: alice.address, amount: 1n }], MAX_UINT128 - 1n);
      expect(await token.CAP()).to.equal(MAX_UINT128);
    });

    it('takes a curve of nothing when everything is genesis', async () => {
      const { alice } = await loadFixture(freshToken);
      const token = await deployToken([{ account: alice.address, amount: MAX_UINT128 }], 0n);
      expect(await token.CAP()).to.equal(MAX_UINT128);
    });

    for (const { name, amounts, curveTotal, amount, maximum } of [
      {
        name: 'a curve over 128 bits',
        amounts: [],
        curveTotal: MAX_UINT128 + 1n,
        amount: MAX_UINT128 + 1n,
        maximum: MAX_UINT128,
      },
      {
        name: 'an allocation one wei over what the curve leaves',
        amounts: [2n],
        curveTotal: MAX_UINT128 - 1n,
        amount: 2n,
        maximum: 1n,
      },
      {
        name: 'allocations that are too much together',
        amounts: [MAX_UINT128, 1n],
        curveTotal: 0n,
        amount: 1n,
        maximum: 0n,
      },
      {
        name: 'an allocation that would overflow',
        amounts: [1n, 2n ** 256n - 1n],
        curveTotal: 5n,
        amount: 2n ** 256n - 1n,
        maximum: MAX_UINT128 - 6n,
      },
    ]) {
      it(`refuses ${name}`, async () => {
        const { token, alice } = await loadFixture(freshToken);
        const genesis = amounts.map((each) => ({ account: alice.address, amount: each }));
        await expect(deployToken(genesis, curveTotal))
          .to.be.revertedWithCustomError(token, 'MiningToken_CapTooHigh')
          .withArgs(amount, maximum);
      });
    }

    it('refuses an allocation of nothing, and names its position', async () => {
      const { token, alice } = await loadFixture(freshToken);
      const genesis = [1n, 0n].map((amount) => ({ account: alice.address, amount }));
      await expect(deployToken(genesis, 1n))
        .to.be.revertedWithCustomError(token, 'MiningToken_AllocationZero')
        .withArgs(1n);
    });

    it('refuses an allocation to nobody', async () => {
      const { token } = await loadFixture(freshToken);
      await expect(deployToken([{ account: ZERO_ADDRESS, amount: 1n }], 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidReceiver')
        .withArgs(ZERO_ADDRESS);
    });
  });

  describe('setMinter', () => {
    it('chooses the minter', async () => {
      const { token, minter } = await loadFixture(freshToken);
      await expect(token.setMinter(minter.address)).to.emit(token, 'MinterSet').withArgs(minter.address);
      expect(await token.minter()).to.equal(minter.address);
    });

    it('refuses the zero address, which would leave it open', async () => {
      const { token } = await loadFixture(freshToken);
      await expect(token.setMinter(ZERO_ADDRESS))
        .to.be.revertedWithCustomError(token, 'MiningToken_MinterZero')
        .withArgs();
    });

    it('works once and never again, not even for the same minter', async () => {
      const { token, minter, bob } = await loadFixture(mintableToken);
      for (const next of [bob, minter]) {
        await expect(token.setMinter(next.address))
          .to.be.revertedWithCustomError(token, 'MiningToken_MinterAlreadySet')
          .withArgs(minter.address);
      }
    });

    it('is for governance only', async () => {
      const { token, mallory } = await loadFixture(freshToken);
      await expect(token.connect(mallory).setMinter(mallory.address))
        .to.be.revertedWithCustomError(token, 'AccessManagedUnauthorized')
        .withArgs(mallory.address);
    });
  });

  describe('mint', () => {
    it('creates tokens', async () => {
      const { token, minter, alice } = await loadFixture(mintableToken);
      const mint = token.connect(minter).mint(alice.address, 5n);
      await expect(mint).to.changeTokenBalance(ethers, token, alice, 5n);
      await expect(mint).to.emit(token, 'Transfer').withArgs(ZERO_ADDRESS, alice.address, 5n);
      expect(await token.totalSupply()).to.equal(5n);
    });

    it('takes an amount of nothing', async () => {
      const { token, minter, alice } = await loadFixture(mintableToken);
      await token.connect(minter).mint(alice.address, 0n);
      expect(await token.totalSupply()).to.equal(0n);
    });

    it('EMIT-1 mints up to the cap and not one wei beyond', async () => {
      const { token, minter, alice } = await loadFixture(mintableToken);
      await token.connect(minter).mint(alice.address, CURVE_TOTAL - 1n);
      for (const amount of [2n, 2n ** 256n - 1n]) {
        await expect(token.connect(minter).mint(alice.address, amount))
          .to.be.revertedWithCustomError(token, 'MiningToken_CapExceeded')
          .withArgs(amount, 1n);
      }
      await token.connect(minter).mint(alice.address, 1n);
      expect(await token.totalSupply()).to.equal(CURVE_TOTAL);
      await expect(token.connect(minter).mint(alice.address, 1n))
        .to.be.revertedWithCustomError(token, 'MiningToken_CapExceeded')
        .withArgs(1n, 0n);
    });

    it('EMIT-4 is for the minter only, not even for governance', async () => {
      const { token, governor, minter, alice } = await loadFixture(mintableToken);
      for (const caller of [governor, alice]) {
        await expect(token.connect(caller).mint(alice.address, 1n))
          .to.be.revertedWithCustomError(token, 'MiningToken_NotMinter')
          .withArgs(caller.address, minter.address);
      }
    });

    it('is for nobody before a minter was chosen', async () => {
      const { token, governor } = await loadFixture(freshToken);
      await expect(token.mint(governor.address, 1n))
        .to.be.revertedWithCustomError(token, 'MiningToken_NotMinter')
        .withArgs(governor.address, ZERO_ADDRESS);
    });

    it('refuses nobody as receiver', async () => {
      const { token, minter } = await loadFixture(mintableToken);
      await expect(token.connect(minter).mint(ZERO_ADDRESS, 1n))
        .to.be.revertedWithCustomError(token, 'ERC20InvalidReceiver')
        .withArgs(ZERO_ADDRESS);
    });
  });

  describe('votes', () => {
    it('are counted by time', async () => {
      const { token } = await loadFixture(freshToken);
      expect(await token.CLOCK_MODE()).to.equal('mode=timestamp');
      expect(await token.clock()).to.equal(BigInt(await time.latest()));
    });

    it('follow the tokens once delegated', async () => {
      const { token, minter, alice, bob } = await loadFixture(mintableToken);
      await token.connect(minter).mint(alice.address, 10n);
      expect(await token.getVotes(alice.address)).to.equal(0n);
      await token.connect(alice).delegate(alice.address);
      await token.connect(alice).transfer(bob.address, 4n);
      const moment = await time.latest();
      await token.connect(alice).transfer(bob.address, 1n);
      expect(await token.getVotes(alice.address)).to.equal(5n);
      expect(await token.getPastVotes(alice.address, moment)).to.equal(6n);
      expect(await token.getPastTotalSupply(moment)).to.equal(10n);
    });
  });

  describe('permit', () => {
    it('lets a signature give an allowance, once', async () => {
      const { token, alice, bob } = await loadFixture(freshToken);
      const permission = {
        owner: alice.address,
        spender: bob.address,
        value: 3n,
        nonce: await token.nonces(alice.address),
        deadline: BigInt(await time.latest()) + 3600n,
      };
      const { chainId } = await ethers.provider.getNetwork();
      const signature = ethers.Signature.from(
        await alice.signTypedData(
          { name: 'Lode', version: '1', chainId, verifyingContract: await token.getAddress() },
          {
            Permit: [
              { name: 'owner', type: 'address' },
              { name: 'spender', type: 'address' },
              { name: 'value', type: 'uint256' },
              { name: 'nonce', type: 'uint256' },
              { name: 'deadline', type: 'uint256' },
            ],
          },
          permission,
        ),
      );
      const permit = () =>
        token.permit(alice.address, bob.address, 3n, permission.deadline, signature.v, signature.r, signature.s);
      await permit();
      expect(await token.allowance(alice.address, bob.address)).to.equal(3n);
      expect(await token.nonces(alice.address)).to.equal(1n);
      await expect(permit()).to.be.revertedWithCustomError(token, 'ERC2612InvalidSigner');
    });
  });
});

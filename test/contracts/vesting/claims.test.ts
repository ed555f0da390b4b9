import { expect } from 'chai';
import { network } from 'hardhat';

import { unlockedAt } from '../../../src/protocol/vesting-curve.ts';
import { WAD } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import type { ClaimInput } from '../../support/leaves.ts';
import { curveOf, growTree, seededTree } from '../../support/leaves.ts';
import { COHORT_END, deployVault, DURATION, endOf, grantOf } from '../../support/vault-fixture.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const cohort = (amount: bigint) => ({ end: Number(COHORT_END), duration: Number(DURATION), amount });

/** What alice and bob hold: 80 and 20 tokens in the first cohort, and a wei that does not divide. */
const ALICE = curveOf(0n, [cohort(80n * WAD + 1n)]);
const BOB = curveOf(0n, [cohort(20n * WAD)]);
const GRANTED = 100n * WAD + 1n;

async function freshVault() {
  return await deployVault(ethers);
}

/** Epoch 0 final, with alice, bob and carol; carol's curve is empty. */
async function oneFinalEpoch() {
  const world = await deployVault(ethers);
  const tree = growTree([
    { account: world.alice.address, curve: ALICE },
    { account: world.bob.address, curve: BOB },
    { account: world.carol.address, curve: curveOf(0n) },
  ]);
  await time.increaseTo(endOf(0));
  await world.settle(grantOf(0, tree, { granted: GRANTED }));
  return { ...world, tree };
}

/** The same, a second before half of the first cohort's release is over. */
async function halfReleased() {
  const world = await oneFinalEpoch();
  await time.increaseTo(COHORT_END + DURATION / 2n - 1n);
  return world;
}

/** A vault of a hostile token, with alice's and bob's 5 wei free at once. */
async function hostileVault() {
  const world = await deployVault(ethers);
  const token = await ethers.deployContract('HostileToken');
  const authority = await world.manager.getAddress();
  const curve = await world.curve.getAddress();
  const vault = await ethers.deployContract('VestingVault', [authority, await token.getAddress(), curve, 4n, 0n]);
  await vault.setDistributor(world.dora.address);
  const tree = growTree([world.alice, world.bob].map(({ address }) => ({ account: address, curve: curveOf(5n) })));
  await vault.connect(world.dora).settle(grantOf(0, tree, { granted: 10n, duration: 0n }));
  await token.mint(await vault.getAddress(), 10n);
  return { ...world, token, vault, tree };
}

/** Sends bytes to the vault as they are. */
async function sendBytes(vault: Awaited<ReturnType<typeof freshVault>>['vault'], data: string) {
  const [sender] = await ethers.getSigners();
  return await sender!.sendTransaction({ to: vault, data, gasLimit: 1_000_000 });
}

describe('VestingVault: claims', () => {
  describe('claim', () => {
    describe('when part of the curve is released', () => {
      it('pays it to the account, whoever calls', async () => {
        const { vault, token, tree, alice, mallory } = await loadFixture(halfReleased);
        await expect(vault.connect(mallory).claim(tree.claimOf(0, alice.address)))
          .to.emit(vault, 'RewardClaimed')
          .withArgs(alice.address, alice.address, 0n, 40n * WAD, 40n * WAD);
        expect(await token.balanceOf(alice.address)).to.equal(40n * WAD);
        expect(await vault.claimed(alice.address)).to.equal(40n * WAD);
        expect(await vault.released()).to.equal(40n * WAD);
      });

      it('pays only the difference the second time', async () => {
        const { vault, token, tree, alice } = await loadFixture(halfReleased);
        await vault.claim(tree.claimOf(0, alice.address));
        const at = COHORT_END + (DURATION * 3n) / 4n;
        await time.setNextBlockTimestamp(at);
        await expect(vault.claim(tree.claimOf(0, alice.address)))
          .to.emit(vault, 'RewardClaimed')
          .withArgs(alice.address, alice.address, 0n, 20n * WAD, 60n * WAD);
        expect(await token.balanceOf(alice.address)).to.equal(unlockedAt(ALICE, Number(at)));
      });

      it('pays the last wei at the end of the release, and nothing after it', async () => {
        const { vault, token, tree, alice } = await loadFixture(halfReleased);
        await time.setNextBlockTimestamp(COHORT_END + DURATION - 1n);
        await vault.claim(tree.claimOf(0, alice.address));
        const secondShort = (80n * WAD + 1n) * (DURATION - 1n);
        expect(await token.balanceOf(alice.address)).to.equal(secondShort / DURATION);
        await time.setNextBlockTimestamp(COHORT_END + DURATION);
        await vault.claim(tree.claimOf(0, alice.address));
        expect(await token.balanceOf(alice.address)).to.equal(80n * WAD + 1n);
        await expect(vault.claim(tree.claimOf(0, alice.address)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
          .withArgs(alice.address, 80n * WAD + 1n, 80n * WAD + 1n);
      });
    });

    describe('when nothing is released', () => {
      it('reverts up to the very end of the cohort, and pays a second later', async () => {
        const { vault, token, tree, alice } = await loadFixture(oneFinalEpoch);
        await time.setNextBlockTimestamp(COHORT_END);
        await expect(vault.claim(tree.claimOf(0, alice.address)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
          .withArgs(alice.address, 0n, 0n);
        await time.setNextBlockTimestamp(COHORT_END + 1n);
        await vault.claim(tree.claimOf(0, alice.address));
        expect(await token.balanceOf(alice.address)).to.equal((80n * WAD + 1n) / DURATION);
      });

      it('reverts for an empty curve', async () => {
        const { vault, tree, carol } = await loadFixture(halfReleased);
        await expect(vault.claim(tree.claimOf(0, carol.address)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
          .withArgs(carol.address, 0n, 0n);
      });
    });

    describe('when the terms release at once', () => {
      it('pays everything in the block after the settlement', async () => {
        const { vault, token, settle, alice } = await loadFixture(freshVault);
        const tree = growTree([{ account: alice.address, curve: curveOf(7n) }]);
        await settle(grantOf(0, tree, { granted: 7n, duration: 0n }));
        await vault.claim(tree.claim(0, 0));
        expect(await token.balanceOf(alice.address)).to.equal(7n);
        expect(await vault.released()).to.equal(7n);
      });
    });

    describe('when newer roots have arrived', () => {
      it('still takes the old proof, and the new one pays the difference (VEST-4)', async () => {
        const { vault, token, settle, tree, alice } = await loadFixture(oneFinalEpoch);
        const second = growTree([{ account: alice.address, curve: curveOf(0n, [cohort(100n * WAD + 1n)]) }]);
        await time.increaseTo(endOf(1));
        await settle(grantOf(1, second, { granted: 20n * WAD, accelerated: [0n] }));
        await time.setNextBlockTimestamp(COHORT_END + DURATION / 2n);
        await vault.claim(tree.claimOf(0, alice.address));
        expect(await token.balanceOf(alice.address)).to.equal(40n * WAD);
        await time.setNextBlockTimestamp(COHORT_END + DURATION);
        await vault.claim(second.claim(1, 0));
        expect(await token.balanceOf(alice.address)).to.equal(100n * WAD + 1n);
        await expect(vault.claim(tree.claimOf(0, alice.address)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
          .withArgs(alice.address, 80n * WAD + 1n, 100n * WAD + 1n);
      });
    });

    describe('when the leaf is not in the tree (ROOT-3)', () => {
      const wrongs: Record<string, (claim: ClaimInput, other: string) => ClaimInput> = {
        'another account': (claim, other) => ({ ...claim, account: other }),
        'another amount': (claim) => ({ ...claim, curve: { ...claim.curve, unlocked: 1n } }),
        'another audit part': (claim) => ({ ...claim, auditHash: `0x${'11'.repeat(32)}` }),
        'another position': (claim) => ({ ...claim, index: 1 }),
        'a position beyond the leaves': (claim) => ({ ...claim, index: 3 }),
        'a position beyond the tree': (claim) => ({ ...claim, index: 4 }),
        'a proof too short': (claim) => ({ ...claim, proof: claim.proof.slice(0, -1) }),
        'a proof too long': (claim) => ({ ...claim, proof: [...claim.proof, `0x${'00'.repeat(32)}`] }),
        'no proof': (claim) => ({ ...claim, proof: [] }),
      };
      for (const [name, wrong] of Object.entries(wrongs)) {
        it(`reverts: ${name}`, async () => {
          const { vault, tree, alice, mallory } = await loadFixture(halfReleased);
          const claim = wrong(tree.claimOf(0, alice.address), mallory.address);
          await expect(vault.claim(claim))
            .to.be.revertedWithCustomError(vault, 'VestingVault_ProofInvalid')
            .withArgs(claim.account, 0n);
        });
      }

      it('reverts: the proof of another epoch', async () => {
        const { vault, settle, tree, alice, bob } = await loadFixture(halfReleased);
        await settle(grantOf(1, growTree([{ account: bob.address, curve: BOB }]), { accelerated: [0n] }));
        await expect(vault.claim({ ...tree.claimOf(0, alice.address), epoch: 1 }))
          .to.be.revertedWithCustomError(vault, 'VestingVault_ProofInvalid')
          .withArgs(alice.address, 1n);
      });

      it('reverts: an epoch that is not final', async () => {
        const { vault, tree, alice } = await loadFixture(halfReleased);
        await expect(vault.claim({ ...tree.claimOf(0, alice.address), epoch: 1 }))
          .to.be.revertedWithCustomError(vault, 'VestingVault_EpochNotFinal')
          .withArgs(1n, 1n);
      });

      it('reverts: anything against an epoch without leaves', async () => {
        const { vault, settle, alice } = await loadFixture(freshVault);
        await settle(grantOf(0, growTree([])));
        const claim = seededTree({ account: alice.address, curve: curveOf(1n) }, 0, 0).claim(0, 0);
        await expect(vault.claim(claim))
          .to.be.revertedWithCustomError(vault, 'VestingVault_ProofInvalid')
          .withArgs(alice.address, 0n);
      });
    });

    describe('when calldata is not what Solidity writes', () => {
      /** Where the words of a claim stand, counted from the first after the function's selector. */
      const [EPOCH, ACCOUNT, INDEX, CURVE, PROOF, UNLOCKED, COHORTS] = [1, 2, 3, 4, 6, 7, 8];
      const bent = async (word: number, value: bigint) => {
        const { vault, tree, alice } = await loadFixture(halfReleased);
        const { data } = await vault.claim.populateTransaction(tree.claimOf(0, alice.address));
        const from = 10 + 64 * word;
        return {
          vault,
          alice,
          was: BigInt(`0x${data.slice(from, from + 64)}`),
          data: `${data.slice(0, from)}${value.toString(16).padStart(64, '0')}${data.slice(from + 64)}`,
        };
      };

      for (const [name, word, value] of [
        ['an epoch of more than 32 bits', EPOCH, 1n << 32n],
        ['an account of more than 160 bits', ACCOUNT, 1n << 160n],
        ['an index of more than 32 bits', INDEX, 1n << 255n],
        ['an unlocked amount of more than 128 bits', UNLOCKED, 1n << 128n],
      ] as const) {
        it(`reverts: ${name}, though its lower bits are right`, async () => {
          const { was } = await bent(word, 0n);
          const { vault, data } = await bent(word, was | value);
          await expect(sendBytes(vault, data)).to.be.revertedWithoutReason(ethers);
        });
      }

      for (const [name, word] of [
        ['curve', CURVE],
        ['proof', PROOF],
        ['cohorts', COHORTS],
      ] as const) {
        it(`reverts, and pays nobody, wherever the offset of the ${name} leads`, async () => {
          for (const value of [0n, 0x20n, 1n << 64n, (1n << 256n) - 0x20n, (1n << 255n) + 1n]) {
            const { vault, alice, data, was } = await bent(word, value);
            expect(was === value).to.equal(false);
            await expect(sendBytes(vault, data)).to.revert(ethers);
            expect(await vault.claimed(alice)).to.equal(0n);
          }
        });
      }

      it('reverts: 27 cohorts, or 33 siblings, at little cost', async () => {
        const { vault, tree, alice } = await loadFixture(halfReleased);
        const claim = tree.claimOf(0, alice.address);
        const [first = 0n] = claim.curve.cohorts;
        const many = { ...claim, curve: { ...claim.curve, cohorts: Array<bigint>(27).fill(first) } };
        await expect(vault.claim(many)).to.be.revertedWithoutReason(ethers);
        const long = { ...claim, proof: Array<string>(33).fill(claim.proof[0] ?? '') };
        await expect(vault.claim(long)).to.be.revertedWithoutReason(ethers);
        const most = { ...claim, curve: { ...claim.curve, cohorts: Array<bigint>(26).fill(first) } };
        await expect(vault.claim(most)).to.be.revertedWithCustomError(vault, 'VestingVault_ProofInvalid');
      });

      it('takes a list that claims to be endless out of a batch, and pays the rest', async () => {
        const { vault, tree, alice, bob } = await loadFixture(halfReleased);
        const entries = [tree.claimOf(0, alice.address), tree.claimOf(0, bob.address)];
        const { data } = await vault.claim.populateTransaction(entries[0]!);
        const at = 10 + 64 * 9;
        const endless = `${data.slice(0, at)}${'f'.repeat(64)}${data.slice(at + 64)}`;
        await expect(sendBytes(vault, endless)).to.be.revertedWithoutReason(ethers);
        const bad = { ...entries[0]!, curve: { ...entries[0]!.curve, cohorts: Array<bigint>(27).fill(1n) } };
        await expect(vault.claimMany([bad, entries[1]!]))
          .to.emit(vault, 'ClaimSkipped')
          .withArgs(alice, 0n, '0x')
          .and.to.emit(vault, 'RewardClaimed');
      });
    });

    describe('given a wrong root that nobody disproved', () => {
      it('refuses a curve above all that was granted up to the root, and takes one that equals it', async () => {
        const { vault, settle, mallory } = await loadFixture(freshVault);
        const tree = growTree([
          { account: mallory.address, curve: curveOf(GRANTED + 1n) },
          { account: mallory.address, curve: curveOf(GRANTED) },
        ]);
        await settle(grantOf(0, tree, { granted: GRANTED, duration: 0n }));
        await expect(vault.claim(tree.claim(0, 0)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_CurveAboveGranted')
          .withArgs(GRANTED + 1n, GRANTED);
        await vault.claim(tree.claim(0, 1));
        expect(await vault.claimed(mallory.address)).to.equal(GRANTED);
      });

      it('knows the total to the wei on both sides of each power of two', async () => {
        const { vault, settle, mallory } = await loadFixture(freshVault);
        let total = 0n;
        for (const [epoch, upTo] of [2n ** 64n - 1n, 2n ** 64n, 2n ** 64n + 1n, 2n ** 65n - 1n].entries()) {
          const tree = growTree([
            { account: mallory.address, curve: curveOf(upTo) },
            { account: mallory.address, curve: curveOf(upTo + 1n) },
          ]);
          await time.increaseTo(endOf(epoch));
          await settle(grantOf(epoch, tree, { granted: upTo - total, duration: 0n }));
          total = upTo;
          expect(await vault.rootOf(epoch)).to.deep.equal([tree.root, 2n]);
          expect(await vault.claimable(tree.claim(epoch, 0))).to.equal(upTo - (await vault.claimed(mallory)));
          await expect(vault.claim(tree.claim(epoch, 1)))
            .to.be.revertedWithCustomError(vault, 'VestingVault_CurveAboveGranted')
            .withArgs(upTo + 1n, upTo);
          await vault.claim(tree.claim(epoch, 0));
        }
        expect(await vault.released()).to.equal(total);
      });

      it('pays no more than the total curve has released (VEST-3)', async () => {
        const { vault, token, settle, mallory } = await loadFixture(freshVault);
        const stolen = growTree([{ account: mallory.address, curve: curveOf(GRANTED) }]);
        await settle(grantOf(0, stolen, { granted: GRANTED }));
        const at = COHORT_END + DURATION / 4n;
        await time.setNextBlockTimestamp(at);
        await expect(vault.claim(stolen.claim(0, 0)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_AboveUnlocked')
          .withArgs(GRANTED, unlockedAt(curveOf(0n, [cohort(GRANTED)]), Number(at)));
        await time.setNextBlockTimestamp(COHORT_END + DURATION);
        await vault.claim(stolen.claim(0, 0));
        expect(await token.balanceOf(mallory.address)).to.equal(GRANTED);
      });

      it('lets two share the released part to the last wei, and no further', async () => {
        const { vault, settle, alice, mallory } = await loadFixture(freshVault);
        const tree = growTree([
          { account: mallory.address, curve: curveOf(GRANTED - 1n) },
          { account: alice.address, curve: curveOf(1n) },
          { account: alice.address, curve: curveOf(2n) },
        ]);
        await settle(grantOf(0, tree, { granted: GRANTED, duration: 0n }));
        await vault.claim(tree.claim(0, 0));
        await vault.claim(tree.claim(0, 1));
        await expect(vault.claim(tree.claim(0, 2)))
          .to.be.revertedWithCustomError(vault, 'VestingVault_AboveUnlocked')
          .withArgs(GRANTED + 1n, GRANTED);
      });
    });
  });

  describe('claimable', () => {
    it('says what a claim would pay in the same second, and 0 when nothing is due', async () => {
      const { vault, tree, alice } = await loadFixture(halfReleased);
      const claim = tree.claimOf(0, alice.address);
      expect(await vault.claimable(claim)).to.equal(unlockedAt(ALICE, await time.latest()));
      await vault.claim(claim);
      expect(await vault.claimable(claim)).to.equal(0n);
    });

    it('reverts like a claim for a leaf that does not exist', async () => {
      const { vault, tree, alice } = await loadFixture(halfReleased);
      await expect(vault.claimable({ ...tree.claimOf(0, alice.address), index: 7 }))
        .to.be.revertedWithCustomError(vault, 'VestingVault_ProofInvalid')
        .withArgs(alice.address, 0n);
    });
  });

  describe('claimMany', () => {
    it('pays each entry once, reports what it leaves out, and never fails as a whole', async () => {
      const { vault, token, tree, alice, bob, carol } = await loadFixture(halfReleased);
      const ofAlice = tree.claimOf(0, alice.address);
      const ofBob = tree.claimOf(0, bob.address);
      const errors = vault.interface;
      const entries = [ofAlice, { ...ofBob, index: 9 }, tree.claimOf(0, carol.address), ofBob, ofAlice];
      await expect(vault.claimMany([...entries, { ...ofAlice, epoch: 5 }]))
        .to.emit(vault, 'RewardClaimed')
        .withArgs(alice.address, alice.address, 0n, 40n * WAD, 40n * WAD)
        .and.to.emit(vault, 'RewardClaimed')
        .withArgs(bob.address, bob.address, 0n, 10n * WAD, 10n * WAD)
        .and.to.emit(vault, 'ClaimSkipped')
        .withArgs(bob.address, 0n, errors.encodeErrorResult('VestingVault_ProofInvalid', [bob.address, 0n]))
        .and.to.emit(vault, 'ClaimSkipped')
        .withArgs(carol.address, 0n, errors.encodeErrorResult('VestingVault_NothingToClaim', [carol.address, 0n, 0n]))
        .and.to.emit(vault, 'ClaimSkipped')
        .withArgs(
          alice.address,
          0n,
          errors.encodeErrorResult('VestingVault_NothingToClaim', [alice.address, 40n * WAD, 40n * WAD]),
        )
        .and.to.emit(vault, 'ClaimSkipped')
        .withArgs(alice.address, 5n, errors.encodeErrorResult('VestingVault_EpochNotFinal', [5n, 1n]));
      expect(await token.balanceOf(alice.address)).to.equal(40n * WAD);
      expect(await token.balanceOf(bob.address)).to.equal(10n * WAD);
      expect(await vault.released()).to.equal(50n * WAD);
    });

    it('returns the sum, and does nothing for an empty list', async () => {
      const { vault, tree, alice, bob } = await loadFixture(halfReleased);
      await time.increaseTo(COHORT_END + DURATION);
      const entries = [alice, bob].map(({ address }) => tree.claimOf(0, address));
      expect(await vault.claimMany.staticCall(entries)).to.equal(GRANTED);
      expect(await vault.claimMany.staticCall([])).to.equal(0n);
    });
  });

  describe('given a token that misbehaves', () => {
    it('loses nothing when the payee is refused, and pays the others of a batch', async () => {
      const { vault, token, tree, alice, bob } = await loadFixture(hostileVault);
      await token.refuse(alice.address, true);
      await expect(vault.claim(tree.claim(0, 0)))
        .to.be.revertedWithCustomError(token, 'HostileToken_Refused')
        .withArgs(alice.address);
      await expect(vault.claimMany([tree.claim(0, 0), tree.claim(0, 1)]))
        .to.emit(vault, 'ClaimSkipped')
        .withArgs(alice.address, 0n, token.interface.encodeErrorResult('HostileToken_Refused', [alice.address]));
      expect(await vault.claimed(alice.address)).to.equal(0n);
      expect(await vault.released()).to.equal(5n);
      expect(await token.balanceOf(bob.address)).to.equal(5n);
      await token.refuse(alice.address, false);
      await vault.claim(tree.claim(0, 0));
      expect(await token.balanceOf(alice.address)).to.equal(5n);
    });

    it('books nothing when the transfer says false', async () => {
      const { vault, token, tree, alice } = await loadFixture(hostileVault);
      await token.sayFalse(true);
      await expect(vault.claim(tree.claim(0, 0)))
        .to.be.revertedWithCustomError(vault, 'SafeERC20FailedOperation')
        .withArgs(await token.getAddress());
      expect(await vault.claimed(alice.address)).to.equal(0n);
    });

    it('pays nothing twice when the transfer calls back', async () => {
      const { vault, token, tree, alice } = await loadFixture(hostileVault);
      const again = vault.interface.encodeFunctionData('claim', [tree.claim(0, 0)]);
      await token.callBack(await vault.getAddress(), again);
      await vault.claim(tree.claim(0, 0));
      expect(await token.calledBack()).to.equal(false);
      expect(await token.answer()).to.equal(
        vault.interface.encodeErrorResult('VestingVault_NothingToClaim', [alice.address, 5n, 5n]),
      );
      expect(await token.balanceOf(alice.address)).to.equal(5n);
    });
  });
});

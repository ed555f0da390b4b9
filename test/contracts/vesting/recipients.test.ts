import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { expect } from 'chai';
import { network } from 'hardhat';

import { ZERO_ADDRESS } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';
import { curveOf, growTree } from '../../support/leaves.ts';
import { deployVault, grantOf } from '../../support/vault-fixture.ts';
import { VAULT_MESSAGES } from '../../support/vault-messages.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const DELAY = 7 * 86_400;
const FAR = 2n ** 64n;
const CLAIM_KEY = 0n;
const RECIPIENT_KEY = 1n;

/** Alice, and a contract wallet that bob owns, have 5 wei each, free at once; 5 more with the second epoch. */
async function paidAtOnce() {
  const world = await deployVault(ethers);
  const wallet = await ethers.deployContract('SigningWallet', [world.bob.address]);
  const walletAddress = await wallet.getAddress();
  const accounts = [world.alice.address, walletAddress];
  const first = growTree(accounts.map((account) => ({ account, curve: curveOf(5n) })));
  const second = growTree(accounts.map((account) => ({ account, curve: curveOf(10n) })));
  await world.settle(grantOf(0, first, { granted: 10n, duration: 0n }));
  await world.settle(grantOf(1, second, { granted: 10n, duration: 0n }));
  const domain = {
    name: 'VestingVault',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: world.vaultAddress,
  };
  const { vault } = world;
  const sign = async (signer: HardhatEthersSigner, type: keyof typeof VAULT_MESSAGES, value: Record<string, unknown>) =>
    await signer.signTypedData(domain, { [type]: VAULT_MESSAGES[type] }, value);
  const signClaim = async (signer: HardhatEthersSigner, account: string, to: string, epoch = 0, deadline = FAR) =>
    await sign(signer, 'ClaimTo', {
      account,
      to,
      epoch,
      nonce: await vault['nonces(address,uint192)'](account, CLAIM_KEY),
      deadline,
    });
  const signRecipient = async (signer: HardhatEthersSigner, account: string, to: string, deadline = FAR) =>
    await sign(signer, 'SetRecipient', {
      account,
      to,
      nonce: await vault['nonces(address,uint192)'](account, RECIPIENT_KEY),
      deadline,
    });
  return { ...world, wallet, walletAddress, first, second, signClaim, signRecipient };
}

/** Carol is waiting to become alice's recipient. */
async function changeWaiting() {
  const world = await paidAtOnce();
  const { vault, alice, carol, mallory, signRecipient } = world;
  const signature = await signRecipient(alice, alice.address, carol.address);
  await vault.connect(mallory).setRecipientBySig(alice.address, carol.address, FAR, signature);
  return { ...world, effectiveAt: (await time.latest()) + DELAY };
}

describe('VestingVault: who is paid', () => {
  describe('claimTo', () => {
    it('pays where the account says, this once', async () => {
      const { vault, token, first, second, alice, carol } = await loadFixture(paidAtOnce);
      await expect(vault.connect(alice).claimTo(first.claim(0, 0), carol.address))
        .to.emit(vault, 'RewardClaimed')
        .withArgs(alice.address, carol.address, 0n, 5n, 5n);
      await vault.claim(second.claim(1, 0));
      expect(await token.balanceOf(carol.address)).to.equal(5n);
      expect(await token.balanceOf(alice.address)).to.equal(5n);
    });

    it('reverts for anyone else, and for the zero address', async () => {
      const { vault, first, alice, mallory } = await loadFixture(paidAtOnce);
      await expect(vault.connect(mallory).claimTo(first.claim(0, 0), mallory.address))
        .to.be.revertedWithCustomError(vault, 'VestingVault_NotAccount')
        .withArgs(mallory.address, alice.address);
      await expect(vault.connect(alice).claimTo(first.claim(0, 0), ZERO_ADDRESS)).to.be.revertedWithCustomError(
        vault,
        'VestingVault_RecipientZero',
      );
    });
  });

  describe('claimToBySig', () => {
    it('pays where the account signed, whoever sends it, once', async () => {
      const { vault, token, first, second, alice, carol, mallory, signClaim } = await loadFixture(paidAtOnce);
      const signature = await signClaim(alice, alice.address, carol.address);
      const relayed = vault.connect(mallory);
      await relayed.claimToBySig(first.claim(0, 0), carol.address, FAR, signature);
      expect(await token.balanceOf(carol.address)).to.equal(5n);
      expect(await vault['nonces(address,uint192)'](alice.address, CLAIM_KEY)).to.equal(1n);
      await expect(relayed.claimToBySig(second.claim(1, 0), carol.address, FAR, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(alice.address);
    });

    it('does not pay any more what the account has cancelled', async () => {
      const { vault, first, alice, carol, signClaim } = await loadFixture(paidAtOnce);
      const signature = await signClaim(alice, alice.address, carol.address);
      await expect(vault.connect(alice).cancelSignedClaims())
        .to.emit(vault, 'SignedClaimsCancelled')
        .withArgs(alice.address, 0n);
      await expect(vault.claimToBySig(first.claim(0, 0), carol.address, FAR, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(alice.address);
    });

    it('takes the signature of a contract wallet’s owner (ERC-1271), and nobody else’s', async () => {
      const { vault, token, wallet, walletAddress, first, bob, carol, mallory, signClaim } =
        await loadFixture(paidAtOnce);
      expect(await wallet.OWNER()).to.equal(bob.address);
      const forged = await signClaim(mallory, walletAddress, mallory.address);
      await expect(vault.claimToBySig(first.claim(0, 1), mallory.address, FAR, forged))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(walletAddress);
      const signature = await signClaim(bob, walletAddress, carol.address);
      await vault.claimToBySig(first.claim(0, 1), carol.address, FAR, signature);
      expect(await token.balanceOf(carol.address)).to.equal(5n);
    });

    it('reverts for another receiver, epoch, deadline or signer, and for no signature', async () => {
      const { vault, first, second, alice, carol, mallory, signClaim } = await loadFixture(paidAtOnce);
      const signature = await signClaim(alice, alice.address, carol.address);
      const forged = await signClaim(mallory, alice.address, carol.address);
      const calls = [
        [first.claim(0, 0), mallory.address, FAR, signature],
        [second.claim(1, 0), carol.address, FAR, signature],
        [first.claim(0, 0), carol.address, FAR + 1n, signature],
        [first.claim(0, 0), carol.address, FAR, forged],
        [first.claim(0, 0), carol.address, FAR, '0x'],
      ] as const;
      for (const call of calls) {
        await expect(vault.claimToBySig(...call))
          .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
          .withArgs(alice.address);
      }
      await expect(vault.claimToBySig(first.claim(0, 0), ZERO_ADDRESS, FAR, signature)).to.be.revertedWithCustomError(
        vault,
        'VestingVault_RecipientZero',
      );
    });

    it('counts in the second of the deadline, and not in the next', async () => {
      const { vault, first, alice, carol, signClaim } = await loadFixture(paidAtOnce);
      const deadline = BigInt((await time.latest()) + 100);
      const signature = await signClaim(alice, alice.address, carol.address, 0, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(vault.claimToBySig(first.claim(0, 0), carol.address, deadline, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureExpired')
        .withArgs(deadline, deadline + 1n);
      await time.setNextBlockTimestamp(deadline);
      await vault.claimToBySig(first.claim(0, 0), carol.address, deadline, signature);
    });
  });

  describe('setRecipient', () => {
    it('sends all later claims there at once, until it is taken back', async () => {
      const { vault, token, first, second, alice, carol, mallory } = await loadFixture(paidAtOnce);
      await expect(vault.connect(alice).setRecipient(carol.address))
        .to.emit(vault, 'RecipientChanged')
        .withArgs(alice.address, alice.address, carol.address);
      await vault.connect(mallory).claim(first.claim(0, 0));
      expect(await token.balanceOf(carol.address)).to.equal(5n);
      await expect(vault.connect(alice).setRecipient(alice.address))
        .to.emit(vault, 'RecipientChanged')
        .withArgs(alice.address, carol.address, alice.address);
      await vault.claim(second.claim(1, 0));
      expect(await token.balanceOf(alice.address)).to.equal(5n);
    });

    it('takes the zero address as nobody', async () => {
      const { vault, alice, carol } = await loadFixture(paidAtOnce);
      await vault.connect(alice).setRecipient(carol.address);
      await vault.connect(alice).setRecipient(ZERO_ADDRESS);
      expect(await vault.recipientOf(alice.address)).to.equal(alice.address);
    });

    it('drops a waiting change and makes signed ones void', async () => {
      const { vault, alice, bob, carol, signRecipient } = await loadFixture(changeWaiting);
      const signature = await signRecipient(alice, alice.address, carol.address);
      await expect(vault.connect(alice).setRecipient(bob.address))
        .to.emit(vault, 'RecipientChangeCancelled')
        .withArgs(alice.address, carol.address)
        .and.to.emit(vault, 'RecipientChanged')
        .withArgs(alice.address, alice.address, bob.address);
      await time.increase(DELAY);
      expect(await vault.recipientOf(alice.address)).to.equal(bob.address);
      await expect(vault.setRecipientBySig(alice.address, carol.address, FAR, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(alice.address);
    });
  });

  describe('setRecipientBySig', () => {
    it('takes effect after seven days, to the second', async () => {
      const { vault, token, first, second, alice, carol, effectiveAt } = await loadFixture(changeWaiting);
      expect(await vault.pendingRecipientOf(alice.address)).to.deep.equal([carol.address, BigInt(effectiveAt)]);
      await time.setNextBlockTimestamp(effectiveAt - 1);
      await vault.claim(first.claim(0, 0));
      expect(await token.balanceOf(alice.address)).to.equal(5n);
      await time.setNextBlockTimestamp(effectiveAt);
      await vault.claim(second.claim(1, 0));
      expect(await token.balanceOf(carol.address)).to.equal(5n);
      expect(await vault.pendingRecipientOf(alice.address)).to.deep.equal([ZERO_ADDRESS, 0n]);
      expect(await vault.recipientOf(alice.address)).to.equal(carol.address);
    });

    it('prints who is paid until then and from when on another', async () => {
      const { vault, alice, carol, signRecipient } = await loadFixture(paidAtOnce);
      const signature = await signRecipient(alice, alice.address, carol.address);
      const at = (await time.latest()) + 5;
      await time.setNextBlockTimestamp(at);
      await expect(vault.setRecipientBySig(alice.address, carol.address, FAR, signature))
        .to.emit(vault, 'RecipientChangeScheduled')
        .withArgs(alice.address, alice.address, carol.address, at + DELAY);
    });

    it('starts the delay again when it is replaced, and keeps paying the one before', async () => {
      const { vault, alice, bob, carol, effectiveAt, signRecipient } = await loadFixture(changeWaiting);
      await time.setNextBlockTimestamp(effectiveAt - 10);
      const signature = await signRecipient(alice, alice.address, bob.address);
      await vault.setRecipientBySig(alice.address, bob.address, FAR, signature);
      await time.increaseTo(effectiveAt);
      expect(await vault.recipientOf(alice.address)).to.equal(alice.address);
      await time.increaseTo(effectiveAt - 10 + DELAY);
      expect(await vault.recipientOf(alice.address)).to.equal(bob.address);
      const back = await signRecipient(alice, alice.address, alice.address);
      await vault.setRecipientBySig(alice.address, alice.address, FAR, back);
      expect(await vault.recipientOf(alice.address)).to.equal(bob.address);
      await time.increase(DELAY);
      expect(await vault.recipientOf(alice.address)).to.equal(alice.address);
      expect(carol.address).not.to.equal(bob.address);
    });

    it('serves contract wallets, and reverts for a wrong signer or a passed deadline', async () => {
      const { vault, walletAddress, bob, carol, mallory, signRecipient } = await loadFixture(paidAtOnce);
      const forged = await signRecipient(mallory, walletAddress, mallory.address);
      await expect(vault.setRecipientBySig(walletAddress, mallory.address, FAR, forged))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(walletAddress);
      const deadline = BigInt((await time.latest()) + 10);
      const signature = await signRecipient(bob, walletAddress, carol.address, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(vault.setRecipientBySig(walletAddress, carol.address, deadline, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureExpired')
        .withArgs(deadline, deadline + 1n);
      await time.setNextBlockTimestamp(deadline);
      await vault.setRecipientBySig(walletAddress, carol.address, deadline, signature);
    });
  });

  describe('cancelRecipient', () => {
    it('calls off a change up to its last second, and makes signed ones void', async () => {
      const { vault, alice, carol, effectiveAt, signRecipient } = await loadFixture(changeWaiting);
      const signature = await signRecipient(alice, alice.address, carol.address);
      await time.setNextBlockTimestamp(effectiveAt - 1);
      await expect(vault.connect(alice).cancelRecipient())
        .to.emit(vault, 'RecipientChangeCancelled')
        .withArgs(alice.address, carol.address);
      await time.increase(DELAY);
      expect(await vault.recipientOf(alice.address)).to.equal(alice.address);
      await expect(vault.setRecipientBySig(alice.address, carol.address, FAR, signature))
        .to.be.revertedWithCustomError(vault, 'VestingVault_SignatureInvalid')
        .withArgs(alice.address);
    });

    it('keeps a recipient that was there before', async () => {
      const { vault, token, first, alice, bob, carol, signRecipient } = await loadFixture(paidAtOnce);
      await vault.connect(alice).setRecipient(bob.address);
      const signature = await signRecipient(alice, alice.address, carol.address);
      await vault.setRecipientBySig(alice.address, carol.address, FAR, signature);
      await vault.connect(alice).cancelRecipient();
      await time.increase(DELAY);
      await vault.claim(first.claim(0, 0));
      expect(await token.balanceOf(bob.address)).to.equal(5n);
    });

    it('reverts when nothing waits, or it has taken effect', async () => {
      const { vault, alice, bob, effectiveAt } = await loadFixture(changeWaiting);
      await expect(vault.connect(bob).cancelRecipient())
        .to.be.revertedWithCustomError(vault, 'VestingVault_NoRecipientPending')
        .withArgs(bob.address);
      await time.setNextBlockTimestamp(effectiveAt);
      await expect(vault.connect(alice).cancelRecipient())
        .to.be.revertedWithCustomError(vault, 'VestingVault_NoRecipientPending')
        .withArgs(alice.address);
    });
  });
});

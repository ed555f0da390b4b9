import { expect } from 'chai';
import { network } from 'hardhat';

import { parseHash32, ZERO_HASH } from '../../../src/protocol/brands.ts';
import { recordHash, settlementHash } from '../../../src/protocol/epoch-record.ts';
import { curveHash } from '../../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { PRICE_REASON, WAD } from '../../support/contract-values.ts';
import { END_OF_FIRST, epochSteps, PROPOSAL, STATE } from '../../support/epoch-steps.ts';
import {
  BOND,
  BUDGET,
  claimOf,
  deployProtocol,
  economyOf,
  QUIET,
  recordStruct,
  recordValues,
  REPORT,
  scored,
  settlementStruct,
  twinOf,
  WEEK,
  WINDOW,
} from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, closed, proposed, settle, loadFixture } = epochSteps(connection);

const GRACE_OVER = 8n;

describe('EpochDistributor: the life of an epoch', () => {
  describe('closeEpoch', () => {
    it('reverts in the last second of the epoch, and closes it in the next, whoever calls', async () => {
      const { distributor, mallory } = await loadFixture(fresh);
      await time.setNextBlockTimestamp(END_OF_FIRST - 1);
      await expect(distributor.closeEpoch())
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_EpochNotOver')
        .withArgs(0n, END_OF_FIRST - 1, END_OF_FIRST);
      expect(await distributor.stateOf(0)).to.equal(STATE.open);
      await time.setNextBlockTimestamp(END_OF_FIRST);
      await distributor.connect(mallory).closeEpoch();
      expect(await distributor.stateOf(0)).to.equal(STATE.closed);
      expect(await distributor.stateOf(1)).to.equal(STATE.open);
      expect(await distributor.nextToClose()).to.equal(1n);
    });

    it('stores the hash of exactly the record that the twin computes, and prints it', async () => {
      const { distributor, economy } = await loadFixture(fresh);
      await time.increaseTo(END_OF_FIRST);
      const { record } = twinOf(economy, QUIET);
      await expect(distributor.closeEpoch())
        .to.emit(distributor, 'EpochClosed')
        .withArgs(0n, recordHash(record), PRICE_REASON.noSource, recordValues(record));
      expect(await distributor.recordHashOf(0)).to.equal(recordHash(record));
      expect(await distributor.recordHashOf(1)).to.equal(ZERO_HASH);
    });

    it('closes the next epoch while the first is not final, also long after both', async () => {
      const { distributor, economy } = await loadFixture(fresh);
      await time.increaseTo(END_OF_FIRST + 3 * WEEK);
      await distributor.closeEpoch();
      await expect(distributor.closeEpoch()).to.emit(distributor, 'EpochClosed');
      const first = twinOf(economy, QUIET);
      const second = twinOf(economy, QUIET, first.next);
      expect(await distributor.recordHashOf(1)).to.equal(recordHash(second.record));
      expect(await distributor.nextToFinalise()).to.equal(0n);
    });

    describe('given a price source', () => {
      async function priced() {
        const world = await deployProtocol(ethers);
        const source = await ethers.deployContract('SettablePriceSource');
        await source.setPrice(0, 2n * WAD);
        const law = { ...world.economy.reserve[0]!.value, priceSource: await source.getAddress() };
        await world.reserve.scheduleParameters(0, law);
        return { ...world, economy: economyOf({ reserve: [{ from: 0, value: law }] }) };
      }

      for (const [name, late, price, reason] of [
        ['reads it in the last second of the grace', 86_400 - 1, 2n * WAD, PRICE_REASON.used],
        ['closes without it once the grace is over', 86_400, 0n, GRACE_OVER],
      ] as const) {
        it(name, async () => {
          const { distributor, economy } = await loadFixture(priced);
          await time.setNextBlockTimestamp(END_OF_FIRST + late);
          const { record } = twinOf(economy, { ...QUIET, price });
          await expect(distributor.closeEpoch())
            .to.emit(distributor, 'EpochClosed')
            .withArgs(0n, recordHash(record), reason, recordValues(record));
        });
      }
    });
  });

  describe('finalise', () => {
    it('reverts in the last second of the window, and works in the next, whoever calls', async () => {
      const { distributor, mallory, record, settlement, until } = await loadFixture(proposed);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(distributor.finalise(record, settlement))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_WindowOpen')
        .withArgs(until - 1n, until);
      await time.setNextBlockTimestamp(until);
      await distributor.connect(mallory).finalise(record, settlement);
      expect(await distributor.stateOf(0)).to.equal(STATE.final);
      expect(await distributor.nextToFinalise()).to.equal(1n);
      expect(await distributor.pendingProposal()).to.equal(0n);
    });

    it('mints the budget, hands it to vault and reserve, and says why they differ', async () => {
      const { distributor, token, vault, reserve, twin, record, settlement, until } = await loadFixture(proposed);
      await time.increaseTo(until);
      const { outcome } = twin;
      const { reasons } = outcome;
      await expect(distributor.finalise(record, settlement))
        .to.emit(distributor, 'EpochFinalised')
        .withArgs(
          0n,
          1n,
          settlement.root,
          BUDGET,
          outcome.payout,
          outcome.granted,
          outcome.foundationGranted,
          outcome.withheld,
          0n,
          [
            reasons.reserveReturn,
            reasons.noMiner,
            reasons.participation,
            reasons.priceAndClamp,
            reasons.emptyTask,
            reasons.capAndRounding,
          ],
        );
      expect(Object.values(reasons).reduce((sum: bigint, one: bigint) => sum + one, 0n)).to.equal(
        BUDGET - outcome.granted,
      );
      expect(outcome.withheld > 0n && outcome.granted > 0n).to.equal(true);
      expect(await token.totalSupply()).to.equal(BUDGET);
      expect(await token.balanceOf(vault)).to.equal(outcome.granted);
      expect(await token.balanceOf(reserve)).to.equal(outcome.withheld);
      expect(await reserve.reserve()).to.equal(outcome.withheld);
      expect(await vault.rootOf(0)).to.deep.equal([settlement.root, 3n]);
      expect(await vault.totalGranted()).to.equal(outcome.granted);
    });

    it('gives the bond back, once', async () => {
      const { distributor, oscar, record, settlement, until } = await loadFixture(proposed);
      await time.increaseTo(until);
      await expect(distributor.finalise(record, settlement))
        .to.emit(distributor, 'BondCredited')
        .withArgs(1n, oscar.address, BOND);
      expect((await distributor.proposalOf(1)).state).to.equal(PROPOSAL.final);
      await expect(distributor.withdrawBond(oscar.address)).to.changeEtherBalances(
        ethers,
        [distributor, oscar],
        [-BOND, BOND],
      );
      await expect(distributor.withdrawBond(oscar.address))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingOwed')
        .withArgs(oscar.address);
    });

    it('reverts for another record, another settlement, twice, or without a proposal', async () => {
      const { distributor, twin, record, settlement, basis, until } = await loadFixture(proposed);
      await time.increaseTo(until);
      await expect(distributor.finalise({ ...record, bond: 0n }, settlement))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_RecordMismatch')
        .withArgs(recordHash({ ...twin.record, bond: 0n }), recordHash(twin.record));
      const declared = { ...twin.settlement, reportCid: REPORT };
      const hash = settlementHash(parseHash32(basis), declared);
      await expect(distributor.finalise(record, { ...settlement, granted: settlement.granted + 1n }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_SettlementMismatch')
        .withArgs(settlementHash(parseHash32(basis), { ...declared, granted: declared.granted + 1n }), hash);
      await expect(distributor.finalise({ ...record, epoch: 1 }, settlement))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
        .withArgs(1n);
      await distributor.finalise(record, settlement);
      await expect(distributor.finalise(record, settlement))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NothingProposed')
        .withArgs(0n);
    });
  });

  describe('an epoch in which nobody took part', () => {
    it('puts the whole budget into the reserve, under the root 0', async () => {
      const world = await loadFixture(closed);
      const { distributor, reserve, token, vault, economy } = world;
      const quiet = twinOf(economy, QUIET);
      await expect(settle(world, quiet))
        .to.emit(distributor, 'EpochFinalised')
        .withArgs(0n, 1n, ZERO_HASH, BUDGET, 0n, 0n, 0n, BUDGET, 0n, [0n, BUDGET, 0n, 0n, 0n, 0n]);
      expect(await reserve.reserve()).to.equal(BUDGET);
      expect(await token.balanceOf(vault)).to.equal(0n);
      expect(await vault.rootOf(0)).to.deep.equal([ZERO_HASH, 0n]);
    });
  });

  describe('an operator who vanishes', () => {
    it('holds nothing up: another one proposes, and anyone makes it final', async () => {
      const { distributor, olga, mallory, record, settlement } = await loadFixture(closed);
      await time.increase(10 * WEEK);
      const basis = await distributor.basisOf(0);
      await distributor.connect(olga).propose(record, settlement, basis, { value: BOND });
      await time.increase(WINDOW);
      await distributor.connect(mallory).finalise(record, settlement);
      expect(await distributor.bondCreditOf(olga.address)).to.equal(BOND);
    });
  });

  describe('many epochs', () => {
    it('stay equal to the off-chain twin to the wei, and everyone is paid in full at the end', async () => {
      const world = await loadFixture(fresh);
      const { distributor, reserve, token, vault, economy, alice, bob, carol } = world;
      const work = [
        scored([alice.address, 1, 10n], [bob.address, 1, 30n], [bob.address, 2, 7n]),
        scored([carol.address, 2, 3n], [alice.address, 1, 1n], [bob.address, 1, 1n]),
        QUIET,
        scored([alice.address, 1, 5n], [bob.address, 1, 5n], [carol.address, 1, 5n], [carol.address, 2, 9n]),
        scored([bob.address, 2, 2n ** 90n], [alice.address, 2, 6n], [carol.address, 2, 5n], [alice.address, 1, 9n]),
        QUIET,
        scored([alice.address, 1, 1n]),
        scored(
          ...[alice, bob, carol].flatMap(({ address }) => [[address, 1, 8n] as const, [address, 2, 50n] as const]),
        ),
      ];
      let [state, injected] = [twinOf(economy, QUIET).parent, 0n];
      let last: EpochSettlement | undefined;
      for (const [epoch, events] of work.entries()) {
        const uses = [...state.accounts].slice(0, 2).map(({ account }) => ({ account, uses: BigInt(epoch) }));
        last = twinOf(economy, { ...events, uses }, state);
        if ((await time.latest()) < last.record.end) await time.increaseTo(last.record.end);
        await distributor.closeEpoch();
        await settle(world, last);
        state = last.next;
        injected += last.outcome.injected;
        expect(await reserve.reserve()).to.equal(state.reserve);
        expect(await vault.totalGranted()).to.equal(state.totalGranted);
        expect(await vault.totalCurveHash()).to.equal(bytesToHex(curveHash(state.totalCurve)));
        expect(await token.totalSupply(), 'EMIT-1').to.equal(BigInt(epoch + 1) * BUDGET);
        expect(await token.balanceOf(vault)).to.equal(state.totalGranted);
      }
      expect(injected > 0n, 'some epoch injected').to.equal(true);

      await time.increase(20 * WEEK);
      const foundation = economy.foundation[0]!.value.account;
      await vault.claimFoundation(foundation);
      for (const [index, { account, curve }] of [...state.accounts].entries()) {
        await vault.claim(claimOf(last!, index));
        const earned = curve.cohorts.reduce((sum, { amount }) => sum + amount, curve.unlocked);
        expect(await token.balanceOf(account)).to.equal(earned);
      }
      expect(await vault.released(), 'VEST-6').to.equal(state.totalGranted);
      expect(await token.balanceOf(vault)).to.equal(0n);
    });

    it('may be closed two at a time; the second waits until the first is final', async () => {
      const world = await loadFixture(closed);
      const { distributor, oscar, economy, twin } = world;
      const second = twinOf(economy, QUIET, twin.next);
      await time.increaseTo(second.record.end);
      await distributor.closeEpoch();
      await expect(
        distributor
          .connect(oscar)
          .propose(recordStruct(second.record), settlementStruct(second.settlement), ZERO_HASH, { value: BOND }),
      )
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotNext')
        .withArgs(1n, 0n);
      await settle(world, twin);
      expect(await distributor.stateOf(1)).to.equal(STATE.closed);
      await settle(world, second);
      expect(await distributor.stateOf(1)).to.equal(STATE.final);
    });
  });
});

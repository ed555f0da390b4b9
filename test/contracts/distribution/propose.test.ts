import { expect } from 'chai';
import { network } from 'hardhat';

import { parseHash32, ZERO_HASH } from '../../../src/protocol/brands.ts';
import { basisHash, recordHash, settlementHash } from '../../../src/protocol/epoch-record.ts';
import { curveHash } from '../../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { plain, WAD } from '../../support/contract-values.ts';
import { epochSteps, PROPOSAL, STATE } from '../../support/epoch-steps.ts';
import { BOND, QUIET, recordStruct, REPORT, settlementStruct, twinOf, WINDOW } from '../../support/protocol-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, closed, proposed, settle, loadFixture } = epochSteps(connection);

describe('EpochDistributor: propose', () => {
  it('stores hash, bond, window and deadline, and prints the settlement', async () => {
    const { distributor, oscar, twin, record, settlement, verifier } = await loadFixture(closed);
    const basis = await distributor.basisOf(0);
    expect(basis).to.equal(
      basisHash({
        recordHash: recordHash(twin.record),
        parentRoot: ZERO_HASH,
        reserve: 0n,
        totalCurveHash: parseHash32(bytesToHex(curveHash(twin.parent.totalCurve))),
      }),
    );
    await expect(distributor.connect(oscar).propose(record, settlement, basis, { value: BOND })).to.emit(
      distributor,
      'SettlementProposed',
    );
    const proposal = await distributor.proposalOf(1);
    expect(plain(proposal)).to.deep.equal({
      epoch: 0n,
      operator: oscar.address,
      state: PROPOSAL.pending,
      until: BigInt((await time.latest()) + WINDOW),
      window: BigInt(WINDOW),
      rulingUntil: 0n,
      demandUntil: BigInt((await time.latest()) + WINDOW - WINDOW / 4),
      openDemands: 0n,
      bond: BOND,
      verifier: await verifier.getAddress(),
      leafCount: BigInt(settlement.leafCount),
      settlementHash: settlementHash(parseHash32(basis), { ...twin.settlement, reportCid: REPORT }),
    });
    expect(await distributor.pendingProposal()).to.equal(1n);
    expect(await distributor.stateOf(0)).to.equal(STATE.proposed);
    expect(await ethers.provider.getBalance(distributor)).to.equal(BOND);
  });

  it('reverts for whoever is no operator', async () => {
    const { distributor, mallory, record, settlement } = await loadFixture(closed);
    await expect(distributor.connect(mallory).propose(record, settlement, ZERO_HASH, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'AccessManagedUnauthorized')
      .withArgs(mallory.address);
  });

  it('reverts for an epoch that is not the next one, or not closed', async () => {
    const { distributor, oscar, record, settlement } = await loadFixture(closed);
    const propose = (epoch: number) =>
      distributor.connect(oscar).propose({ ...record, epoch }, settlement, ZERO_HASH, { value: BOND });
    await expect(propose(1)).to.be.revertedWithCustomError(distributor, 'EpochDistributor_NotNext').withArgs(1n, 0n);
    const open = await loadFixture(fresh);
    await expect(open.distributor.connect(open.oscar).propose(record, settlement, ZERO_HASH, { value: BOND }))
      .to.be.revertedWithCustomError(open.distributor, 'EpochDistributor_EpochNotClosed')
      .withArgs(0n);
    await expect(open.distributor.basisOf(0)).to.be.revertedWithCustomError(
      open.distributor,
      'EpochDistributor_EpochNotClosed',
    );
    await expect(open.distributor.basisOf(1)).to.be.revertedWithCustomError(
      open.distributor,
      'EpochDistributor_NotNext',
    );
  });

  it('reverts while another proposal is pending', async () => {
    const { distributor, olga, record, settlement, basis } = await loadFixture(proposed);
    await expect(distributor.connect(olga).propose(record, settlement, basis, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AlreadyProposed')
      .withArgs(0n, 1n);
  });

  it('reverts for a bond a wei too small or too large', async () => {
    const { distributor, oscar, record, settlement } = await loadFixture(closed);
    const basis = await distributor.basisOf(0);
    for (const value of [BOND - 1n, BOND + 1n, 0n]) {
      await expect(distributor.connect(oscar).propose(record, settlement, basis, { value }))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_BondMismatch')
        .withArgs(value, BOND);
    }
  });

  it('reverts for another record and for another basis', async () => {
    const { distributor, oscar, twin, record, settlement } = await loadFixture(closed);
    const basis = await distributor.basisOf(0);
    const stored = recordHash(twin.record);
    const other = { ...twin.record, price: 1n };
    await expect(distributor.connect(oscar).propose({ ...record, price: 1n }, settlement, basis, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_RecordMismatch')
      .withArgs(recordHash(other), stored);
    await expect(distributor.connect(oscar).propose(record, settlement, stored, { value: BOND }))
      .to.be.revertedWithCustomError(distributor, 'EpochDistributor_BasisMismatch')
      .withArgs(stored, basis);
  });

  describe('given a declaration that cannot be', () => {
    type Declared = ReturnType<typeof settlementStruct>;
    const most = 3n * (2n ** 96n - 1n);
    const wrongs: Record<string, [(good: Declared) => Declared, string, (good: Declared) => unknown[]]> = {
      'no leaf, but a root': [
        (good) => ({ ...good, leafCount: 0 }),
        'RootLeafCountMismatch',
        (good) => [good.root, 0n],
      ],
      'leaves, but no root': [(good) => ({ ...good, root: ZERO_HASH }), 'RootLeafCountMismatch', () => [ZERO_HASH, 3n]],
      'a task left out': [(good) => ({ ...good, participants: [2] }), 'TasksLengthMismatch', () => [1n, 2n, 2n]],
      'a task too many': [
        (good) => ({ ...good, scoreTotals: [40n, 11n, 0n] }),
        'TasksLengthMismatch',
        () => [2n, 3n, 2n],
      ],
      'more participants than leaves': [
        (good) => ({ ...good, participants: [4, 1] }),
        'ParticipantsAboveLeafCount',
        () => [1n, 4n, 3n],
      ],
      'less than the minimum score for each participant': [
        (good) => ({ ...good, participants: [2, 2], scoreTotals: [40n, 9n] }),
        'ScoreTotalOutOfRange',
        () => [2n, 9n, 10n, most],
      ],
      'more than the highest score for each leaf': [
        (good) => ({ ...good, scoreTotals: [most + 1n, 11n] }),
        'ScoreTotalOutOfRange',
        () => [1n, most + 1n, 2n, most],
      ],
      'an acceleration of a cohort that is not there': [
        (good) => ({ ...good, accelerated: [0n] }),
        'AcceleratedLengthMismatch',
        () => [1n, 0n],
      ],
    };
    for (const [name, [spoil, error, args]] of Object.entries(wrongs)) {
      it(`reverts: ${name}`, async () => {
        const { distributor, oscar, record, settlement } = await loadFixture(closed);
        const basis = await distributor.basisOf(0);
        await expect(distributor.connect(oscar).propose(record, spoil(settlement), basis, { value: BOND }))
          .to.be.revertedWithCustomError(distributor, `EpochDistributor_${error}`)
          .withArgs(...args(settlement));
      });
    }

    it('takes what is exactly at the bounds', async () => {
      const { distributor, oscar, record, settlement } = await loadFixture(closed);
      const basis = await distributor.basisOf(0);
      const extreme = { ...settlement, participants: [3, 2], scoreTotals: [most, 10n] };
      await distributor.connect(oscar).propose(record, extreme, basis, { value: BOND });
    });

    it('reverts for a wei more than the miners’ part, and takes all of it', async () => {
      const { distributor, oscar, twin, record, settlement } = await loadFixture(closed);
      const basis = await distributor.basisOf(0);
      const { miners } = twin.outcome;
      await expect(
        distributor.connect(oscar).propose(record, { ...settlement, granted: miners + 1n }, basis, { value: BOND }),
      )
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_GrantedAboveMiners')
        .withArgs(miners + 1n, miners);
      await distributor.connect(oscar).propose(record, { ...settlement, granted: miners }, basis, { value: BOND });
    });

    it('reverts for a wei more than a cohort holds', async () => {
      const { distributor, amount, declare } = await quietSecondEpoch();
      await expect(declare([amount + 1n]))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AcceleratedAboveCohort')
        .withArgs(0n, amount + 1n, amount);
    });

    it('reverts for a wei more than the bound of all that is left, and takes just that: no root frees more', async () => {
      const { distributor, amount, declare, bound } = await quietSecondEpoch();
      const most = (amount * bound) / WAD;
      await expect(declare([most + 1n]))
        .to.be.revertedWithCustomError(distributor, 'EpochDistributor_AcceleratedAboveBound')
        .withArgs(most + 1n, most);
      await declare([most]);
    });
  });
});

/** The first epoch is final, nobody works in the second: one cohort is left of which a proposal may declare what it likes. */
async function quietSecondEpoch() {
  const world = await loadFixture(closed);
  const { distributor, oscar, twin, economy } = world;
  await settle(world, twin);
  const next = twinOf(economy, QUIET, twin.next);
  await time.increaseTo(next.record.end);
  await distributor.closeEpoch();
  const basis = await distributor.basisOf(1);
  const record = recordStruct(next.record);
  const declare = (accelerated: bigint[]) =>
    distributor
      .connect(oscar)
      .propose(record, { ...settlementStruct(next.settlement), accelerated }, basis, { value: BOND });
  return {
    distributor,
    declare,
    amount: twin.next.totalCurve.cohorts[0]!.amount,
    bound: next.record.accelerationBound,
  };
}

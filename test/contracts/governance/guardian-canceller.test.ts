import { expect } from 'chai';
import { network } from 'hardhat';

import type { GovernedCall, Governance } from '../../support/governance-fixture.ts';
import { governanceSteps, MIN_DELAY, NO_PREDECESSOR, ROLE, VOTE } from '../../support/governance-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { time } = connection.networkHelpers;
const { fresh, handedOver, weights, carry, operationOf, saltOf, loadFixture } = governanceSteps(connection);

const SALT = ethers.id('why');

/** The calls that replace guardians, and calls that look like them. */
async function callsOf(world: Governance) {
  const { authority, timelock, canceller, gwen, mallory } = world;
  const manager = await authority.getAddress();
  const controller = await timelock.getAddress();
  const own = await canceller.getAddress();
  const cancelRole = await timelock.CANCELLER_ROLE();
  const toManager = (data: string): GovernedCall => ({ target: manager, data });
  const toTimelock = (data: string): GovernedCall => ({ target: controller, data });
  const abi = authority.interface;
  const roles = timelock.interface;
  const grant = abi.encodeFunctionData('grantRole', [ROLE.guardian, mallory.address, 0]);
  return {
    replacing: [
      toManager(grant),
      toManager(abi.encodeFunctionData('revokeRole', [ROLE.guardian, gwen.address])),
      toTimelock(roles.encodeFunctionData('revokeRole', [cancelRole, own])),
    ],
    other: [
      toManager(abi.encodeFunctionData('grantRole', [ROLE.operator, mallory.address, 0])),
      toManager(abi.encodeFunctionData('revokeRole', [ROLE.operator, gwen.address])),
      toManager(abi.encodeFunctionData('labelRole', [ROLE.guardian, 'guardians'])),
      toManager(abi.encodeFunctionData('multicall', [[grant]])),
      toManager(grant.slice(0, 10)),
      toManager('0x'),
      { target: mallory.address, data: grant },
      toTimelock(roles.encodeFunctionData('revokeRole', [cancelRole, mallory.address])),
      toTimelock(roles.encodeFunctionData('revokeRole', [await timelock.PROPOSER_ROLE(), own])),
      toTimelock(roles.encodeFunctionData('grantRole', [cancelRole, own])),
      toManager(roles.encodeFunctionData('revokeRole', [cancelRole, own])),
      toTimelock(grant),
      await weights(world, 70n),
    ],
  };
}

const lists = (calls: readonly GovernedCall[]) =>
  [calls.map(({ target }) => target), calls.map(() => 0n), calls.map(({ data }) => data)] as [
    string[],
    bigint[],
    string[],
  ];

describe('GuardianCanceller', () => {
  it('stops a single call of the council, with the reason for everybody to read', async () => {
    const world = await loadFixture(fresh);
    const { timelock, canceller, council, gwen } = world;
    const { target, data } = await weights(world, 70n);
    await timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
    const id = await timelock.hashOperation(target, 0, data, NO_PREDECESSOR, SALT);
    await expect(canceller.connect(gwen).cancel(target, 0, data, NO_PREDECESSOR, SALT, 'a slip'))
      .to.emit(canceller, 'OperationCancelled')
      .withArgs(id, gwen.address, 'a slip')
      .and.to.emit(timelock, 'Cancelled')
      .withArgs(id);
    await time.increase(MIN_DELAY);
    await expect(
      timelock.connect(council).execute(target, 0, data, NO_PREDECESSOR, SALT),
    ).to.be.revertedWithCustomError(timelock, 'TimelockUnexpectedOperationState');
  });

  it('GOV-1 stops what a vote decided, even when it is ready: it never executes', async () => {
    const world = await loadFixture(handedOver);
    const { canceller, governor, timelock, gwen, mallory, registry } = world;
    const calls = [await weights(world, 70n)];
    const proposal = await carry(world, calls, 'bought votes');
    const salt = await saltOf(governor, proposal.hash);
    const id = await operationOf(world, proposal);
    expect(await timelock.isOperationReady(id)).to.equal(true);
    await expect(canceller.connect(gwen).cancelBatch(...lists(calls), NO_PREDECESSOR, salt, 'bought'))
      .to.emit(canceller, 'OperationCancelled')
      .withArgs(id, gwen.address, 'bought');
    expect(await governor.state(proposal.id)).to.equal(VOTE.canceled);
    await expect(governor.connect(mallory).execute(...proposal.args, proposal.hash)).to.be.revertedWithCustomError(
      governor,
      'GovernorUnexpectedProposalState',
    );
    await expect(
      timelock.connect(mallory).executeBatch(...lists(calls), NO_PREDECESSOR, salt),
    ).to.be.revertedWithCustomError(timelock, 'TimelockUnexpectedOperationState');
    await expect(governor.queue(...proposal.args, proposal.hash)).to.be.revertedWithCustomError(
      governor,
      'GovernorUnexpectedProposalState',
    );
    expect((await registry.tasksAt(300)).weights[0]).to.equal(5n * 10n ** 17n);
  });

  it('cannot stop its own replacement, alone or in a batch of nothing else', async () => {
    const world = await loadFixture(fresh);
    const { timelock, canceller, council, gwen } = world;
    const { replacing } = await callsOf(world);
    const guardian = canceller.connect(gwen);
    for (const { target, data } of replacing) {
      await timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
      await expect(guardian.cancel(target, 0, data, NO_PREDECESSOR, SALT, 'no'))
        .to.be.revertedWithCustomError(canceller, 'GuardianCanceller_OwnReplacement')
        .withArgs(await timelock.hashOperation(target, 0, data, NO_PREDECESSOR, SALT));
    }
    await timelock.connect(council).scheduleBatch(...lists(replacing), NO_PREDECESSOR, SALT, MIN_DELAY);
    await expect(guardian.cancelBatch(...lists(replacing), NO_PREDECESSOR, SALT, 'no'))
      .to.be.revertedWithCustomError(canceller, 'GuardianCanceller_OwnReplacement')
      .withArgs(await timelock.hashOperationBatch(...lists(replacing), NO_PREDECESSOR, SALT));
  });

  it('a replacement that was voted for takes effect, and the old guardian has no say left', async () => {
    const world = await loadFixture(handedOver);
    const { canceller, governor, gwen, mallory } = world;
    const { replacing } = await callsOf(world);
    const calls = replacing.slice(0, 2);
    const proposal = await carry(world, calls, 'another guardian');
    const salt = await saltOf(governor, proposal.hash);
    await expect(
      canceller.connect(gwen).cancelBatch(...lists(calls), NO_PREDECESSOR, salt, 'no'),
    ).to.be.revertedWithCustomError(canceller, 'GuardianCanceller_OwnReplacement');
    await governor.connect(mallory).execute(...proposal.args, proposal.hash);
    await expect(canceller.connect(gwen).cancel(mallory.address, 0, '0x', NO_PREDECESSOR, SALT, ''))
      .to.be.revertedWithCustomError(canceller, 'AccessManagedUnauthorized')
      .withArgs(gwen.address);
    expect(await governor.state(proposal.id)).to.equal(VOTE.executed);
  });

  it('stops everything that only looks like it, and every bundle that smuggles something in', async () => {
    const world = await loadFixture(fresh);
    const { timelock, canceller, council, gwen } = world;
    const { replacing, other } = await callsOf(world);
    const guardian = canceller.connect(gwen);
    for (const call of replacing) expect(await canceller.isReplacement(call.target, call.data)).to.equal(true);
    for (const [index, { target, data }] of other.entries()) {
      expect(await canceller.isReplacement(target, data), `call ${index}`).to.equal(false);
      await timelock.connect(council).schedule(target, 0, data, NO_PREDECESSOR, SALT, MIN_DELAY);
      await guardian.cancel(target, 0, data, NO_PREDECESSOR, SALT, 'no');
      for (const bundle of [
        [...replacing, { target, data }],
        [{ target, data }, ...replacing],
      ]) {
        await timelock.connect(council).scheduleBatch(...lists(bundle), NO_PREDECESSOR, SALT, MIN_DELAY);
        await guardian.cancelBatch(...lists(bundle), NO_PREDECESSOR, SALT, 'smuggled');
        const id = await timelock.hashOperationBatch(...lists(bundle), NO_PREDECESSOR, SALT);
        expect(await timelock.isOperation(id)).to.equal(false);
      }
    }
    await timelock.connect(council).scheduleBatch([], [], [], NO_PREDECESSOR, SALT, MIN_DELAY);
    await guardian.cancelBatch([], [], [], NO_PREDECESSOR, SALT, 'empty');
  });

  it('refuses what is not waiting, lists of unequal length included', async () => {
    const world = await loadFixture(fresh);
    const { timelock, canceller, gwen } = world;
    const { target, data } = await weights(world, 70n);
    const guardian = canceller.connect(gwen);
    await expect(guardian.cancel(target, 0, data, NO_PREDECESSOR, SALT, '')).to.be.revertedWithCustomError(
      timelock,
      'TimelockUnexpectedOperationState',
    );
    await expect(guardian.cancelBatch([target], [], [], NO_PREDECESSOR, SALT, '')).to.be.revertedWithCustomError(
      timelock,
      'TimelockUnexpectedOperationState',
    );
  });

  it('is for guardians only', async () => {
    const world = await loadFixture(fresh);
    const { canceller, council, oscar, mallory, deployer } = world;
    for (const caller of [council, oscar, mallory, deployer]) {
      await expect(canceller.connect(caller).cancel(mallory.address, 0, '0x', NO_PREDECESSOR, SALT, ''))
        .to.be.revertedWithCustomError(canceller, 'AccessManagedUnauthorized')
        .withArgs(caller.address);
      await expect(canceller.connect(caller).cancelBatch([], [], [], NO_PREDECESSOR, SALT, ''))
        .to.be.revertedWithCustomError(canceller, 'AccessManagedUnauthorized')
        .withArgs(caller.address);
    }
  });
});

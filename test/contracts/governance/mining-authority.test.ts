import type { BytesLike } from 'ethers';
import { expect } from 'chai';
import { network } from 'hardhat';

import type { Governance } from '../../support/governance-fixture.ts';
import { governanceSteps, ROLE } from '../../support/governance-fixture.ts';

const connection = await network.create();
const { ethers } = connection;
const { fresh, handedOver, decide, loadFixture } = governanceSteps(connection);

const SELECTOR = '0x12345678';

/** Every way to change who may call what. */
async function tableChanges({ authority, registry, mallory }: Governance): Promise<readonly string[]> {
  const { interface: abi } = authority;
  const target = await registry.getAddress();
  return [
    abi.encodeFunctionData('setTargetFunctionRole', [target, [SELECTOR], ROLE.operator]),
    abi.encodeFunctionData('setTargetFunctionRole', [mallory.address, [SELECTOR], 99n]),
    abi.encodeFunctionData('setTargetClosed', [target, true]),
    abi.encodeFunctionData('setTargetAdminDelay', [target, 86_400]),
    abi.encodeFunctionData('updateAuthority', [target, mallory.address]),
    abi.encodeFunctionData('setRoleAdmin', [ROLE.guardian, ROLE.operator]),
    abi.encodeFunctionData('setRoleGuardian', [ROLE.governance, ROLE.operator]),
    abi.encodeFunctionData('setGrantDelay', [ROLE.guardian, 86_400]),
    abi.encodeFunctionData('seal', [mallory.address]),
  ];
}

async function asTimelock({ timelock }: Governance) {
  const address = await timelock.getAddress();
  await connection.networkHelpers.setBalance(address, 10n ** 20n);
  await connection.networkHelpers.impersonateAccount(address);
  return await ethers.getSigner(address);
}

describe('MiningAuthority', () => {
  describe('seal', () => {
    it('gives all to the owner and nothing to the one who set it up', async () => {
      const { deployer, mallory } = await loadFixture(fresh);
      const authority = await ethers.deployContract('MiningAuthority', [deployer.address]);
      await expect(authority.seal(mallory)).to.emit(authority, 'Sealed').withArgs(mallory.address);
      expect(await authority.isSealed()).to.equal(true);
      for (const role of [ROLE.admin, ROLE.governance]) {
        expect((await authority.hasRole(role, mallory))[0]).to.equal(true);
        expect((await authority.hasRole(role, deployer))[0]).to.equal(false);
      }
      expect(await authority.GOVERNANCE_ROLE()).to.equal(ROLE.governance);
    });

    it('is for the administrator, not for the zero address, and works once', async () => {
      const { deployer, mallory } = await loadFixture(fresh);
      const authority = await ethers.deployContract('MiningAuthority', [deployer.address]);
      await expect(authority.connect(mallory).seal(mallory))
        .to.be.revertedWithCustomError(authority, 'AccessManagerUnauthorizedAccount')
        .withArgs(mallory.address, ROLE.admin);
      await expect(authority.seal(ethers.ZeroAddress)).to.be.revertedWithCustomError(
        authority,
        'MiningAuthority_OwnerZero',
      );
      await authority.seal(deployer);
      await expect(authority.seal(mallory)).to.be.revertedWithCustomError(authority, 'MiningAuthority_Sealed');
    });

    it('leaves the table open until then', async () => {
      const { registry, deployer } = await loadFixture(fresh);
      const authority = await ethers.deployContract('MiningAuthority', [deployer.address]);
      const target = await registry.getAddress();
      await authority.setTargetFunctionRole(target, [SELECTOR], 7n);
      await authority.setTargetFunctionRole(target, [SELECTOR], 8n);
      await authority.setTargetClosed(target, true);
      await authority.setTargetAdminDelay(target, 0);
      await authority.setGrantDelay(7n, 0);
      await authority.setRoleAdmin(7n, 8n);
      await authority.setRoleGuardian(7n, 8n);
      await authority.grantRole(ROLE.admin, target, 0);
      await authority.revokeRole(ROLE.admin, target);
      expect(await authority.getTargetFunctionRole(target, SELECTOR)).to.equal(8n);
    });
  });

  describe('once sealed', () => {
    it('GOV-1 nobody changes the table, not even the timelock', async () => {
      const world = await loadFixture(fresh);
      const { authority } = world;
      const timelock = await asTimelock(world);
      const to = await authority.getAddress();
      for (const data of await tableChanges(world)) {
        await expect(timelock.sendTransaction({ to, data }), data.slice(0, 10)).to.be.revertedWithCustomError(
          authority,
          'MiningAuthority_Sealed',
        );
        // Nor wrapped into the manager's own batches and calls.
        await expect(authority.connect(timelock).multicall([data])).to.be.revertedWithCustomError(
          authority,
          'MiningAuthority_Sealed',
        );
        await expect(authority.connect(timelock).execute(to, data)).to.be.revertedWithCustomError(
          authority,
          'MiningAuthority_Sealed',
        );
      }
    });

    it('GOV-1 nobody has the manager itself call a contract: it would obey, and take another authority', async () => {
      const world = await loadFixture(fresh);
      const { authority, registry, canceller, mallory } = world;
      const timelock = await asTimelock(world);
      const another = await ethers.deployContract('MiningAuthority', [mallory.address]);
      for (const contract of [registry, canceller]) {
        const to = await contract.getAddress();
        const data = contract.interface.encodeFunctionData('setAuthority', [await another.getAddress()]);
        const call = authority.connect(timelock).execute(to, data);
        await expect(call).to.be.revertedWithCustomError(authority, 'MiningAuthority_Sealed');
        expect(await contract.authority()).to.equal(await authority.getAddress());
      }
    });

    it('GOV-3 nobody gives or takes administration and governance, and the owner cannot renounce them', async () => {
      const world = await loadFixture(fresh);
      const { authority, mallory } = world;
      const timelock = await asTimelock(world);
      const manager = authority.connect(timelock);
      for (const role of [ROLE.admin, ROLE.governance]) {
        for (const account of [mallory.address, timelock.address]) {
          for (const change of [manager.grantRole(role, account, 0), manager.revokeRole(role, account)]) {
            await expect(change)
              .to.be.revertedWithCustomError(authority, 'MiningAuthority_RoleFixed')
              .withArgs(role, account);
          }
        }
        await expect(manager.renounceRole(role, timelock.address))
          .to.be.revertedWithCustomError(authority, 'MiningAuthority_RoleFixed')
          .withArgs(role, timelock.address);
      }
    });

    it('a vote replaces operators and guardians', async () => {
      const world = await loadFixture(handedOver);
      const { authority, gwen, oscar, mallory } = world;
      const call = async (name: 'grantRole' | 'revokeRole', values: readonly unknown[]) => ({
        target: await authority.getAddress(),
        data: authority.interface.encodeFunctionData(name as 'grantRole', values as never), // either fits its own values
      });
      const calls = [
        await call('revokeRole', [ROLE.guardian, gwen.address]),
        await call('grantRole', [ROLE.guardian, mallory.address, 0]),
        await call('revokeRole', [ROLE.operator, oscar.address]),
      ];
      await decide(world, calls, 'other people');
      expect((await authority.hasRole(ROLE.guardian, gwen))[0]).to.equal(false);
      expect((await authority.hasRole(ROLE.guardian, mallory))[0]).to.equal(true);
      expect((await authority.hasRole(ROLE.operator, oscar))[0]).to.equal(false);
    });

    it('strangers, operators and guardians change nothing', async () => {
      const world = await loadFixture(fresh);
      const { authority, mallory, oscar, gwen, deployer, council } = world;
      const changes: readonly BytesLike[] = [
        ...(await tableChanges(world)),
        authority.interface.encodeFunctionData('grantRole', [ROLE.guardian, mallory.address, 0]),
        authority.interface.encodeFunctionData('labelRole', [ROLE.guardian, 'mine']),
      ];
      for (const caller of [mallory, oscar, gwen, deployer, council]) {
        for (const data of changes) {
          await expect(
            caller.sendTransaction({ to: await authority.getAddress(), data: ethers.hexlify(data) }),
          ).to.revert(ethers);
        }
      }
    });
  });
});

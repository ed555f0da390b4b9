import type { Future, IgnitionModuleBuilder } from '@nomicfoundation/ignition-core';
import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';
import { expect } from 'chai';
import type { Interface, ParamType } from 'ethers';
import { network } from 'hardhat';

import { assertDeployment, checkDeployment } from '../../deploy/check-deployment.ts';
import type { Finding } from '../../deploy/checks/findings.ts';
import type { DeployConnection } from '../../deploy/deploy.ts';
import { deployProtocol } from '../../deploy/deploy.ts';
import type { Contract } from '../../deploy/modules/authority.ts';
import { deployAuthority } from '../../deploy/modules/authority.ts';
import { deployed as deployedContracts } from '../../deploy/modules/lode.ts';
import type { ProtocolFutures } from '../../deploy/modules/protocol.ts';
import { deployProtocolContracts } from '../../deploy/modules/protocol.ts';
import { assignRoles } from '../../deploy/modules/roles.ts';
import { wire } from '../../deploy/modules/wiring.ts';
import type { GatedContract } from '../../deploy/roles.ts';
import { ROLE_IDS, ROLE_TABLE, TIMELOCK_ROLES } from '../../deploy/roles.ts';
import { functionSignature, KEY_OF } from '../../deploy/signatures.ts';
import { formatAddressBook, parseAddressBook } from '../../src/chain/address-book.ts';
import { attach } from '../../src/chain/bindings.ts';
import { connect } from '../../src/chain/connect.ts';
import { chainError } from '../../src/chain/revert-error.ts';
import { InvariantError, ProtocolError } from '../../src/protocol/errors.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { World } from '../support/world.ts';
import { deployWorld, storyPreset, withUnitPool } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const { ethers } = hardhat;

const LAST_EPOCH = 2 ** 32 - 1;

/** What a deployer can reach before it steps down. */
type Arranged = ProtocolFutures & {
  readonly authority: Contract;
  readonly timelock: Contract;
  readonly links: readonly Future[];
};

async function deployed() {
  return await deployWorld(hardhat, { start: 2_000_000_000, preset: storyPreset() });
}

async function deployedWithPool() {
  return await deployWorld(hardhat, { start: 2_000_000_000, preset: withUnitPool(storyPreset()) });
}

const check = ({ deployment }: World) =>
  checkDeployment({ addressBook: deployment.addressBook, inputs: deployment.inputs, provider: ethers.provider });

/** What the check says after the timelock, as the only admin, has done something that the table does not know. */
async function findingsAfter(
  world: World,
  change: (admin: World['chain']['contracts']['authority'], contracts: World['chain']['contracts']) => Promise<unknown>,
) {
  const { timelock } = world.chain.addresses;
  await hardhat.networkHelpers.setBalance(timelock, 10n ** 20n);
  await hardhat.networkHelpers.impersonateAccount(timelock);
  const contracts = attach(world.chain.addresses, await ethers.getSigner(timelock));
  await change(contracts.authority, contracts);
  return (await check(world)).map(({ what }) => what);
}

describe('deployment', () => {
  it('is what was asked for, down to the last role', async () => {
    const world = await loadFixture(deployed);
    expect(await check(world)).to.deep.equal([]);
  });

  it('is what was asked for where units are sold in advance, too', async () => {
    const world = await loadFixture(deployedWithPool);
    expect(await check(world)).to.deep.equal([]);
  });

  it('leaves nothing to the deployer', async () => {
    const { actors, chain } = await loadFixture(deployed);
    const { authority, timelock, token } = chain.contracts;
    for (const role of Object.values(ROLE_IDS))
      expect((await authority.hasRole(role, actors.deployer))[0]).to.equal(false);
    for (const role of [await timelock.DEFAULT_ADMIN_ROLE(), await timelock.PROPOSER_ROLE()]) {
      expect(await timelock.hasRole(role, actors.deployer)).to.equal(false);
    }
    expect(await token.balanceOf(actors.deployer)).to.equal(0n);
  });

  it('writes an address book that reads back and connects', async () => {
    const { deployment } = await loadFixture(deployed);
    const book = parseAddressBook(formatAddressBook(deployment.addressBook));
    expect(book).to.deep.equal(deployment.addressBook);
    await connect(book, ethers.provider);
    await expectCode(connect({ ...book, chainId: 1 }, ethers.provider), 'CHAIN_DIFFERS', {
      expected: 1,
      found: 31337n,
    });
    const lost = { ...book, contracts: { ...book.contracts, vault: book.contracts.token.replace(/.$/, '0') as never } };
    await expectCode(connect(lost, ethers.provider), 'CONTRACT_MISSING');
    expect(() => parseAddressBook('{"format":"lode-addresses-v2"}')).to.throw(ProtocolError);
  });

  describe('GOV-3 the role table and the chain', () => {
    it('agree about every restricted function: a stranger is refused exactly there', async () => {
      const { chain, actors } = await loadFixture(deployedWithPool);
      const listed = new Set(
        ROLE_TABLE.flatMap(({ contract, functions }) =>
          functions.map((name) => `${contract}.${functionSignature(contract, name)}`),
        ),
      );
      const refused = new Set<string>();
      for (const name of Object.keys(KEY_OF) as GatedContract[]) {
        const { interface: abi } = chain.contracts[KEY_OF[name]] as { interface: Interface };
        const to = chain.addresses[KEY_OF[name]]!;
        for (const signature of writable(abi)) {
          // Answers to the access manager itself and to nobody else, so it stands in no table.
          if (signature === 'setAuthority(address)') continue;
          const fragment = abi.getFunction(signature)!;
          const data = abi.encodeFunctionData(fragment, fragment.inputs.map(emptyValue));
          const error = await actors.mallory.call({ to, data }).then(() => undefined, chainError);
          if (error instanceof ProtocolError && error.code === 'AccessManagedUnauthorized')
            refused.add(`${name}.${signature}`);
        }
      }
      expect([...refused].sort()).to.deep.equal([...listed].sort());
      expect(refused.size).to.be.greaterThan(15);
    });

    it('differ when somebody holds a role too many', async () => {
      const world = await loadFixture(deployed);
      const what = await findingsAfter(world, (admin) => admin.grantRole(ROLE_IDS.OPERATOR, world.actors.mallory, 0));
      expect(what).to.deep.equal(['holders of OPERATOR']);
    });

    it('differ when somebody lost a role', async () => {
      const world = await loadFixture(deployed);
      const { gina } = world.actors;
      const what = await findingsAfter(world, (admin) => admin.revokeRole(ROLE_IDS.GUARDIAN, gina));
      expect(what).to.deep.equal(['holders of GUARDIAN', `GUARDIAN of ${gina.address}`]);
    });

    it('differ when a role is held that the table does not know', async () => {
      const world = await loadFixture(deployed);
      const what = await findingsAfter(world, (admin) => admin.grantRole(77n, world.actors.mallory, 0));
      expect(what).to.deep.equal(['holders of the unknown role 77']);
    });

    it('GOV-1 stay alike: not even the timelock changes a row, a delay, an authority or who administers', async () => {
      const world = await loadFixture(deployed);
      const { actors, chain } = world;
      const { vault } = chain.addresses;
      const { selector } = chain.contracts.vault.interface.getFunction('scheduleTerms');
      type Admin = typeof chain.contracts.authority;
      const attempts: readonly ((admin: Admin) => Promise<unknown>)[] = [
        (admin) => admin.setTargetFunctionRole(vault, [selector], ROLE_IDS.OPERATOR),
        (admin) => admin.setTargetClosed(vault, true),
        (admin) => admin.setTargetAdminDelay(vault, 86_400),
        (admin) => admin.setGrantDelay(ROLE_IDS.GUARDIAN, 86_400),
        (admin) => admin.updateAuthority(vault, actors.mallory),
        (admin) => admin.grantRole(ROLE_IDS.ADMIN, actors.deployer, 0),
        (admin) => admin.grantRole(ROLE_IDS.GOVERNANCE, actors.mallory, 0),
      ];
      for (const [index, attempt] of attempts.entries()) {
        const error: unknown = await findingsAfter(world, attempt).then(() => undefined, chainError);
        const expected = index < 5 ? 'MiningAuthority_Sealed' : 'MiningAuthority_RoleFixed';
        expect(error instanceof ProtocolError ? error.code : error).to.equal(expected);
      }
      expect(await check(world)).to.deep.equal([]);
    });
  });

  describe('what was done to it behind its first epoch', () => {
    it('is seen when other terms were scheduled', async () => {
      const world = await loadFixture(deployed);
      const what = await findingsAfter(world, async (_, { vault, parameters }) => {
        await vault.scheduleTerms(4, 1, 0);
        await parameters.scheduleChallenge(1, 6 * 3600, 10n ** 18n);
      });
      expect(what).to.deep.equal([
        `release terms in epoch ${LAST_EPOCH}`,
        `parameter window in epoch ${LAST_EPOCH}`,
        'changes after epoch 0',
      ]);
    });

    it('is seen when tasks, weights or the policy change later', async () => {
      const world = await loadFixture(deployed);
      const { tasks } = world.deployment.inputs;
      const what = await findingsAfter(world, async (_, { registry }) => {
        await registry.addTask(77, 'golf');
        await registry.scheduleTasks(1, [{ task: 77, weight: 10n ** 18n }]);
        await registry.schedulePolicy(1, `0x${'11'.repeat(32)}`, '', [{ task: 77, minScore: 1 }]);
      });
      expect(tasks.map(({ task }) => task)).to.not.include(77);
      expect(what).to.deep.equal([
        'tasks added',
        `tasks in epoch ${LAST_EPOCH}`,
        `policy hash in epoch ${LAST_EPOCH}`,
        'changes after epoch 0',
      ]);
    });

    it('is seen when a later change takes it back', async () => {
      const world = await loadFixture(deployed);
      const { accountCap } = world.deployment.inputs.initial;
      const what = await findingsAfter(world, async (_, { parameters }) => {
        await parameters.scheduleAccountCap(1, 10n ** 15n);
        await parameters.scheduleAccountCap(3, accountCap!);
      });
      expect(what).to.deep.equal(['changes after epoch 0']);
      const [finding] = await check(world);
      expect(finding!.found).to.equal('[AccountCapScheduled from 1, AccountCapScheduled from 3]');
    });

    it('is seen when a pool of a stranger may pay into the reserve', async () => {
      const world = await loadFixture(deployed);
      const pool = world.actors.mallory.address;
      const what = await findingsAfter(world, (_, { reserve }) => reserve.registerPool(pool));
      expect(what).to.deep.equal(['pools of the reserve']);
    });
  });

  it('is refused by name when anything else was deployed than asked for', async () => {
    const { deployment } = await loadFixture(deployed);
    const { addressBook, inputs } = deployment;
    const [task] = inputs.tasks;
    const wrong = {
      ...inputs,
      minDelay: 1,
      voting: { ...inputs.voting, quorum: 7n },
      handover: { ...inputs.handover, openAfter: 7 },
      token: { ...inputs.token, symbol: 'FAKE' },
      curve: { ...inputs.curve, start: inputs.curve.start + 1 },
      tasks: [{ ...task!, weight: 1n }, ...inputs.tasks.slice(1)],
      policy: { ...inputs.policy, hash: `0x${'00'.repeat(32)}` },
      reserve: { ...inputs.reserve, alpha: 7n },
      terms: { ...inputs.terms, duration: 0 },
      initial: { ...inputs.initial, bond: 1n },
    };
    const findings = await checkDeployment({ addressBook, inputs: wrong, provider: ethers.provider });
    expect(findings.map(({ what }) => what)).to.deep.equal([
      'curve.START',
      'token.symbol',
      ...[0, LAST_EPOCH].flatMap((epoch) => [
        `tasks in epoch ${epoch}`,
        `policy hash in epoch ${epoch}`,
        `reserve parameter alpha in epoch ${epoch}`,
        `release terms in epoch ${epoch}`,
        `parameter bond in epoch ${epoch}`,
      ]),
      'quorum',
      'handover.OPEN_AFTER',
      'timelock delay',
    ]);
    await expectCode(assertDeployment({ addressBook, inputs: wrong, provider: ethers.provider }), 'DEPLOYMENT_WRONG', {
      findings,
    });
    const swapped = { ...addressBook.contracts, registry: addressBook.contracts.curve };
    const elsewhere = { addressBook: { ...addressBook, contracts: swapped }, inputs, provider: ethers.provider };
    expect(chainError(await checkDeployment(elsewhere).catch((error: unknown) => error))).to.be.instanceOf(Error);
  });

  describe('does not return when it was tampered with on the way', () => {
    type Ignition = DeployConnection['ignition'];

    /** What the deployment complains of when Ignition deploys in another way than it was told to. */
    async function findingsOf(
      world: World,
      tamper: (another: DeployConnection, ...values: Parameters<Ignition['deploy']>) => ReturnType<Ignition['deploy']>,
    ): Promise<readonly Finding[]> {
      const { council, oscar, gina } = world.actors;
      const people = { council: council.address, operators: [oscar.address], guardians: [gina.address] };
      const another = await network.create();
      const ignition = {
        ...another.ignition,
        deploy: (...values: Parameters<Ignition['deploy']>) => tamper(another, ...values),
      };
      const tampered = { ethers: another.ethers, ignition, provider: another.provider } as unknown as DeployConnection;
      try {
        const thrown: unknown = await deployProtocol(tampered, world.parameters, people).catch(
          (error: unknown) => error,
        );
        if (!(thrown instanceof InvariantError)) throw thrown;
        expect(thrown.code).to.equal('DEPLOYMENT_WRONG');
        return thrown.details['findings'] as Finding[];
      } finally {
        await another.close();
      }
    }

    /** The module as it should be, with what the deployer does besides while it still may. */
    function arranging({ deployment }: World, arrange: (m: IgnitionModuleBuilder, at: Arranged) => readonly Future[]) {
      const { inputs } = deployment;
      return buildModule('Tampered', (m) => {
        const { authority, timelock } = deployAuthority(m, inputs);
        const contracts = deployProtocolContracts(m, inputs, authority, timelock);
        const links = wire(m, contracts);
        const wired = [...links, ...arrange(m, { authority, timelock, links, ...contracts })];
        assignRoles(m, inputs, { authority, timelock, contracts, wired });
        return deployedContracts(authority, timelock, contracts);
      });
    }

    it('by roles that the deployer gave while it could', async () => {
      const world = await loadFixture(deployed);
      const { mallory } = world.actors;
      const module = arranging(world, (m, { authority, timelock }) => [
        m.call(authority, 'grantRole', [ROLE_IDS.GOVERNANCE, mallory.address, 0], { id: 'A' }),
        m.call(authority, 'grantRole', [ROLE_IDS.ADMIN, mallory.address, 0], { id: 'B' }),
        m.call(timelock, 'grantRole', [TIMELOCK_ROLES.PROPOSER, mallory.address], { id: 'C' }),
      ]);
      const findings = await findingsOf(world, (another, _, options) => another.ignition.deploy(module, options));
      expect(findings.map(({ what }) => what)).to.deep.equal([
        'holders of ADMIN',
        'holders of GOVERNANCE',
        `timelock role ${TIMELOCK_ROLES.PROPOSER}`,
      ]);
      for (const { found } of findings) expect(found).to.include(mallory.address.toLowerCase());
    });

    it('by contracts that were closed, and delays that act days later', async () => {
      const world = await loadFixture(deployed);
      const module = arranging(world, (m, { authority, vault, links }) => [
        m.call(authority, 'setTargetClosed', [vault, true], { after: [...links] }),
        m.call(authority, 'setTargetAdminDelay', [vault, 86_400]),
        m.call(authority, 'setGrantDelay', [ROLE_IDS.GUARDIAN, 86_400]),
      ]);
      const findings = await findingsOf(world, (another, _, options) => another.ignition.deploy(module, options));
      expect(findings.map(({ what }) => what)).to.deep.equal([
        'VestingVault closed',
        'changed grant delays of roles',
        'changed admin delays of contracts',
      ]);
    });

    it('by a hand-over before its time', async () => {
      const world = await loadFixture(deployed);
      const module = arranging(world, (m, { timelock }) => [m.call(timelock, 'handOver', [])]);
      const findings = await findingsOf(world, (another, _, options) => another.ignition.deploy(module, options));
      expect(findings.map(({ what }) => what)).to.deep.equal([
        'timelock handed over',
        `timelock role ${TIMELOCK_ROLES.ADMIN}`,
      ]);
    });

    it('by a foundation and a pool that the deployer arranged before stepping down', async () => {
      const world = await loadFixture(deployed);
      const { mallory } = world.actors;
      const almostHalf = 4999n * 10n ** 14n;
      const module = arranging(world, (m, { parameters, reserve }) => [
        m.call(parameters, 'scheduleFoundation', [1, mallory.address, almostHalf]),
        m.call(reserve, 'registerPool', [mallory.address]),
      ]);
      const findings = await findingsOf(world, (another, _, options) => another.ignition.deploy(module, options));
      const stranger = mallory.address.toLowerCase();
      expect(findings.map(({ what, found }) => [what, found])).to.deep.equal([
        ['pools of the reserve', `[${stranger}]`],
        [`parameter foundation in epoch ${LAST_EPOCH}`, stranger],
        [`parameter foundationShare in epoch ${LAST_EPOCH}`, String(almostHalf)],
        ['changes after epoch 0', '[FoundationScheduled from 1]'],
      ]);
    });
  });

  it('refuses a preset that does not say how the holders vote', async () => {
    const { parameters, deployment } = await loadFixture(deployed);
    const silent = { ...parameters, voting: null };
    await expectCode(deployProtocol(hardhat, silent, deployment.inputs.people), 'DEPLOYMENT_INPUT');
  });

  it('refuses people who are missing or twice', async () => {
    const { parameters, actors } = await loadFixture(deployed);
    const people = { council: actors.council.address, operators: [actors.oscar.address], guardians: [] };
    await expectCode(deployProtocol(hardhat, parameters, people), 'DEPLOYMENT_INPUT', {
      role: 'guardians',
      accounts: [],
    });
    const twice = [actors.oscar.address, actors.oscar.address.toLowerCase()];
    await expectCode(deployProtocol(hardhat, parameters, { ...people, guardians: twice }), 'DEPLOYMENT_INPUT', {
      role: 'guardians',
      accounts: twice,
    });
  });
});

function writable(abi: Interface): string[] {
  const signatures: string[] = [];
  abi.forEachFunction((entry) => {
    if (!entry.constant) signatures.push(entry.format('sighash'));
  });
  return signatures;
}

/** A value that encodes: zeros, nothing, nobody. */
function emptyValue(type: ParamType): unknown {
  if (type.isArray()) return [];
  if (type.isTuple()) return type.components.map(emptyValue);
  if (type.type === 'bool') return false;
  if (type.type === 'string') return '';
  if (type.type === 'bytes') return '0x';
  if (type.type === 'address') return `0x${'0'.repeat(40)}`;
  const fixed = /^bytes(\d+)$/.exec(type.type);
  return fixed === null ? 0n : `0x${'00'.repeat(Number(fixed[1]))}`;
}

import { expect } from 'chai';
import type { Interface, ParamType } from 'ethers';
import { network } from 'hardhat';

import { assertDeployment, checkDeployment } from '../../deploy/check-deployment.ts';
import type { Finding } from '../../deploy/checks/findings.ts';
import type { DeployConnection } from '../../deploy/deploy.ts';
import { deployProtocol } from '../../deploy/deploy.ts';
import type { GatedContract } from '../../deploy/roles.ts';
import { ROLE_IDS, ROLE_TABLE } from '../../deploy/roles.ts';
import { functionSignature, KEY_OF } from '../../deploy/signatures.ts';
import { formatAddressBook, parseAddressBook } from '../../src/chain/address-book.ts';
import { connect } from '../../src/chain/connect.ts';
import { chainError } from '../../src/chain/revert-error.ts';
import { InvariantError, ProtocolError } from '../../src/protocol/errors.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { World } from '../support/world.ts';
import { deployWorld, storyPreset } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const { ethers } = hardhat;

async function deployed() {
  return await deployWorld(hardhat, { start: 2_000_000_000, preset: storyPreset() });
}

const check = ({ deployment }: World) =>
  checkDeployment({ addressBook: deployment.addressBook, inputs: deployment.inputs, provider: ethers.provider });

/** What the check says after the timelock, as the only admin, has done something that the table does not know. */
async function findingsAfter(
  world: World,
  change: (admin: World['chain']['contracts']['authority']) => Promise<unknown>,
) {
  const { timelock } = world.chain.addresses;
  await hardhat.networkHelpers.setBalance(timelock, 10n ** 20n);
  await hardhat.networkHelpers.impersonateAccount(timelock);
  await change(world.chain.contracts.authority.connect(await ethers.getSigner(timelock)));
  return (await check(world)).map(({ what }) => what);
}

describe('deployment', () => {
  it('is what was asked for, down to the last role', async () => {
    const world = await loadFixture(deployed);
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
      const { chain, actors } = await loadFixture(deployed);
      const listed = new Set(
        ROLE_TABLE.flatMap(({ contract, functions }) =>
          functions.map((name) => `${contract}.${functionSignature(contract, name)}`),
        ),
      );
      const refused = new Set<string>();
      for (const name of Object.keys(KEY_OF) as GatedContract[]) {
        const { interface: abi } = chain.contracts[KEY_OF[name]] as { interface: Interface };
        const to = chain.addresses[KEY_OF[name]];
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

    it('differ when a function answers to another role', async () => {
      const world = await loadFixture(deployed);
      const { vault, addresses } = { vault: world.chain.contracts.vault, addresses: world.chain.addresses };
      const { selector } = vault.interface.getFunction('scheduleTerms');
      const what = await findingsAfter(world, (admin) =>
        admin.setTargetFunctionRole(addresses.vault, [selector], ROLE_IDS.OPERATOR),
      );
      expect(what).to.deep.equal(['role of VestingVault.scheduleTerms(uint32,uint32,uint40)']);
    });

    it('differ when an open function was closed', async () => {
      const world = await loadFixture(deployed);
      const what = await findingsAfter(world, (admin) => admin.setTargetClosed(world.chain.addresses.vault, true));
      expect(what).to.deep.equal(['VestingVault closed']);
    });

    it('differ when the deployer kept the administration', async () => {
      const world = await loadFixture(deployed);
      const what = await findingsAfter(world, (admin) => admin.grantRole(ROLE_IDS.ADMIN, world.actors.deployer, 0));
      expect(what).to.deep.equal(['holders of ADMIN', 'deployer is admin']);
    });
  });

  it('is refused by name when anything else was deployed than asked for', async () => {
    const { deployment } = await loadFixture(deployed);
    const { addressBook, inputs } = deployment;
    const [task] = inputs.tasks;
    const wrong = {
      ...inputs,
      minDelay: 1,
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
      'tasks',
      'policy hash',
      'reserve parameter alpha',
      'release terms',
      'parameter bond',
      'timelock delay',
    ]);
    await expectCode(assertDeployment({ addressBook, inputs: wrong, provider: ethers.provider }), 'DEPLOYMENT_WRONG', {
      findings,
    });
    const swapped = { ...addressBook.contracts, registry: addressBook.contracts.curve };
    const elsewhere = { addressBook: { ...addressBook, contracts: swapped }, inputs, provider: ethers.provider };
    expect(chainError(await checkDeployment(elsewhere).catch((error: unknown) => error))).to.be.instanceOf(Error);
  });

  it('does not return when it was tampered with on the way', async () => {
    const world = await loadFixture(deployed);
    const { council, oscar, gina, mallory } = world.actors;
    const people = { council: council.address, operators: [oscar.address], guardians: [gina.address] };
    const another = await network.create();
    // Ignition deploys as always, but before the assertion the freshly made timelock is used to smuggle somebody in.
    const ignition = {
      ...another.ignition,
      deploy: async (...values: Parameters<typeof another.ignition.deploy>) => {
        const contracts = await another.ignition.deploy(...values);
        const timelock = await contracts['timelock']!.getAddress();
        await another.networkHelpers.setBalance(timelock, 10n ** 20n);
        await another.networkHelpers.impersonateAccount(timelock);
        const admin = await another.ethers.getSigner(timelock);
        const authority = await another.ethers.getContractAt(
          'AccessManager',
          await contracts['authority']!.getAddress(),
          admin,
        );
        await authority.grantRole(ROLE_IDS.GOVERNANCE, mallory.address, 0);
        return contracts;
      },
    };
    const tampered = { ethers: another.ethers, ignition, provider: another.provider } as unknown as DeployConnection;
    try {
      const thrown: unknown = await deployProtocol(tampered, world.parameters, people).catch((error: unknown) => error);
      if (!(thrown instanceof InvariantError)) throw thrown;
      expect(thrown.code).to.equal('DEPLOYMENT_WRONG');
      const findings = thrown.details['findings'] as Finding[];
      expect(findings.map(({ what }) => what)).to.deep.equal(['holders of GOVERNANCE']);
      expect(findings[0]!.found).to.include(mallory.address.toLowerCase());
    } finally {
      await another.close();
    }
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

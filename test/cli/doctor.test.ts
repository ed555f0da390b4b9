import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import hre, { network } from 'hardhat';

import { ROLE_IDS } from '../../deploy/roles.ts';
import type { AddressBook } from '../../src/chain/address-book.ts';
import { attach } from '../../src/chain/bindings.ts';
import { describeCall } from '../../src/chain/pending.ts';
import { splittingLogs } from '../../src/chain/split-logs.ts';
import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import { coins } from '../../src/chain/governance/units.ts';
import { diagnosisText } from '../../src/cli/output/diagnosis-text.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { runScript, startNode } from '../support/local-node.ts';
import type { World } from '../support/world.ts';
import { deployWorld, storyPreset, withUnitPool } from '../support/world.ts';
import { lode, lodeError, lodeJson } from './run-lode.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START = 2_000_000_000;
const DAY = 86_400;

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const loadFixture = fixtureLoader(networkHelpers);

async function deployed(): Promise<World> {
  return await deployWorld(hardhat, { start: START, preset: withUnitPool(storyPreset()) });
}

async function examine({ deployment }: World, differing: Partial<World['deployment']['inputs']> = {}) {
  const { addressBook, inputs } = deployment;
  const compiled = (contract: string) => hre.artifacts.readArtifact(contract);
  const asked = { ...inputs, ...differing };
  return await diagnose({ addressBook, inputs: asked, provider: ethers.provider, compiled });
}

/** The contracts behind the timelock, which is the only administrator. */
async function asTimelock({ chain }: World) {
  await networkHelpers.setBalance(chain.addresses.timelock, 10n ** 20n);
  await networkHelpers.impersonateAccount(chain.addresses.timelock);
  return attach(chain.addresses, await ethers.getSigner(chain.addresses.timelock));
}

const named = (list: Diagnosis['wrong']) => list.map(({ what }) => what);

describe('diagnose', () => {
  it('finds a fresh deployment sound, its code that of the repository, and names who could still do harm', async () => {
    const world = await loadFixture(deployed);
    const { actors } = world;
    const { sound, wrong, changed, code, live } = await examine(world);
    expect({ sound, wrong, changed }).to.deep.equal({ sound: true, wrong: [], changed: [] });
    expect(code.every(({ hash, expected }) => hash === expected)).to.equal(true);
    expect(code.map(({ name }) => name)).to.include.members(['unitPool', 'arithmetic', 'governor']);
    expect(live?.powers.map(({ role, address, held }) => [role, address, held])).to.deep.equal([
      ['council', actors.council.address.toLowerCase(), 'key'],
      ['operator', actors.oscar.address.toLowerCase(), 'key'],
      ['guardian', actors.gina.address.toLowerCase(), 'key'],
      ['price source', live?.price.source?.toLowerCase(), 'contract'],
      ['foundation', actors.fiona.address.toLowerCase(), 'key'],
    ]);
  });

  it('tells what governance changed from what nobody may change', async () => {
    const world = await loadFixture(deployed);
    const { authority, parameters } = await asTimelock(world);
    await authority.grantRole(ROLE_IDS.OPERATOR, world.actors.mallory, 0);
    await parameters.scheduleAccountCap(9, 10n ** 17n);
    const { sound, changed, live } = await examine(world);
    expect(sound).to.equal(true);
    expect(named(changed)).to.include.members(['holders of OPERATOR', 'changes after epoch 0']);
    const operators = live?.powers.filter(({ role }) => role === 'operator').map(({ address }) => address);
    expect(operators).to.include(world.actors.mallory.address.toLowerCase());

    // A bond of two coins, so that what is read does not stand in wei.
    const [window] = await world.chain.contracts.parameters.challengeAt(0);
    await parameters.scheduleChallenge(9, window, 2n * 10n ** 18n);
    const { bond } = world.deployment.inputs.initial;
    const told = diagnosisText(await examine(world));
    expect(told).to.contain('changes after epoch 0: cap of an account from epoch 9, window and bond from epoch 9\n');
    expect(told).to.contain(
      `parameter bond once every change acts: expected ${coins(BigInt(bond!))}, found 2 of the native coin\n`,
    );
    expect(told).to.contain('parameter accountCap once every change acts: expected ').and.contain(', found 10 %\n');
    expect(told).not.to.match(/\b\d{17,}\b|expected \[\]|4294967295/);

    const other = await examine(world, { curve: { ...world.deployment.inputs.curve, total: 1n } });
    expect(other.sound).to.equal(false);
    expect(named(other.wrong)).to.include.members(['curve.TOTAL', 'token.CAP']);
  });

  it('asks no contract anything once the code of one is not that of the repository', async () => {
    const world = await loadFixture(deployed);
    const { vault } = world.chain.addresses;
    const code = await ethers.provider.getCode(vault);
    await networkHelpers.setCode(
      vault,
      code.replace(/..$/, (byte) => (byte === '00' ? '01' : '00')),
    );
    const { sound, wrong, live } = await examine(world);
    expect({ sound, wrong: named(wrong), live }).to.deep.equal({ sound: false, wrong: ['code of vault'], live: null });
    await networkHelpers.setCode(vault, '0x');
    expect((await examine(world)).wrong[0]?.found).to.equal('no code');
  });

  it('says what waits in the timelock in words, and when it could be executed', async () => {
    const world = await loadFixture(deployed);
    const { timelock, parameters } = world.chain.contracts;
    const data = parameters.interface.encodeFunctionData('scheduleAccountCap', [9, 10n ** 17n]);
    const zero = `0x${'0'.repeat(64)}`;
    const delay = await timelock.getMinDelay();
    const schedule = timelock.connect(world.actors.council).schedule;
    await schedule(await parameters.getAddress(), 0, data, zero, zero, delay);
    const waiting = await examine(world);
    expect(waiting.live?.operations.map(({ state, calls }) => [state, calls])).to.deep.equal([
      ['waiting', [{ target: 'parameters', call: 'scheduleAccountCap(9, 100000000000000000)' }]],
    ]);
    await networkHelpers.time.increase(delay);
    const { live, attention } = await examine(world);
    expect(live?.operations[0]?.state).to.equal('ready');
    expect(attention).to.include('operations of the timelock that could be executed now: 1');
    await timelock.connect(world.actors.council).cancel(live?.operations[0]?.id ?? '');
    expect((await examine(world)).live?.operations).to.deep.equal([]);
  });

  it('says when the price is not fresh, and which epochs nobody closed', async () => {
    const world = await loadFixture(deployed);
    const stale = await examine(world);
    expect(stale.live?.price.price).to.equal(null);
    expect(stale.attention.join()).to.contain('no fresh price');
    await world.setPrice(START, 3n * 10n ** 18n);
    await networkHelpers.time.increaseTo(START + 15 * DAY);
    const later = await examine(world);
    expect(later.live?.price.price).to.equal(3n * 10n ** 18n);
    expect(later.attention).to.include('epochs that are over and not closed: 2');
    expect(later.attention.join()).not.to.contain('no fresh price');
    expect(diagnosisText(later)).to.contain('sound').and.contain('who could still do harm');
  });
});

describe('what a diagnosis is read from', () => {
  it('shows calls to strangers, and calls that no contract of ours knows, as raw bytes', async () => {
    const { chain, actors } = await loadFixture(deployed);
    const stranger = actors.mallory.address;
    expect(describeCall(chain.addresses, stranger, '0x12345678')).to.deep.equal({
      target: stranger,
      call: '0x12345678',
    });
    const unknown = describeCall(chain.addresses, chain.addresses.vault, '0x12345678');
    expect(unknown).to.deep.equal({ target: 'vault', call: '0x12345678' });
  });

  it('are all events, also from a node that looks through few blocks at once', async () => {
    const { deployment } = await loadFixture(deployed);
    await networkHelpers.mine(5_000);
    const asked: number[] = [];
    const { provider } = ethers;
    const narrow = new Proxy(provider, {
      get: (target, key): unknown => {
        if (key === 'getLogs') {
          return async (filter: { fromBlock: number; toBlock: number | 'latest' }) => {
            const to = filter.toBlock === 'latest' ? await target.getBlockNumber() : filter.toBlock;
            if (to - filter.fromBlock >= 2_000) throw new Error('too many blocks');
            asked.push(to - filter.fromBlock);
            return await target.getLogs(filter);
          };
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const { authority } = attach(deployment.addressBook.contracts, splittingLogs(narrow));
    const whole = await deployment.contracts.authority.queryFilter(authority.filters.RoleGranted(), 0);
    const pieces = await authority.queryFilter(authority.filters.RoleGranted(), 0);
    expect(asked.length).to.be.greaterThan(2);
    expect(pieces.map(({ transactionHash }) => transactionHash)).to.deep.equal(
      whole.map(({ transactionHash }) => transactionHash),
    );
  });
});

describe('lode doctor', function () {
  this.timeout(300_000);

  it('ends with 0 on a deployment as it was made, with 3 once its code differs, and sends nothing', async () => {
    const node = await startNode();
    const folder = await mkdtemp(join(tmpdir(), 'lode-doctor-'));
    const deploymentId = `doctor-${process.pid}`;
    const path = join(folder, 'addresses.json');
    try {
      const outcome = await runScript('scripts/deploy.ts', node, {
        LODE_PARAMETERS: join(ROOT, 'deploy/parameters/localhost.json'),
        LODE_DEPLOYMENT: deploymentId,
        LODE_ADDRESS_BOOK: path,
      });
      expect(outcome.code, outcome.stderr).to.equal(0);
      const args = ['doctor', '--addresses', path, '--rpc', node.url];
      const blocks = await node.request('eth_blockNumber');
      const healthy = await lode(args);
      expect({ code: healthy.code, stderr: healthy.stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(healthy.stdout).to.contain('sound').and.contain('14 of 14 contracts');
      expect(await node.request('eth_blockNumber')).to.equal(blocks);

      const book = JSON.parse(await readFile(path, 'utf8')) as AddressBook;
      const { deployment, ...short } = book;
      expect(deployment?.start).to.equal(Date.parse('2030-01-07T00:00:00Z') / 1000);
      await writeFile(join(folder, 'short.json'), JSON.stringify(short));
      const refused = await lodeError(2, ['doctor', '--addresses', join(folder, 'short.json'), '--rpc', node.url]);
      expect(refused.code).to.equal('ADDRESS_BOOK_SHORT');
      const another = await lodeError(2, [...args, '--preset', 'langx']);
      expect(another.code).to.equal('PRESET_DIFFERS');
      expect((await lodeError(2, args.slice(0, 3))).code).to.equal('NETWORK_MISSING');
      expect((await lodeError(2, [...args.slice(0, 3), '--network', 'mainet'])).code).to.equal('OPTION_INVALID');

      await node.request('hardhat_setCode', book.contracts.reserve, '0x00');
      const { code, json } = await lodeJson(args);
      const { sound, wrong } = json as Diagnosis;
      expect({ code, sound, wrong: named(wrong) }).to.deep.equal({ code: 3, sound: false, wrong: ['code of reserve'] });
    } finally {
      await node.stop();
      await rm(folder, { recursive: true });
      await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
    }
    expect((await lodeError(6, ['doctor', '--addresses', path, '--rpc', node.url])).code).to.equal('FILE_MISSING');
  });

  it('says that a node does not answer, and that the same command may succeed later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lode-doctor-'));
    const path = join(folder, 'addresses.json');
    const world = await loadFixture(deployed);
    const { hash } = (await import('../../src/settlement/preset/load-preset.ts')).loadPreset(
      await readFile(join(ROOT, 'presets/lingoai/preset.jsonc'), 'utf8'),
    );
    const book = world.deployment.addressBook;
    const plain = { ...book, preset: { name: 'lingoai', variant: null, hash } };
    await writeFile(path, JSON.stringify(plain));
    const { code } = await lodeError(4, ['doctor', '--addresses', path, '--rpc', 'http://127.0.0.1:9']);
    expect(code).to.equal('NODE_UNAVAILABLE');
    await rm(folder, { recursive: true });
  });
});

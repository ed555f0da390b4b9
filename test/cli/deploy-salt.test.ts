import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFile, rm } from 'node:fs/promises';

import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';
import { expect } from 'chai';
import { keccak256, toQuantity, Wallet } from 'ethers';
import { network } from 'hardhat';

import { FACTORY, FACTORY_CODE, factorySalt } from '../../deploy/deterministic.ts';
import { parseAddressBook } from '../../src/chain/address-book.ts';
import type { LocalNode } from '../support/local-node.ts';
import { startNode } from '../support/local-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode, startLode } from './run-lode.ts';

const DEPLOYMENTS = fileURLToPath(new URL('../../deploy/deployments/', import.meta.url));
const [COUNCIL = '', OPERATOR = '', GUARDIAN = ''] = ['11', '22', '33'].map((byte) => `0x${byte.repeat(20)}`);
const PEOPLE = ['--council', COUNCIL, '--operator', OPERATOR, '--guardian', GUARDIAN];
const WORDS = 'the first deployment';

interface Deployed {
  readonly rehearsal?: { readonly addresses: Readonly<Record<string, string>>; readonly transactions: number };
  readonly error?: ErrorDocument;
}

describe('lode deploy --salt', function () {
  this.timeout(600_000);
  const files = temporaryFolder();
  const deployer = Wallet.createRandom();
  const begun: string[] = [];
  const nodes: LocalNode[] = [];
  let environment: Record<string, string> = {};

  before(async () => {
    const [sepolia, base] = [await startNode({ chainId: 11_155_111 }), await startNode({ chainId: 84_532 })];
    nodes.push(sepolia, base);
    environment = {
      ...{ LODE_DEPLOYER_KEY: deployer.privateKey },
      ...{ SEPOLIA_RPC_URL: sepolia.url, BASE_SEPOLIA_RPC_URL: base.url },
    };
    for (const node of nodes) await node.request('hardhat_setBalance', deployer.address, toQuantity(10n ** 18n));
    // What was sent before is another number on each chain.
    await base.request('hardhat_setNonce', deployer.address, '0x7');
  });

  after(async () => {
    for (const node of nodes) await node.stop();
    for (const name of begun) await rm(join(DEPLOYMENTS, name), { recursive: true, force: true });
  });

  function command(chain: string, salt: string, name = `salt-${process.pid}-${chain}-${begun.length}`): string[] {
    begun.push(name);
    const args = ['deploy', '--preset', 'lingopod', '--network', chain, '--start', '2030-01-07', ...PEOPLE];
    return [...args, '--name', name, '--out', files.path(`${chain}.json`), '--salt', salt];
  }

  async function run(given: readonly string[], more: readonly string[]) {
    const outcome = await lode([...given, ...more, '--json'], files.path('.'), environment);
    return { ...outcome, json: JSON.parse(outcome.stdout) as Deployed };
  }

  /** Begins a deployment and kills it once the chain has that many blocks. */
  async function killedAt(block: number, given: readonly string[], node: LocalNode): Promise<void> {
    const child = startLode([...given, '--yes'], files.path('.'), environment);
    child.stdout.resume();
    child.stderr.resume();
    const closed = once(child, 'close');
    await Promise.race([node.blockReached(block), closed]);
    expect(child.kill('SIGKILL'), 'ended before it could be killed').to.equal(true);
    await closed;
  }

  const contractsOn = async (chain: string) =>
    parseAddressBook(await readFile(files.path(`${chain}.json`), 'utf8')).contracts;

  it('is refused before anything is sent where the factory is not', async () => {
    const { code, json } = await run(command('sepolia', WORDS), ['--yes']);
    expect([code, json.error?.code]).to.deep.equal([5, 'FACTORY_MISSING']);
    expect(Number(await nodes[0]?.request('eth_blockNumber'))).to.equal(0);
  });

  it('gives the same addresses on every chain, those of the dry run, whatever the deployer sent before', async () => {
    const factory = await realFactory();
    expect(keccak256(factory)).to.equal(FACTORY_CODE);
    for (const node of nodes) await node.request('hardhat_setCode', FACTORY, factory);

    const dry = await run(command('baseSepolia', WORDS), ['--dry-run']);
    expect(dry.code, dry.stderr).to.equal(0);
    const [sepolia, base] = nodes as [LocalNode, LocalNode];
    const [onSepolia, onBase] = [command('sepolia', WORDS), command('baseSepolia', WORDS)];
    await killedAt(12, onBase, base);
    const other = await run(
      onBase.map((word) => (word === WORDS ? 'other words' : word)),
      ['--yes'],
    );
    expect([other.code, other.json.error?.code]).to.deep.equal([5, 'DEPLOYMENT_STOPPED']);
    for (const given of [onSepolia, onBase]) {
      const { code, stderr } = await run(given, ['--yes']);
      expect(code, stderr).to.equal(0);
    }
    const expected = Object.entries(dry.json.rehearsal?.addresses ?? {}).map(([key, at]) => [key, at.toLowerCase()]);
    expect(expected.length).to.equal(14);
    expect(await contractsOn('sepolia')).to.deep.equal(Object.fromEntries(expected));
    expect(await contractsOn('baseSepolia')).to.deep.equal(await contractsOn('sepolia'));
    const sent = Number(await sepolia.request('eth_getTransactionCount', deployer.address, 'latest'));
    expect(sent).to.equal(dry.json.rehearsal?.transactions);

    const doctor = await lode(
      ['doctor', '--addresses', files.path('baseSepolia.json'), '--network', 'baseSepolia'],
      files.path('.'),
      environment,
    );
    expect({ code: doctor.code, stderr: doctor.stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(doctor.stdout).to.contain('15 of 15 contracts');
  });

  it('refuses words that are used up, and gives other addresses for others', async () => {
    const used = await run(command('sepolia', WORDS), ['--yes']);
    expect([used.code, used.json.error?.code]).to.deep.equal([5, 'SALT_USED']);
    const { json } = await run(command('sepolia', 'the second'), ['--dry-run']);
    const taken = Object.values(await contractsOn('sepolia'));
    for (const address of Object.values(json.rehearsal?.addresses ?? {})) {
      expect(taken).not.to.include(address.toLowerCase());
    }
  });

  it('makes a salt that the factory takes from the deployer only, on every chain', () => {
    expect(factorySalt(COUNCIL, WORDS)).to.match(/^0x(?:11){20}00[0-9a-f]{22}$/);
    expect(factorySalt(OPERATOR, WORDS).slice(42)).to.equal(factorySalt(COUNCIL, WORDS).slice(42));
  });
});

/** The code of CreateX, which Ignition puts on a local chain by the transaction that its authors signed for every chain. */
async function realFactory(): Promise<string> {
  const { ignition, ethers } = await network.create();
  const nothing = buildModule('Nothing', (m) => ({ curve: m.contract('SettlementVerifier', []) }));
  await ignition.deploy(nothing, { strategy: 'create2', strategyConfig: { salt: factorySalt(COUNCIL, WORDS) } });
  return await ethers.provider.getCode(FACTORY);
}

import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { Wallet } from 'ethers';

import type { AddressBook } from '../../src/chain/address-book.ts';
import type { LocalNode } from '../support/local-node.ts';
import { startNode } from '../support/local-node.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode, startLode } from './run-lode.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SEPOLIA = 11_155_111;
const [COUNCIL, OPERATOR, GUARDIAN] = ['11', '22', '33'].map((byte) => `0x${byte.repeat(20)}`) as [
  string,
  string,
  string,
];
const PEOPLE = ['--council', COUNCIL, '--operator', OPERATOR, '--guardian', GUARDIAN];

/** A chain in another process, with one key that has funds; none of the node's own accounts has any. */
async function poorNode(deployer: Wallet | { readonly address: string }): Promise<LocalNode> {
  const node = await startNode({ chainId: SEPOLIA });
  for (const account of (await node.request('eth_accounts')) as string[]) {
    await node.request('hardhat_setBalance', account, '0x0');
  }
  await node.request('hardhat_setBalance', deployer.address, `0x${(10n ** 18n).toString(16)}`);
  return node;
}

describe('lode deploy', function () {
  this.timeout(600_000);

  it('killed at three points goes on to the addresses of its dry run, and lode doctor finds nothing', async () => {
    const deployer = Wallet.createRandom();
    const node = await poorNode(deployer);
    const folder = await mkdtemp(join(tmpdir(), 'lode-deploy-'));
    const name = `deploy-test-${process.pid}`;
    const out = join(folder, 'addresses.json');
    const environment = { LODE_DEPLOYER_KEY: deployer.privateKey, SEPOLIA_RPC_URL: node.url };
    const args = ['deploy', '--preset', 'lingopod', '--network', 'sepolia', '--start', '2030-01-07', ...PEOPLE];
    const whole = [...args, '--name', name, '--out', out];
    const json = async (given: readonly string[]) => {
      const run = await lode([...given, '--json'], folder, environment);
      return { ...run, json: JSON.parse(run.stdout) as Record<string, never> };
    };
    try {
      const dry = await json([...whole, '--dry-run']);
      expect(dry.code, dry.stderr).to.equal(0);
      const { addresses, cost, balance } = (
        dry.json as unknown as {
          rehearsal: { addresses: Record<string, string>; cost: string; balance: string };
        }
      ).rehearsal;
      expect(balance).to.equal(`${10n ** 18n}`);
      expect(BigInt(cost) > 0n).to.equal(true);
      expect(Number(await node.request('eth_blockNumber')), 'a dry run sends nothing').to.equal(0);

      const unconfirmed = await json(whole);
      const { code } = (unconfirmed.json as unknown as { error: ErrorDocument }).error;
      expect([unconfirmed.code, code]).to.deep.equal([5, 'NOT_CONFIRMED']);
      expect(Number(await node.request('eth_blockNumber'))).to.equal(0);

      for (const block of [3, 14, 26]) {
        const child = startLode([...whole, '--yes'], folder, environment);
        let words = '';
        child.stderr.on('data', (piece: Buffer) => (words += piece.toString()));
        child.stdout.resume();
        const closed = once(child, 'close');
        const ended = closed.then(() => Promise.reject(new Error(`ended early: ${words}`)));
        ended.catch(() => undefined);
        await Promise.race([node.blockReached(block), ended]);
        child.kill('SIGKILL');
        await closed;
      }
      const again = await json([...whole, '--dry-run']);
      expect((again.json as unknown as { error: ErrorDocument }).error.code).to.equal('DEPLOYMENT_BEGUN');

      const last = await json([...whole, '--yes']);
      expect(last.code, last.stderr).to.equal(0);
      const book = JSON.parse(await readFile(out, 'utf8')) as AddressBook;
      const lower = Object.fromEntries(Object.entries(addresses).map(([key, at]) => [key, at.toLowerCase()]));
      expect(book.contracts).to.deep.equal(lower);
      expect([book.chainId, book.deployment?.council]).to.deep.equal([SEPOLIA, COUNCIL]);
      expect((last.json as unknown as { next: string[] }).next[1]).to.equal(
        `npx hardhat ignition verify ${name} --network sepolia`,
      );

      const blocks = await node.request('eth_blockNumber');
      const twice = await json([...whole, '--yes']);
      expect(twice.code, twice.stderr).to.equal(0);
      expect(await node.request('eth_blockNumber'), 'run twice it sends nothing').to.equal(blocks);

      for (const where of [
        ['--network', 'sepolia'],
        ['--rpc', node.url],
      ]) {
        const doctor = await lode(['doctor', '--addresses', out, ...where], folder, environment);
        expect({ code: doctor.code, stderr: doctor.stderr }).to.deep.equal({ code: 0, stderr: '' });
        expect(doctor.stdout).to.contain('sound: nothing differs').and.contain('15 of 15 contracts');
      }
    } finally {
      await node.stop();
      await rm(folder, { recursive: true });
      await rm(join(ROOT, 'deploy', 'deployments', name), { recursive: true, force: true });
    }
  });

  it('sends nothing when the deployer cannot pay, or epoch 0 would have begun', async () => {
    const deployer = Wallet.createRandom();
    const node = await poorNode({ address: COUNCIL });
    const environment = { LODE_DEPLOYER_KEY: deployer.privateKey, SEPOLIA_RPC_URL: node.url };
    const attempt = async (start: string) => {
      const args = ['deploy', '--preset', 'langx', '--network', 'sepolia', '--start', start, ...PEOPLE];
      const run = await lode([...args, '--yes', '--json', '--name', 'never'], tmpdir(), environment);
      return [run.code, (JSON.parse(run.stdout) as { error: ErrorDocument }).error.code];
    };
    try {
      expect(await attempt('2030-01-07')).to.deep.equal([5, 'FUNDS_SHORT']);
      expect(await attempt('2020-01-06')).to.deep.equal([5, 'START_PAST']);
      expect(Number(await node.request('eth_blockNumber'))).to.equal(0);
    } finally {
      await node.stop();
    }
  });
});

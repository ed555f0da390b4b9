import { expect } from 'chai';

import { WAD } from '../../src/protocol/fixed-point.ts';
import type { RemoteWorld } from '../support/remote-world.ts';
import { startRemoteWorld } from '../support/remote-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { accountOf, storyPreset } from '../support/world.ts';
import type { ErrorDocument } from './run-lode.ts';
import { lode } from './run-lode.ts';

const START = 2_000_000_000;
const HOUR = 3_600;
const MEDIAN = ['median', '--min-reports', '1', '--max-age', '12 hours', '--max-change', '20%'];

/** What the commands say with `--json`, as far as it is looked at; amounts are strings. */
interface Document {
  readonly contract: string;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly source: string | null;
  readonly hash: string | null;
  readonly seat: number | null;
  readonly before: string | null;
  readonly sent: boolean;
  readonly transactions: readonly { readonly call: string }[];
  readonly error: ErrorDocument;
}

describe('lode price, on a node in another process', function () {
  this.timeout(300_000);
  const files = temporaryFolder();
  let remote: RemoteWorld;

  before(async () => {
    remote = await startRemoteWorld(files.path('addresses.json'), { start: START, preset: storyPreset() });
    await remote.node.travelTo(START + HOUR);
  });

  after(async () => {
    await remote.close();
  });

  async function price(given: readonly string[], environment = remote.environment) {
    const run = await lode(['price', ...given, ...remote.reach, '--json'], files.path('.'), environment);
    return { ...run, json: JSON.parse(run.stdout) as Document };
  }

  async function refused(given: readonly string[]) {
    const blocks = await remote.node.request('eth_blockNumber');
    const { code, json } = await price(given);
    expect(await remote.node.request('eth_blockNumber'), 'nothing is sent').to.equal(blocks);
    return [code, json.error.code];
  }

  it('deploys the adapter of a feed by its rules, after a look at the feed', async () => {
    const { ethers } = remote.world.hardhat;
    const aggregator = await ethers.deployContract('FeedAggregator', [false]);
    const feed = await ethers.deployContract('FeedProxy', [8]);
    const address = await feed.getAddress();
    const given = ['feed', '--feed', address, '--max-age', '26 hours'];
    expect(await refused(given), 'a feed that has said nothing').to.deep.equal([2, 'FEED_UNUSABLE']);
    await feed.addPhase(await aggregator.getAddress());
    await aggregator.push(125_000_000n, START);

    const tried = await price([...given, '--dry-run']);
    expect([tried.code, tried.json.source, tried.json.contract]).to.deep.equal([0, null, 'AggregatorV3PriceSource']);
    expect(tried.stderr).to.contain('says 125000000 (8 decimals), since 2033-05-18T03:33:20Z');
    expect(await refused(given)).to.deep.equal([5, 'NOT_CONFIRMED']);

    const { code, json, stderr } = await price([...given, '--yes']);
    expect(code, stderr).to.equal(0);
    const source = await ethers.getContractAt('AggregatorV3PriceSource', json.source ?? '');
    expect([await source.FEED(), await source.MAX_AGE()]).to.deep.equal([address, BigInt(26 * HOUR)]);
    await remote.node.request('evm_mine');
    expect(await source.priceOver(START, await remote.node.time())).to.equal((125n * WAD) / 100n);

    const nowhere = ['feed', '--feed', accountOf(remote.world.actors.alice), '--max-age', '26 hours'];
    expect(await refused(nowhere)).to.deep.equal([2, 'FEED_UNUSABLE']);
  });

  it('deploys a median whose reporters the deployment’s authority names, and takes their reports', async () => {
    const { actors, chain, hardhat } = remote.world;
    expect(await refused([...MEDIAN, '--interval', '4 hours', '--yes'])).to.deep.equal([
      5,
      'MedianPriceSource_OutOfRange',
    ]);
    const { code, json, stderr } = await price([...MEDIAN, '--interval', '1 hour', '--yes']);
    expect(code, stderr).to.equal(0);
    const address = json.source ?? '';
    const source = await hardhat.ethers.getContractAt('MedianPriceSource', address);
    expect((await source.authority()).toLowerCase()).to.equal(chain.addresses.authority);
    const rules = [
      await source.MIN_REPORTS(),
      await source.MAX_AGE(),
      await source.INTERVAL(),
      await source.MAX_CHANGE(),
    ];
    expect(rules).to.deep.equal([1n, 43_200n, 3_600n, WAD / 5n]);

    const say = (amount: string) => ['report', amount, '--source', address, '--as', accountOf(actors.alice), '--yes'];
    expect(await refused(say('1.25'))).to.deep.equal([5, 'MedianPriceSource_NotReporter']);
    await remote.node.request('hardhat_impersonateAccount', chain.addresses.timelock);
    await remote.node.request('hardhat_setBalance', chain.addresses.timelock, '0xde0b6b3a7640000');
    const data = source.interface.encodeFunctionData('setReporter', [3, actors.alice.address]);
    await remote.node.request('eth_sendTransaction', { from: chain.addresses.timelock, to: address, data });

    const first = await price(say('1.25'));
    expect([first.code, first.json.seat, first.json.before], first.stderr).to.deep.equal([0, 3, null]);
    expect(first.json.transactions[0]?.call).to.equal(`report(${(125n * WAD) / 100n})`);
    expect(await refused(say('1.26'))).to.deep.equal([5, 'MedianPriceSource_TooSoon']);
    await remote.node.request('evm_increaseTime', HOUR);
    await remote.node.request('evm_mine');
    expect(await refused(say('1.6'))).to.deep.equal([5, 'MedianPriceSource_PriceOutOfRange']);
    const second = await price(say('1.5'));
    expect([second.code, second.json.before], second.stderr).to.deep.equal([0, `${(125n * WAD) / 100n}`]);
    expect(second.stderr).to.contain('seat 3, 1.25 since').and.contain('now a token is worth 1.5');
    await remote.node.request('evm_mine');
    const now = await remote.node.time();
    expect(await source.priceOver(START, now)).to.equal((3n * WAD) / 2n);
  });
});

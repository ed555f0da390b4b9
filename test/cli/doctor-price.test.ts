import { expect } from 'chai';
import hre, { network } from 'hardhat';

import { diagnose } from '../../src/cli/doctor/diagnose.ts';
import { diagnosisText } from '../../src/cli/output/diagnosis-text.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { World } from '../support/world.ts';
import { deployWorld, storyPreset } from '../support/world.ts';

const START = 2_000_000_000;
const HOUR = 3_600;
const WAD = 10n ** 18n;
const ONE_USD = 10n ** 8n;

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const deployed = async () => await deployWorld(hardhat, { start: START, preset: storyPreset() });

async function examine({ deployment }: World) {
  const { addressBook, inputs } = deployment;
  const compiled = (contract: string) => hre.artifacts.readArtifact(contract);
  const diagnosis = await diagnose({ addressBook, inputs, provider: ethers.provider, compiled });
  const { live, attention } = diagnosis;
  const who = live?.powers.map(({ role, address }) => [role, address.toLowerCase()]) ?? [];
  return { price: live?.price, attention: attention.join('\n'), who, text: diagnosisText(diagnosis) };
}

async function timelockOf({ chain }: World) {
  const { timelock } = chain.addresses;
  await networkHelpers.setBalance(timelock, 10n ** 20n);
  await networkHelpers.impersonateAccount(timelock);
  return await ethers.getSigner(timelock);
}

/** The source is asked from epoch 1 on, and epoch 1 runs. */
async function askFromNowOn(world: World, source: string) {
  const { reserve } = world.chain.contracts;
  const names = reserve.interface.getFunction('parametersAt').outputs[0]!.components!.map(({ name }) => name);
  const law = await reserve.parametersAt(0);
  const next = law.map((value, index) => (names[index] === 'priceSource' ? source : value));
  await reserve.connect(await timelockOf(world)).scheduleParameters(1, next as unknown as typeof law);
  await time.increaseTo(START + 7 * 24 * HOUR + 1);
}

const RULES = [2, 12 * HOUR, HOUR, WAD / 2n] as const;

/** Two reports of the last twelve hours make a price; alice, bob and carol report. */
async function median() {
  const world = await deployed();
  const { alice, bob, carol } = world.actors;
  const source = await ethers.deployContract('MedianPriceSource', [world.chain.addresses.authority, ...RULES]);
  const naming = source.connect(await timelockOf(world));
  for (const [index, { address }] of [alice, bob, carol].entries()) await naming.setReporter(2 * index, address);
  await askFromNowOn(world, await source.getAddress());
  return { world, source, reporters: [alice, bob, carol] };
}

/** A median whose reporters mallory names. */
async function foreignMedian() {
  const world = await deployed();
  const own = await ethers.deployContract('MiningAuthority', [world.actors.mallory.address]);
  const authority = await own.getAddress();
  const source = await ethers.deployContract('MedianPriceSource', [authority, ...RULES]);
  await askFromNowOn(world, await source.getAddress());
  return { world, authority };
}

async function feed() {
  const world = await deployed();
  const aggregator = await ethers.deployContract('FeedAggregator', [false]);
  const proxy = await ethers.deployContract('FeedProxy', [8]);
  await proxy.addPhase(await aggregator.getAddress());
  await aggregator.push(2n * ONE_USD, await time.latest());
  await aggregator.push(3n * ONE_USD, await time.latest());
  const source = await ethers.deployContract('AggregatorV3PriceSource', [await proxy.getAddress(), 6 * HOUR]);
  await askFromNowOn(world, await source.getAddress());
  return { world, proxy, aggregator, source };
}

describe('lode doctor, about a price', () => {
  it('names each reporter of a median that is stale, and since when', async () => {
    const { world, source, reporters } = await loadFixture(median);
    const [alice, bob, carol] = reporters.map(({ address }) => address);
    const silent = await examine(world);
    expect(silent.price).to.include({ price: null, kind: 'MedianPriceSource', feed: null });
    expect(silent.attention).to.contain('the price source has no fresh price');
    for (const [seat, reporter] of [alice, bob, carol].entries()) {
      expect(silent.attention).to.contain(`stale: the reporter on seat ${2 * seat}, ${reporter}, has reported nothing`);
    }

    for (const reporter of reporters.slice(0, 2)) await source.connect(reporter).report(2n * WAD);
    const reported = await time.latest();
    await time.increase(12 * HOUR - 60);
    await source.connect(reporters[2]).report(4n * WAD);
    await networkHelpers.mine();
    const three = await examine(world);
    expect(three.price?.price).to.equal(2n * WAD);
    expect(three.attention).not.to.contain('stale').and.not.to.contain('one more silent');

    // Bob's report becomes too old a second after Alice's.
    await time.increaseTo(reported + 12 * HOUR);
    const two = await examine(world);
    expect(two.price?.price).to.equal(3n * WAD);
    expect(two.attention).to.contain('one more silent, and no price');
    const since = new Date((reported - 1) * 1000).toISOString().replace('.000', '');
    expect(two.attention).to.contain(`stale: the reporter on seat 0, ${alice}, last reported at ${since}`);
    expect(two.attention).not.to.contain(bob);

    await time.increase(1);
    const one = await examine(world);
    expect(one.price?.price).to.equal(null);
    expect(one.attention).to.contain('no fresh price').and.contain(`seat 2, ${bob}`).and.not.to.contain(`${carol}`);
    expect(one.text).to.contain(`seat 4: ${carol} 4.000000 at `).and.contain('at least 2 reports of the last 12 hours');
    expect(one.text).to.match(new RegExp(`seat 0: ${alice} 2\\.000000 at .*, STALE`));
  });

  it('counts the reporters among those who could do harm, and who names them if it is not the timelock', async () => {
    const { world, reporters } = await loadFixture(median);
    const { who, attention } = await examine(world);
    const expected = reporters.map(({ address }) => ['reporter', address.toLowerCase()]);
    expect(who).to.deep.include.members(expected);
    expect(who.map(([role]) => role)).not.to.include('price source');
    expect(attention).not.to.contain('reporters are named by');

    const foreign = await loadFixture(foreignMedian);
    const seen = await examine(foreign.world);
    expect(seen.who).to.deep.include(['names reporters', foreign.authority.toLowerCase()]);
    expect(seen.attention).to.contain(`reporters are named by ${foreign.authority}`);
  });

  it('says from when the last round of a feed is, and whether it still counts', async () => {
    const { world, proxy, aggregator } = await loadFixture(feed);
    const address = await proxy.getAddress();
    const old = await examine(world);
    expect(old.price).to.include({ price: null, kind: 'AggregatorV3PriceSource', median: null });
    expect(old.attention).to.contain(`the feed ${address} is stale: its last round is from 20`).and.contain('6 hours');
    expect(old.who).to.deep.include(['price feed', address.toLowerCase()]);

    const now = await time.latest();
    await aggregator.push(5n * ONE_USD, now);
    await networkHelpers.mine();
    const fresh = await examine(world);
    expect(fresh.price?.price).to.equal(5n * WAD);
    expect(fresh.price?.feed).to.deep.include({
      feed: address,
      updatedAt: now,
      maxAge: 6 * HOUR,
      phase: 1,
      feedPhase: 1,
    });
    expect(fresh.attention).not.to.contain('feed');
    expect(fresh.text).to.contain(`feed ${address} last answered at`).and.contain('counts for 6 hours');
  });

  it('says that a feed has moved on to a phase that the source does not know, and that a feed is gone', async () => {
    const { world, proxy, aggregator, source } = await loadFixture(feed);
    await aggregator.push(5n * ONE_USD, await time.latest());
    const next = await ethers.deployContract('FeedAggregator', [false]);
    await next.push(7n * ONE_USD, await time.latest());
    await proxy.addPhase(await next.getAddress());
    const moved = await examine(world);
    expect(moved.price?.price).to.equal(5n * WAD);
    expect(moved.attention).to.contain('in phase 2, the source knows 1: anyone may call observePhase()');
    await source.observePhase();
    await networkHelpers.mine();
    expect((await examine(world)).attention).not.to.contain('observePhase');

    await networkHelpers.setCode(await proxy.getAddress(), '0x');
    const gone = await examine(world);
    expect(gone.price).to.deep.include({ price: null });
    expect(gone.attention).to.contain('does not answer').and.contain('has no round that the source can use');
  });

  it('says of any other contract that its code has to be read', async () => {
    const world = await loadFixture(deployed);
    const { price, attention } = await examine(world);
    expect(price).to.include({ kind: null, feed: null, median: null });
    expect(attention).to.contain('is no contract of this repository');
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, PRICE_REASON, reserveLaw, START, WAD } from '../../support/contract-values.ts';
import { random, runs } from '../../support/effort.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const HOUR = 3600n;
const MAX_AGE = 3n * HOUR;
const END = START + DAY;
const PHASE = 2n ** 64n;
const price = (answer: bigint) => answer * 10n ** 10n;

const newAggregator = (reverts = false) => ethers.deployContract('FeedAggregator', [reverts]);

/** A feed of 8 decimals in phase 1 with rounds 1, 2, 3 at an hour before, at, and an hour after the start. */
async function threeRounds() {
  const feed = await ethers.deployContract('FeedProxy', [8]);
  const aggregator = await newAggregator();
  await feed.addPhase(await aggregator.getAddress());
  await aggregator.push(100n, START - HOUR);
  await time.increaseTo(START - HOUR);
  const source = await ethers.deployContract('AggregatorV3PriceSource', [await feed.getAddress(), MAX_AGE]);
  await aggregator.push(200n, START);
  await aggregator.push(300n, START + HOUR);
  await time.increaseTo(START + 2n * HOUR);
  return { feed, aggregator, source };
}

const deploySource = (feed: string, maxAge = MAX_AGE) =>
  ethers.deployContract('AggregatorV3PriceSource', [feed, maxAge]);

describe('AggregatorV3PriceSource', () => {
  describe('constructor', () => {
    it('notes feed, age and phase', async () => {
      const { feed, source } = await loadFixture(threeRounds);
      expect(await source.FEED()).to.equal(await feed.getAddress());
      expect(await source.MAX_AGE()).to.equal(MAX_AGE);
      expect(await source.phase()).to.equal(1n);
      await expect(source.deploymentTransaction())
        .to.emit(source, 'PhaseObserved')
        .withArgs(0n, 1n, PHASE + 1n);
    });

    it('refuses an age of 0', async () => {
      const { feed, source } = await loadFixture(threeRounds);
      await expect(deploySource(await feed.getAddress(), 0n))
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_MaxAgeZero')
        .withArgs();
    });

    it('takes 0 to 36 decimals and refuses 37', async () => {
      const { aggregator, source } = await loadFixture(threeRounds);
      await aggregator.push(10n ** 20n + 19n, START + 2n * HOUR);
      for (const [decimals, wad] of [
        [0, (10n ** 20n + 19n) * WAD],
        [18, 10n ** 20n + 19n],
        [20, 10n ** 18n],
        [36, 100n],
      ] as const) {
        const feed = await ethers.deployContract('FeedProxy', [decimals]);
        await feed.addPhase(await aggregator.getAddress());
        const other = await deploySource(await feed.getAddress());
        expect(await other.priceOver(START, START + 5n * HOUR), `${decimals} decimals`).to.equal(wad);
      }
      const feed = await ethers.deployContract('FeedProxy', [37]);
      await expect(deploySource(await feed.getAddress()))
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_DecimalsTooHigh')
        .withArgs(37n, 36n);
    });

    it('refuses a feed without a round, or with one from the future', async () => {
      const { source } = await loadFixture(threeRounds);
      const aggregator = await newAggregator();
      const address = await aggregator.getAddress();
      const present = START + 4n * HOUR;
      await time.setNextBlockTimestamp(present);
      await expect(deploySource(address))
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_RoundUnusable')
        .withArgs(0n, 0n, present);
      await aggregator.push(1n, present + 3n);
      await time.setNextBlockTimestamp(present + 2n);
      await expect(deploySource(address))
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_RoundUnusable')
        .withArgs(1n, present + 3n, present + 2n);
      await time.setNextBlockTimestamp(present + 3n);
      await deploySource(address);
    });

    it('RSRV-3 refuses a feed that only ever tells its newest round', async () => {
      const { feed, source } = await loadFixture(threeRounds);
      const latestOnly = await ethers.deployContract('LatestOnlyFeed', [await feed.getAddress()]);
      await expect(deploySource(await latestOnly.getAddress()), 'RSRV-3')
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_NoHistory')
        .withArgs(PHASE + 2n);
    });

    it('takes a bare aggregator, whose rounds have no phase', async () => {
      const { aggregator } = await loadFixture(threeRounds);
      const source = await deploySource(await aggregator.getAddress());
      expect(await source.phase()).to.equal(0n);
      await aggregator.push(400n, START + 3n * HOUR);
      expect(await source.priceOver(START, START + 4n * HOUR)).to.equal(price(400n));
    });
  });

  describe('priceOver', () => {
    for (const { when, end, expected } of [
      { when: 'at the beginning of time', end: 0n, expected: 0n },
      { when: 'before the feed was seen', end: START - HOUR, expected: 0n },
      { when: 'at the second of a round, which belongs to the epoch after it', end: START, expected: price(100n) },
      { when: 'a second after a round', end: START + 1n, expected: price(200n) },
      { when: 'a second after the last round', end: START + HOUR + 1n, expected: price(300n) },
      { when: 'when the last round is as old as allowed', end: START + HOUR + MAX_AGE, expected: price(300n) },
      { when: 'when it is a second older: RSRV-3', end: START + HOUR + MAX_AGE + 1n, expected: 0n },
      { when: 'long after', end: 2n ** 40n - 1n, expected: 0n },
    ]) {
      it(`gives ${expected} ${when}`, async () => {
        const { source } = await loadFixture(threeRounds);
        expect(await source.priceOver(START, end)).to.equal(expected);
      });
    }

    it('RSRV-3 gives no price for a last round that is negative, 0, huge, carried over or incomplete', async () => {
      const { source, aggregator } = await loadFixture(threeRounds);
      const end = START + 2n * HOUR;
      for (const { what, answer, answeredInRound = 3n, expected = 0n } of [
        { what: 'one', answer: 1n, expected: price(1n) },
        { what: 'the largest', answer: 2n ** 128n - 1n, expected: price(2n ** 128n - 1n) },
        { what: 'zero', answer: 0n },
        { what: 'negative', answer: -1n },
        { what: 'lowest', answer: -(2n ** 255n) },
        { what: 'too large', answer: 2n ** 128n },
        { what: 'highest', answer: 2n ** 255n - 1n },
        { what: 'carried over', answer: 1n, answeredInRound: 2n },
      ]) {
        await aggregator.put(3n, answer, START + HOUR, answeredInRound);
        expect(await source.priceOver(START, end), `RSRV-3 ${what}`).to.equal(expected);
      }
      // Opened and not answered: as if it was not there.
      await aggregator.put(3n, 5n, 0n, 3n);
      expect(await source.priceOver(START, end), 'RSRV-3 incomplete').to.equal(price(200n));
      // From the future: not used.
      await aggregator.put(3n, 5n, 2n ** 255n, 3n);
      expect(await source.priceOver(START, end), 'RSRV-3 future').to.equal(price(200n));
    });

    it('RSRV-3 gives no price when the feed answers another round than was asked for', async () => {
      await loadFixture(threeRounds);
      const single = await newAggregator();
      await single.push(1n, START);
      const latestOnly = await ethers.deployContract('LatestOnlyFeed', [await single.getAddress()]);
      const source = await deploySource(await latestOnly.getAddress());
      expect(await source.priceOver(START, START + 3n * HOUR)).to.equal(price(1n));
      await single.push(2n, START + 2n * HOUR);
      await single.push(3n, START + 2n * HOUR);
      expect(await source.priceOver(START, START + 3n * HOUR), 'RSRV-3').to.equal(0n);
    });
  });

  describe('roundBefore', () => {
    for (const reverts of [false, true]) {
      it(`finds the round that a plain search finds, when the feed ${reverts ? 'reverts' : 'says 0'} for unknown ones`, async () => {
        await loadFixture(threeRounds);
        const draw = random(`roundBefore ${reverts}`);
        for (let run = 0; run < runs(6, 100); run += 1) {
          const feed = await ethers.deployContract('FeedProxy', [8]);
          const aggregator = await newAggregator(reverts);
          await feed.addPhase(await aggregator.getAddress());
          const present = BigInt(await time.latest());
          const times = [present];
          await aggregator.push(1n, present);
          const source = await deploySource(await feed.getAddress());
          const seen = BigInt(await time.latest());
          const count = 1 + draw.index(40);
          for (let i = 1; i < count; i += 1) {
            // Several rounds in one second happen, too.
            times.push(times[i - 1]! + BigInt(draw.index(3) * draw.index(50)));
            await aggregator.push(1n, times[i]!);
          }
          for (let i = 0; i < 20; i += 1) {
            const end = present - 5n + BigInt(draw.index(Number(times.at(-1)! - present) + 10));
            const number = end > seen ? BigInt(times.filter((each) => each < end).length) : 0n;
            expect(await source.roundBefore(end)).to.equal(number === 0n ? 0n : PHASE + number);
          }
        }
      });
    }
  });

  describe('observePhase', () => {
    it('takes a later phase into use, for epochs that end later', async () => {
      const { feed, source } = await loadFixture(threeRounds);
      const second = await newAggregator();
      await second.push(777n, START + 2n * HOUR);
      await feed.addPhase(await second.getAddress());
      const present = START + 3n * HOUR;
      await time.setNextBlockTimestamp(present);
      await expect(source.observePhase())
        .to.emit(source, 'PhaseObserved')
        .withArgs(1n, 2n, 2n * PHASE + 1n);
      expect(await source.phase()).to.equal(2n);
      expect(await source.priceOver(START, present)).to.equal(price(300n));
      expect(await source.priceOver(START, present + 1n)).to.equal(price(777n));
    });

    it('refuses a phase that is known', async () => {
      const { source } = await loadFixture(threeRounds);
      await expect(source.observePhase())
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_PhaseKnown')
        .withArgs(1n);
    });

    it('refuses a phase without a round', async () => {
      const { feed, source } = await loadFixture(threeRounds);
      await feed.addPhase(await (await newAggregator()).getAddress());
      const present = START + 3n * HOUR;
      await time.setNextBlockTimestamp(present);
      await expect(source.observePhase())
        .to.be.revertedWithCustomError(source, 'AggregatorV3PriceSource_RoundUnusable')
        .withArgs(2n * PHASE, 0n, present);
    });
  });

  describe('the same price at every moment of the grace', () => {
    /** The last round an hour before the end. */
    async function atTheEnd() {
      const actors = await threeRounds();
      await actors.aggregator.push(400n, END - HOUR);
      await time.increaseTo(END);
      return actors;
    }

    it('RSRV-3 when the feed goes on', async () => {
      const { source, aggregator } = await loadFixture(atTheEnd);
      for (let hours = 0n; hours < 24n; hours += 1n) {
        expect(await source.priceOver(START, END), 'RSRV-3').to.equal(price(400n));
        await aggregator.push(500n + hours, END + hours * HOUR);
        await time.increaseTo(END + (hours + 1n) * HOUR);
      }
    });

    it('RSRV-3 when a new aggregator with rounds of its own, from before and after the end, takes over', async () => {
      const { feed, source } = await loadFixture(atTheEnd);
      const second = await newAggregator();
      await second.push(901n, END - 2n * HOUR);
      await second.push(902n, END - 1n);
      await second.push(903n, END + 1n);
      await time.increaseTo(END + HOUR);
      expect(await source.priceOver(START, END), 'RSRV-3 before').to.equal(price(400n));
      await feed.addPhase(await second.getAddress());
      expect(await source.priceOver(START, END), 'RSRV-3 changed').to.equal(price(400n));
      await source.observePhase();
      expect(await source.priceOver(START, END), 'RSRV-3 observed').to.equal(price(400n));
      // The next epoch has the new one.
      await second.push(904n, END + DAY - HOUR);
      expect(await source.priceOver(END, END + DAY)).to.equal(price(904n));
    });

    it('RSRV-3 when the phase changed before the end and nobody showed it: the old one, and none when that is stale', async () => {
      const { feed, source } = await loadFixture(atTheEnd);
      const second = await newAggregator();
      await second.push(901n, END);
      await feed.addPhase(await second.getAddress());
      await time.increaseTo(END + DAY);
      await second.push(902n, END + DAY);
      for (const shown of [false, true]) {
        if (shown) await source.observePhase();
        expect(await source.priceOver(START, END), 'RSRV-3').to.equal(price(400n));
        expect(await source.priceOver(START, END - HOUR + MAX_AGE), 'RSRV-3 age').to.equal(price(400n));
        expect(await source.priceOver(START, END - HOUR + MAX_AGE + 1n), 'RSRV-3 stale').to.equal(0n);
      }
    });

    it('RSRV-3 when the phase is shown in the very second of the end', async () => {
      const { feed, source, aggregator } = await loadFixture(threeRounds);
      await aggregator.push(400n, END - HOUR);
      const second = await newAggregator();
      await second.push(901n, END - 2n);
      await feed.addPhase(await second.getAddress());
      await time.setNextBlockTimestamp(END);
      await source.observePhase();
      expect(await source.priceOver(START, END), 'RSRV-3').to.equal(price(400n));
      expect(await source.priceOver(START, END + 1n), 'RSRV-3').to.equal(price(901n));
    });
  });

  describe('gas', () => {
    /** A source that saw round 1 of a feed that then wrote `count` rounds, one a second. */
    async function longHistory(count: bigint) {
      const { feed, aggregator } = await loadFixture(threeRounds);
      const first = BigInt(await time.latest());
      const long = await newAggregator();
      await long.pretend(1n, first, 1n);
      await feed.addPhase(await long.getAddress());
      const source = await deploySource(await feed.getAddress());
      await long.pretend(count, first, 1n);
      return { source, aggregator, first };
    }

    for (const count of [1n, 1000n, 1_000_000n, 2n ** 32n - 1n]) {
      it(`of a history of ${count} rounds fits the reserve's stipend`, async () => {
        const { source, first } = await longHistory(count);
        const end = first + count;
        const expected = price(count * 10n ** 8n);
        const [governor] = await ethers.getSigners();
        const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
        const table = [{ end: 2n ** 40n - 1n, cumulative: 1n }];
        const curve = await ethers.deployContract('EmissionCurve', [2n ** 39n, DAY, table]);
        const law = reserveLaw({ priceSource: await source.getAddress() });
        // Any address will do as a token: nothing is moved.
        const args = [await manager.getAddress(), await curve.getAddress(), await curve.getAddress(), law] as const;
        const reserve = await ethers.deployContract('StabilizationReserve', [...args]);
        if (count > 1n)
          expect([...(await reserve.readPrice(0n, START, end))]).to.deep.equal([expected, PRICE_REASON.used]);
        expect((await source.priceOver.estimateGas(START, end)) < 1_000_000n).to.equal(true);
        if (process.env['LODE_SHOW_GAS'] === '1') {
          console.log(`      priceOver over ${count} rounds: ${await source.priceOver.estimateGas(START, end)} gas`);
        }
      });
    }

    it('is bounded for each round, and a round is never missed for want of gas', async () => {
      const { source, first } = await longHistory(1_000_000n);
      const end = first + 1_000_000n;
      const needed = await source.priceOver.estimateGas(START, end);
      await expect(source.priceOver(START, end, { gasLimit: needed / 2n })).to.be.revertedWithCustomError(
        source,
        'AggregatorV3PriceSource_GasTooLow',
      );
    });
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, MAX_UINT128, NO_LAW, PRICE_REASON, reserveLaw, START, WAD } from '../../support/contract-values.ts';
import { random, runs } from '../../support/effort.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const loadFixture = fixtureLoader(networkHelpers);

const HOUR = 3600n;
const MAX_AGE = 12n * HOUR;
const END = START + DAY;
const HALF = WAD / 2n;
const label = (name: string) => ethers.encodeBytes32String(name);

async function deploySource(minReports = 2n, maxAge = MAX_AGE, interval = HOUR, maxChange = HALF) {
  const [governor] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const rules = [minReports, maxAge, interval, maxChange] as const;
  return await ethers.deployContract('MedianPriceSource', [await manager.getAddress(), ...rules]);
}

/** Three reporters on the first three seats, and nothing said yet; two reports make a price. */
async function seated() {
  const [, rita, rob, ruth, rex, mallory] = await ethers.getSigners();
  const reporters = { rita: rita!, rob: rob!, ruth: ruth!, rex: rex!, mallory: mallory! };
  const source = await deploySource();
  for (const [seat, reporter] of [rita!, rob!, ruth!].entries()) await source.setReporter(seat, reporter.address);
  await time.increaseTo(START);
  return { source, ...reporters };
}

type World = Awaited<ReturnType<typeof seated>>;
type Name = 'rita' | 'rob' | 'ruth' | 'rex';

/** A report in the block of exactly this time. */
async function reportAt(world: World, name: Name, price: bigint, at: bigint) {
  await time.setNextBlockTimestamp(at);
  return await world.source.connect(world[name]).report(price);
}

describe('MedianPriceSource', () => {
  describe('constructor', () => {
    it('notes its rules, and refuses those that cannot work', async () => {
      const source = await deploySource();
      expect(await source.MIN_REPORTS()).to.equal(2n);
      expect(await source.MAX_AGE()).to.equal(MAX_AGE);
      expect(await source.INTERVAL()).to.equal(HOUR);
      expect(await source.MAX_CHANGE()).to.equal(HALF);
      expect(await source.SEATS()).to.equal(15n);
      const refused = async (rules: Parameters<typeof deploySource>, rule: string, value: bigint, range: bigint[]) =>
        await expect(deploySource(...rules))
          .to.be.revertedWithCustomError(source, 'MedianPriceSource_OutOfRange')
          .withArgs(label(rule), value, ...range);
      for (const value of [0n, 16n]) await refused([value], 'minReports', value, [1n, 15n]);
      for (const value of [HOUR - 1n, 30n * DAY + 1n]) await refused([1n, value], 'maxAge', value, [HOUR, 30n * DAY]);
      for (const value of [59n, MAX_AGE / 4n + 1n])
        await refused([1n, MAX_AGE, value], 'interval', value, [60n, MAX_AGE / 4n]);
      for (const value of [WAD / 100n - 1n, 10n * WAD + 1n])
        await refused([1n, MAX_AGE, HOUR, value], 'maxChange', value, [WAD / 100n, 10n * WAD]);
      await deploySource(15n, 30n * DAY, 60n, 10n * WAD);
    });
  });

  describe('report', () => {
    it('notes the price of the block, and says so', async () => {
      const world = await loadFixture(seated);
      const { source, rita } = world;
      await expect(reportAt(world, 'rita', 100n, START + HOUR))
        .to.emit(source, 'PriceReported')
        .withArgs(rita.address, 0n, 0n, 100n);
      await expect(reportAt(world, 'rita', 150n, START + 2n * HOUR))
        .to.emit(source, 'PriceReported')
        .withArgs(rita.address, 0n, 100n, 150n);
      expect(await source.reportBefore(0, START + HOUR)).to.deep.equal([0n, 0n]);
      expect(await source.reportBefore(0, START + HOUR + 1n)).to.deep.equal([100n, START + HOUR]);
      expect(await source.reportBefore(0, END)).to.deep.equal([150n, START + 2n * HOUR]);
      expect(await source.reportBefore(0, 0)).to.deep.equal([0n, 0n]);
    });

    it('is for reporters, not too often', async () => {
      const world = await loadFixture(seated);
      const { source, mallory } = world;
      await expect(source.connect(mallory).report(1n))
        .to.be.revertedWithCustomError(source, 'MedianPriceSource_NotReporter')
        .withArgs(mallory.address);
      await reportAt(world, 'rita', 100n, START + 10n);
      await expect(reportAt(world, 'rita', 100n, START + 9n + HOUR))
        .to.be.revertedWithCustomError(source, 'MedianPriceSource_TooSoon')
        .withArgs(START + 9n + HOUR, START + 10n + HOUR);
      await reportAt(world, 'rita', 100n, START + 10n + HOUR);
    });

    it('moves by half at most, up and as far down again', async () => {
      const world = await loadFixture(seated);
      const { source } = world;
      let at = START + 10n;
      const refused = async (price: bigint, range: readonly bigint[]) =>
        await expect(reportAt(world, 'rita', price, (at += HOUR)))
          .to.be.revertedWithCustomError(source, 'MedianPriceSource_PriceOutOfRange')
          .withArgs(price, ...range);
      await refused(0n, [1n, MAX_UINT128]);
      await refused(MAX_UINT128 + 1n, [1n, MAX_UINT128]);
      await reportAt(world, 'rita', 100n, (at += HOUR));
      await refused(151n, [67n, 150n]);
      await refused(66n, [67n, 150n]);
      await reportAt(world, 'rita', 150n, (at += HOUR));
      await reportAt(world, 'rita', 100n, (at += HOUR));
      await reportAt(world, 'rita', 67n, (at += HOUR));
      // From the smallest price it can still rise, and the largest is no step too far.
      await reportAt(world, 'rob', 1n, (at += HOUR));
      await reportAt(world, 'rob', 2n, (at += HOUR));
      await reportAt(world, 'ruth', MAX_UINT128 - 1n, (at += HOUR));
      await reportAt(world, 'ruth', MAX_UINT128, (at += HOUR));
    });
  });

  describe('priceOver', () => {
    it('is the median of the last reports: of three the middle, of two the mean', async () => {
      const world = await loadFixture(seated);
      const { source } = world;
      await reportAt(world, 'rita', 100n, END - 3n * HOUR);
      expect(await source.priceOver(START, END), 'one is too few').to.equal(0n);
      await reportAt(world, 'rob', 201n, END - 2n * HOUR);
      expect(await source.priceOver(START, END)).to.equal(150n);
      await reportAt(world, 'ruth', MAX_UINT128, END - HOUR);
      expect(await source.priceOver(START, END), 'a liar moves nothing').to.equal(201n);
    });

    it('counts what is exactly as old as allowed, and nothing older', async () => {
      const world = await loadFixture(seated);
      const { source } = world;
      await reportAt(world, 'rita', 100n, END - MAX_AGE);
      await reportAt(world, 'rob', 200n, END - HOUR);
      expect(await source.priceOver(START, END)).to.equal(150n);
      expect(await source.priceOver(START, END + 1n)).to.equal(0n);
    });

    it('RSRV-3 is the same at every later moment, whatever is reported and decided meanwhile', async () => {
      const world = await loadFixture(seated);
      const { source, rex } = world;
      await reportAt(world, 'rita', 100n, END - 3n * HOUR);
      await reportAt(world, 'rob', 200n, END - HOUR);
      const before = await source.priceOver(START, END);
      await reportAt(world, 'ruth', 900n, END);
      await reportAt(world, 'rita', 150n, END + 1n);
      await source.setReporter(1, rex.address);
      await reportAt(world, 'rex', 5n, END + HOUR);
      await source.setReporter(0, ethers.ZeroAddress);
      await time.increase(400n * DAY);
      expect(before).to.equal(150n);
      expect(await source.priceOver(START, END)).to.equal(before);
    });

    it('agrees with a plain computation, whatever was reported', async () => {
      const draw = random('median');
      for (let round = 0; round < runs(3, 40); round++) {
        const world = await loadFixture(seated);
        const said: Record<string, { price: bigint; at: bigint }[]> = { rita: [], rob: [], ruth: [] };
        let at = START;
        for (let step = 0; step < 40; step++) {
          const name = (['rita', 'rob', 'ruth'] as const)[draw.index(3)]!;
          at += BigInt(1 + draw.index(9000));
          const last = said[name]!.at(-1);
          if (last !== undefined && at < last.at + HOUR) continue;
          const price = last === undefined ? 1_000n : (last.price * BigInt(70 + draw.index(80))) / 100n + 1n;
          await reportAt(world, name, price, at);
          said[name]!.push({ price, at });
        }
        for (let question = 0; question < 20; question++) {
          const end = START + BigInt(draw.index(Number(at - START) + 86_400));
          if (end > at) continue;
          const usable = Object.values(said)
            .map((reports) => reports.findLast((one) => one.at < end))
            .filter((one) => one !== undefined && end - one.at <= MAX_AGE)
            .map((one) => one!.price)
            .sort((a, b) => (a < b ? -1 : 1));
          const [n, half] = [usable.length, usable.length >> 1];
          const expected = n < 2 ? 0n : n % 2 === 1 ? usable[half]! : (usable[half - 1]! + usable[half]!) / 2n;
          expect(await world.source.priceOver(START, end)).to.equal(expected);
        }
      }
    });

    it('needs far less gas than the reserve gives, with every seat taken and long histories', async () => {
      const { source } = await loadFixture(seated);
      const [governor] = await ethers.getSigners();
      const manager = await source.authority();
      const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', manager, [], 1n]);
      const curve = await ethers.deployContract('EmissionCurve', [
        END + DAY,
        DAY,
        [{ end: END + 2n * DAY, cumulative: 1n }],
      ]);
      const reserve = await ethers.deployContract('StabilizationReserve', [
        manager,
        await token.getAddress(),
        await curve.getAddress(),
        { ...NO_LAW },
      ]);
      await reserve.scheduleParameters(0n, reserveLaw({ priceSource: await source.getAddress() }));
      await governor!.getAddress();
      // 2^20 reports on each seat, more than an hourly report makes in a century: lengths and the ends that are read.
      const first = BigInt(await reportsSlot(await source.getAddress()));
      const length = 2n ** 20n;
      for (let seat = 0n; seat < 15n; seat++) {
        const slot = first + seat;
        await networkHelpers.setStorageAt(await source.getAddress(), slot, length);
        const data = BigInt(ethers.keccak256(ethers.toBeHex(slot, 32)));
        // The search goes right every time, which is as long as it gets; the last word is the report.
        for (let low = 0n, high = length; low < high;) {
          const middle = (low + high) / 2n;
          const word = ((100n + seat) << 48n) | (END - HOUR);
          await networkHelpers.setStorageAt(await source.getAddress(), data + middle, word);
          low = middle + 1n;
        }
      }
      await time.increaseTo(END + 1n);
      expect(await source.priceOver(START, END)).to.equal(107n);
      const gas = await source.priceOver.estimateGas(START, END);
      console.log(`      ${gas} gas, transaction included`);
      expect(gas).to.be.lessThan(1_100_000n);
      expect(await reserve.readPrice(0n, START, END)).to.deep.equal([107n, PRICE_REASON.used]);
    });
  });

  describe('setReporter', () => {
    it('takes the price with the one who leaves, and gives the seat', async () => {
      const world = await loadFixture(seated);
      const { source, rita, rex } = world;
      await reportAt(world, 'rita', 100n, START + HOUR);
      await reportAt(world, 'rob', 200n, START + HOUR + 1n);
      await expect(source.setReporter(0, rex.address))
        .to.emit(source, 'ReporterSet')
        .withArgs(0n, rita.address, rex.address);
      expect(await source.reporterOf(0)).to.equal(rex.address);
      await expect(source.connect(rita).report(100n)).to.be.revertedWithCustomError(
        source,
        'MedianPriceSource_NotReporter',
      );
      expect(await source.priceOver(START, START + 2n * HOUR)).to.equal(0n);
      await reportAt(world, 'rex', 900n, START + 2n * HOUR);
      expect(await source.priceOver(START, START + 3n * HOUR)).to.equal(550n);
      await source.setReporter(0, ethers.ZeroAddress);
      expect(await source.reporterOf(0)).to.equal(ethers.ZeroAddress);
    });

    it('refuses a seat that is not there and a reporter who sits', async () => {
      const { source, rita } = await loadFixture(seated);
      await expect(source.setReporter(15, rita.address))
        .to.be.revertedWithCustomError(source, 'MedianPriceSource_NoSeat')
        .withArgs(15n, 15n);
      await expect(source.setReporter(2, rita.address))
        .to.be.revertedWithCustomError(source, 'MedianPriceSource_SeatedAlready')
        .withArgs(rita.address, 0n);
    });

    it('is for governance only', async () => {
      const { source, rita, mallory } = await loadFixture(seated);
      for (const caller of [rita, mallory]) {
        await expect(source.connect(caller).setReporter(3, mallory.address))
          .to.be.revertedWithCustomError(source, 'AccessManagedUnauthorized')
          .withArgs(caller.address);
      }
    });
  });
});

/** Where the histories of the seats begin: the first slot after the reporters and their seats. */
async function reportsSlot(address: string): Promise<number> {
  for (let slot = 0; slot < 40; slot++) {
    // Each seated reporter's history holds one checkpoint, that of the seat.
    const words = await Promise.all([0, 1, 2, 3].map((i) => ethers.provider.getStorage(address, slot + i)));
    if (words.slice(0, 3).every((word) => BigInt(word) === 1n) && BigInt(words[3]!) === 0n) return slot;
  }
  throw new Error('no histories found');
}

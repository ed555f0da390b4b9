import { expect } from 'chai';
import fc from 'fast-check';

import { min, WAD } from '../../src/protocol/fixed-point.ts';
import { totalEmission } from '../../src/protocol/emission-curve.ts';
import { closeEpoch } from '../../src/settlement/economy.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import type { SimulatedEpoch } from '../../src/simulation/simulate.ts';
import { simulate, withoutReserve } from '../../src/simulation/simulate.ts';
import { random, runs, seed } from '../support/effort.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { presetOf } from '../../scripts/economics/simulated.ts';
import { economyWith, LAW } from '../support/simulated.ts';

const steady = (epochs: number, people: number, price = LAW.priceRef) => ({
  people: new Array<number>(epochs).fill(people),
  prices: new Array<bigint>(epochs).fill(price),
});
const sum = (epochs: readonly SimulatedEpoch[], pick: (epoch: SimulatedEpoch) => bigint): bigint =>
  epochs.reduce((total, epoch) => total + pick(epoch), 0n);

describe('simulate', () => {
  it('gives what the settlement engine gives for as many accounts with equal scores, to the wei', () => {
    const economy = economyWith({});
    const people = [7, 0, 40, 3, 3, 90, 12, 1];
    const prices = [1n, 1n, 2n, 3n, 1n, 1n, 5n, 2n].map((price) => (price * WAD) / 200n);
    let state: State = GENESIS;
    for (const epoch of simulate(economy, { people, prices })) {
      const record = closeEpoch(economy, epoch.epoch, epoch.price);
      let id = 0;
      const scores = epoch.participants.flatMap((count, i) =>
        Array.from({ length: count }, () => ({
          account: parseAddress(`0x${(++id).toString(16).padStart(40, '0')}`),
          task: record.tasks[i]!,
          score: 5n,
        })),
      );
      const settled = settleEpoch({ parent: state, record, scores, uses: [], unlockPerUse: 0n });
      expect(epoch.granted).to.equal(settled.outcome.granted);
      expect(epoch.reserve).to.equal(settled.next.reserve);
      expect(epoch.reasons).to.deep.equal(settled.outcome.reasons);
      expect(epoch.unlocked + epoch.locked).to.equal(settled.next.totalGranted);
      state = settled.next;
    }
    expect(state.epoch).to.equal(7);
  });

  it('loses and invents nothing: emitted + deposited = granted + reserve after every epoch', () => {
    const deposits = new Map([[3, 5n * WAD]]);
    let [granted, deposited] = [0n, 0n];
    for (const epoch of simulate(economyWith({}), { ...steady(60, 25), deposits })) {
      granted += epoch.granted;
      deposited += epoch.deposited;
      expect(epoch.emitted + deposited).to.equal(granted + epoch.reserve);
      expect(epoch.unlocked + epoch.locked).to.equal(granted);
    }
    expect(deposited).to.equal(5n * WAD);
  });

  it('releases in the end all that was granted', () => {
    const economy = economyWith(
      {},
      { curve: [{ end: presetOf('lingoai').parameters.economy.start + 10 * 604_800, cumulative: WAD }] },
    );
    const people = [...new Array<number>(10).fill(500), ...new Array<number>(30).fill(0)];
    const epochs = [...simulate(economy, { people, prices: people.map(() => LAW.priceRef) })];
    expect(epochs[20]!.locked > 0n).to.be.true;
    expect(epochs[39]!.locked).to.equal(0n);
    expect(epochs[39]!.unlocked).to.equal(sum(epochs, ({ granted }) => granted));
  });

  it('goes on after the curve’s end from the reserve', () => {
    const { economy } = presetOf('lingoai').parameters;
    const short = economyWith({}, { curve: [{ end: economy.start + 604_800, cumulative: 1000n * WAD }] });
    const epochs = [...simulate(short, steady(500, 500))];
    expect(epochs[0]!.emitted).to.equal(totalEmission({ start: short.start, periods: short.curve }));
    for (const epoch of epochs.slice(1)) {
      expect(epoch.budget).to.equal(0n);
      expect(epoch.granted).to.equal(epoch.injected);
      expect(epoch.granted > 0n).to.be.true;
    }
    expect(epochs[499]!.reserve * 2n < epochs[0]!.reserve).to.be.true;
  });
});

describe('the stabilisation reserve', () => {
  it('injects when the price is under the reference, the more the lower it is, until S/T bounds it', () => {
    const economy = economyWith({ alpha: WAD / 2n });
    const year = [...simulate(economy, steady(52, 100))];
    const bound = year[51]!.reserve / BigInt(LAW.smoothing);
    const [same, half, quarter, hundredth] = [1n, 2n, 4n, 100n].map((part) => {
      const prices = [...year.map(({ price }) => price), LAW.priceRef / part];
      return [...simulate(economy, { people: prices.map(() => 100), prices })][52]!;
    });
    expect(same!.payout < half!.payout && half!.payout < quarter!.payout).to.be.true;
    expect(quarter!.injected > 0n && quarter!.injected < bound).to.be.true;
    expect(hundredth!.payout).to.equal(hundredth!.budget + bound);
  });

  it('is bounded by S/T and never negative over 10,000 days of any price and any crowd, with deposits and empty days', () => {
    const days = 10_000;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.nat(100), fc.nat(1 << 30), (smoothing, part, chance) => {
        const source = random(`reserve ${chance}`);
        const rho = (WAD * BigInt(part)) / (100n * BigInt(smoothing));
        const economy = economyWith(
          { smoothing, rho, alpha: source.bits(60) % WAD },
          { epochLength: 86_400, terms: [{ from: 0, value: { cohortEpochs: 30, duration: 0 } }] },
        );
        const people = Array.from({ length: days }, () => (source.index(4) === 0 ? 0 : source.index(2_000)));
        const prices = Array.from({ length: days }, () => source.bits(100));
        const deposits = new Map(Array.from({ length: 20 }, () => [source.index(days), source.bits(95)]));
        let before = 0n;
        for (const epoch of simulate(economy, { people, prices, deposits })) {
          expect(epoch.reserve >= 0n, 'S ≥ 0').to.be.true;
          expect(epoch.injected <= before / BigInt(smoothing), 'injected ≤ S/T').to.be.true;
          expect(epoch.granted <= epoch.payout && epoch.payout <= epoch.budget + before / BigInt(smoothing)).to.be.true;
          expect(epoch.reserve).to.equal(before + epoch.withheld - epoch.injected + epoch.deposited);
          if (epoch.people === 0) expect(epoch.withheld).to.equal(epoch.budget);
          before = epoch.reserve;
        }
      }),
      { numRuns: runs(2, 20), seed: seed() },
    );
  });

  it('pays out each epoch’s budget and no more when it is taken away', () => {
    for (const epoch of simulate(withoutReserve(economyWith({})), steady(20, 60, 1n))) {
      expect(epoch.payout).to.equal(epoch.budget);
      expect(min(epoch.injected, epoch.withheld)).to.equal(0n);
    }
  });
});

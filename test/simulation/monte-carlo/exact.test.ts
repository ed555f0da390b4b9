import { expect } from 'chai';

import { presetOf } from '../../../scripts/economics/simulated.ts';
import { WAD } from '../../../src/protocol/fixed-point.ts';
import type { EconomyParameters } from '../../../src/settlement/economy-parameters.ts';
import { drawPath } from '../../../src/simulation/monte-carlo/draw-path.ts';
import { logarithmOf, pathPlan } from '../../../src/simulation/monte-carlo/path-plan.ts';
import { pathStates } from '../../../src/simulation/monte-carlo/random-words.ts';
import type { Path } from '../../../src/simulation/monte-carlo/run-path.ts';
import { depositsOf, epochsWithin, referencePrice, soldPool } from '../../../src/simulation/simulate-preset.ts';
import { random, runs, seed } from '../../support/effort.ts';
import { apart, CHANCES, inDoubles } from '../../support/path-pair.ts';
import { PRESETS } from '../../support/presets.ts';
import { economyWith, LAW } from '../../support/simulated.ts';

/** What docs/economics.md states: no path of a preset is further from the exact one, as a part of everything emitted. */
const STATED = 1e-10;

const path = (people: readonly number[], prices: readonly bigint[]): Path => ({
  people: Float64Array.from(people),
  logPrice: Float64Array.from(prices, logarithmOf),
});

describe('a path in doubles', () => {
  for (const name of PRESETS) {
    it(`stays within its bound of the exact simulation on ten paths, epoch by epoch: ${name}`, function () {
      this.timeout(120_000);
      const { parameters } = presetOf(name);
      const { economy, unitPool } = parameters;
      const pool = soldPool(unitPool, unitPool === null ? undefined : Math.floor(unitPool.units / 2));
      const deposits = depositsOf(economy, pool);
      const epochs = epochsWithin(parameters);
      const plan = pathPlan({ economy, epochs, deposits, pool });
      const middle = {
        people: Float64Array.from({ length: epochs }, (_, epoch) => 100 + epoch),
        logPrice: new Float64Array(epochs).fill(logarithmOf(referencePrice(economy))),
        epochLength: economy.epochLength,
      };
      for (const states of pathStates(seed(), 0, runs(10, 100))) {
        const drawn = { people: new Float64Array(epochs), logPrice: new Float64Array(epochs) };
        drawPath(middle, CHANCES, states, drawn);
        const { ofBound, ofAll, relative } = apart(economy, plan, drawn, deposits);
        expect(ofBound, 'within the bound').to.be.at.most(1);
        expect(relative, 'the bound is what is stated').to.be.below(STATED);
        expect(ofAll).to.be.below(STATED);
      }
    });
  }

  it('stays within its bound for any law, price, crowd, cap, cohort and deposit', function () {
    this.timeout(120_000);
    const source = random('doubles');
    for (let run = 0; run < runs(30, 1000); run++) {
      const epochs = 1 + source.index(300);
      const smoothing = source.index(200);
      const length = 86_400;
      const every = 1 + source.index(30);
      // At most as many cohorts at a time as an account may have.
      const durationOf = (): number => (source.index(3) === 0 ? 0 : 1 + source.index(11 * every * length));
      const law = {
        ...{ smoothing, rho: smoothing === 0 ? 0n : WAD / BigInt(smoothing * (1 + source.index(3))) },
        ...{ alpha: source.bits(60) % WAD, hasLaw: source.index(4) > 0 },
      };
      const given: Partial<EconomyParameters> = {
        epochLength: length,
        terms: [
          { from: 0, value: { cohortEpochs: every, duration: durationOf() } },
          { from: every * (1 + source.index(4)), value: { cohortEpochs: every, duration: durationOf() } },
        ],
        accountCap: [{ from: 0, value: source.index(2) === 0 ? WAD : WAD / BigInt(1 + source.index(300)) }],
      };
      const economy = economyWith(law, given);
      const deposits = new Map(Array.from({ length: 3 }, () => [source.index(epochs), source.bits(95)]));
      const plan = pathPlan({ economy, epochs, deposits });
      const people = Array.from({ length: epochs }, () =>
        Number(source.index(4) === 0 ? source.bits(32) : source.bits(8)),
      );
      const prices = people.map(() => (source.index(8) === 0 ? 0n : 10n ** 12n + source.bits(80)));
      expect(apart(economy, plan, path(people, prices), deposits).ofBound, `run ${run}`).to.be.at.most(1);
    }
  });

  it('takes nobody, no price, one epoch, and epochs after the end of the curve', () => {
    const { economy } = presetOf('lingopod').parameters;
    const plan = pathPlan({ economy, epochs: 400 });
    const nobody = inDoubles(plan, path(new Array<number>(400).fill(0), new Array<bigint>(400).fill(0n)));
    expect(nobody.map(({ granted, valuePerMiner, locked }) => granted + valuePerMiner + locked)).to.deep.equal(
      new Array<number>(400).fill(0),
    );
    expect(Math.abs(nobody[399]!.reserve / plan.emitted[399]! - 1)).to.be.at.most(1e-12);

    const one = pathPlan({ economy, epochs: 1 });
    expect(apart(economy, one, path([500], [LAW.priceRef])).ofBound).to.be.at.most(1);
    expect(inDoubles(one, path([500], [0n]))[0]!.granted > 0).to.equal(true);
    expect(() => pathPlan({ economy, epochs: 0 })).to.throw(RangeError);

    const short = economyWith({}, { curve: [{ end: economy.start + 604_800, cumulative: 1000n * WAD }] });
    const after = pathPlan({ economy: short, epochs: 500 });
    const [people, prices] = [new Array<number>(500).fill(500), new Array<bigint>(500).fill(LAW.priceRef)];
    expect(apart(short, after, path(people, prices)).ofBound).to.be.at.most(1);
    expect(inDoubles(after, path(people, prices))[499]!.injected > 0).to.equal(true);
  });

  it('refuses release terms that change inside a cohort', () => {
    const terms = [
      { from: 0, value: { cohortEpochs: 30, duration: 86_400 } },
      { from: 10, value: { cohortEpochs: 5, duration: 86_400 } },
    ];
    expect(() => pathPlan({ economy: economyWith({}, { terms }), epochs: 40 })).to.throw(RangeError, 'epoch 10');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import { WAD } from '../../src/protocol/fixed-point.ts';
import { heldUntilNext, participationPath } from '../../src/simulation/participation-paths.ts';
import type { PriceStory } from '../../src/simulation/price-paths.ts';
import { pricePath, squareRootDown } from '../../src/simulation/price-paths.ts';
import { spreadByWeights } from '../../src/simulation/spread.ts';
import { inUnits, variationOf } from '../../src/simulation/statistics.ts';
import { runs, seed } from '../support/effort.ts';

const DAY = 86_400;
const path = (story: PriceStory, epochs: number, seedOfPath = 1): bigint[] =>
  pricePath({ story, epochs, epochLength: DAY, reference: 2n * WAD, seed: seedOfPath });

describe('spreadByWeights', () => {
  it('gives those left over to the largest remainders, the earlier task first', () => {
    const quarters = [WAD / 4n, WAD / 4n, WAD / 4n, WAD / 4n];
    expect(spreadByWeights(7, quarters)).to.deep.equal([2, 2, 2, 1]);
    expect(spreadByWeights(7, [(4n * WAD) / 10n, (2n * WAD) / 10n, WAD / 10n, (3n * WAD) / 10n])).to.deep.equal([
      3, 1, 1, 2,
    ]);
    expect(spreadByWeights(0, quarters)).to.deep.equal([0, 0, 0, 0]);
  });

  it('places everybody, and each task within one of its share', () => {
    const shares = fc.array(fc.bigInt({ min: 1n, max: 1000n }), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(shares, fc.nat(1_000_000), (parts, people) => {
        const sum = parts.reduce((total, part) => total + part, 0n);
        const weights = parts.map((part) => (part * WAD) / sum);
        weights[0]! += WAD - weights.reduce((total, weight) => total + weight, 0n);
        const counts = spreadByWeights(people, weights);
        expect(counts.reduce((total, count) => total + count, 0)).to.equal(people);
        counts.forEach((count, i) => {
          const exact = BigInt(people) * weights[i]!;
          const placed = BigInt(count) * WAD;
          expect(placed - exact < WAD && exact - placed < WAD).to.be.true;
        });
      }),
      { numRuns: runs(300, 5000), seed: seed() },
    );
  });
});

describe('participationPath', () => {
  it('goes from one number to the other in equal steps, up and down, first and last exact', () => {
    expect(participationPath({ from: 100, to: 200 }, 5)).to.deep.equal([100, 125, 150, 175, 200]);
    expect(participationPath({ from: 10, to: 0 }, 4)).to.deep.equal([10, 7, 4, 0]);
    expect(participationPath({ from: 7, to: 7 }, 2)).to.deep.equal([7, 7]);
    expect(participationPath({ from: 7, to: 9 }, 1)).to.deep.equal([7]);
  });
});

describe('heldUntilNext', () => {
  it('holds a value until the next one is given, and the first one before it', () => {
    const given = [
      { epoch: 2, value: 'a' },
      { epoch: 3, value: 'b' },
      { epoch: 9, value: 'c' },
    ];
    expect(heldUntilNext(given, 6)).to.deep.equal(['a', 'a', 'a', 'b', 'b', 'b']);
    expect(() => heldUntilNext([], 1)).to.throw(RangeError);
  });
});

describe('pricePath', () => {
  it('stays at the reference', () => {
    expect(path('flat', 3)).to.deep.equal([2n * WAD, 2n * WAD, 2n * WAD]);
  });

  it('falls by 80 % within 30 days from the middle on, or rises to five times as much', () => {
    const [crash, boom] = [path('crash', 100), path('boom', 100)];
    expect(crash[49]).to.equal(2n * WAD);
    expect(crash[50]! < 2n * WAD).to.be.true;
    expect(crash.slice(79)).to.deep.equal(crash.slice(79).map(() => (4n * WAD) / 10n));
    expect(boom.slice(79)).to.deep.equal(boom.slice(79).map(() => 10n * WAD));
    expect(crash[78]! > crash[79]!).to.be.true;
  });

  it('walks the same way on every machine', () => {
    const walk = path('random', 5);
    expect(walk).to.deep.equal(path('random', 5));
    expect(walk).to.not.deep.equal(path('random', 5, 2));
    expect(walk.map(String)).to.deep.equal(KNOWN_WALK);
  });

  it('walks 80 % in a year as a standard deviation of the logarithm, and never beyond a hundred times', () => {
    const ends = Array.from({ length: 400 }, (_, i) => Math.log(inUnits(path('random', 366, i).at(-1)!) / 2));
    const deviation = Math.sqrt(ends.reduce((sum, end) => sum + end * end, 0) / ends.length);
    expect(deviation).to.be.within(0.72, 0.88);
    for (const price of path('random', 60_000)) expect(price >= WAD / 50n - 1n && price <= 200n * WAD + 1n).to.be.true;
  });
});

describe('squareRootDown', () => {
  it('is the whole part of the root', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 200n }), (value) => {
        const root = squareRootDown(value);
        expect(root * root <= value && (root + 1n) * (root + 1n) > value).to.be.true;
      }),
      { numRuns: runs(300, 5000), seed: seed() },
    );
  });
});

describe('variationOf', () => {
  it('gives mean, deviation ÷ mean and the deepest fall', () => {
    const { mean, coefficient, drawdown } = variationOf([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([mean, coefficient, drawdown]).to.deep.equal([5, 0.4, 0]);
    expect(variationOf([4, 10, 5, 8, 2, 12]).drawdown).to.equal(0.8);
  });

  it('takes nothing and all zeros', () => {
    expect(variationOf([])).to.deep.equal({ mean: 0, coefficient: 0, drawdown: 0 });
    expect(variationOf([0, 0])).to.deep.equal({ mean: 0, coefficient: 0, drawdown: 0 });
  });
});

/** The first five days of the walk with seed 1. */
const KNOWN_WALK: readonly string[] = [
  '2000000000000000000',
  '2021039687444749236',
  '2107435186206840978',
  '2000000000000000000',
  '2000000000000000000',
];

import { expect } from 'chai';

import { presetOf } from '../../../scripts/economics/simulated.ts';
import { expWad, WAD } from '../../../src/protocol/fixed-point.ts';
import { crowdTable, measureCrowd } from '../../../src/simulation/monte-carlo/crowd-table.ts';
import { drawPath } from '../../../src/simulation/monte-carlo/draw-path.ts';
import { expOf } from '../../../src/simulation/monte-carlo/exp.ts';
import { runPaths, sampledEpochs, splitPaths } from '../../../src/simulation/monte-carlo/path-batch.ts';
import { logarithmOf, pathPlan } from '../../../src/simulation/monte-carlo/path-plan.ts';
import { pathQuantiles, quantilesOf } from '../../../src/simulation/monte-carlo/quantiles.ts';
import { bitsIn, pathStates, randomWords } from '../../../src/simulation/monte-carlo/random-words.ts';
import { bitsSet } from '../../../src/simulation/random.ts';
import { referencePrice } from '../../../src/simulation/simulate-preset.ts';
import { spreadByWeights } from '../../../src/simulation/spread.ts';
import { runPathsApart } from '../../../src/store/run-paths-apart.ts';
import { random, runs } from '../../support/effort.ts';
import { CHANCES } from '../../support/path-pair.ts';

function taskOf(epochs: number, seed = 7) {
  const { economy } = presetOf('lingopod').parameters;
  const middle = {
    people: new Float64Array(epochs).fill(1000),
    logPrice: new Float64Array(epochs).fill(logarithmOf(referencePrice(economy))),
    epochLength: economy.epochLength,
  };
  const plan = pathPlan({ economy, epochs });
  return { plan, middle, chances: CHANCES, seed, sampled: sampledEpochs(epochs, 20) };
}

describe('expOf', () => {
  it('is within a unit of the last place of the exponential that the contracts compute to 18 places', () => {
    const source = random('exp');
    for (let run = 0; run < runs(2000, 100_000); run++) {
      // Whole 2^-40s are the same to both: as a double and, to 1e-18, as a wad.
      const x = (source.index(2 ** 47) - 2 ** 46) / 2 ** 40;
      const exact = expWad((BigInt(x * 2 ** 40) * WAD) / 2n ** 40n);
      const off = Math.abs(Number(BigInt(Math.round(expOf(x) * 1e18)) - exact));
      expect(off, `${x}`).to.be.at.most(Number(exact) * 2 ** -52 + Number(exact) * 1e-18 + 3);
    }
    expect([expOf(0), expOf(-Infinity), expOf(-701)]).to.deep.equal([1, 0, 0]);
    expect(expOf(701)).to.equal(expOf(700));
  });
});

describe('random words', () => {
  it('are those of xoshiro128**, computed here with bigints', () => {
    const [seedOfState] = pathStates(42, 0, 1);
    const words = randomWords(seedOfState!.price);
    const low = (x: bigint): bigint => BigInt.asUintN(32, x);
    const rotated = (x: bigint, by: bigint): bigint => low((low(x) << by) | (low(x) >> (32n - by)));
    const [first, second] = seedOfState!.price;
    let [a, b, c, d] = [low(first), first >> 32n, low(second), second >> 32n];
    for (let run = 0; run < 1000; run++) {
      const word = words();
      expect(BigInt(word)).to.equal(low(rotated(b * 5n, 7n) * 9n));
      expect(bitsIn(word)).to.equal(bitsSet(BigInt(word)));
      const t = low(b << 9n);
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = rotated(d, 11n);
    }
    expect(randomWords([0n, 0n])()).to.equal(randomWords([1n, 0n])());
  });

  it('give a path the same ones however many there are', () => {
    expect(pathStates(3, 5, 9)).to.deep.equal(pathStates(3, 0, 20).slice(5, 9));
    expect(new Set(pathStates(3, 0, 500).map(({ price }) => price.join())).size).to.equal(500);
  });
});

describe('measureCrowd', () => {
  it('spreads people as spreadByWeights does, to the last of them, for any weights and any crowd', () => {
    const source = random('crowds');
    for (let run = 0; run < runs(500, 20_000); run++) {
      const parts = Array.from(
        { length: 1 + source.index(12) },
        () => 1n + source.bits(source.index(2) === 0 ? 4 : 50),
      );
      const sum = parts.reduce((total, part) => total + part, 0n);
      const unit = source.index(2) === 0 ? WAD / 100n : 1n;
      const weights = parts.map((part) => ((part * WAD) / sum / unit) * unit);
      weights[0]! += WAD - weights.reduce((total, weight) => total + weight, 0n);
      const people = Number(source.bits(32));
      const counts = new Float64Array(weights.length);
      const crowd = { effective: 0, granted: 0 };
      measureCrowd(crowdTable(weights, WAD), people, counts, crowd);
      expect([...counts]).to.deep.equal(spreadByWeights(people, weights));
    }
  });
});

describe('drawn paths', () => {
  it('have the volatility, the drift and the crowd that were asked for, and the middle without any', () => {
    const epochs = 366;
    const middle = {
      people: new Float64Array(epochs).fill(1e6),
      logPrice: new Float64Array(epochs),
      epochLength: 86_400,
    };
    const drawn = { people: new Float64Array(epochs), logPrice: new Float64Array(epochs) };
    const ends = pathStates(11, 0, 2000).map((states) => {
      drawPath(middle, { volatility: 0.5, drift: 0.2, crowdVolatility: 0.3, shocks: 0 }, states, drawn);
      return [drawn.logPrice[365]!, Math.log(drawn.people[365]! / 1e6)] as const;
    });
    for (const [at, mean, deviation] of [
      [0, 0.2, 0.5],
      [1, 0, 0.3],
    ] as const) {
      const values = ends.map((end) => end[at]);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length);
      // Five standard errors of 2,000 draws.
      expect(Math.abs(average - mean)).to.be.at.most((5 * deviation) / Math.sqrt(2000));
      expect(Math.abs(spread - deviation)).to.be.at.most((5 * deviation) / Math.sqrt(4000));
    }
    const none = { volatility: 0, drift: 0, crowdVolatility: 0, shocks: 0 };
    drawPath(middle, none, pathStates(1, 0, 1)[0]!, drawn);
    expect(drawn).to.deep.equal({ people: middle.people, logPrice: middle.logPrice });
  });

  it('lose half of the people in a shock and get half of them back within a year', () => {
    const epochs = 800;
    const middle = {
      people: new Float64Array(epochs).fill(1e6),
      logPrice: new Float64Array(epochs),
      epochLength: 86_400,
    };
    const drawn = { people: new Float64Array(epochs), logPrice: new Float64Array(epochs) };
    const chances = { volatility: 0, drift: 0, crowdVolatility: 0, shocks: 0.4 };
    let losses = 0;
    for (const states of pathStates(5, 0, 500)) {
      drawPath(middle, chances, states, drawn);
      const at = drawn.people.findIndex((count) => count < 1e6);
      if (at < 0) continue;
      expect(drawn.people[at]).to.equal(500_000);
      const yearAfter = drawn.people.subarray(at, at + 366);
      const isAlone = yearAfter.every((count, i) => i === 0 || count >= yearAfter[i - 1]!);
      if (isAlone && yearAfter.length === 366) expect(Math.abs(yearAfter[365]! - 750_000)).to.be.at.most(400);
      losses++;
    }
    // 1 − e^(−0.4 · 799 / 365.25) of 500, within five standard errors.
    expect(Math.abs(losses - 291.6)).to.be.at.most(56);
  });
});

describe('a batch of paths', () => {
  it('is the same for the same seed and another one for another seed', () => {
    const [task, other] = [taskOf(500), taskOf(500, 8)];
    expect(runPaths(task, 0, 5)).to.deep.equal(runPaths(task, 0, 5));
    expect(runPaths(task, 0, 5).figures).to.not.deep.equal(runPaths(other, 0, 5).figures);
  });

  it('gives the same quantiles however it is split over threads', async function () {
    this.timeout(60_000);
    const task = taskOf(400);
    const [one, three] = [await runPathsApart(task, 31, 1), await runPathsApart(task, 31, 3)];
    expect([one.length, three.length]).to.deep.equal([1, 3]);
    const quantiles = pathQuantiles(one, 31, task.sampled.length);
    expect(pathQuantiles(three, 31, task.sampled.length)).to.deep.equal(quantiles);
    expect(quantiles.figures.reserve).to.have.lengthOf(20);
    for (const levels of quantiles.figures.reserve) expect([...levels].sort((a, b) => a - b)).to.deep.equal(levels);
  });

  it('is split into parts that leave out nobody, and samples the last epoch', () => {
    expect(splitPaths(10, 3)).to.deep.equal([
      [0, 3],
      [3, 6],
      [6, 10],
    ]);
    expect(splitPaths(2, 8)).to.have.lengthOf(2);
    expect(splitPaths(5, 0)).to.deep.equal([[0, 5]]);
    expect([...sampledEpochs(7, 3)]).to.deep.equal([2, 5, 6]);
    expect([...sampledEpochs(1, 120)]).to.deep.equal([0]);
    expect(sampledEpochs(7305, 120).at(-1)).to.equal(7304);
  });
});

describe('quantilesOf', () => {
  it('lies between two values in proportion', () => {
    expect(quantilesOf(Float64Array.of(50, 10, 40, 20, 30))).to.deep.equal([12, 20, 30, 40, 48]);
    expect(quantilesOf(Float64Array.of(3))).to.deep.equal([3, 3, 3, 3, 3]);
  });
});

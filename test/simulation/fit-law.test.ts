import { expect } from 'chai';

import { WAD } from '../../src/protocol/fixed-point.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { logisticDown } from '../../src/protocol/reserve-math.ts';
import { parseRatio } from '../../src/settlement/preset/decimals.ts';
import type { Benchmark } from '../../src/simulation/fit-law.ts';
import { fitLaw } from '../../src/simulation/fit-law.ts';
import { random, runs } from '../support/effort.ts';

const points = (given: Readonly<Record<number, string>>): Benchmark[] =>
  Object.entries(given).map(([n, y]) => ({ participants: Number(n), withheld: parseRatio(y)! }));

/** What LingoPod publishes: y = 1 − L, and the A, B, C that make it. */
const PUBLISHED = points({ 10: '0.9499999969308052', 100: '0.7000000006186333', 1000: '0.011666667779574591' });
const FIGURES = { a: 988_333_333_912_756_600n, b: 23_351_015_961_853_240n, c: 135_565_508_037_430_160_000n };

const wad = (value: number): bigint => BigInt(Math.round(value * 1e9)) * 10n ** 9n;
const relative = (value: bigint, expected: bigint): number => Number(value - expected) / Number(expected);
const codeOf = (given: readonly Benchmark[]): string => {
  try {
    fitLaw(given);
  } catch (error) {
    return error instanceof InputError ? `${error.code}: ${error.shortMessage}` : String(error);
  }
  return 'no error';
};

describe('fitLaw', () => {
  it("gives LingoPod's published A, B, C back from its published y values, to a thousand-millionth", () => {
    const fit = fitLaw(PUBLISHED);
    expect(fit.method).to.equal('exact');
    for (const key of ['a', 'b', 'c'] as const) {
      expect(Math.abs(relative(fit[key], FIGURES[key])), key).to.be.below(1e-9);
    }
  });

  it('meets three points to 1e-15 by the arithmetic of the contracts', () => {
    for (const given of [
      PUBLISHED,
      points({ 10: '95%', 100: '70%', 1000: '7/600' }),
      points({ 5: '0.8', 45: '0.5', 95: '0.2' }),
    ]) {
      for (const { residual } of fitLaw(given).points) expect(Number(residual)).to.be.within(-1000, 1000);
    }
  });

  for (const last of [1_000, 50_000, 100_000, 1_000_000, 1_000_000_000, 1_000_000_000_000]) {
    it(`finds the law whose last point is ${last} participants, where exp(−B·(n − C)) is too small for a float`, () => {
      const fit = fitLaw(points({ 10: '95%', 100: '70%', [last]: '1%' }));
      expect(Math.abs(relative(fit.a, (99n * WAD) / 100n))).to.be.below(1e-8);
      expect(Math.abs(Number(fit.b) / 1e18 - 0.0233) < 1e-4, `b ${fit.b}`).to.equal(true);
      expect(Math.abs(Number(fit.c) / 1e18 - 135.7) < 0.1, `c ${fit.c}`).to.equal(true);
      for (const { residual } of fit.points) expect(Number(residual)).to.be.within(-1000, 1000);
    });
  }

  it('finds any law again from three of its points, however far apart', () => {
    const source = random('fit');
    const within = (least: number, most: number): number => least + (source.index(1_000_001) / 1e6) * (most - least);
    for (let run = 0; run < runs(300, 3000); run++) {
      const [a, b, c] = [within(0.05, 0.999), 10 ** within(-4, -0.7), within(10, 1_000_000)];
      const law = { a: wad(a), b: wad(b), c: wad(c) };
      const near = Math.max(1, Math.floor(c - within(0.5, 4) / b));
      const far = near + Math.ceil(within(1, 4) / b);
      const last = source.index(3) === 0 ? 1_000_000_000 : far + Math.ceil(10 ** within(0, 8) / b);
      const given = [near, far, last].map((participants) => ({
        participants,
        withheld: WAD - logisticDown(law, BigInt(participants) * WAD),
      }));
      const fit = fitLaw(given);
      const what = `${a} ${b} ${c} at ${near} ${far} ${last}`;
      // C is found as a float: the larger it is, the coarser, and B times that is what a level is off.
      const coarse = 1e6 + b * c * 1e18 * Number.EPSILON;
      for (const { residual } of fit.points) expect(Number(residual), what).to.be.within(-coarse, coarse);
      expect(Math.abs(relative(fit.b, law.b)), what).to.be.below(1e-6);
    }
  });

  it('does not mind the order of the points', () => {
    expect(fitLaw([...PUBLISHED].reverse())).to.deep.equal(fitLaw(PUBLISHED));
  });

  it('finds a law again from more of its own points than three', () => {
    const law = { a: (9n * WAD) / 10n, b: WAD / 50n, c: 80n * WAD };
    const given = [1, 20, 60, 100, 200, 400].map((participants) => ({
      participants,
      withheld: WAD - logisticDown(law, BigInt(participants) * WAD),
    }));
    const fit = fitLaw(given);
    expect(fit.method).to.equal('least squares');
    for (const key of ['a', 'b', 'c'] as const) expect(Math.abs(relative(fit[key], law[key])), key).to.be.below(1e-6);
  });

  it('comes closer to points that no law meets than any law a little to the side of it', () => {
    const given = points({ 10: '94%', 60: '80%', 100: '71%', 300: '3%', 1000: '1%', 4000: '1.5%' });
    const squares = (law: typeof FIGURES): number =>
      given.reduce((sum, { participants, withheld }) => {
        const rest = Number(WAD - logisticDown(law, BigInt(participants) * WAD) - withheld) / 1e18;
        return sum + rest * rest;
      }, 0);
    const { a, b, c } = fitLaw(given);
    const best = squares({ a, b, c });
    for (const key of ['a', 'b', 'c'] as const) {
      for (const part of [999n, 1001n]) {
        const aside = { a, b, c, [key]: ({ a, b, c }[key] * part) / 1000n };
        if (aside.a <= WAD) expect(squares(aside), `${key} · ${part}/1000`).to.be.above(best);
      }
    }
  });

  it('says what is wrong with points that cannot be fitted', () => {
    expect(codeOf(PUBLISHED.slice(1))).to.include('FIT_INVALID: three benchmarks');
    expect(codeOf([...PUBLISHED, ...PUBLISHED])).to.include('FIT_INVALID: two benchmarks have the same number');
    expect(codeOf(points({ 10: '1', 100: '0.5', 1000: '0.1' }))).to.include('FIT_INVALID: the part withheld');
    expect(codeOf(points({ 10: '0.5', 100: '0.5', 1000: '0' }))).to.include('FIT_INVALID: the part withheld');
    expect(codeOf(points({ 10: '0.5', 100: '0.7', 1000: '0.9' })))
      .to.include('FIT_IMPOSSIBLE')
      .and.include('100');
    expect(codeOf(points({ 10: '0.9', 100: '0.5', 110: '0.001' })))
      .to.include('FIT_IMPOSSIBLE')
      .and.include('A would');
    expect(codeOf(points({ 5: '0.3', 105: '0.2', 205: '0.19' })))
      .to.include('FIT_IMPOSSIBLE')
      .and.include('C would');
    expect(codeOf(points({ 1: '0.1', 20: '0.5', 60: '0.9', 100: '0.99' })))
      .to.include('FIT_IMPOSSIBLE')
      .and.include('100 withhold no less than 1');
    expect(codeOf(points({ 1: '0.99999', 2: '0.02', 3: '0.01' })))
      .to.include('FIT_IMPOSSIBLE')
      .and.include('B would');
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { effectiveParticipants, logisticDown } from '../../../src/protocol/reserve-math.ts';
import { presetNamed } from '../../support/presets.ts';

const { ethers } = await network.create();
const harness = await ethers.deployContract('LibraryHarness');

const WAD = 10n ** 18n;
/** 1e-12 in 18 decimals. */
const TOLERANCE = 10n ** 6n;

/** The seven published values of y = 1 − L(n), in 18 decimals. */
const PUBLISHED: readonly (readonly [number, bigint])[] = [
  [10, 949_999_996_930_805_200n],
  [100, 700_000_000_618_633_300n],
  [1000, 11_666_667_779_574_591n],
  [5000, 11_666_666_087_243_427n],
  [10_000, 11_666_666_087_243_427n],
  [50_000, 11_666_666_087_243_427n],
  [100_000, 11_666_666_087_243_427n],
];

/**
 * Three tasks of 50, 30 and 20 % with 10, 20 and 5 participants, by hand:
 * 3 · (0.5 · 10 + 0.3 · 20 + 0.2 · 5) = 3 · (5 + 6 + 1) = 36.
 */
const WEIGHTS = [WAD / 2n, (WAD * 3n) / 10n, WAD / 5n];
const PARTICIPANTS = [10, 20, 5];

/** LingoPod's own five weights of 30, 20, 30, 10 and 10 %: 5 · (0.3·100 + 0.2·50 + 0.3·40 + 0.1·7 + 0.1·3) = 5 · 53 = 265. */
const POD_PARTICIPANTS = [100, 50, 40, 7, 3];

function law() {
  const found = presetNamed('lingopod').reserve.law;
  if (found === null) throw new TypeError('LingoPod has a law');
  return found;
}

const near = (value: bigint, published: bigint) => value - published <= TOLERANCE && published - value <= TOLERANCE;

describe('the published law of LingoPod', () => {
  it('the seven published y values to 1e-12 off chain', () => {
    for (const [n, y] of PUBLISHED) {
      const withheld = WAD - logisticDown(law(), BigInt(n) * WAD);
      expect(near(withheld, y), `y(${n}) = ${withheld}`).to.equal(true);
    }
  });

  it('the seven published y values to 1e-12 on chain', async () => {
    const { a, b, c } = law();
    const rows = PUBLISHED.map(([n]) => [a, b, c, BigInt(n) * WAD] as [bigint, bigint, bigint, bigint]);
    const levels = await harness.logistic(rows);
    PUBLISHED.forEach(([n, y], index) => {
      const withheld = WAD - (levels[index] ?? 0n);
      expect(near(withheld, y), `y(${n}) = ${withheld}`).to.equal(true);
    });
  });

  it('n_eff with unequal weights by hand-computed example: 36 and 265', async () => {
    const pod = presetNamed('lingopod').tasks.map(({ weight }) => weight);
    expect(effectiveParticipants(WEIGHTS, PARTICIPANTS)).to.equal(36n * WAD);
    expect(effectiveParticipants(pod, POD_PARTICIPANTS)).to.equal(265n * WAD);
    expect(await harness.effectiveParticipants([WEIGHTS, pod], [PARTICIPANTS, POD_PARTICIPANTS])).to.deep.equal([
      36n * WAD,
      265n * WAD,
    ]);
  });
});

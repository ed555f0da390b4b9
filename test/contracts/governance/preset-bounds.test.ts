import { expect } from 'chai';
import { network } from 'hardhat';

import { BOUNDS } from '../../../src/settlement/preset/bounds.ts';
import { presetParameters } from '../../../src/settlement/preset/preset-parameters.ts';
import { CAP, governanceSteps } from '../../support/governance-fixture.ts';
import { presetNamed, PRESETS, presetText } from '../../support/presets.ts';
import { loadPreset } from '../../../src/settlement/preset/load-preset.ts';

const hardhat = await network.create();
const { fresh, loadFixture } = governanceSteps(hardhat);

describe('bounds of a preset', () => {
  it('GOV-2 are those that the governor and the timelock have in code', async () => {
    const { governor, timelock } = await loadFixture(fresh);
    const numbers = async (...values: readonly Promise<bigint>[]) => (await Promise.all(values)).map(Number);
    const pair = ({ min, max }: { readonly min: number; readonly max: number }) => [min, max];
    expect(await numbers(governor.MIN_VOTING_DELAY(), governor.MAX_VOTING_DELAY())).to.deep.equal(
      pair(BOUNDS.votingDelay),
    );
    expect(await numbers(governor.MIN_VOTING_PERIOD(), governor.MAX_VOTING_PERIOD())).to.deep.equal(
      pair(BOUNDS.votingPeriod),
    );
    expect([await governor.MIN_QUORUM(), await governor.MAX_QUORUM()]).to.deep.equal([
      BOUNDS.quorum.min,
      BOUNDS.quorum.max,
    ]);
    expect(await governor.MAX_LATE_QUORUM()).to.equal(BOUNDS.lateQuorum.max);
    expect(await governor.maxProposalThreshold()).to.equal(CAP / BOUNDS.thresholdParts);
    expect(await numbers(timelock.MIN_MIN_DELAY(), timelock.MAX_MIN_DELAY())).to.deep.equal(pair(BOUNDS.minDelay));
  });

  for (const name of PRESETS) {
    it(`hold for ${name}, and what lies outside is refused with its path`, () => {
      const { voting, economy } = presetParameters(presetNamed(name), 1_999_987_200);
      const cap = economy.genesis + economy.curve.at(-1)!.cumulative;
      expect(voting!.proposalThreshold <= cap / BOUNDS.thresholdParts).to.equal(true);
      const withFigure = (key: string, value: string) =>
        presetText(name).replace(new RegExp(`("${key}": \\{\\s*"value": )"[^"]*"`), `$1"${value}"`);
      for (const [key, value] of [
        ['lateQuorum', '8 days'],
        ['proposalThreshold', ((cap / 100n + 10n ** 18n) / 10n ** 18n).toString()],
        ['quorum', '0.51'],
        ['votingDelay', '59 minutes'],
        ['votingPeriod', '31 days'],
      ] as const) {
        expect(() => loadPreset(withFigure(key, value)), key).to.throw(key);
      }
    });
  }
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { presetParameters } from '../../../src/settlement/preset/preset-parameters.ts';
import { presetNamed, type PresetName } from '../../support/presets.ts';

const { ethers } = await network.create();

const WAD = 10n ** 18n;
const BILLION = 10n ** 9n * WAD;
const START = Date.parse('2018-09-01') / 1000;

/** The contract that a deployment of the preset has. */
async function curveOf(name: PresetName, variant?: string) {
  const { economy, lastEmissionEpoch } = presetParameters(presetNamed(name, variant), START);
  const table = economy.curve.map((period) => ({ ...period }));
  const contract = await ethers.deployContract('EmissionCurve', [economy.start, economy.epochLength, table]);
  return { contract, lastEmissionEpoch, end: table.at(-1)?.end ?? 0 };
}

describe('the curves of the presets on chain', () => {
  for (const [name, variant, total] of [
    ['lingoai', undefined, 45n * BILLION],
    ['lingopod', 'calibrated', (165n * BILLION) / 10n],
    ['lingopod', 'published', 12_250_000_000_000_006_220_532_222_201n],
    ['tnet', undefined, 6n * BILLION],
    ['langx', undefined, 36_500_000n * WAD],
  ] as const) {
    it(`${name}${variant === undefined ? '' : ` (${variant})`} emits its total, and nothing after its last epoch`, async () => {
      const { contract, lastEmissionEpoch, end } = await curveOf(name, variant);
      expect(await contract.TOTAL()).to.equal(total);
      expect(await contract.emittedBy(end)).to.equal(total);
      expect(await contract.emittedBy(end - 1)).to.be.lessThan(total);
      expect(await contract.budgetOf(lastEmissionEpoch)).to.be.greaterThan(0n);
      expect(await contract.budgetOf(lastEmissionEpoch + 1)).to.equal(0n);
    });
  }

  it('LangX: every UTC day exactly 10,000', async () => {
    const { contract } = await curveOf('langx');
    for (const day of [0, 1, 29, 182, 364, 365, 1460, 3648, 3649]) {
      expect(await contract.budgetOf(day), `day ${day}`).to.equal(10_000n * WAD);
    }
  });
});

import { encodeBytes32String, ZeroAddress } from 'ethers';
import { network } from 'hardhat';

import { checksumAddress } from '../../src/protocol/brands.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { Governed } from '../support/voted-world.ts';
import { deployHandedOver, expectBound, pass, START, weightTable } from '../support/voted-world.ts';
import type { World } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);
const WAD = 10n ** 18n;
const WEEK = 604_800;
const FROM = 2;
const STRANGER = `0x${'11'.repeat(20)}`;

describe('a bound fixed in code holds against every vote, and stands in the error', () => {
  type Bound = readonly [string, ...unknown[]];
  const late = 60; // beyond MAX_LEAD
  const law = { hasLaw: true, a: WAD, b: WAD, c: WAD, alpha: 0n, priceRef: WAD, smoothing: 10, rho: 0n };
  const reserveLaw = { ...law, priceSource: ZeroAddress };
  const out = (name: string, ...values: readonly bigint[]) =>
    ['StabilizationReserve_OutOfRange', encodeBytes32String(name), ...values] as const;
  const governed = (name: string, ...values: readonly bigint[]) =>
    ['MiningGovernor_OutOfRange', encodeBytes32String(name), ...values] as const;
  const scores = (value: bigint) => [1, 2, 3, 4].map((task) => ({ task, minScore: task === 3 ? value : 1n }));
  const start = START + late * WEEK;
  const latest = START + 366 * 86_400;
  const CASES: readonly (readonly [what: string, call: Governed, error: Bound | ((voted: World) => Bound)])[] = [
    [
      'a weight below a tenth of a percent',
      ['registry', 'scheduleTasks', [FROM, weightTable([1, 40n], [2, 20n], [3, 0n], [4, 40n])]],
      ['TaskRegistry_WeightTooLow', 3, 0n, WAD / 1000n],
    ],
    [
      'weights that sum to less than 1',
      ['registry', 'scheduleTasks', [FROM, weightTable([1, 40n], [2, 20n], [3, 10n], [4, 29n])]],
      ['TaskRegistry_WeightSumWrong', (99n * WAD) / 100n, WAD],
    ],
    ['a task added twice', ['registry', 'addTask', [3, 'again']], ['TaskRegistry_TaskExists', 3]],
    [
      'a change beyond 366 days',
      ['registry', 'scheduleTasks', [late, weightTable([1, 40n], [2, 20n], [3, 10n], [4, 30n])]],
      ['TaskRegistry_TooFarAhead', late, start, latest],
    ],
    [
      'a policy without a hash',
      ['registry', 'schedulePolicy', [FROM, `0x${'0'.repeat(64)}`, '', scores(1n)]],
      ['TaskRegistry_PolicyHashZero'],
    ],
    [
      'a minimum score of 0',
      ['registry', 'schedulePolicy', [FROM, `0x${'ab'.repeat(32)}`, '', scores(0n)]],
      ['TaskRegistry_MinScoreZero', 3],
    ],
    [
      'a half to the foundation',
      ['parameters', 'scheduleFoundation', [FROM, STRANGER, WAD / 2n]],
      ['EpochParameters_ShareOutOfBounds', WAD / 2n, WAD / 2n - 1n],
    ],
    [
      'a cap below a tenth of a percent',
      ['parameters', 'scheduleAccountCap', [FROM, WAD / 1000n - 1n]],
      ['EpochParameters_CapOutOfBounds', WAD / 1000n - 1n, WAD / 1000n, WAD],
    ],
    [
      'acceleration of more than all',
      ['parameters', 'scheduleAccelerationBound', [FROM, WAD + 1n]],
      ['EpochParameters_AccelerationOutOfBounds', WAD + 1n, WAD],
    ],
    [
      'a window under 6 hours',
      ['parameters', 'scheduleChallenge', [FROM, 21_599, WAD]],
      ['EpochParameters_WindowOutOfBounds', 21_599, 21_600, WEEK / 2],
    ],
    [
      'a window over half an epoch',
      ['parameters', 'scheduleChallenge', [FROM, WEEK / 2 + 1, WAD]],
      ['EpochParameters_WindowOutOfBounds', WEEK / 2 + 1, 21_600, WEEK / 2],
    ],
    [
      'a bond that nobody could pay',
      ['parameters', 'scheduleChallenge', [FROM, 21_600, 1001n * WAD]],
      ['EpochParameters_BondOutOfBounds', 1001n * WAD, WAD / 1000n, 1000n * WAD],
    ],
    [
      'a factor above 1',
      ['reserve', 'scheduleParameters', [FROM, { ...reserveLaw, a: WAD + 1n }]],
      out('a', WAD + 1n, 1n, WAD),
    ],
    [
      'all of the reserve at once',
      ['reserve', 'scheduleParameters', [FROM, { ...reserveLaw, smoothing: 1 }]],
      out('smoothing', 1n, 2n, 3650n),
    ],
    [
      'more back than may leave',
      ['reserve', 'scheduleParameters', [FROM, { ...reserveLaw, rho: WAD / 10n + 1n }]],
      out('rho', WAD / 10n + 1n, 0n, WAD / 10n),
    ],
    [
      'a price that counts too much',
      ['reserve', 'scheduleParameters', [FROM, { ...reserveLaw, alpha: WAD + 1n }]],
      out('alpha', WAD + 1n, 0n, WAD),
    ],
    ['terms inside a cohort', ['vault', 'scheduleTerms', [3, 4, WEEK]], ['VestingVault_TermsInsideCohort', 3, 3n, 4n]],
    [
      'a release over more than 12 cohorts',
      ['vault', 'scheduleTerms', [4, 4, 48 * WEEK + 1]],
      ['VestingVault_DurationAboveMax', 48 * WEEK + 1, 48 * WEEK],
    ],
    [
      'a delay under a day',
      ['timelock', 'updateDelay', [86_399]],
      ['MiningTimelock_DelayOutOfRange', 86_399, 86_400, 14 * 86_400],
    ],
    [
      'a quorum of less than a percent',
      ['governor', 'updateQuorumNumerator', [WAD / 100n - 1n]],
      governed('quorum', WAD / 100n - 1n, WAD / 100n, WAD / 2n),
    ],
    [
      'governance for somebody else',
      ['authority', 'grantRole', [3, STRANGER, 0]],
      ['MiningAuthority_RoleFixed', 3, STRANGER],
    ],
    [
      'another minter',
      ['token', 'setMinter', [STRANGER]],
      ({ chain }) => ['MiningToken_MinterAlreadySet', checksumAddress(chain.addresses.distributor)],
    ],
  ];
  async function carried() {
    const voted = await deployHandedOver(hardhat);
    const proposals = CASES.map(([, call]) => [call]);
    return { voted, passed: await pass(voted, proposals) };
  }

  for (const [index, [what, [key], error]] of CASES.entries()) {
    it(`GOV-2 ${what}`, async () => {
      const { voted, passed } = await loadFixture(carried);
      const expected = typeof error === 'function' ? error(voted) : error;
      await expectBound(voted, passed[index]!, key, expected);
    });
  }
});

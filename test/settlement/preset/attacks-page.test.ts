import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { budgetOf, createEmissionCurve } from '../../../src/protocol/emission-curve.ts';
import { splitPayout } from '../../../src/protocol/settlement-math.ts';
import type { Curve } from '../../../src/protocol/vesting-curve.ts';
import { EMPTY_CURVE, join, roll, totalOf, unlockedAt } from '../../../src/protocol/vesting-curve.ts';
import { cohortOf } from '../../../src/settlement/economy.ts';
import { curvePeriods } from '../../../src/settlement/preset/curve-periods.ts';
import type { Preset } from '../../../src/settlement/preset/load-preset.ts';
import { presetParameters } from '../../../src/settlement/preset/preset-parameters.ts';
import { formatWad } from '../../../src/settlement/preset/decimals.ts';
import { PRESETS, presetNamed } from '../../support/presets.ts';

const PAGE = new URL('../../../docs/trust-attacks.md', import.meta.url);
const HOUR = 3600;
const DAY = 24 * HOUR;
const GWEI = 10n ** 9n;
/** The first second from which the page counts. */
const START = Date.UTC(2027, 0, 1) / 1000;
/** The most gas that a proof may take. */
const PROOF_GAS = 1_500_000n;

describe('docs/trust-attacks.md', () => {
  it("gives the presets' own figures", () => {
    const rows = rowsUnder(/^\| preset +\| L /m);
    expect([...rows.keys()]).to.deep.equal(PRESETS);
    for (const name of PRESETS) {
      const preset = presetNamed(name);
      const { challenge, reserve, release } = preset;
      const { minDelay, voting } = presetParameters(preset, START);
      if (voting === null) throw new TypeError(`${name} does not say how its holders vote`);
      const vote = voting.votingDelay + voting.votingPeriod;
      expect(rows.get(name), name).to.deep.equal([
        inWords(preset.epochLength),
        inWords(challenge.window),
        formatWad(challenge.bond),
        inWords(minDelay),
        `${vote / DAY} (${(vote + voting.lateQuorum) / DAY}) days`,
        String(reserve.smoothing),
        inPercent(preset.foundation.share),
        inPercent(preset.accountCap),
        inPercent(preset.accelerationBound),
        release.over === 0
          ? 'at once'
          : `${release.over % (7 * DAY) === 0 ? release.over / (7 * DAY) : release.over / DAY} ${release.over % (7 * DAY) === 0 ? 'weeks' : 'days'}`,
        inMillions(minersOfFirstEpoch(preset)),
      ]);
    }
  });

  it('gives what follows from them', () => {
    const rows = rowsUnder(/^\| preset +\| stalled day /m);
    expect([...rows.keys()]).to.deep.equal(PRESETS);
    for (const name of PRESETS) {
      const { challenge, epochLength } = presetNamed(name);
      const { bond, window } = challenge;
      expect(rows.get(name), name).to.deep.equal([
        formatWad((bond * BigInt(DAY) * 4n) / (2n * 5n * BigInt(window))),
        formatWad(bond / 32n),
        inWords(window / 4),
        formatWad(depositsOf(160, bond)),
        `${epochLength / window} (${(epochLength * 4) / (window * 5)})`,
        `${bond / 2n / PROOF_GAS / GWEI} gwei`,
      ]);
    }
  });

  it('gives what a false root takes that became final after a year', () => {
    const rows = rowsUnder(/^\| preset +\| nobody had claimed /m);
    expect([...rows.keys()]).to.deep.equal(PRESETS);
    for (const name of PRESETS) {
      const preset = presetNamed(name);
      const { minDelay, voting } = presetParameters(preset, START);
      if (voting === null) throw new TypeError(`${name} does not say how its holders vote`);
      const waits = [0, minDelay, voting.votingDelay + voting.votingPeriod + minDelay, 30 * DAY];
      const { before, after, final } = vaultAfterAYear(preset);
      const claimed = unlockedAt(before, final);
      expect(rows.get(name), name).to.deep.equal([
        inMillions(unlockedAt(after, final)),
        ...waits.map((wait) => inMillions(unlockedAt(after, final + wait) - claimed)),
        inMillions(totalOf(after) - claimed),
      ]);
    }
  });

  it('states the sum of the deposits of many demands', () => {
    for (let j = 0; j <= 12; j++) {
      expect(depositsOf(16 * j, 64n)).to.equal(((2n ** BigInt(j) - 1n) * 64n) / 2n);
    }
  });
});

/** What so many demands put down that are open at once: each a 32nd of the bond, twice as much with every 16 that are open. */
function depositsOf(demands: number, bond: bigint): bigint {
  let sum = 0n;
  for (let open = 0; open < demands; open++) sum += (bond / 32n) * 2n ** BigInt(Math.trunc(open / 16));
  return sum;
}

/** What miners get of epoch 0 at most, with an empty reserve. */
function minersOfFirstEpoch(preset: Preset): bigint {
  return splitPayout(budgets(preset)(0), preset.foundation.share).miners;
}

function budgets({ curve, epochLength }: Preset): (epoch: number) => bigint {
  const emission = createEmissionCurve(START, curvePeriods(curve, START));
  return (epoch) => budgetOf(emission, { start: START, length: epochLength }, epoch);
}

/**
 * The vault's curve around the first epoch that ends a year after the start or later, if every budget was granted in full, and the
 * moment at which that epoch's settlement is final if it was proposed at once.
 */
function vaultAfterAYear(preset: Preset): { before: Curve; after: Curve; final: number } {
  const { epochLength, challenge } = preset;
  const { economy } = presetParameters(preset, START);
  const budget = budgets(preset);
  const last = Math.ceil((365 * DAY) / epochLength) - 1;
  let before = EMPTY_CURVE;
  for (let epoch = 0; ; epoch++) {
    const end = START + (epoch + 1) * epochLength;
    const { cohortEnd, duration } = cohortOf(economy, epoch);
    const after = join(roll(before, end), budget(epoch), { end: cohortEnd, duration });
    if (epoch === last) return { before, after, final: end + challenge.window };
    before = after;
  }
}

/** The cells of the table with this head, by the name in the first of them. */
function rowsUnder(head: RegExp): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(PAGE, 'utf8');
  const at = page.search(head);
  if (at < 0) throw new TypeError(`no table has the head ${head.source}`);
  const [table = ''] = page.slice(at).split('\n\n');
  const rows = table.split('\n').slice(2);
  return new Map(
    rows
      .map((row) => row.split('|').slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim()))
      .map(([name = '', ...rest]) => [name, rest] as const),
  );
}

/** In weeks where epochs are weeks. */
function inWords(seconds: number, epochLength = DAY): string {
  const units = [[7 * DAY, 'week'] as const, [DAY, 'day'] as const, [HOUR, 'hour'] as const];
  const [length, unit] = units.find(([span]) => seconds % span === 0 && span <= Math.max(epochLength, DAY)) ?? [
    1,
    'second',
  ];
  const size = seconds / length;
  return `${size} ${unit}${size === 1 ? '' : 's'}`;
}

function inPercent(ratio: bigint): string {
  return ratio === 0n ? '0' : `${formatWad(ratio * 100n)} %`;
}

/** Rounded to a tenth of a million; smaller amounts in full. */
function inMillions(wei: bigint): string {
  const tenths = (wei + 5n * 10n ** 22n) / 10n ** 23n;
  if (tenths < 10n) return Number(formatWad(wei)).toLocaleString('en-US');
  return `${tenths / 10n}.${tenths % 10n} M`;
}

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { expect } from 'chai';
import { network } from 'hardhat';

import { withRatings } from '../../scripts/ledgers/tldr-ratings.ts';
import { claim, finaliseEpoch, proposeSettlement } from '../../src/chain/epoch-steps.ts';
import type { Address } from '../../src/protocol/brands.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { unlockedAt } from '../../src/protocol/vesting-curve.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import type { AccountUses, TaskScore } from '../../src/settlement/epoch-scores.ts';
import { policyMeasures, policyRatings } from '../../src/settlement/policy/policy-at.ts';
import type { Multipliers, Policy } from '../../src/settlement/policy/policy.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import type { PresetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import { presetParameters } from '../../src/settlement/preset/preset-parameters.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { readLedger } from '../../src/store/read-ledger.ts';
import { runs } from '../support/effort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { World } from '../support/world.ts';
import {
  BEFORE,
  claimOf,
  closeNext,
  deployWorld,
  finalise,
  LINGOAI,
  propose,
  settleOffChain,
} from '../support/world.ts';

const EXAMPLES = new URL('../../examples/tldr/', import.meta.url);
/** The Monday of the ledger's first week. */
const START = Date.UTC(2014, 2, 3) / 1000;
const WEEK = 7 * 86_400;
/** Years 5 and 6 meet in week 260, years 10 and 11 in week 521; these are the first weeks that lie in the new phase altogether. */
const PHASE_2 = 261;
const PHASE_3 = 522;
/** The whole ledger has 652 weeks. */
const EPOCHS = runs(PHASE_3 + 4, 652);
/** After so many epochs everything that the chain knows is compared, not only roots and amounts. */
const LOOK_EVERY = 40;

/** People of the ledger; the ratings are made up, see `scripts/ledgers/tldr-ratings.ts`. */
const EXCELLENT = [
  '0x5253cfc2c578815625863d95dd3bad8892be2020',
  '0x9e71fba64834887afe50faf5fcba48f22279ef52',
] as Address[];
const POOR = ['0x39b9f3074b1be799382d8bd6716bc631b5a0311c', '0xff5c043a1dc36f7ee3095c7197453adb49bff3aa'] as Address[];
/** Active in 83 and 58 of the 260 weeks before week 522. */
const LOYAL = ['0x02067d7166733d6c66ff9ae8a723911631da1fd4', '0x745784c0da4d3f7e540f3490d82a83ddfe3a1013'] as Address[];
/** In week 522 for the first time. */
const NEW = ['0x1eebee5c847be896f6e7ea28e0161c9b440421e5', '0x39d961c9283fddf1421721c9ba5618618845bbe4'] as Address[];
/** Its contributions were used 25 times in week 261. */
const USED = '0x5253cfc2c578815625863d95dd3bad8892be2020' as Address;

interface Scored {
  readonly scores: readonly TaskScore[];
  readonly uses: readonly AccountUses[];
}

const preset = loadPreset(LINGOAI);

/** The policy as it would be without one of its rules. */
function without(kind: keyof Multipliers): Policy {
  const segments = preset.policy.segments.map((segment) => ({
    ...segment,
    tasks: new Map(
      [...segment.tasks].map(([name, rules]) => [
        name,
        { ...rules, multipliers: { ...rules.multipliers, [kind]: undefined } },
      ]),
    ),
  }));
  return { ...preset.policy, segments };
}

/** What an epoch granted to each account that did something. */
function grantsOf({ rows }: EpochSettlement): ReadonlyMap<Address, bigint> {
  return new Map([...rows].map(({ account, grant }) => [account, grant]));
}

describe('LingoAI from year 1 into year 11, every week on chain', function () {
  this.timeout(900_000);
  const folder = temporaryFolder();
  const settled: EpochSettlement[] = [];
  let scored: readonly Scored[];
  let noQuality: readonly Scored[];
  let noLoyalty: readonly Scored[];
  let parameters: PresetParameters;
  /** What the accelerated account was paid on chain in week 262, and what it would have been without acceleration. */
  let accelerated: { readonly paid: bigint; readonly plain: bigint };
  let roots: readonly string[];

  before(async () => {
    parameters = presetParameters(preset, START);
    const rated = withRatings(gunzipSync(await readFile(new URL('tldr-contributions.csv.gz', EXAMPLES))).toString());
    await folder.write('rated.csv', rated);
    const { taskMap, tasks } = parameters;
    const ledger = await readLedger(
      {
        contributions: [{ path: folder.path('rated.csv') }],
        usage: [{ path: new URL('tldr-usage.csv.gz', EXAMPLES).pathname }],
      },
      {
        taskMap,
        measures: policyMeasures(preset.policy),
        ratings: policyRatings(preset.policy),
        range: { start: START, end: START + EPOCHS * WEEK },
      },
    );
    const clock = { start: START, length: WEEK };
    const score = async (policy: Policy) =>
      await scoreEpochs({ ledger, policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: EPOCHS });
    scored = await score(preset.policy);
    noQuality = await score(without('quality'));
    noLoyalty = await score(without('loyalty'));

    const hardhat = await network.create({
      override: { initialDate: new Date((START - 86_400) * 1000).toISOString() },
    });
    try {
      const world = await deployWorld(hardhat, { start: START, preset });
      const seen: string[] = [];
      let state = BEFORE;
      for (const work of scored) {
        const done = await runWeek(world, state, work);
        settled.push(done);
        state = done.next;
        seen.push((await world.chain.contracts.vault.rootOf(done.record.epoch))[0]);
        if (done.record.epoch === PHASE_2 + 1) accelerated = await claimAccelerated(world);
      }
      roots = seen;
      expect(Number(await world.chain.contracts.distributor.nextToFinalise())).to.equal(EPOCHS);
    } finally {
      await hardhat.close();
    }
  });

  /** Closes, proposes and makes final; the roots and amounts are compared each week, everything now and then. */
  async function runWeek(world: World, parent: State, work: Scored): Promise<EpochSettlement> {
    const closed = await closeNext(world);
    const { record } = closed;
    if (record.epoch % LOOK_EVERY === 0 || [PHASE_2, PHASE_3].includes(record.epoch)) {
      const whole = await settleOffChain(world, parent, closed, work);
      const { until } = await propose(world, whole);
      await finalise(world, whole, until);
      return whole;
    }
    const unlockPerUse = valueAt(parameters.economy.unlockPerUse, record.epoch);
    const done = settleEpoch({ parent, record, ...work, unlockPerUse });
    const reportCid = parseHash32(`0x${record.epoch.toString(16).padStart(64, '0')}`);
    const proposal = { record, settlement: { ...done.settlement, reportCid }, basis: basisOf(record, parent) };
    const { until } = await proposeSettlement(world.chain, world.actors.oscar, proposal);
    await world.hardhat.networkHelpers.time.increaseTo(until);
    const final = await finaliseEpoch(world.chain, world.actors.alice, proposal);
    expect({ root: final.root, granted: final.granted, withheld: final.withheld }).to.deep.equal({
      root: done.next.root,
      granted: done.outcome.granted,
      withheld: done.outcome.withheld,
    });
    return done;
  }

  /** Claims for the account whose work was used, with the proof of week 261, and says what its plain curve has unlocked then. */
  async function claimAccelerated(world: World): Promise<{ paid: bigint; plain: bigint }> {
    const used = settled[PHASE_2]!;
    if (!('files' in used)) throw new Error('week 261 has no report');
    const entry = claimOf(used as Parameters<typeof claimOf>[0], USED);
    const { paid } = await claim(world.chain, world.actors.mallory, entry);
    const twin = [...again(PHASE_2, scored, 0n).next.accounts].find(({ account }) => account === USED)!;
    return { paid, plain: unlockedAt(twin.curve, await world.hardhat.networkHelpers.time.latest()) };
  }

  /** The same week with other scores, after the same weeks before. */
  function again(epoch: number, other: readonly Scored[], perUse?: bigint): EpochSettlement {
    const { record, parent } = settled[epoch]!;
    const unlockPerUse = perUse ?? valueAt(parameters.economy.unlockPerUse, epoch);
    const { scores, uses } = other[epoch]!;
    return settleEpoch({ parent, record, scores, uses, unlockPerUse });
  }

  it('closes, proposes and makes final every week in order, each with the root that was computed off chain', () => {
    expect(roots).to.have.length(EPOCHS);
    expect(roots).to.deep.equal(settled.map(({ next }) => next.root));
    expect(settled.every(({ record }) => record.budget > 0n)).to.equal(true);
    for (const border of [PHASE_2, PHASE_3]) {
      const year = (from: number) => settled[from]!.record.budget;
      expect(year(border) < year(border - 2), `the budget falls at week ${border}`).to.equal(true);
    }
  });

  it('quality changes grants from year 6 on: excellent work earns more than without the rule, poor work less', () => {
    expect(noQuality.slice(0, PHASE_2), 'and not before').to.deep.equal(scored.slice(0, PHASE_2));
    const [real, twin] = [grantsOf(settled[PHASE_2]!), grantsOf(again(PHASE_2, noQuality))];
    for (const account of EXCELLENT) expect(real.get(account)! > twin.get(account)!, account).to.equal(true);
    for (const account of POOR) {
      expect(real.get(account)! < twin.get(account)!, account).to.equal(true);
      expect(real.get(account)! > 0n, account).to.equal(true);
    }
  });

  it('loyalty changes grants from year 11 on: who was there for years earns more, newcomers less', () => {
    expect(noLoyalty.slice(0, PHASE_3), 'and not before').to.deep.equal(scored.slice(0, PHASE_3));
    const [real, twin] = [grantsOf(settled[PHASE_3]!), grantsOf(again(PHASE_3, noLoyalty))];
    for (const account of LOYAL) expect(real.get(account)! > twin.get(account)!, account).to.equal(true);
    for (const account of NEW) {
      expect(real.get(account)! < twin.get(account)!, account).to.equal(true);
      expect(real.get(account)! > 0n, account).to.equal(true);
    }
  });

  it('acceleration lets an account claim more on chain from year 6 on, and nobody before', () => {
    expect(accelerated.paid > accelerated.plain).to.equal(true);
    const sped = settled.filter(({ settlement }) => settlement.accelerated.some((amount) => amount > 0n));
    expect(sped[0]?.record.epoch).to.equal(PHASE_2);
    expect(
      scored.slice(0, PHASE_2).some(({ uses }) => uses.length > 0),
      'work was used before',
    ).to.equal(true);
  });
});

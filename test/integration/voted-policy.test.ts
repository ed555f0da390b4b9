import { writeFile } from 'node:fs/promises';

import { expect } from 'chai';
import { network } from 'hardhat';

import type { ClosedEvent } from '../../src/chain/events.ts';
import { valueAt } from '../../src/settlement/economy-parameters.ts';
import { policyHash } from '../../src/settlement/policy/parse-policy.ts';
import type { Json } from '../../src/settlement/report/canonical-json.ts';
import type { State } from '../../src/settlement/state.ts';
import { recomputeEpoch } from '../../src/store/recompute-epoch.ts';
import { expectCode } from '../support/expect-code.ts';
import { presetNamed } from '../support/presets.ts';
import { PRESET } from '../support/small-replay.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { deployHandedOver, eventsOf, informed, pass, START } from '../support/voted-world.ts';
import { asSettled } from '../support/watch-world.ts';
import type { Settled } from '../support/world.ts';
import { accountOf, BEFORE, closeNext, finalise, propose } from '../support/world.ts';

const hardhat = await network.create();
const WEEK = 604_800;

/** A point for each unit; gold counts for more. */
function policyOf(gold: string): Json {
  const quality = { attribute: 'quality', unrated: '1', levels: { gold } };
  const rules = { minimumScore: '1', measures: { units: { points: '1' } }, multipliers: { quality } };
  const tasks = Object.fromEntries(presetNamed('lingoai').tasks.map(({ name }) => [name, rules]));
  return { format: 'lode-policy-v1', tasks };
}

describe('a quality multiplier that the holders change by a vote', function () {
  this.timeout(120_000);
  const files = temporaryFolder();

  it('scores the next epochs, and nobody who still has the old policy settles them', async () => {
    const world = await deployHandedOver(hardhat);
    const { alice, bob } = world.actors;
    const ledger = files.path('ledger.csv');
    // In each of three weeks ten units of either, Alice's of the best quality.
    const rows = [0, 1, 2].flatMap((week) =>
      [alice, bob].map((miner, n) => {
        const time = new Date((START + week * WEEK + 86_400) * 1000).toISOString().replace('.000Z', 'Z');
        return `row-${week}-${n},${accountOf(miner)},${time},corpus,10,${miner === alice ? 'gold' : ''}`;
      }),
    );
    await writeFile(ledger, `id,account,time,task,units,quality\n${rows.join('\n')}\n`);

    const voted = (['1.5', '3'] as const).map((gold, index) => {
      const policy = policyOf(gold);
      return { from: index + 1, hash: policyHash(policy), policy };
    });
    const [first, second] = voted as [(typeof voted)[0], (typeof voted)[0]];
    const before = valueAt(world.parameters.economy.policy, 0);
    const minimums = before.minScores.map((minScore, index) => ({ task: index + 1, minScore }));
    const votes = await pass(
      world,
      voted.map(({ from, hash }) => [['registry', 'schedulePolicy', [from, hash, `ipfs://${from}`, minimums]]]),
    );
    const said = [];
    for (const { execute } of votes) said.push(...eventsOf(world, await execute(), 'registry', 'PolicyScheduled'));
    expect(said).to.deep.equal([
      [1n, before.hash, first.hash, 'ipfs://1'],
      [2n, first.hash, second.hash, 'ipfs://2'],
    ]);
    const { minScores } = before;
    const told = informed(world, {
      policy: [
        ...world.parameters.economy.policy,
        ...voted.map(({ from, hash }) => ({ from, value: { hash, minScores } })),
      ],
    });

    /** Scores the ledger, as somebody who was told of these policies. */
    const score = async (closed: ClosedEvent, parent: State, policies: readonly Json[]): Promise<Settled> => {
      const changes = files.path('changes.json');
      await writeFile(changes, JSON.stringify({ format: 'lode-changes-v1', policies }));
      const source = { preset: PRESET, variant: 'demo', contributions: [ledger], usage: [], accounts: [], changes };
      const { settled } = await recomputeEpoch({ ...source, map: {}, anyRejects: false }, closed.record, parent);
      return await asSettled(settled);
    };
    const figuresOf = ({ rows: all, record }: Settled, miner: { readonly address: string }) => {
      const { scores, grants } = [...all].find(({ account }) => account === accountOf(miner))!;
      return { score: scores[0]!, grant: grants[0]!, hash: record.policyHash };
    };

    let state: State = BEFORE;
    const seen = [];
    for (const [epoch, known] of [[], voted.slice(0, 1), voted].entries()) {
      const closed = await closeNext(told);
      if (epoch > 0) await expectCode(score(closed, state, voted.slice(0, epoch - 1)), 'POLICY_DIFFERS');
      const settled = await score(closed, state, known);
      const { until } = await propose(told, settled);
      await finalise(told, settled, until);
      state = settled.next;
      seen.push({ of: figuresOf(settled, alice), to: figuresOf(settled, bob) });
    }

    expect(seen.map(({ of }) => of.hash)).to.deep.equal([before.hash, first.hash, second.hash]);
    const points = seen.map(({ of, to }) => [of.score, to.score]);
    expect(points).to.deep.equal([
      [10n, 10n],
      [15n, 10n],
      [30n, 10n],
    ]);
    // Each is rounded down by itself: Alice is paid one, one and a half, and three times as much as Bob.
    for (const [epoch, [times, of]] of (
      [
        [1n, 1n],
        [3n, 2n],
        [3n, 1n],
      ] as const
    ).entries()) {
      const { of: gold, to: plain } = seen[epoch]!;
      const difference = gold.grant * of - plain.grant * times;
      expect(plain.grant > 0n && difference < 4n && difference > -4n, `epoch ${epoch}: ${difference}`).to.equal(true);
    }
  });
});

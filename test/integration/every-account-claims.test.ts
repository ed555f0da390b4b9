import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { network } from 'hardhat';

import type { Claim } from '../../src/chain/convert.ts';
import { claimFromProof, claimToChain } from '../../src/chain/convert.ts';
import { parseEvents } from '../../src/chain/events.ts';
import { totalOf } from '../../src/protocol/vesting-curve.ts';
import { policyMeasures } from '../../src/settlement/policy/policy-at.ts';
import { claimProof } from '../../src/settlement/proof.ts';
import { shardPathsIn } from '../../src/settlement/report/load-state.ts';
import { manifestSchema, parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';
import { scoreEpochs } from '../../src/store/duckdb-scoring.ts';
import { readLedger } from '../../src/store/read-ledger.ts';
import type { Settled, World } from '../support/world.ts';
import { BEFORE, deployWorld, runEpoch, storyPreset, travelTo } from '../support/world.ts';

const LEDGER = fileURLToPath(new URL('../../examples/tldr/', import.meta.url));
const START = Date.UTC(2014, 2, 1) / 1000;
const YEAR = 365 * 86_400;
/** From March 2014 to August 2026: twelve whole years and one in which the ledger ends. */
const EPOCHS = 13;
const ACCOUNTS = 3_351;

/** The story's preset with epochs of a year: the whole ledger in few of them, and releases that overlap. */
const preset = {
  ...storyPreset(),
  epochLength: YEAR,
  release: { cohortEpochs: 1, over: 3 * YEAR },
  challenge: { window: 86_400, bond: 10n ** 18n },
};

async function scoresOfLedger({ parameters }: World) {
  const { taskMap, tasks } = parameters;
  const clock = { start: START, length: YEAR };
  const ledger = await readLedger(
    {
      contributions: [{ path: `${LEDGER}tldr-contributions.csv.gz` }],
      usage: [{ path: `${LEDGER}tldr-usage.csv.gz` }],
    },
    { taskMap, measures: policyMeasures(preset.policy), range: { start: START, end: START + EPOCHS * YEAR } },
  );
  return await scoreEpochs({ ledger, policy: preset.policy, tasks, taskMap, clock, fromEpoch: 0, toEpoch: EPOCHS });
}

describe('the whole example ledger on chain', function () {
  this.timeout(600_000);

  it(`pays each of its ${ACCOUNTS} accounts everything it earned, by the proofs of the published shards`, async () => {
    const hardhat = await network.create({
      override: { initialDate: new Date((START - 86_400) * 1000).toISOString() },
    });
    try {
      const world = await deployWorld(hardhat, { start: START, preset });
      const { token, vault, distributor } = world.chain.contracts;
      const epochs = await scoresOfLedger(world);

      let last: Settled | undefined;
      for (const { epoch, scores, uses } of epochs) {
        const { settled } = await runEpoch(world, last?.next ?? BEFORE, { scores, uses });
        expect((await vault.rootOf(epoch))[0], 'DIFF-1').to.equal(settled.next.root);
        last = settled;
      }
      if (last === undefined) throw new Error('the ledger has no epoch');
      const { next } = last;
      expect(next.accounts.length).to.equal(ACCOUNTS);
      expect(Number(await distributor.nextToFinalise())).to.equal(EPOCHS);
      expect(
        [...next.accounts].some(({ curve }) => curve.unlocked > 0n && curve.cohorts.length > 1),
        'there is something left to release',
      ).to.equal(true);

      // Every address of the published shards, and no other, has a leaf.
      const claims = claimsIn(last);
      expect(claims.map(({ account }) => account)).to.deep.equal([...next.accounts].map(({ account }) => account));

      // No further root: the release goes on by itself.
      const ends = next.totalCurve.cohorts.map(({ end, duration }) => end + duration);
      await travelTo(world, Math.max(...ends));

      let paid = 0n;
      const mallory = vault.connect(world.actors.mallory);
      for (const claim of claims) {
        const sent = await mallory.claim(claimToChain(claim), { gasLimit: 1_000_000 });
        const [event] = parseEvents((await sent.wait())!.logs, world.chain.addresses).claimed;
        expect(event?.to).to.equal(claim.account);
        paid += event!.paid;
      }
      const owed = [...next.accounts].reduce((sum, { curve }) => sum + totalOf(curve), 0n);
      expect(paid, 'VEST-6').to.equal(owed);

      await mallory.claimFoundation(world.actors.fiona);
      const foundation = await token.balanceOf(world.actors.fiona);
      expect(paid + foundation, 'VEST-6').to.equal(next.totalGranted);
      expect(await vault.totalGranted()).to.equal(next.totalGranted);
      expect(await vault.released()).to.equal(next.totalGranted);
      expect(await token.balanceOf(vault)).to.equal(0n);
      expect(await token.totalSupply()).to.equal(
        next.totalGranted + (await token.balanceOf(world.chain.addresses.reserve)),
      );
    } finally {
      await hardhat.close();
    }
  });
});

/** What every leaf of the published shards lets its account claim, as a client makes it from the files alone. */
function claimsIn({ files }: Settled): Claim[] {
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  return shardPathsIn(manifest).flatMap((path) => {
    const shard = parseReportFile(shardSchema, path, files.get(path));
    return shard.leaves.map(([account]) => claimFromProof(claimProof(shard, account, manifest.settlement.root)));
  });
}

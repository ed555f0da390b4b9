import { readFileSync } from 'node:fs';

import { expect } from 'chai';
import { network } from 'hardhat';

import { SettlementArithmetic__factory } from '../../types/typechain/factories/contracts/distribution/SettlementArithmetic__factory.ts';
import { recordToChain, settlementToChain } from '../../src/chain/convert.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { closeEpoch } from '../../src/settlement/economy.ts';
import type { State } from '../../src/settlement/state.ts';
import { runs } from '../support/effort.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { presetNamed } from '../support/presets.ts';
import type { World } from '../support/world.ts';
import { BEFORE, deployWorld, runEpoch } from '../support/world.ts';

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const loadFixture = fixtureLoader(networkHelpers);

/** 00:00 UTC. */
const START = 2_000_073_600;
/** What the documents print is met to 1e-12. */
const TOLERANCE = 1_000_000n;

interface Vectors {
  readonly published: { readonly nEff: readonly string[]; readonly y: readonly string[] };
}

const file = new URL('../vectors/reserve-law.json', import.meta.url);
const { published } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

/** The seven published points: y = 1 − L, the share that is withheld, at n. */
const POINTS = published.nEff.map((nEff, index) => ({ n: Number(BigInt(nEff) / WAD), y: BigInt(published.y[index]!) }));

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: presetNamed('lingopod') });
}

/** n = Σ m·w_i·n_i: with all of the m tasks having x participants each, x·m, whatever the weights. */
const perTask = ({ parameters }: World, n: number) => n / parameters.tasks.length;

function expectPublished(part: bigint, whole: bigint, y: bigint, n: number): void {
  const found = (part * WAD) / whole;
  const difference = found > y ? found - y : y - found;
  expect(difference <= TOLERANCE, `n = ${n}: ${found} and ${y}`).to.equal(true);
}

describe('the published figures of LingoPod’s law', () => {
  it('are seven', () => {
    expect(POINTS.map(({ n }) => n)).to.deep.equal([10, 100, 1000, 5000, 10_000, 50_000, 1_000_000]);
  });

  it('are met to 1e-12 by the deployed arithmetic with the deployed parameters: all seven', async () => {
    const world = await loadFixture(deployed);
    const { distributor } = world.chain.contracts;
    const arithmetic = SettlementArithmetic__factory.connect(await distributor.ARITHMETIC(), ethers.provider);
    const record = closeEpoch(world.parameters.economy, 0, 0n);
    for (const { n, y } of POINTS) {
      const participants = record.tasks.map(() => perTask(world, n));
      const zero = parseHash32(`0x${'0'.repeat(64)}`);
      const scoreTotals = participants.map(BigInt);
      const rest = { root: zero, leafCount: 0, granted: 0n, accelerated: [], reportCid: zero };
      const declared = settlementToChain({ ...rest, participants, scoreTotals });
      const { payout } = await arithmetic.outcomeOf(recordToChain(record), declared, 0n);
      expectPublished(record.budget - payout, record.budget, y, n);
    }
  });

  it('are met to 1e-12 by real days with so many miners, as far as a day is settled here', async function () {
    this.timeout(1_200_000);
    const world = await loadFixture(deployed);
    const most = runs(5000, 50_000);
    let state: State = BEFORE;
    for (const { n, y } of POINTS.filter((point) => point.n <= most)) {
      const ids = world.parameters.tasks.map(({ id }) => id);
      const scores = Array.from({ length: perTask(world, n) }, (_, index) => {
        const account = parseAddress(`0x${(index + 0x10_000).toString(16).padStart(40, '0')}`);
        return ids.map((task) => ({ account, task, score: 5_000n }));
      }).flat();
      const { settled, final } = await runEpoch(world, state, { scores });
      // What the law withheld of the day's base, which is the budget and what came back from the reserve.
      expectPublished(final.reasons.participation, final.budget - final.reasons.reserveReturn, y, n);
      expect(final.reasons.priceAndClamp, 'no price, so none speaks').to.equal(0n);
      state = settled.next;
    }
  });
});

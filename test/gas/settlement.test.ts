import type { TransactionReceipt } from 'ethers';
import { expect } from 'chai';
import { network } from 'hardhat';
import type { NetworkConnection } from 'hardhat/types/network';

import { finaliseCall, proposeCall } from '../../src/chain/calls.ts';
import { parseHash32 } from '../../src/protocol/brands.ts';
import { keccak256 } from '../../src/protocol/keccak.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { GENESIS } from '../../src/settlement/state.ts';
import type { Done, Ready } from '../support/gas-world.ts';
import {
  COHORTS,
  DEPTH,
  freePreset,
  gasWorld,
  INITIAL_DATE,
  intrinsicGas,
  LEAVES,
  prepare,
  PRICE_REF,
  runEpochs,
  settle,
  START,
  vestingPreset,
  WEEK,
  workOf,
} from '../support/gas-world.ts';
import { matchSnapshot } from '../support/snapshot.ts';
import type { World } from '../support/world.ts';

const gas = (name: string, { gasUsed }: TransactionReceipt): void => matchSnapshot('gas', name, gasUsed);

/** Epochs until every cohort of the total curve is open and the first has finished. */
const EPOCHS = COHORTS + 2;

/** Leaves that one and the same declaration is made for. */
const DECLARED = [1, 10, 1000, 100_000, 2 ** 20, 10_000_000];

/** Leaves, accounts that work, and whether their tree is part of a larger one. */
const SIZES = [
  [1, 1, 'real'],
  [LEAVES, LEAVES, 'real'],
  [2 ** DEPTH, LEAVES, 'large'],
] as const;

/**
 * Gas between the cheapest and the dearest of real settlements of 1 to 2^20 leaves. Their calldata differs in at most 116
 * bytes (root 32, leaf count 4, four times 4 for participants and 16 for score totals) at 12 gas each; the rest is for
 * the branches of exponential and logarithm.
 */
const MOST_APART = 2000;

describe('gas: settlement', function () {
  this.timeout(600_000);

  describe('given seven open cohorts', () => {
    let hardhat: NetworkConnection;
    let world: World;
    let epochs: readonly Done[];
    const sizes = new Map<number, Pick<Done, 'close' | 'propose' | 'finalise'>>();

    before(async () => {
      hardhat = await network.create({ override: { initialDate: INITIAL_DATE } });
      world = await gasWorld(hardhat, vestingPreset());
      for (const [leaves, count, size] of SIZES) {
        const snapshot = await hardhat.networkHelpers.takeSnapshot();
        const { ready, close } = await prepare(world, GENESIS, workOf(world, count), size);
        expect(ready.settlement.leafCount).to.equal(leaves);
        sizes.set(leaves, { close, ...(await settle(world, ready)) });
        await snapshot.restore();
      }
      epochs = await runEpochs(world, EPOCHS);
      // A quarter of the reference, so that the law pays out more than the budget.
      await world.setPrice(START + EPOCHS * WEEK + 1, PRICE_REF / 4n);
    });
    after(async () => await hardhat.close());

    let rewind: () => Promise<void>;
    beforeEach(async () => {
      ({ restore: rewind } = await hardhat.networkHelpers.takeSnapshot());
    });
    afterEach(async () => await rewind());

    it('of a typical epoch, which withholds', () => {
      const typical = epochs.at(-1)!;
      expect(typical.settled.next.totalCurve.cohorts.length).to.equal(COHORTS);
      expect(typical.settled.outcome.withheld > 0n).to.equal(true);
      gas('close, with a price', typical.close);
      gas('propose', typical.propose);
      gas('finalise', typical.finalise);
    });

    it('of an epoch that injects', async () => {
      const { ready, settled } = await prepare(world, epochs.at(-1)!.settled.next, workOf(world, LEAVES));
      expect(settled.outcome.injected > 0n).to.equal(true);
      const { propose, finalise } = await settle(world, ready);
      gas('propose, with injection', propose);
      gas('finalise, with injection', finalise);
    });

    it('does not depend on the number of leaves: what runs is the same to the unit', async () => {
      const { chain } = world;
      const parent = epochs.at(-1)!.settled.next;
      const { ready } = await prepare(world, parent, workOf(world, 1));
      expect(ready.settlement.participants).to.deep.equal([1, 1, 1, 1]);
      const ran = { propose: new Set<bigint>(), finalise: new Set<bigint>() };
      for (const leafCount of DECLARED) {
        const snapshot = await hardhat.networkHelpers.takeSnapshot();
        const one = declare(ready, leafCount);
        const { propose, finalise } = await settle(world, one);
        const proposeData = proposeCall(chain.addresses, one.record, one.settlement, one.basis).data;
        const finaliseData = finaliseCall(chain.addresses, one.record, one.settlement).data;
        ran.propose.add(propose.gasUsed - intrinsicGas(proposeData));
        ran.finalise.add(finalise.gasUsed - intrinsicGas(finaliseData));
        gas(`propose, same declaration, ${leavesOf(leafCount)}`, propose);
        gas(`finalise, same declaration, ${leavesOf(leafCount)}`, finalise);
        await snapshot.restore();
      }
      // All that differs is the price of calldata: 12 gas for a byte that is not zero, of the count's four and the root's 32.
      expect([ran.propose.size, ran.finalise.size]).to.deep.equal([1, 1]);
    });

    it('of real settlements differs by calldata and by the size of figures alone, whatever the number of leaves', () => {
      gas('close, first epoch', epochs[0]!.close);
      expect(new Set([epochs[0]!, ...sizes.values()].map(({ close }) => close.gasUsed)).size).to.equal(1);
      for (const [leaves, { propose, finalise }] of sizes) {
        gas(`propose, first epoch, ${leavesOf(leaves)}`, propose);
        gas(`finalise, first epoch, ${leavesOf(leaves)}`, finalise);
      }
      // Participants and score totals are larger numbers when more people work: more bytes that are not zero.
      for (const step of ['propose', 'finalise'] as const) {
        const costs = [...sizes.values()].map((steps) => Number(steps[step].gasUsed));
        expect(Math.max(...costs) - Math.min(...costs)).to.be.at.most(MOST_APART);
      }
    });
  });

  describe('given no release terms and no law', () => {
    it('of a typical epoch', async () => {
      const hardhat = await network.create({ override: { initialDate: INITIAL_DATE } });
      const done = await runEpochs(await gasWorld(hardhat, freePreset()), 2);
      gas('close, without a price', done[1]!.close);
      gas('propose, nothing vests', done[1]!.propose);
      gas('finalise, nothing vests', done[1]!.finalise);
      await hardhat.close();
    });
  });
});

/** The same declaration, of one account that worked in each task, over a tree of so many leaves. */
function declare(ready: Ready, leafCount: number): Ready {
  const root = parseHash32(bytesToHex(keccak256(new TextEncoder().encode(`root of ${leafCount}`))));
  return { ...ready, settlement: { ...ready.settlement, root, leafCount } };
}

function leavesOf(count: number): string {
  return count === 1 ? '1 leaf' : `${count.toLocaleString('en')} leaves`;
}

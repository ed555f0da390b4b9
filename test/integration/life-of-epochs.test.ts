import { expect } from 'chai';
import { network } from 'hardhat';

import { claim, claimMany } from '../../src/chain/epoch-steps.ts';
import { unlockedAt } from '../../src/protocol/vesting-curve.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { Settled, Work, World } from '../support/world.ts';
import { accountOf, BEFORE, claimOf, deployWorld, runEpoch, storyPreset, travelTo } from '../support/world.ts';

const hardhat = await network.create();
const loadFixture = fixtureLoader(hardhat.networkHelpers);

const START = 2_000_000_000;
const WEEK = 7 * 86_400;
const PRICE_REF = 10n ** 16n;

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

/** `miners` accounts in every task, each with other scores; the actors first, then as many strangers as it takes. */
function workOf({ actors }: World, miners: number, epoch: number): Work {
  const known = [actors.alice, actors.bob, actors.carol, actors.dave].map(accountOf);
  const accounts = Array.from({ length: miners }, (_, n) => known[n] ?? stranger(n));
  return {
    scores: accounts.flatMap((account, n) =>
      [1, 2, 3, 4].map((task) => ({ account, task, score: BigInt(1 + ((n * 7 + task * 3 + epoch) % 50)) })),
    ),
    uses: epoch % 3 === 2 ? [{ account: known[0]!, uses: 7n }] : [],
  };
}

const stranger = (n: number) => accountOf({ address: `0x${(n + 1).toString(16).padStart(40, 'a')}` });

describe('the life of epochs', () => {
  it('withholds in quiet weeks, injects when the price falls, and pays to the wei what both sides computed', async () => {
    const world = await loadFixture(deployed);
    const { alice, bob, fiona, mallory } = world.actors;
    const { token, vault } = world.chain.contracts;
    await world.setPrice(START, PRICE_REF);

    // Two quiet weeks, two busy ones, then the price falls to a quarter, and recovers.
    const plan = [
      { miners: 2, price: PRICE_REF },
      { miners: 3, price: PRICE_REF },
      { miners: 9, price: PRICE_REF },
      { miners: 12, price: PRICE_REF * 2n },
      { miners: 12, price: PRICE_REF / 4n },
      { miners: 12, price: PRICE_REF / 4n },
      { miners: 0, price: PRICE_REF / 4n },
      { miners: 10, price: PRICE_REF },
    ];
    const history: Settled[] = [];
    let state = BEFORE;
    for (const [epoch, { miners, price }] of plan.entries()) {
      await world.setPrice(START + epoch * WEEK + 1, price);
      const { settled } = await runEpoch(world, state, workOf(world, miners, epoch));
      state = settled.next;
      history.push(settled);
    }

    const outcomes = history.map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2).every(({ withheld }) => withheld > 0n)).to.equal(true);
    expect(outcomes[4]!.injected > 0n && outcomes[5]!.injected > 0n).to.equal(true);
    expect(outcomes[6]!.granted, 'nobody worked').to.equal(0n);
    expect(outcomes[6]!.withheld).to.equal(outcomes[6]!.budget);
    expect(history.map(({ record }) => record.price)).to.deep.equal(plan.map(({ price }) => price));

    // The first cohort ends with epoch 3; alice claims with the proof of epoch 4, then with the newest one.
    const old = claimOf(history[4]!, accountOf(alice));
    const now = await world.hardhat.networkHelpers.time.latest();
    const first = await claim(world.chain, mallory, old);
    expect(first.paid).to.equal(unlockedAt(old.curve, now + 1));
    expect(await token.balanceOf(alice)).to.equal(first.paid);
    expect(first.to).to.equal(accountOf(alice));

    await travelTo(world, now + 10 * WEEK);
    const newest = claimOf(history[7]!, accountOf(alice));
    const second = await claim(world.chain, mallory, newest);
    const due = unlockedAt(newest.curve, await world.hardhat.networkHelpers.time.latest());
    expect(second.paid).to.equal(due - first.paid);
    expect(second.claimed).to.equal(due);
    expect(await vault.claimed(alice)).to.equal(due);

    // A batch pays bob and leaves out alice, whose old proof shows less than she has been paid.
    const batch = await claimMany(world.chain, mallory, [old, claimOf(history[7]!, accountOf(bob))]);
    expect(batch.skipped).to.deep.equal([
      { account: accountOf(alice), epoch: 4, reason: 'VestingVault_NothingToClaim' },
    ]);
    expect(batch.claimed.map(({ account }) => account)).to.deep.equal([accountOf(bob)]);

    // The foundation earns its tenth of what miners earned, on the same terms.
    await vault.connect(mallory).claimFoundation(fiona);
    const foundationCurve = state.foundationCurves.get(accountOf(fiona))!;
    expect(await token.balanceOf(fiona)).to.equal(
      unlockedAt(foundationCurve, await world.hardhat.networkHelpers.time.latest()),
    );
  });

  it('refuses a claim for more than the leaf says, and for somebody without a leaf', async () => {
    const world = await loadFixture(deployed);
    const { alice, mallory } = world.actors;
    const { settled } = await runEpoch(world, BEFORE, workOf(world, 3, 0));
    const honest = claimOf(settled, accountOf(alice));
    const raised = { ...honest, curve: { ...honest.curve, unlocked: 1n } };
    await expectCode(claim(world.chain, mallory, raised), 'VestingVault_ProofInvalid', {
      account: alice.address,
      epoch: 0n,
    });
    await expectCode(
      claim(world.chain, mallory, { ...honest, account: accountOf(mallory) }),
      'VestingVault_ProofInvalid',
    );
    await expectCode(claim(world.chain, mallory, { ...honest, epoch: 1 }), 'VestingVault_EpochNotFinal', {
      epoch: 1n,
      next: 1n,
    });
  });
});

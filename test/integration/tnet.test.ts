import { expect } from 'chai';
import { network } from 'hardhat';

import { claimCall, finaliseCall } from '../../src/chain/calls.ts';
import { claimMany } from '../../src/chain/epoch-steps.ts';
import type { FinalisedEvent } from '../../src/chain/events.ts';
import { parseEvents } from '../../src/chain/events.ts';
import { sendCall } from '../../src/chain/send.ts';
import { advanceOperation } from '../support/advance-operation.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import type { Preset } from '../../src/settlement/preset/load-preset.ts';
import type { State } from '../../src/settlement/state.ts';
import { isDeep, random } from '../support/effort.ts';
import type { Random } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import { presetNamed } from '../support/presets.ts';
import type { Settled, Work } from '../support/world.ts';
import {
  accountOf,
  BEFORE,
  claimOf,
  closeNext,
  deployWorld,
  propose,
  runEpoch,
  settleOffChain,
  travelTo,
} from '../support/world.ts';

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const loadFixture = fixtureLoader(networkHelpers);

const DAY = 86_400;
/** A first of September at 00:00 UTC, as in the system's own documents, and the end of its 100 months. */
const START = Date.parse('2033-09-01') / 1000;
const END = Date.parse('2042-01-01') / 1000;
const SIX_BILLION = 6_000_000_000n * WAD;
const SHARE = WAD / 5n;

const nobody: Work = { scores: [] };

async function deployed() {
  return await deployWorld(hardhat, { start: START, preset: presetNamed('tnet') });
}

/**
 * The whole curve is 3,044 daily epochs, which the deep run settles one by one. The quick one runs the same preset in epochs of
 * 30 days, and nothing else about it is different.
 */
function wholeCurve(): Preset {
  const preset = presetNamed('tnet');
  return isDeep ? preset : { ...preset, epochLength: 30 * DAY };
}

async function deployedForAll() {
  return await deployWorld(hardhat, { start: START, preset: wholeCurve() });
}

const score = (signer: { address: string }, task: number, value: bigint) => ({
  account: accountOf(signer),
  task,
  score: value,
});

/** Up to eight machines at random tasks; now and then a day without any. */
function draw({ index, uniform }: Random): Work {
  if (index(9) === 0) return nobody;
  const accounts = Array.from({ length: 8 }, (_, n) => parseAddress(`0x${String(n + 1).padStart(40, '2')}`));
  return {
    scores: accounts.flatMap((account) =>
      [1, 2, 3].flatMap((task) => (index(3) === 0 ? [{ account, task, score: 1n + uniform(20) }] : [])),
    ),
  };
}

/** SETL-4 as the chain said it: the foundation has at most its share of what was granted, and nothing of nothing. */
function expectFoundationWithin({ granted, foundationGranted }: FinalisedEvent): void {
  expect(foundationGranted * WAD <= granted * SHARE, 'SETL-4').to.equal(true);
  if (granted === foundationGranted) expect(foundationGranted, 'SETL-4').to.equal(0n);
}

describe('TNET on chain', () => {
  it('starts from nothing: every token is mined', async () => {
    const world = await loadFixture(deployed);
    const { token, curve } = world.chain.contracts;
    expect(world.chain.contracts.unitPool).to.equal(null);
    expect([await token.GENESIS(), await token.totalSupply()]).to.deep.equal([0n, 0n]);
    expect([await token.CAP(), await curve.TOTAL()]).to.deep.equal([SIX_BILLION, SIX_BILLION]);
    const minted = await token.queryFilter(token.filters.Transfer(ethers.ZeroAddress));
    expect(minted).to.deep.equal([]);
  });

  it('with no miner the foundation receives nothing', async () => {
    const world = await loadFixture(deployed);
    const { vault, token, reserve } = world.chain.contracts;
    const { fiona, alice } = world.actors;
    let state: State = BEFORE;
    let emitted = 0n;
    for (let day = 0; day < 3; day++) {
      const { settled, final } = await runEpoch(world, state, nobody);
      state = settled.next;
      emitted += final.budget;
      expect([final.payout, final.granted, final.foundationGranted, final.injected]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(final.withheld).to.equal(final.budget);
    }
    expect(await vault.foundationClaimable(fiona)).to.equal(0n);
    await expect(vault.connect(alice).claimFoundation(fiona))
      .to.be.revertedWithCustomError(vault, 'VestingVault_NothingToClaim')
      .withArgs(fiona.address, 0n, 0n);
    expect(await token.balanceOf(fiona)).to.equal(0n);
    expect(await reserve.reserve(), 'kept for miners to come').to.equal(emitted);

    // The first miner brings the foundation its first income: a fifth of what was granted, to the wei, and at once.
    const { final } = await runEpoch(world, state, { scores: [score(alice, 1, 1n)] });
    expectFoundationWithin(final);
    const task = ((final.payout - final.payout / 5n) * 4n) / 10n;
    expect(final.granted - final.foundationGranted, 'one of three tasks was worked at').to.equal(task);
    expect(final.foundationGranted).to.equal(((final.payout / 5n) * task) / (final.payout - final.payout / 5n));
    expect(await vault.foundationClaimable(fiona)).to.equal(final.foundationGranted);
  });

  it('claimed tokens are transferable in the same block', async () => {
    const world = await loadFixture(deployed);
    const { alice, bob, mallory } = world.actors;
    const { token } = world.chain.contracts;
    const closed = await closeNext(world);
    const work = { scores: [score(alice, 1, 3n), score(alice, 3, 1n), score(bob, 2, 5n)] };
    const settled = await settleOffChain(world, BEFORE, closed, work);
    const { until } = await propose(world, settled);
    await travelTo(world, until);

    const { record, declared } = settled;
    const claim = claimOf(settled, accountOf(alice));
    const due = [...settled.next.accounts].find(({ account }) => account === accountOf(alice))!.curve.unlocked;
    const transfer = token.interface.encodeFunctionData('transfer', [bob.address, due]);
    const queue = [
      { from: mallory, call: finaliseCall(world.chain.addresses, record, declared) },
      { from: mallory, call: claimCall(world.chain.addresses, claim) },
      { from: alice, call: { to: world.chain.addresses.token, data: transfer } },
    ];
    const fee = 10n ** 10n;
    await hardhat.provider.request({ method: 'evm_setAutomine', params: [false] });
    try {
      const sent = [];
      for (const [place, { from, call }] of queue.entries()) {
        // The block takes the better payer first, so the order is that of the queue.
        const maxPriorityFeePerGas = fee * BigInt(queue.length - place);
        const fees = { gasLimit: 2_000_000n, maxPriorityFeePerGas, maxFeePerGas: 2n * fee * 10n };
        sent.push(await from.sendTransaction({ to: call.to, data: call.data, ...fees }));
      }
      await networkHelpers.mine();
      const receipts = await Promise.all(sent.map((transaction) => transaction.wait()));
      expect(receipts.map((receipt) => receipt!.status)).to.deep.equal([1, 1, 1]);
      expect(new Set(receipts.map((receipt) => receipt!.blockNumber)).size, 'one block').to.equal(1);
      expect(receipts.map((receipt) => receipt!.index)).to.deep.equal([0, 1, 2]);
      const { claimed } = parseEvents(receipts[1]!.logs, world.chain.addresses);
      expect(claimed.map(({ paid }) => paid)).to.deep.equal([due]);
    } finally {
      await hardhat.provider.request({ method: 'evm_setAutomine', params: [true] });
    }
    expect(due > 0n).to.equal(true);
    expect([await token.balanceOf(alice), await token.balanceOf(bob)]).to.deep.equal([0n, due]);
  });

  it('emitted at the end: 6 B to the wei, none of them stuck, the foundation never over its share', async function () {
    this.timeout(3_600_000);
    const world = await loadFixture(deployedForAll);
    const { token, vault, reserve, curve, distributor } = world.chain.contracts;
    const { oscar } = world.actors;
    const numbers = random('tnet');
    const last = world.parameters.lastEmissionEpoch;
    let state: State = BEFORE;
    let settled: Settled | undefined;
    let sum = { budget: 0n, granted: 0n, foundation: 0n };
    const run = async (work: Work) => {
      const step = await runEpoch(world, state, work);
      [state, settled] = [step.settled.next, step.settled];
      const { budget, granted, foundationGranted } = step.final;
      expectFoundationWithin(step.final);
      sum = {
        budget: sum.budget + budget,
        granted: sum.granted + granted,
        foundation: sum.foundation + foundationGranted,
      };
      return step.final;
    };
    for (let epoch = 0; epoch <= last; epoch++) {
      await run(draw(numbers));
      // The operator's purse holds a thousand bonds of ten coins.
      if (epoch % 100 === 99) await distributor.connect(oscar).withdrawBond(oscar);
    }
    expect(await curve.END()).to.equal(BigInt(END));
    expect(sum.budget).to.equal(SIX_BILLION);
    expect(await token.totalSupply(), 'EMIT-1').to.equal(SIX_BILLION);

    // What empty days and tasks left behind goes on to miners, after the curve's end and out of the reserve alone.
    const left = await reserve.reserve();
    expect(left > 0n).to.equal(true);
    const after = await run({ scores: [1, 2, 3].map((task) => score(world.actors.alice, task, 1n)) });
    expect([after.budget, after.granted > 0n, after.injected]).to.deep.equal([0n, true, after.granted]);
    expect(await token.totalSupply(), 'EMIT-1').to.equal(SIX_BILLION);

    const claims = [...state.accounts].map(({ account }) => claimOf(settled!, account));
    const { claimed, skipped } = await claimMany(world.chain, world.actors.mallory, claims);
    expect([claimed.length, skipped.length]).to.deep.equal([state.accounts.length, 0]);
    await vault.connect(world.actors.mallory).claimFoundation(world.actors.fiona);
    const paid = claimed.reduce((total, { paid: amount }) => total + amount, 0n);
    expect(paid + sum.foundation).to.equal(sum.granted);
    expect(await token.balanceOf(world.actors.fiona), 'SETL-4').to.equal(sum.foundation);
    expect(sum.foundation * WAD <= sum.granted * SHARE, 'SETL-4').to.equal(true);
    expect(await token.balanceOf(vault), 'nothing vests').to.equal(0n);
    expect(paid + sum.foundation + (await reserve.reserve())).to.equal(SIX_BILLION);
  });

  it('keeps the foundation under a half, even against governance', async () => {
    const world = await loadFixture(deployed);
    const { council, fiona } = world.actors;
    const { parameters } = world.chain.contracts;
    const half = parameters.interface.encodeFunctionData('scheduleFoundation', [9, fiona.address, WAD / 2n]);
    const call = { to: world.chain.addresses.parameters, data: half, value: 0n };
    const { readyAt } = await advanceOperation(world.chain, council, call, 'more for the foundation');
    await travelTo(world, readyAt);
    await expectCode(
      advanceOperation(world.chain, council, call, 'more for the foundation'),
      'EpochParameters_ShareOutOfBounds',
    );
    await expectCode(sendCall(council, call), 'AccessManagedUnauthorized');
  });
});

import { expect } from 'chai';
import { network } from 'hardhat';

import { checkDeployment } from '../../deploy/check-deployment.ts';
import { parseEvents } from '../../src/chain/events.ts';
import { sendCall } from '../../src/chain/send.ts';
import { advanceOperation } from '../support/advance-operation.ts';
import type { Order } from '../../src/chain/unit-pool-calls.ts';
import { allotCall, claimUnitsCall, closePoolCall } from '../../src/chain/unit-pool-calls.ts';
import { parseAddress } from '../../src/protocol/brands.ts';
import { WAD } from '../../src/protocol/fixed-point.ts';
import { loadPreset } from '../../src/settlement/preset/load-preset.ts';
import { settleEpoch } from '../../src/settlement/settle-epoch.ts';
import type { State } from '../../src/settlement/state.ts';
import { withDeposit } from '../../src/settlement/state.ts';
import { runs } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { fixtureLoader } from '../support/fixture-loader.ts';
import type { Work, World } from '../support/world.ts';
import { BEFORE, deployWorld, LINGOPOD, runEpoch, storyPreset, travelTo } from '../support/world.ts';

const hardhat = await network.create();
const { ethers, networkHelpers } = hardhat;
const loadFixture = fixtureLoader(networkHelpers);

const DAY = 86_400;
/** 00:00 UTC, as LingoPod's epochs need. */
const START = 2_000_073_600;
const SALE_END = START + 90 * DAY;
const RELEASE_END = SALE_END + 365 * DAY;
const MILLION = 1_000_000n * WAD;
const PER_UNIT = 10_000n * WAD;
const REASON = 'orders of the first week';

/** So many accounts work every day that the law withholds about a hundredth. */
const MINERS = 300;

/** LingoPod, of whose 10,000 units 4,000 are sold before the start. */
async function sold() {
  const world = await deployWorld(hardhat, { start: START, preset: loadPreset(LINGOPOD) });
  const { alice, bob, carol } = world.actors;
  const orders = [
    { account: alice.address, units: 3n },
    { account: bob.address, units: 3_996n },
    { account: carol.address, units: 1n },
  ];
  await book(world, orders);
  return { world, orders };
}

/** The council books orders, as late as the timelock lets it. */
async function book(world: World, orders: readonly Order[]) {
  const call = allotCall(world.chain.addresses, orders);
  const { readyAt } = await advanceOperation(world.chain, world.actors.council, call, REASON);
  await travelTo(world, readyAt);
  return (await advanceOperation(world.chain, world.actors.council, call, REASON)).receipt!;
}

/** The same work in every task by every miner. */
function workOf({ parameters }: World): Work {
  const accounts = Array.from({ length: MINERS }, (_, index) =>
    parseAddress(`0x${String(index + 1).padStart(40, '0')}`),
  );
  const ids = parameters.tasks.map(({ id }) => id);
  return { scores: accounts.flatMap((account) => ids.map((task) => ({ account, task, score: 5_000n }))) };
}

const poolOf = ({ chain }: World) => chain.contracts.unitPool!;

/** The first word of an interface is a promise: what a unit has released by a moment. */
function releasedPerUnit(time: number): bigint {
  const elapsed = Math.min(Math.max(time - SALE_END, 0), RELEASE_END - SALE_END);
  return (PER_UNIT * BigInt(elapsed)) / BigInt(RELEASE_END - SALE_END);
}

describe('units of LingoPod sold in advance', () => {
  it('are deployed as the preset says: 100 M for 10,000 units, inside the cap and outside the curve', async () => {
    const world = await loadFixture(deployedAlone);
    const { contracts, addresses } = world.chain;
    const pool = poolOf(world);
    const check = { addressBook: world.deployment.addressBook, inputs: world.deployment.inputs };
    expect(await checkDeployment({ ...check, provider: ethers.provider })).to.deep.equal([]);
    expect([await pool.ALLOCATION(), await pool.UNITS(), await pool.PER_UNIT()]).to.deep.equal([
      100n * MILLION,
      10_000n,
      PER_UNIT,
    ]);
    expect([await pool.SALE_END(), await pool.RELEASE_OVER()]).to.deep.equal([BigInt(SALE_END), BigInt(365 * DAY)]);
    expect(await contracts.token.balanceOf(pool)).to.equal(100n * MILLION);
    expect([await contracts.token.GENESIS(), await contracts.curve.TOTAL(), await contracts.token.CAP()]).to.deep.equal(
      [100n * MILLION, 16_500n * MILLION, 16_600n * MILLION],
    );
    expect(await contracts.reserve.isPool(addresses.unitPool!)).to.equal(true);
  });

  it('are seen by the check of a deployment when they are other than asked for', async () => {
    const world = await loadFixture(deployedAlone);
    const { addressBook, inputs } = world.deployment;
    const unitPool = { allocation: 1n, units: 1, saleEnd: 1, releaseOver: 1 };
    const found = await checkDeployment({ addressBook, inputs: { ...inputs, unitPool }, provider: ethers.provider });
    const terms = ['ALLOCATION', 'UNITS', 'SALE_END', 'RELEASE_OVER', 'locked'];
    expect(found.map(({ what }) => what)).to.deep.equal(terms.map((name) => `unitPool.${name}`));

    const without = await checkDeployment({
      addressBook,
      inputs: { ...inputs, unitPool: null },
      provider: ethers.provider,
    });
    expect(without.map(({ what }) => what)).to.deep.equal(['unit pool']);
    await book(world, [{ account: world.actors.alice.address, units: 2n }]);
    const later = await checkDeployment({ addressBook, inputs, provider: ethers.provider });
    expect(later.map(({ what }) => what)).to.deep.equal(['units sold']);
  });

  it('are no part of a deployment whose preset has none', async () => {
    const { chain } = await loadFixture(deployedWithout);
    expect(chain.contracts.unitPool).to.equal(null);
    expect(chain.addresses).to.not.have.property('unitPool');
    expect(() => closePoolCall(chain.addresses))
      .to.throw()
      .with.property('code', 'NO_UNIT_POOL');
  });

  it('are booked by the timelock, after lists that all could read, and by nobody else', async () => {
    const world = await loadFixture(deployedAlone);
    const { council, mallory, alice } = world.actors;
    const call = allotCall(world.chain.addresses, [{ account: mallory.address, units: 1n }]);
    for (const stranger of [mallory, council]) {
      await expectCode(sendCall(stranger, call), 'AccessManagedUnauthorized', { caller: stranger.address });
    }
    const receipt = await book(world, [{ account: alice.address, units: 7n }]);
    const { allotted } = parseEvents(receipt.logs, world.chain.addresses);
    const account = alice.address.toLowerCase();
    expect(allotted).to.deep.equal([{ account, units: 7n, accountUnits: 7n, sold: 7n }]);
    expect(await poolOf(world).unitsOf(alice)).to.equal(7n);
  });

  it('POOL-1 are released linearly from the sale’s end, each alike, to the second', async () => {
    const { world, orders } = await loadFixture(sold);
    const { token } = world.chain.contracts;
    const pool = poolOf(world);
    const supply = await token.totalSupply();
    const moments = [0, 1, 2, DAY, 100 * DAY, 365 * DAY - 1, 365 * DAY, 366 * DAY].map((after) => SALE_END + after);
    for (const moment of [START, SALE_END - 1, ...moments]) {
      await networkHelpers.time.increaseTo(moment);
      const released = releasedPerUnit(moment);
      for (const { account, units } of orders) expect(await pool.claimable(account)).to.equal(units * released);
    }
    expect(releasedPerUnit(SALE_END + 1)).to.equal(317_097_919_837_645n);

    for (const { account, units } of orders) {
      const { logs } = await sendCall(world.actors.mallory, claimUnitsCall(world.chain.addresses, account));
      const due = units * PER_UNIT;
      const paid = { account: account.toLowerCase(), to: account.toLowerCase(), amount: due, claimed: due };
      expect(parseEvents(logs, world.chain.addresses).unitsClaimed).to.deep.equal([paid]);
      expect(await token.balanceOf(account), 'POOL-1').to.equal(due);
    }
    expect(await token.balanceOf(pool)).to.equal(6_000n * PER_UNIT);
    expect(await token.totalSupply(), 'POOL-5').to.equal(supply);
  });

  it('RSRV-1 leave what nobody ordered to the reserve, which pays it to miners in later epochs', async function () {
    this.timeout(600_000);
    const { world } = await loadFixture(sold);
    const { token, reserve, vault } = world.chain.contracts;
    const work = workOf(world);
    const pool = poolOf(world);
    // The deposit joins whatever epoch is made final next; how many were final before makes no difference to it.
    const before = runs(3, 89);
    let state: State = BEFORE;
    for (let epoch = 0; epoch < before; epoch++) state = (await runEpoch(world, state, work)).settled.next;

    await expectCode(sendCall(world.actors.mallory, closePoolCall(world.chain.addresses)), 'UnitPool_SaleOpen');
    await travelTo(world, SALE_END);
    const supply = await token.totalSupply();
    const { logs } = await sendCall(world.actors.mallory, closePoolCall(world.chain.addresses));
    const returned = 6_000n * PER_UNIT;
    expect(parseEvents(logs, world.chain.addresses).poolClosed).to.deep.equal([
      { sold: 4_000n, unsold: 6_000n, returned },
    ]);
    expect([await reserve.reserve(), await reserve.pending()], 'RSRV-1').to.deep.equal([state.reserve, returned]);
    expect(await token.totalSupply(), 'POOL-5').to.equal(supply);
    await expectCode(sendCall(world.actors.alice, closePoolCall(world.chain.addresses)), 'UnitPool_AlreadyClosed');

    // Beside it the same economy in which everything had been sold, off chain.
    let without = state;
    let paidMore = 0n;
    state = withDeposit(state, returned);
    for (let number = 0; number < 8; number++) {
      const { settled, final } = await runEpoch(world, state, work);
      const unlockPerUse = 0n;
      const other = settleEpoch({
        parent: without,
        record: settled.record,
        scores: work.scores!,
        uses: [],
        unlockPerUse,
      });
      if (number === 0) {
        expect(final.granted, 'S joins when the epoch is final').to.equal(other.outcome.granted);
        expect(settled.next.reserve - other.next.reserve, 'RSRV-1').to.equal(returned);
      } else {
        expect(final.injected > 0n, 'more than the day’s budget is paid').to.equal(true);
        expect(final.granted > other.outcome.granted).to.equal(true);
      }
      paidMore += final.granted - other.outcome.granted;
      expect(paidMore + settled.next.reserve - other.next.reserve, 'nothing is lost on the way').to.equal(returned);
      [state, without] = [settled.next, other.next];
    }
    // Seven days give back their 1/360 each, less what the law keeps: about 1.9 %.
    expect(paidMore > (returned * 18n) / 1000n && paidMore < (returned * 20n) / 1000n, String(paidMore)).to.equal(true);
    const everywhere = [pool, reserve, vault].map((holder) => token.balanceOf(holder));
    const held = (await Promise.all(everywhere)).reduce((sum, balance) => sum + balance, 0n);
    expect(held, 'POOL-5').to.equal(await token.totalSupply());
    expect(await pool.closed(), 'POOL-4').to.equal(true);
  });
});

async function deployedAlone() {
  return await deployWorld(hardhat, { start: START, preset: loadPreset(LINGOPOD) });
}

async function deployedWithout() {
  return await deployWorld(hardhat, { start: START, preset: storyPreset() });
}

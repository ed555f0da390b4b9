import { closeEpoch, finaliseEpoch, proposeSettlement } from '../../chain/epoch-steps.ts';
import type { FinalisedEvent } from '../../chain/events.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { recordHash, type EpochRecord } from '../../protocol/epoch-record.ts';
import { InvariantError } from '../../protocol/errors.ts';
import { basisOf } from '../../settlement/basis.ts';
import type { EpochSettlement } from '../../settlement/settle-epoch.ts';
import type { DemoEpoch } from './result.ts';
import { sendAndWait, type Stage } from './stage.ts';

/** Seconds between what the protocol allows and when the demo does it. */
const A_MINUTE = 60;

/**
 * Closes an epoch after its end, at a price that was set while it ran, and compares the record that the chain froze with
 * the one that the twin expects.
 *
 * @throws {InvariantError} `DEMO_DIFFERS` when they are not the same
 */
export async function closeOnChain(stage: Stage, expected: EpochRecord): Promise<void> {
  const { chain, connection, actors, prices, gas } = stage;
  if (expected.price !== 0n) await sendAndWait(() => prices.setPrice(expected.start, expected.price));
  await chain.travelTo(expected.end + A_MINUTE);
  const closed = await closeEpoch(connection, actors.keeper);
  gas.note('close an epoch', closed.receipt?.gasUsed ?? 0n);
  same(expected.epoch, [['record', recordHash(expected), closed.recordHash]]);
}

/**
 * Brings a settled epoch to the chain: proposes it with its bond, lets the window pass, makes it final. Every figure that
 * the chain computed is compared with the twin's.
 *
 * @throws {InvariantError} `DEMO_DIFFERS` when chain and twin disagree in anything
 */
export async function settleOnChain(stage: Stage, settled: EpochSettlement, reportCid: string): Promise<DemoEpoch> {
  const { chain, connection, actors, gas, now } = stage;
  const { record, parent } = settled;
  const settlement = { ...settled.settlement, reportCid: parseHash32(reportCid) };
  const proposal = { record, settlement, basis: basisOf(record, parent) };
  const proposed = await proposeSettlement(connection, actors.operator, proposal);
  gas.note('propose a settlement', proposed.receipt?.gasUsed ?? 0n);

  await chain.travelTo((await now()) + record.window + A_MINUTE);
  const finalised = await finaliseEpoch(connection, actors.keeper, proposal);
  gas.note('make it final', finalised.receipt?.gasUsed ?? 0n);
  await compare(stage, settled, finalised);

  const distributor = connection.contracts.distributor.connect(actors.operator);
  await sendAndWait(() => distributor.withdrawBond(actors.operator.address));
  return await epochFacts(stage, settled);
}

async function compare({ connection }: Stage, settled: EpochSettlement, event: FinalisedEvent): Promise<void> {
  const { reserve, vault } = connection.contracts;
  const { outcome, record, settlement, next } = settled;
  const reasons = Object.values<bigint>({ ...event.reasons }).reduce((sum, reason) => sum + reason, 0n);
  same(record.epoch, [
    ['root', settlement.root, (await vault.rootOf(record.epoch)).root],
    ['budget', outcome.budget, event.budget],
    ['payout', outcome.payout, event.payout],
    ['granted', outcome.granted, event.granted],
    ["foundation's grant", outcome.foundationGranted, event.foundationGranted],
    ['withheld', outcome.withheld, event.withheld],
    ['injected', outcome.injected, event.injected],
    ['sum of the reasons', outcome.budget - outcome.granted, reasons],
    ['reserve', next.reserve, await reserve.reserve()],
    ['total granted', next.totalGranted, await vault.totalGranted()],
  ]);
}

function same(epoch: number, pairs: readonly (readonly [string, bigint | string, bigint | string])[]): void {
  for (const [what, twin, chain] of pairs) {
    if (twin === chain) continue;
    throw new InvariantError({
      code: 'DEMO_DIFFERS',
      shortMessage: `epoch ${epoch}: the chain's ${what} is not the twin's`,
      details: { epoch, twin, chain },
    });
  }
}

async function epochFacts({ connection, now }: Stage, settled: EpochSettlement): Promise<DemoEpoch> {
  const { token, vault } = connection.contracts;
  const { record, outcome, settlement, participants, next } = settled;
  return {
    epoch: record.epoch,
    start: record.start,
    end: record.end,
    price: record.price,
    participants,
    leafCount: settlement.leafCount,
    budget: outcome.budget,
    payout: outcome.payout,
    granted: outcome.granted,
    foundation: outcome.foundationGranted,
    withheld: outcome.withheld,
    injected: outcome.injected,
    deposited: settled.parent.pending,
    reserve: next.reserve,
    root: settlement.root,
    supply: await token.totalSupply(),
    unlocked: await vault.unlockedTotalAt(await now()),
    claimed: await vault.released(),
  };
}

import type { NetworkConnection } from 'hardhat/types/network';

import type { EconomyParameters } from '../../src/settlement/economy-parameters.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { START } from './contract-values.ts';
import { fixtureLoader } from './fixture-loader.ts';
import type { Protocol, Verifier } from './protocol-fixture.ts';
import {
  BOND,
  deployProtocol,
  economyOf,
  recordStruct,
  scored,
  settlementStruct,
  twinOf,
  WEEK,
} from './protocol-fixture.ts';

export const END_OF_FIRST = Number(START) + WEEK; // A time.

/** The numbers of {EpochState}, by name. */
export const STATE = { open: 0n, closed: 1n, proposed: 2n, final: 3n } as const;

/** The numbers of {ProposalState}, by name. */
export const PROPOSAL = {
  none: 0n,
  pending: 1n,
  final: 2n,
  vetoed: 3n,
  returned: 4n,
  forfeited: 5n,
  disproved: 6n,
} as const;

/** The numbers of {DemandState}, by name. */
export const DEMAND = { none: 0n, open: 1n, answered: 2n, returned: 3n } as const;

/** Fixtures of an epoch on its way, on one simulated chain. */
export function epochSteps({ ethers, networkHelpers }: NetworkConnection, judge?: Verifier) {
  const { time } = networkHelpers;

  async function fresh() {
    return await deployProtocol(ethers, economyOf(), judge);
  }

  /** Epoch 0 is over and closed; alice, bob and carol worked in it. */
  async function closed(differing: Partial<EconomyParameters> = {}) {
    const world = await deployProtocol(ethers, economyOf(differing), judge);
    await time.increaseTo(END_OF_FIRST);
    await world.distributor.closeEpoch();
    const [alice, bob, carol] = [world.alice.address, world.bob.address, world.carol.address];
    const twin = twinOf(world.economy, scored([alice, 1, 10n], [bob, 1, 30n], [bob, 2, 7n], [carol, 2, 4n]));
    return { ...world, twin, record: recordStruct(twin.record), settlement: settlementStruct(twin.settlement) };
  }

  /** Its settlement is proposed by oscar. */
  async function proposed(differing: Partial<EconomyParameters> = {}) {
    const world = await closed(differing);
    const { distributor, oscar, record, settlement } = world;
    const basis = await distributor.basisOf(0);
    await distributor.connect(oscar).propose(record, settlement, basis, { value: record.bond });
    return { ...world, basis, until: (await distributor.proposalOf(1)).until };
  }

  /** Epoch 0 is final; `next` is what follows when bob works on in epoch 1, which is not over. */
  async function settled() {
    const world = await closed();
    await settle(world, world.twin);
    const twin = twinOf(world.economy, scored([world.bob.address, 1, 5n]), world.twin.next);
    return { ...world, next: { record: recordStruct(twin.record), settlement: settlementStruct(twin.settlement) } };
  }

  /** Proposes what the twin computed, waits the window out and makes it final. */
  async function settle({ distributor, oscar }: Protocol, twin: EpochSettlement) {
    const [record, settlement] = [recordStruct(twin.record), settlementStruct(twin.settlement)];
    const basis = await distributor.basisOf(record.epoch);
    await distributor.connect(oscar).propose(record, settlement, basis, { value: BOND });
    await time.increase(record.window);
    return await distributor.finalise(record, settlement);
  }

  return { fresh, closed, proposed, settled, settle, loadFixture: fixtureLoader(networkHelpers) };
}

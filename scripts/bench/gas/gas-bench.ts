import { network } from 'hardhat';

import type { Claimable, Send } from '../../../test/support/gas-claims.ts';
import { claimMany, claimOf, giftTo, lastOf } from '../../../test/support/gas-claims.ts';
import type { ClaimSize } from '../../../test/support/gas-floor.ts';
import { batchWork, claimWork, floorOf } from '../../../test/support/gas-floor.ts';
import {
  COHORTS,
  DEPTH,
  freePreset,
  gasWorld,
  INITIAL_DATE,
  runEpoch,
  runEpochs,
  vestingPreset,
} from '../../../test/support/gas-world.ts';
import { PEERS } from '../../shared/peer-claims.ts';

/** A claim at depth 20: ours as it ran just now, or somebody else's as it was measured beforehand. */
export interface GasRow {
  readonly kind: 'lode' | 'peer';
  readonly claim: string;
  readonly when: string;
  /** Gas of the whole transaction, for each claim of it. */
  readonly gas: number;
  /** The least that its own work can cost; null where that was not reckoned. */
  readonly floor: number | null;
}

const TIMES = [
  { when: 'first, new holder', before: [], size: { paidBefore: false, to: 'new' } },
  {
    when: 'first, existing holder',
    before: [claimOf('bob'), giftTo('alice')],
    size: { paidBefore: false, to: 'holder' },
  },
  { when: 'repeated', before: [claimOf('alice', 'older')], size: { paidBefore: true, to: 'holder' } },
] satisfies { when: string; before: Send[]; size: Partial<ClaimSize> }[];

const BATCHES = [10, 50];

/** Deploys both economies, settles their epochs, claims in every way, and puts the figures of others beside them. */
export async function gasBench(tell: (what: string) => void): Promise<readonly GasRow[]> {
  const rows: GasRow[] = [];
  for (const [claim, preset, epochs, cohorts] of [
    ['lode, vesting, token with votes', vestingPreset, COHORTS + 2, COHORTS],
    ['lode, nothing vests, token with votes', freePreset, 2, 0],
  ] as const) {
    tell(claim);
    const hardhat = await network.create({ override: { initialDate: INITIAL_DATE } });
    const world = await gasWorld(hardhat, preset());
    const older = (await runEpochs(world, epochs)).at(-1);
    if (older === undefined) throw new Error('no epoch ran');
    const claimable: Claimable = { hardhat, world, older, newest: await runEpoch(world, older.settled.next, 'large') };
    for (const { when, before, size } of TIMES) {
      const snapshot = await hardhat.networkHelpers.takeSnapshot();
      const receipt = await lastOf(claimable, ...before, claimOf('alice'));
      const floor = await floorOf(receipt, claimWork({ depth: DEPTH, cohorts, ...size }));
      rows.push({ kind: 'lode', claim, when, gas: Number(receipt.gasUsed), floor });
      await snapshot.restore();
    }
    for (const count of BATCHES) {
      const snapshot = await hardhat.networkHelpers.takeSnapshot();
      const receipt = await lastOf(claimable, claimMany('older', count), claimMany('newest', count));
      const floor = await floorOf(receipt, batchWork(count, { depth: DEPTH, cohorts, paidBefore: true, to: 'holder' }));
      const each = (all: number): number => Math.floor(all / count);
      const when = `repeated, each of ${count} together`;
      rows.push({ kind: 'lode', claim, when, gas: each(Number(receipt.gasUsed)), floor: each(floor) });
      await snapshot.restore();
    }
    await hardhat.close();
  }
  const whens = ['first, new holder', 'first, existing holder', 'repeated', 'repeated, token with votes'];
  const peers = PEERS.flatMap(({ name, gas }) =>
    gas.map((value, at): GasRow => ({ kind: 'peer', claim: name, when: whens[at] ?? '', gas: value, floor: null })),
  );
  return [...rows, ...peers];
}

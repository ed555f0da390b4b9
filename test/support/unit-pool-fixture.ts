import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';

import { DAY, NO_LAW, START, WAD } from './contract-values.ts';

/** What a test says about a pool; the rest is as LingoPod's: 10,000 units of 10,000 tokens. */
export interface PoolTerms {
  readonly allocation: bigint;
  readonly units: bigint;
  readonly saleEnd: bigint;
  readonly releaseOver: bigint;
}

export const SALE_END = START + 30n * DAY;
export const RELEASE_OVER = 365n * DAY;
export const UNITS = 10_000n;
export const PER_UNIT = 10_000n * WAD;
export const ALLOCATION = UNITS * PER_UNIT;
export const TERMS: PoolTerms = { allocation: ALLOCATION, units: UNITS, saleEnd: SALE_END, releaseOver: RELEASE_OVER };

/** What a unit of these terms has released at a time. */
export function releasedPerUnit({ allocation, units, saleEnd, releaseOver }: PoolTerms, time: bigint): bigint {
  const perUnit = allocation / units;
  if (time <= saleEnd) return 0n;
  return time >= saleEnd + releaseOver ? perUnit : (perUnit * (time - saleEnd)) / releaseOver;
}

/** A pool, the token whose genesis fills it, and a reserve that knows it; the first signer may do everything restricted. */
export async function deployPool(ethers: HardhatEthers, differing: Partial<PoolTerms> = {}) {
  const terms = { ...TERMS, ...differing };
  const [governor, alice, bob, carol, mallory, oscar, vault] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const authority = await manager.getAddress();
  const pool = await ethers.deployContract('UnitPool', [
    authority,
    terms.allocation,
    terms.units,
    terms.saleEnd,
    terms.releaseOver,
  ]);
  const genesis = [{ account: await pool.getAddress(), amount: terms.allocation }];
  const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', authority, genesis, 1000n]);
  const curve = await ethers.deployContract('EmissionCurve', [START, DAY, [{ end: START + DAY, cumulative: 1000n }]]);
  const reserve = await ethers.deployContract('StabilizationReserve', [
    authority,
    await token.getAddress(),
    await curve.getAddress(),
    { ...NO_LAW },
  ]);
  await reserve.setDistributor(oscar!.address);
  return {
    ...{ terms, manager, pool, token, curve, reserve },
    ...{
      governor: governor!,
      alice: alice!,
      bob: bob!,
      carol: carol!,
      mallory: mallory!,
      oscar: oscar!,
      vault: vault!,
    },
  };
}

/** The pool connected, as a deployment leaves it. */
export async function connectedPool(ethers: HardhatEthers, differing: Partial<PoolTerms> = {}) {
  const world = await deployPool(ethers, differing);
  await world.reserve.registerPool(await world.pool.getAddress());
  await world.pool.setReserve(await world.reserve.getAddress());
  return world;
}

import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';

import { DAY, START, WAD } from './contract-values.ts';
import type { LeafTree } from './leaves.ts';

export const WEEK = 7n * DAY;

/** Cohorts of four weekly epochs, each released over eight weeks. */
export const COHORT_EPOCHS = 4n;
export const DURATION = 8n * WEEK;

/** The first second of an epoch. */
export const startOf = (epoch: number): bigint => START + BigInt(epoch) * WEEK;
/** The first second after an epoch. */
export const endOf = (epoch: number): bigint => startOf(epoch + 1);
/** Where the first cohort's release begins. */
export const COHORT_END = START + COHORT_EPOCHS * WEEK;

/** What a test says about an epoch it settles by hand; the rest has defaults. */
export interface GrantInput {
  readonly epoch: number;
  readonly end: bigint;
  readonly root: string;
  readonly leafCount: number;
  readonly granted: bigint;
  readonly foundationGranted: bigint;
  readonly foundation: string;
  readonly accelerated: bigint[];
  readonly cohortEnd: bigint;
  readonly duration: bigint;
}

const NOBODY = '0x00000000000000000000000000000000000000f0';

/** A grant of a tree at an epoch: no foundation, no acceleration, the first cohort. Give what should differ. */
export function grantOf(epoch: number, tree: LeafTree, differing: Partial<GrantInput> = {}): GrantInput {
  return {
    epoch,
    end: endOf(epoch),
    root: tree.root,
    leafCount: tree.leafCount,
    granted: 0n,
    foundationGranted: 0n,
    foundation: NOBODY,
    accelerated: [],
    cohortEnd: COHORT_END,
    duration: DURATION,
    ...differing,
  };
}

/** A vault whose distributor is a person, `dora`: she settles what a test tells her, and mints the tokens. */
export async function deployVault(ethers: HardhatEthers) {
  const [governor, dora, alice, bob, carol, mallory] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const table = [{ end: START + 520n * WEEK, cumulative: 1_000_000n * WAD }];
  const curve = await ethers.deployContract('EmissionCurve', [START, WEEK, table]);
  const token = await ethers.deployContract('MiningToken', [
    'Lode',
    'LODE',
    await manager.getAddress(),
    [],
    1_000_000n * WAD,
  ]);
  const vault = await ethers.deployContract('VestingVault', [
    await manager.getAddress(),
    await token.getAddress(),
    await curve.getAddress(),
    COHORT_EPOCHS,
    DURATION,
  ]);
  await token.setMinter(dora!.address);
  await vault.setDistributor(dora!.address);
  const vaultAddress = await vault.getAddress();
  const minter = token.connect(dora);
  const distributor = vault.connect(dora);

  /** Settles an epoch and brings the tokens, as the distributor would. */
  const settle = async (grant: GrantInput) => {
    const transaction = await distributor.settle(grant);
    await minter.mint(vaultAddress, grant.granted + grant.foundationGranted);
    return transaction;
  };
  return {
    manager,
    curve,
    token,
    vault,
    vaultAddress,
    settle,
    governor: governor!,
    dora: dora!,
    alice: alice!,
    bob: bob!,
    carol: carol!,
    mallory: mallory!,
  };
}

import type { AccountFunds } from '../chain/account-funds.ts';
import { readAccountFunds } from '../chain/account-funds.ts';
import { agreed, assertStillThere } from '../chain/agreement.ts';
import type { Claim } from '../chain/convert.ts';
import { claimFromProof } from '../chain/convert.ts';
import { finalEpochs } from '../chain/final-tree.ts';
import type { Address } from '../protocol/brands.ts';
import { RefusedError } from '../protocol/errors.ts';
import { totalOf, unlockedAt } from '../protocol/vesting-curve.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import type { FoundLeaf } from '../store/fetch-leaves.ts';
import type { ReportPlace } from '../store/report-place.ts';
import type { ClaimChain } from './final-trees.ts';
import { FinalTrees } from './final-trees.ts';

/** What is asked about. */
export interface ClaimQuery {
  readonly accounts: readonly Address[];
  readonly places: readonly ReportPlace[];
  /** Of which epoch; undefined: the newest that is final. */
  readonly epoch?: number | undefined;
}

/** Amounts of one account from one source, in wei. */
export interface Released {
  /** All that was ever granted to it, or that its units will ever release. */
  readonly granted: bigint;
  /** What of it is free. */
  readonly released: bigint;
  readonly claimed: bigint;
  /** What a claim would pay. */
  readonly claimable: bigint;
  /** What is not free yet. */
  readonly locked: bigint;
  /** When all of it is free, unix seconds. */
  readonly freeFrom: number;
}

/** What an account can claim, at the time of the block. */
export interface AccountClaims {
  readonly account: Address;
  /** Its leaf, proven against the root on chain; null if it has none, which was shown as well. */
  readonly claim: Claim | null;
  readonly rewards: Released | null;
  readonly units: (Released & { readonly count: bigint }) | null;
  readonly recipient: Address;
  readonly nextRecipient: AccountFunds['nextRecipient'];
  /** Where its leaf was found; null where nothing is final. */
  readonly from: string | null;
  /** Which file there holds it, with how many leaves; null where it has none. */
  readonly shard: FoundLeaf['shard'];
}

/** What the chain alone says of an account. */
export interface Holding extends Pick<AccountClaims, 'account' | 'recipient' | 'nextRecipient' | 'units'> {
  /** All rewards that were ever paid for it, in wei. */
  readonly claimed: bigint;
}

/** What the chain alone says of accounts, in one block. */
export interface Holdings {
  /** How many epochs are final. */
  readonly finalEpochs: number;
  readonly accounts: readonly Holding[];
}

/** The claims of accounts, all of one block. */
export interface FoundClaims {
  /** Null: no epoch is final, so nobody has anything. */
  readonly tree: (FinalTree & { readonly cid: string }) | null;
  readonly accounts: readonly AccountClaims[];
}

/**
 * Reads what the chain alone says of accounts: what they were paid, who is paid, and their units.
 *
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 */
export async function readHoldings(chain: ClaimChain, accounts: readonly Address[]): Promise<Holdings> {
  const { endpoints, block } = chain;
  const count = await agreed(endpoints, 'which epochs are final', async (one) => await finalEpochs(one, block.number));
  const funds = await agreed(
    endpoints,
    'what the accounts were paid',
    async (one) => await readAccountFunds(one, accounts, block),
  );
  const pool = await readPool(chain);
  const held = funds.map(({ units, ...one }) => ({
    ...one,
    units: pool === null || units === null ? null : ofUnits(units, pool),
  }));
  return { finalEpochs: count, accounts: held };
}

/**
 * Finds what accounts can claim. Each amount comes from a leaf that leads to the final root on chain; of what a place says, nothing
 * is believed. Who asks again and again keeps the trees in between.
 *
 * @throws {RefusedError} `EPOCH_NOT_FINAL`
 * @throws {RetryableError} `BLOCK_GONE`
 * @throws {ReportUnavailableError} `REPORT_UNAVAILABLE`
 * @throws {ReportDifferentError} `REPORT_DIFFERENT`
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 */
export async function findClaims(
  chain: ClaimChain,
  query: ClaimQuery,
  trees = new FinalTrees(query.places),
): Promise<FoundClaims> {
  const { endpoints, block } = chain;
  const { finalEpochs: count, accounts: held } = await readHoldings(chain, query.accounts);
  const epoch = query.epoch ?? count - 1;
  if (epoch >= count) throw notFinal(epoch, count);
  const tree = epoch < 0 ? null : await trees.treeOf(chain, epoch);
  await assertStillThere(endpoints, block);
  if (tree === null) {
    const none = { claim: null, rewards: null, from: null, shard: null };
    return { tree: null, accounts: held.map(({ claimed: _, ...one }) => ({ ...one, ...none })) };
  }
  const accounts: AccountClaims[] = [];
  for (const { claimed, ...one } of held) {
    accounts.push(claimsFrom({ claimed, ...one }, await trees.find(tree, one.account), block.time));
  }
  return { tree: { ...tree, cid: trees.cidOf(tree) }, accounts };
}

/** What an account can claim at a time, by what the chain says of it and by its proven leaf. */
export function claimsFrom(
  { claimed, ...one }: Holding,
  { proof, from, shard }: FoundLeaf,
  time: number,
): AccountClaims {
  const claim = proof === null ? null : claimFromProof(proof);
  return { ...one, claim, rewards: proof === null ? null : ofCurve(proof, claimed, time), from, shard };
}

/** What any of the accounts has from a source, together. */
export function sumOf(accounts: readonly AccountClaims[], which: 'rewards' | 'units'): bigint {
  return accounts.reduce((sum, one) => sum + (one[which]?.claimable ?? 0n), 0n);
}

function ofCurve({ curve }: Pick<Claim, 'curve'>, claimed: bigint, time: number): Released {
  const [granted, released] = [totalOf(curve), unlockedAt(curve, time)];
  const freeFrom = Math.max(0, ...curve.cohorts.map(({ end, duration }) => end + duration));
  return amounts(granted, released, claimed, freeFrom);
}

interface Pool {
  readonly perUnit: bigint;
  readonly freeFrom: number;
}

function ofUnits({ units, released, claimed }: NonNullable<AccountFunds['units']>, { perUnit, freeFrom }: Pool) {
  return { count: units, ...amounts(units * perUnit, released, claimed, freeFrom) };
}

function amounts(granted: bigint, released: bigint, claimed: bigint, freeFrom: number): Released {
  const claimable = released > claimed ? released - claimed : 0n;
  return { granted, released, claimed, claimable, locked: granted - released, freeFrom };
}

async function readPool({ endpoints, block }: ClaimChain): Promise<Pool | null> {
  return await agreed(endpoints, 'the terms of the units', async ({ contracts: { unitPool } }) => {
    if (unitPool === null) return null;
    const at = { blockTag: block.number };
    const end = (await unitPool.SALE_END(at)) + (await unitPool.RELEASE_OVER(at));
    return { perUnit: await unitPool.PER_UNIT(at), freeFrom: Number(end) };
  });
}

function notFinal(epoch: number, count: number): RefusedError {
  return new RefusedError({
    code: 'EPOCH_NOT_FINAL',
    shortMessage: `epoch ${epoch} is not final`,
    details: {
      epoch,
      newest: count === 0 ? null : count - 1,
      next: 'leave --epoch out for the newest that is final, or wait',
    },
  });
}

import type { AccountFunds } from '../chain/account-funds.ts';
import { readAccountFunds } from '../chain/account-funds.ts';
import type { AgreedBlock, Endpoint } from '../chain/agreement.ts';
import { agreed, assertStillThere } from '../chain/agreement.ts';
import type { Claim } from '../chain/convert.ts';
import { claimFromProof } from '../chain/convert.ts';
import { finalEpochs, readFinalTree } from '../chain/final-tree.ts';
import type { Address } from '../protocol/brands.ts';
import { RefusedError } from '../protocol/errors.ts';
import { totalOf, unlockedAt } from '../protocol/vesting-curve.ts';
import type { FinalTree } from '../settlement/final-tree.ts';
import { PublishedLeaves } from '../store/fetch-leaves.ts';
import type { ReportPlace } from '../store/report-place.ts';

/** Where claims are looked for: nodes that agree, and a block that they agree on. */
export interface ClaimChain {
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly block: AgreedBlock;
}

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
}

/** The claims of accounts, all of one block. */
export interface FoundClaims {
  /** Null: no epoch is final, so nobody has anything. */
  readonly tree: (FinalTree & { readonly cid: string }) | null;
  readonly accounts: readonly AccountClaims[];
}

/**
 * Finds what accounts can claim. Each amount comes from a leaf that leads to the final root on chain; of what a place says, nothing
 * is believed.
 *
 * @throws {RefusedError} `EPOCH_NOT_FINAL`
 * @throws {RetryableError} `BLOCK_GONE`
 * @throws {ReportUnavailableError} `REPORT_UNAVAILABLE`
 * @throws {ReportDifferentError} `REPORT_DIFFERENT`
 * @throws {EndpointsDisagreeError} `ENDPOINTS_DISAGREE`
 */
export async function findClaims(chain: ClaimChain, query: ClaimQuery): Promise<FoundClaims> {
  const { endpoints, block } = chain;
  const count = await agreed(endpoints, 'which epochs are final', async (one) => await finalEpochs(one, block.number));
  const funds = await agreed(
    endpoints,
    'what the accounts were paid',
    async (one) => await readAccountFunds(one, query.accounts, block),
  );
  const pool = await readPool(chain);
  const shared = (one: AccountFunds) => ({
    ...{ account: one.account, recipient: one.recipient, nextRecipient: one.nextRecipient },
    units: pool === null || one.units === null ? null : ofUnits(one.units, pool),
  });
  const epoch = query.epoch ?? count - 1;
  if (epoch >= count) throw notFinal(epoch, count);
  const tree =
    epoch < 0
      ? null
      : await agreed(
          endpoints,
          `the root of epoch ${epoch}`,
          async (one) => await readFinalTree(one, epoch, block.number),
        );
  await assertStillThere(endpoints, block);
  if (tree === null) {
    const accounts = funds.map((one) => ({ ...shared(one), claim: null, rewards: null, from: null }));
    return { tree: null, accounts };
  }
  const leaves = new PublishedLeaves(query.places, tree);
  const accounts: AccountClaims[] = [];
  for (const one of funds) {
    const { proof, from } = await leaves.find(one.account);
    const rewards = proof === null ? null : ofCurve(proof, one.claimed, block.time);
    accounts.push({ ...shared(one), claim: proof === null ? null : claimFromProof(proof), rewards, from });
  }
  return { tree: { ...tree, cid: leaves.cid }, accounts };
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

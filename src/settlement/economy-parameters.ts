/** A value that acts from epoch `from` until the next entry; a list of them rises strictly and starts at epoch 0. */
export interface From<T> {
  readonly from: number;
  readonly value: T;
}

/** A governed parameter over time. */
export type Over<T> = readonly From<T>[];

/** A task of the registry and its share of the miners' part in wad; the weights of one table sum to exactly 1e18. */
export interface TaskWeight {
  readonly task: number;
  readonly weight: bigint;
}

/** What governance votes on besides weights: the policy's content hash and who counts as participant of each task. */
export interface PolicyVersion {
  /** sha-256 or keccak of the canonical policy, 32 bytes as 0x hex. */
  readonly hash: string;
  /** Aligned to the task table of the epoch, each at least 1. */
  readonly minScores: readonly bigint[];
}

/** The reserve's law as the contract stores it; wads, `c` in participants × 1e18. */
export interface ReserveLaw {
  readonly hasLaw: boolean;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  readonly alpha: bigint;
  readonly priceRef: bigint;
  /** T: at most S/T leaves the reserve in one epoch. */
  readonly smoothing: number;
  readonly rho: bigint;
  /** Address of the price source, lower case; the zero address when there is none. */
  readonly priceSource: string;
}

/** Who earns beside the miners, and how much of the payout (wad, below one half). */
export interface FoundationTerms {
  readonly account: string;
  readonly share: bigint;
}

/** Release terms of the cohorts that open from an epoch on; duration 0 pays at once. */
export interface ReleaseTerms {
  readonly cohortEpochs: number;
  readonly duration: number;
}

/** Window (seconds) and bond (wei of the native coin) of a proposal. */
export interface ChallengeTerms {
  readonly window: number;
  readonly bond: bigint;
}

/**
 * Everything that decides an economy besides scores and prices: what a deployment is given, and what governance changed
 * since. All times are unix seconds, all amounts wei, all ratios wads.
 */
export interface EconomyParameters {
  readonly start: number;
  readonly epochLength: number;
  /** Cumulative emission at period ends, linear inside a period. */
  readonly curve: readonly { readonly end: number; readonly cumulative: bigint }[];
  /** Minted once at the start, outside the curve. */
  readonly genesis: bigint;
  readonly tasks: Over<readonly TaskWeight[]>;
  readonly policy: Over<PolicyVersion>;
  readonly reserve: Over<ReserveLaw>;
  readonly foundation: Over<FoundationTerms>;
  readonly accountCap: Over<bigint>;
  readonly accelerationBound: Over<bigint>;
  readonly terms: Over<ReleaseTerms>;
  readonly challenge: Over<ChallengeTerms>;
  /** Share of what is still locked that one use of an account's contributions unlocks (wad); off chain, from the policy. */
  readonly unlockPerUse: Over<bigint>;
}

/** The entry that acts in `epoch`. */
export function actingAt<T>(over: Over<T>, epoch: number): From<T> {
  let acting = over[0];
  for (const entry of over) if (entry.from <= epoch) acting = entry;
  if (acting === undefined || acting.from > epoch) throw new RangeError(`no value acts in epoch ${epoch}`);
  return acting;
}

/** The value that acts in `epoch`. */
export function valueAt<T>(over: Over<T>, epoch: number): T {
  return actingAt(over, epoch).value;
}

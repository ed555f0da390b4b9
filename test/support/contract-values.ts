/** Values and shapes shared by the tests of the contracts. */
import type { Result } from 'ethers';

/** One, as a wad. */
export const WAD = 10n ** 18n;

/** The largest amount that fits the protocol's 128 bits. */
export const MAX_UINT128 = 2n ** 128n - 1n;

export const DAY = 86_400n;

/** A start of epoch 0 that lies well after the simulated chain's first block. */
export const START = 2_000_000_000n;

/** The law of the reserve as the contract takes it. */
export interface ReserveLaw {
  readonly hasLaw: boolean;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  readonly alpha: bigint;
  readonly priceRef: bigint;
  readonly smoothing: bigint;
  readonly rho: bigint;
  readonly priceSource: string;
}

export const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** A law in the middle of all bounds, without a price source; give what should differ. */
export function reserveLaw(differing: Partial<ReserveLaw> = {}): ReserveLaw {
  return {
    hasLaw: true,
    a: (98n * WAD) / 100n,
    b: WAD / 50n,
    c: 135n * WAD,
    alpha: WAD / 10n,
    priceRef: WAD / 4n,
    smoothing: 30n,
    rho: WAD / 100n,
    priceSource: ZERO_ADDRESS,
    ...differing,
  };
}

/** The parameters of an economy without a law: a factor of exactly 1. */
export const NO_LAW: ReserveLaw = {
  hasLaw: false,
  a: 0n,
  b: 0n,
  c: 0n,
  alpha: 0n,
  priceRef: 0n,
  smoothing: 2n,
  rho: 0n,
  priceSource: ZERO_ADDRESS,
};

/** The names of {CurveFault}, by number. */
export const CURVE_FAULTS = [
  'None',
  'TooManyCohorts',
  'DirtyWord',
  'ZeroAmount',
  'ZeroDuration',
  'EndsNotRising',
  'CohortFinished',
  'TotalTooLarge',
];

/** The numbers of {PriceReason}, by name. */
export const PRICE_REASON = {
  used: 0n,
  notNeeded: 1n,
  noSource: 2n,
  noCode: 3n,
  callFailed: 4n,
  badReturn: 5n,
  zero: 6n,
  tooHigh: 7n,
} as const;

/** A struct or several named values as ethers returns them, as a plain object. */
export function plain(values: object): Record<string, unknown> {
  // TypeChain's types leave out that it is an ethers Result.
  return (values as Result).toObject();
}

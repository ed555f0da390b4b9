import { assertInput } from './errors.ts';
import { expWad, lnWad, max, min, mulDivDown, mulDivUp, WAD } from './fixed-point.ts';

/** exp overflows above 135; at 130 the logistic is 0 to the last wad, and below -41 its exp is. */
const MAX_EXPONENT = 130n * WAD;
/** A price counts as at most 10^6 times the reference price, and at least a 10^6th of it; the ratio has 36 decimals. */
const PRICE_RATIO_UNIT = 10n ** 36n;
const MAX_PRICE_RATIO = 10n ** 42n;
const MIN_PRICE_RATIO = 10n ** 30n;
/** ln(1e18), rounded down: what lnWad of a ratio to 36 decimals is too large by. */
const LN_1E18 = 41446531673892822312n;
/** expWad is within two units of the last place plus one part in 2^64 of the exact value. */
const EXP_ERROR_SHIFT = 64n;
const EXP_ERROR = 2n;
/** lnWad is within two units of the last place of the exact value. */
const LN_ERROR = 2n;

/** How far below its exact value the logistic may lie, as a wad. */
export const LOGISTIC_ERROR = 5n;
/** How far above its exact value the price term may lie, as a wad. */
export const PRICE_TERM_ERROR = 4n;

/** The effective number of participants, m * Σ w_i * n_i, as a wad. Exact. Throws `ReserveMath_LengthMismatch`. */
export function effectiveParticipants(weights: readonly bigint[], participants: readonly number[]): bigint {
  assertInput(
    weights.length === participants.length,
    'ReserveMath_LengthMismatch',
    'one number of participants per weight is needed',
    { weights: weights.length, participants: participants.length },
  );
  let sum = 0n;
  weights.forEach((weight, index) => {
    sum += weight * BigInt(participants[index] as number); // Same length, checked above.
  });
  return sum * BigInt(weights.length);
}

/** Figures of the logistic, wads: its upper limit, its steepness per participant and the participants at its middle. */
export interface Logistic {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
}

/** L(nEff) = a / (1 + exp(-b (nEff - c))), a wad rounded down by at most {@link LOGISTIC_ERROR}. Never falls in nEff. */
export function logisticDown({ a, b, c }: Logistic, nEff: bigint): bigint {
  const exponent =
    nEff >= c ? -min(mulDivDown(b, nEff - c, WAD), MAX_EXPONENT) : min(mulDivUp(b, c - nEff, WAD), MAX_EXPONENT);
  const power = expWad(exponent);
  const powerUp = power + (power >> EXP_ERROR_SHIFT) + EXP_ERROR;
  return (a * WAD) / (WAD + powerUp);
}

/**
 * alpha * ln(price / priceRef), what the price takes from the factor, a wad rounded up by at most {@link PRICE_TERM_ERROR};
 * negative when the price is low, 0 without a price. Never falls as the price rises.
 */
export function priceTermUp(alpha: bigint, price: bigint, priceRef: bigint): bigint {
  if (price === 0n || alpha === 0n) return 0n;
  const ratio = max(min(mulDivUp(price, PRICE_RATIO_UNIT, priceRef), MAX_PRICE_RATIO), MIN_PRICE_RATIO);
  const logarithm = lnWad(ratio) - LN_1E18 + LN_ERROR;
  return logarithm >= 0n ? mulDivUp(alpha, logarithm, WAD) : -mulDivDown(alpha, -logarithm, WAD);
}

/** R + rho * S, in wei, rounded down: what was withheld comes back slowly. */
export function baseDown(budget: bigint, reserve: bigint, rho: bigint): bigint {
  return budget + mulDivDown(reserve, rho, WAD);
}

/** R + S / T, in wei, rounded down: the most that an epoch may pay out. T = 0 means that nothing may leave the reserve. */
export function ceilingDown(budget: bigint, reserve: bigint, smoothing: number): bigint {
  return smoothing === 0 ? budget : budget + reserve / BigInt(smoothing);
}

/** clamp(base * factor, 0, ceiling), in wei, rounded down. `factor` is a wad of any sign. */
export function payoutDown(base: bigint, factor: bigint, ceiling: bigint): bigint {
  return factor <= 0n ? 0n : min(mulDivDown(base, factor, WAD), ceiling);
}

/** The reserve's parameters of an epoch; the fields are those of the contract's struct. */
export interface ReserveLaw extends Logistic {
  /** Whether the law applies; else the factor is 1. */
  readonly hasLaw: boolean;
  readonly alpha: bigint;
  readonly priceRef: bigint;
  /** T: at most the T-th part of the reserve leaves it in one epoch. */
  readonly smoothing: number;
  /** Part of the reserve that returns per epoch, a wad. */
  readonly rho: bigint;
}

/** What {@link quotePayout} asks for. */
export interface PayoutParameters {
  readonly law: ReserveLaw;
  /** R, in wei. */
  readonly budget: bigint;
  /** S, in wei. */
  readonly reserve: bigint;
  /** P, a wad; 0 without a price. */
  readonly price: bigint;
  readonly weights: readonly bigint[];
  readonly participants: readonly number[];
}

/** An epoch's payout and the steps on the way to it. */
export interface Payout {
  readonly hasParticipants: boolean;
  /** Effective participants, a wad. */
  readonly nEff: bigint;
  /** L(nEff), a wad; 1 without a law. */
  readonly level: bigint;
  /** alpha * ln(P / P_ref), a wad; 0 without a law or a price. */
  readonly priceTerm: bigint;
  /** level - priceTerm, a wad. */
  readonly factor: bigint;
  /** In wei, see {@link baseDown}. */
  readonly base: bigint;
  /** base * level, in wei, rounded down. */
  readonly levelled: bigint;
  /** In wei, see {@link ceilingDown}. */
  readonly ceiling: bigint;
  /** In wei; 0 if nobody took part. */
  readonly payout: bigint;
}

/** The whole law in one call: what an epoch pays out, and why. */
export function quotePayout(parameters: PayoutParameters): Payout {
  const { law, budget, reserve, price, weights, participants } = parameters;
  const nEff = effectiveParticipants(weights, participants);
  const level = law.hasLaw ? logisticDown(law, nEff) : WAD;
  const priceTerm = law.hasLaw ? priceTermUp(law.alpha, price, law.priceRef) : 0n;
  const factor = level - priceTerm;
  const base = baseDown(budget, reserve, law.rho);
  const ceiling = ceilingDown(budget, reserve, law.smoothing);
  const hasParticipants = participants.some((count) => count > 0);
  return {
    hasParticipants,
    nEff,
    level,
    priceTerm,
    factor,
    base,
    levelled: mulDivDown(base, level, WAD),
    ceiling,
    payout: hasParticipants ? payoutDown(base, factor, ceiling) : 0n,
  };
}

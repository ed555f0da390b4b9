import { assertInput } from './errors.ts';
import { min, mulDivDown, WAD } from './fixed-point.ts';
import { keccak256 } from './keccak.ts';
import { MAX_UINT128, MAX_UINT40, viewOf, WORD, writeWord } from './words.ts';

/** Grants of one stretch of time: `amount` wei, released linearly over `duration` seconds from `end` (Unix seconds). */
export interface Cohort {
  readonly end: number;
  readonly duration: number;
  readonly amount: bigint;
}

/** What has been granted and when it becomes free: `unlocked` at once, the cohorts (by rising end) over time. */
export interface Curve {
  readonly unlocked: bigint;
  readonly cohorts: readonly Cohort[];
}

/** Why a curve is not canonical; the names are those of the contract's `CurveFault`. */
export type CurveFault =
  | 'None'
  | 'TooManyCohorts'
  | 'DirtyWord'
  | 'ZeroAmount'
  | 'ZeroDuration'
  | 'EndsNotRising'
  | 'CohortFinished'
  | 'TotalTooLarge';

/** At most this many cohorts: 13 of each of two sets of terms. */
export const MAX_COHORTS = 26;

/** The curve of an account that has never been granted anything. */
export const EMPTY_CURVE: Curve = { unlocked: 0n, cohorts: [] };

/** A cohort as the word that is hashed: `end << 168 | duration << 128 | amount`. */
export function packCohort(cohort: Cohort): bigint {
  return (BigInt(cohort.end) << 168n) | (BigInt(cohort.duration) << 128n) | cohort.amount;
}

/** The cohort in a word; bits above the fields are ignored. */
export function unpackCohort(word: bigint): Cohort {
  return {
    end: Number((word >> 168n) & MAX_UINT40), // integer: times are below 2^40
    duration: Number((word >> 128n) & MAX_UINT40), // integer: times are below 2^40
    amount: word & MAX_UINT128,
  };
}

/** What of a curve is free at `time`, in wei, rounded down per cohort. Never falls in time, at most the total. */
export function unlockedAt(curve: Curve, time: number): bigint {
  let amount = curve.unlocked;
  for (const cohort of curve.cohorts) {
    if (time <= cohort.end) continue;
    const elapsed = time - cohort.end;
    amount +=
      elapsed >= cohort.duration ? cohort.amount : mulDivDown(cohort.amount, BigInt(elapsed), BigInt(cohort.duration));
  }
  return amount;
}

/** Everything that the curve will ever release, in wei. */
export function totalOf(curve: Curve): bigint {
  return curve.unlocked + leftOf(curve);
}

/** The face amounts of the curve's cohorts, released in part or not, in wei. */
export function leftOf(curve: Curve): bigint {
  let amount = 0n;
  for (const cohort of curve.cohorts) amount += cohort.amount;
  return amount;
}

/** The cohorts that are not finished at `time`, in their order. */
export function unfinishedAt(curve: Curve, time: number): readonly Cohort[] {
  return curve.cohorts.filter((cohort) => cohort.end + cohort.duration > time);
}

const buffer = new Uint8Array(WORD * (MAX_COHORTS + 1));
const view = viewOf(buffer);

/** The hash of a curve: keccak-256 of `unlocked` as a word followed by the cohort words. */
export function curveHash(curve: Curve): Uint8Array {
  const size = WORD * (curve.cohorts.length + 1);
  if (size > buffer.length) return keccak256(curvePreimage(curve));
  writeCurve(view, 0, curve);
  return keccak256(buffer.subarray(0, size));
}

/** The preimage of {@link curveHash}. */
export function curvePreimage(curve: Curve): Uint8Array {
  const bytes = new Uint8Array(WORD * (curve.cohorts.length + 1));
  writeCurve(viewOf(bytes), 0, curve);
  return bytes;
}

/** Writes the bytes that {@link curveHash} hashes, a word and one for each cohort. */
export function writeCurve(target: DataView, start: number, curve: Curve): void {
  writeWord(target, start, curve.unlocked);
  let offset = start + WORD;
  for (const { end, duration, amount } of curve.cohorts) {
    // The word's fields, `end uint40 | duration uint40 | amount uint128`, under 48 zero bits.
    target.setBigUint64(offset + 24, amount);
    target.setBigUint64(offset + 16, amount >> 64n);
    target.setUint32(offset + 12, duration % 2 ** 32);
    target.setUint8(offset + 11, (duration - (duration % 2 ** 32)) / 2 ** 32);
    target.setUint32(offset + 7, end % 2 ** 32);
    target.setUint8(offset + 6, (end - (end % 2 ** 32)) / 2 ** 32);
    target.setUint32(offset, 0);
    target.setUint16(offset + 4, 0);
    offset += WORD;
  }
}

/** Why a curve is not canonical at `time`, the first reason in the contract's order; `None` if it is. */
export function curveFaultAt(curve: Curve, time: number): CurveFault {
  if (curve.cohorts.length > MAX_COHORTS) return 'TooManyCohorts';
  let sum = curve.unlocked;
  let newest: number | undefined;
  for (const { end, duration, amount } of curve.cohorts) {
    if (BigInt(end) > MAX_UINT40 || BigInt(duration) > MAX_UINT40 || amount > MAX_UINT128) return 'DirtyWord';
    if (amount === 0n) return 'ZeroAmount';
    if (duration === 0) return 'ZeroDuration';
    if (newest !== undefined && end <= newest) return 'EndsNotRising';
    if (end + duration <= time) return 'CohortFinished';
    sum += amount;
    newest = end;
  }
  return sum > MAX_UINT128 ? 'TotalTooLarge' : 'None';
}

/**
 * The transition's first step: moves every cohort finished at `time` into `unlocked`. What is free at `time` or later does
 * not change. Returns the same object when nothing is finished.
 */
export function roll(curve: Curve, time: number): Curve {
  let finished = 0n;
  let count = 0;
  for (const { end, duration, amount } of curve.cohorts) {
    if (end + duration > time) continue;
    finished += amount;
    count++;
  }
  if (count === 0) return curve;
  return { unlocked: checkedAmount(curve.unlocked + finished), cohorts: unfinishedAt(curve, time) };
}

/** The most that may be accelerated of what is left in cohorts, rounded down. `bound` is a wad. */
export function accelerationLimitDown(left: bigint, bound: bigint): bigint {
  return mulDivDown(left, bound, WAD);
}

/** A curve after an acceleration, and what was taken from each cohort of the list it was asked for. */
export interface Acceleration {
  readonly curve: Curve;
  /** Wei per entry of `ends`. */
  readonly taken: readonly bigint[];
}

/**
 * The second step: moves `amount` from the cohorts into `unlocked`, oldest end first, in face amounts; emptied cohorts
 * vanish. `ends` are the ends of the protocol's own unfinished cohorts, among which every cohort of an account is found:
 * `taken` is aligned to them. Throws `VestingCurve_AccelerationTooLarge` if the cohorts hold less.
 */
export function accelerate(curve: Curve, amount: bigint, ends: readonly number[]): Acceleration {
  const taken = new Array<bigint>(ends.length).fill(0n);
  if (amount === 0n) return { curve, taken };
  let rest = amount;
  const cohorts: Cohort[] = [];
  for (const cohort of curve.cohorts) {
    const part = min(rest, cohort.amount);
    rest -= part;
    if (part > 0n) {
      const index = ends.indexOf(cohort.end);
      assertInput(index >= 0, 'VestingCurve_CohortUnknown', 'the cohort is not among the protocol’s', {
        end: cohort.end,
      });
      taken[index] = part;
    }
    if (part < cohort.amount) cohorts.push(part === 0n ? cohort : { ...cohort, amount: cohort.amount - part });
  }
  assertInput(rest === 0n, 'VestingCurve_AccelerationTooLarge', 'more to accelerate than the cohorts hold', {
    amount,
    left: amount - rest,
  });
  return { curve: { unlocked: checkedAmount(curve.unlocked + amount), cohorts }, taken };
}

/**
 * The second step of the protocol's own curve: moves `amounts[j]` from cohort `j` into `unlocked`; emptied cohorts vanish.
 * Throws `VestingCurve_LengthMismatch` or `VestingCurve_AccelerationTooLarge`.
 */
export function accelerateEach(curve: Curve, amounts: readonly bigint[]): Curve {
  assertInput(
    amounts.length === curve.cohorts.length,
    'VestingCurve_LengthMismatch',
    'one amount per cohort is needed',
    { given: amounts.length, cohorts: curve.cohorts.length },
  );
  let unlocked = curve.unlocked;
  const cohorts: Cohort[] = [];
  curve.cohorts.forEach((cohort, index) => {
    const part = amounts[index] as bigint; // Same length, checked above.
    assertInput(
      part <= cohort.amount,
      'VestingCurve_AccelerationTooLarge',
      'more to accelerate than the cohort holds',
      {
        amount: part,
        left: cohort.amount,
      },
    );
    unlocked += part;
    if (part < cohort.amount) cohorts.push({ ...cohort, amount: cohort.amount - part });
  });
  return { unlocked: checkedAmount(unlocked), cohorts };
}

/** The cohort that an epoch's grants join. */
export interface GrantTerms {
  readonly end: number;
  readonly duration: number;
}

/**
 * The third step: adds a grant to the cohort that ends at `terms.end`, opening it if need be; a duration of 0 makes it free
 * at once. The terms of a cohort were fixed when it was opened, so the duration counts only when it is. Throws
 * `VestingCurve_CohortNotNewest`, `VestingCurve_TooManyCohorts` or `VestingCurve_AmountTooLarge`.
 */
export function join(curve: Curve, amount: bigint, terms: GrantTerms): Curve {
  if (amount === 0n) return curve;
  if (terms.duration === 0) return { unlocked: checkedAmount(curve.unlocked + amount), cohorts: curve.cohorts };
  const newest = curve.cohorts.at(-1);
  if (newest !== undefined && newest.end >= terms.end) {
    assertInput(newest.end === terms.end, 'VestingCurve_CohortNotNewest', 'A newer cohort is already open', {
      end: terms.end,
      newest: newest.end,
    });
    const grown = { ...newest, amount: checkedAmount(newest.amount + amount) };
    return { unlocked: curve.unlocked, cohorts: [...curve.cohorts.slice(0, -1), grown] };
  }
  assertInput(
    curve.cohorts.length < MAX_COHORTS,
    'VestingCurve_TooManyCohorts',
    'the curve has as many cohorts as it may',
    {
      cohorts: curve.cohorts.length,
      max: MAX_COHORTS,
    },
  );
  const opened = { end: terms.end, duration: terms.duration, amount: checkedAmount(amount) };
  return { unlocked: curve.unlocked, cohorts: [...curve.cohorts, opened] };
}

function checkedAmount(amount: bigint): bigint {
  assertInput(amount <= MAX_UINT128, 'VestingCurve_AmountTooLarge', 'the amount is 2^128 wei or more', { amount });
  return amount;
}

import type { Cohort, Curve } from '../protocol/vesting-curve.ts';
import { totalOf, unlockedAt } from '../protocol/vesting-curve.ts';

const A_DAY = 86_400;

/** A part of an account's rewards that is released over a stretch of time. Times in unix seconds, amounts in wei. */
export interface ReleasePart {
  readonly from: number;
  readonly until: number;
  readonly amount: bigint;
  /** What of it is free now. */
  readonly released: bigint;
}

/** How much is free at a time. */
export interface ReleasePoint {
  readonly time: number;
  readonly released: bigint;
}

/** How a curve is released, seen from a time. */
export interface ReleaseTimeline {
  /** What no part releases any more: it is free for good. */
  readonly free: bigint;
  /** By their beginning. */
  readonly parts: readonly ReleasePart[];
  /** Where the pace changes, and now; between two of them it is even. */
  readonly points: readonly ReleasePoint[];
  /** What becomes free within the next 24 hours. */
  readonly nextDay: bigint;
  /** When a part begins to be released, or is free entirely, next; null when nothing is locked. */
  readonly next: { readonly time: number; readonly kind: 'begins' | 'ends'; readonly amount: bigint } | null;
  /** When all of it is free; null when it is already. */
  readonly freeFrom: number | null;
}

/** Lays out how a curve is released, before and after `now`. */
export function releaseTimeline(curve: Curve, now: number): ReleaseTimeline {
  const parts = curve.cohorts.map((cohort): ReleasePart => {
    const { end: from, duration, amount } = cohort;
    return { from, until: from + duration, amount, released: unlockedAt({ unlocked: 0n, cohorts: [cohort] }, now) };
  });
  const times = [now, ...parts.flatMap(({ from, until }) => [from, until])];
  const points = [...new Set(times)].sort((a, b) => a - b).map((time) => ({ time, released: unlockedAt(curve, time) }));
  const isLocked = unlockedAt(curve, now) < totalOf(curve);
  const ends = parts.map(({ until }) => until);
  return {
    free: curve.unlocked,
    parts,
    points,
    nextDay: unlockedAt(curve, now + A_DAY) - unlockedAt(curve, now),
    next: isLocked ? nextOf(curve.cohorts, now) : null,
    freeFrom: isLocked ? Math.max(...ends) : null,
  };
}

function nextOf(cohorts: readonly Cohort[], now: number): ReleaseTimeline['next'] {
  const changes = cohorts.flatMap(({ end, duration, amount }) => [
    { time: end, kind: 'begins' as const, amount },
    { time: end + duration, kind: 'ends' as const, amount },
  ]);
  return changes.filter(({ time }) => time > now).sort((a, b) => a.time - b.time)[0] ?? null;
}

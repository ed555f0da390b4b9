import { InputError } from '../../protocol/errors.ts';
import type { Audit } from '../../protocol/settlement-leaf.ts';
import type { Curve } from '../../protocol/vesting-curve.ts';
import { accelerate, accelerationLimitDown, EMPTY_CURVE, join, leftOf, roll } from '../../protocol/vesting-curve.ts';
import type { FaultContext } from './evidence.ts';
import type { Judged } from './judged.ts';

/** Whether a leaf's running sums are those of the leaf before it (null: none) and its own figures. */
export function sumsFollow(context: FaultContext, judged: Judged, before: Audit | null, leaf: Audit): boolean {
  const { minScores } = context.record;
  for (let i = 0; i < judged.tasks; i++) {
    const score = leaf.scores[i] ?? 0n;
    if (leaf.runScores[i] !== (before?.runScores[i] ?? 0n) + score) return false;
    const counts = score >= (minScores[i] ?? 1n) ? 1 : 0;
    if (leaf.runParticipants[i] !== (before?.runParticipants[i] ?? 0) + counts) return false;
  }
  for (let j = 0; j < judged.cohorts.length; j++) {
    const sum = (before?.runAccelerated[j] ?? 0n) + (leaf.accelerated[j] ?? 0n);
    if (leaf.runAccelerated[j] !== sum) return false;
  }
  return leaf.runGranted === (before?.runGranted ?? 0n) + judged.grantOf(leaf.scores);
}

/** Whether the last leaf's running sums are what was declared. */
export function totalsMatch(
  { settlement }: FaultContext,
  { runScores, runParticipants, runGranted, runAccelerated }: Audit,
) {
  const { scoreTotals, participants, granted, accelerated } = settlement;
  return (
    runGranted === granted &&
    runScores.every((sum, i) => sum === scoreTotals[i]) &&
    runParticipants.every((sum, i) => sum === participants[i]) &&
    runAccelerated.every((sum, j) => sum === accelerated[j])
  );
}

/**
 * The curve that an account must have after the epoch, from the one before (undefined: it had no leaf) and its inputs;
 * undefined when there is none, because the inputs themselves are against the rules.
 */
export function expectedCurve(
  context: FaultContext,
  judged: Judged,
  before: Curve | undefined,
  { scores, accelerated }: Audit,
): Curve | undefined {
  const { record } = context;
  if (before === undefined && scores.every((score) => score === 0n)) return undefined;
  const ends = judged.cohorts.map(({ end }) => end);
  let amount = 0n;
  for (const part of accelerated) amount += part;
  try {
    const rolled = roll(before ?? EMPTY_CURVE, record.end);
    if (amount > accelerationLimitDown(leftOf(rolled), record.accelerationBound)) return undefined;
    const sped = accelerate(rolled, amount, ends);
    // Only one way of taking the amount is oldest end first.
    if (sped.taken.some((part, j) => part !== accelerated[j])) return undefined;
    return join(sped.curve, judged.grantOf(scores), { end: record.cohortEnd, duration: record.duration });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

import type { Multipliers, PolicySegment, QualityRules, TaskRules } from './policy.ts';
import { ONE, POLICY_BOUNDS } from './policy-bounds.ts';
import type { FaultAt } from './policy-fault.ts';

type Path = readonly (string | number)[];

/** Refuses rules of a task that cannot stand beside each other; `path` is the task's place in the file. */
export function checkTask({ measures, multipliers }: TaskRules, path: Path, faultAt: FaultAt): void {
  const at = [...path, 'multipliers'];
  for (const [kind, names] of [
    ['scarcity', multipliers.scarcity],
    ['measured', multipliers.measured],
  ] as const) {
    if (names.size > POLICY_BOUNDS.names) {
      throw faultAt([...at, kind], `with what it is laid over there are more than ${POLICY_BOUNDS.names}`);
    }
  }
  for (const name of multipliers.measured.keys()) {
    const measure = measures.get(name);
    if (measure === undefined) throw faultAt([...at, 'measured', name], 'the task has no such measure');
    if (measure.dailyCap === undefined || measure.dailyCap > POLICY_BOUNDS.measuredCap) {
      const words = `a measure that multiplies needs a dailyCap of at most ${POLICY_BOUNDS.measuredCap}`;
      throw faultAt([...at, 'measured', name], words);
    }
  }
  const largest = largestProduct(multipliers, measures);
  if (largest > POLICY_BOUNDS.product) {
    throw faultAt(at, `together the largest factors come to more than ${POLICY_BOUNDS.product / ONE}`);
  }
  checkDay(multipliers, measures, (reason) => faultAt(at, reason));
}

/** Refuses factors of a day that do not fit into one fraction. See `POLICY_BOUNDS`. */
function checkDay(
  { measured, streak, badges }: Multipliers,
  measures: TaskRules['measures'],
  fault: (reason: string) => Error,
): void {
  let numerators = 1n;
  let denominators = 1n;
  for (const [name, { per }] of measured) {
    numerators *= measures.get(name)?.dailyCap ?? 1n;
    denominators *= per;
  }
  if (streak !== undefined) [numerators, denominators] = [numerators * streak.most, denominators * streak.per];
  if (badges !== undefined) [numerators, denominators] = [numerators * badges.most, denominators * ONE];
  for (const [product, what] of [
    [
      numerators,
      "the largest numerators of the day's factors (caps of measures, days of the streak, badges in millionths)",
    ],
    [denominators, "the denominators of the day's factors (per of measures and streak, 1000000 of badges)"],
  ] as const) {
    if (product > POLICY_BOUNDS.dayProduct) {
      throw fault(`multiplied together, ${what} come to ${product}, more than ${POLICY_BOUNDS.dayProduct}`);
    }
  }
}

/**
 * The product, in millionths and rounded up, of the largest factor of every multiplier, none counted below 1; stops as soon
 * as it is above the bound. See `POLICY_BOUNDS`.
 */
function largestProduct(multipliers: Multipliers, measures: TaskRules['measures']): bigint {
  const { quality, scarcity, measured, streak, badges, consistency, loyalty } = multipliers;
  let product = ONE;
  const times = (numerator: bigint, denominator: bigint): void => {
    if (product > POLICY_BOUNDS.product || numerator <= denominator) return;
    product = (product * numerator + denominator - 1n) / denominator;
  };
  if (quality !== undefined) times(largestQuality(quality), ONE);
  for (const { most } of scarcity.values()) times(most, ONE);
  for (const [name, { per }] of measured) times(measures.get(name)?.dailyCap ?? 0n, per);
  if (streak !== undefined) times(streak.most, streak.per);
  if (badges !== undefined) times(badges.most, ONE);
  if (consistency !== undefined) times(ONE + consistency.bonus, ONE);
  if (loyalty !== undefined) times(loyalty.most, ONE);
  return product;
}

function largestQuality({ unrated, rating }: QualityRules): bigint {
  const factors = rating.kind === 'levels' ? [...rating.levels.values()] : [rating.most];
  return [unrated, ...factors].reduce((most, each) => (each > most ? each : most));
}

/** Refuses a policy that looks at more attributes, or multiplies by more measures, than a query should have columns. */
export function checkNames(segments: readonly PolicySegment[], faultAt: FaultAt): void {
  const attributes = new Set<string>();
  const measured = new Set<string>();
  for (const { tasks } of segments) {
    for (const { multipliers } of tasks.values()) {
      if (multipliers.quality !== undefined) attributes.add(multipliers.quality.attribute);
      for (const name of multipliers.scarcity.keys()) attributes.add(name);
      for (const name of multipliers.measured.keys()) measured.add(name);
    }
  }
  const most = POLICY_BOUNDS.distinctNames;
  if (attributes.size > most) throw faultAt([], `all multipliers together look at more than ${most} attributes`);
  if (measured.size > most) throw faultAt([], `all multipliers together use more than ${most} measures`);
}

import { ONE, POINT_DECIMALS, POLICY_BOUNDS } from '../../policy/policy-bounds.ts';
import type { Multipliers, Policy } from '../../policy/policy.ts';
import type { AnnouncedWork } from '../announced-schema.ts';

/** The fraction by which a day's points are multiplied, never rounded before its end. */
interface Factor {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What one day of work scores by the first rules of a policy, for an account that has done nothing in any epoch before, with
 * work that nobody has rated, looked for or used; in 18 decimals. The factors are multiplied first and rounded once.
 */
export function scoreOfDay(
  { segments, decimals }: Policy,
  work: AnnouncedWork,
): { readonly value: bigint } | { readonly missing: string } {
  const rules = segments[0]?.tasks.get(work.task);
  if (rules === undefined) return { missing: `the policy has no rules for the task ${work.task}` };
  const counted = new Map<string, bigint>();
  let points = 0n;
  for (const [name, units] of Object.entries(work.units)) {
    const measure = rules.measures.get(name);
    if (measure === undefined) return { missing: `the task ${work.task} has no measure ${name}` };
    const kept = least(BigInt(units), measure.dailyCap);
    counted.set(name, kept);
    points += unrated(rules.multipliers, least(kept * measure.points, POLICY_BOUNDS.rowPoints));
  }
  const { numerator, denominator } = factorOf(rules.multipliers, counted, work);
  const capped = least(least(points, rules.dailyCap), POLICY_BOUNDS.dayPoints);
  const kept = (capped * numerator) / denominator;
  const unit = 10n ** BigInt(POINT_DECIMALS - decimals);
  return { value: (kept / unit) * unit * 10n ** BigInt(18 - POINT_DECIMALS) };
}

function factorOf(
  { measured, streak, badges }: Multipliers,
  counted: ReadonlyMap<string, bigint>,
  work: AnnouncedWork,
): Factor {
  const factors: Factor[] = [...measured].map(([name, { per }]) => ({
    numerator: counted.get(name) ?? 0n,
    denominator: per,
  }));
  if (streak !== undefined) {
    factors.push({ numerator: least(BigInt(work.streak ?? 1), streak.most), denominator: streak.per });
  }
  if (badges !== undefined) {
    const held = [...new Set(work.badges ?? [])].reduce((sum, name) => sum + (badges.factors.get(name) ?? 0n), ONE);
    factors.push({ numerator: least(held, badges.most), denominator: ONE });
  }
  return factors.reduce(
    (product, { numerator, denominator }) => ({
      numerator: product.numerator * numerator,
      denominator: product.denominator * denominator,
    }),
    { numerator: 1n, denominator: 1n },
  );
}

function unrated({ quality }: Multipliers, points: bigint): bigint {
  return quality === undefined ? points : (points * quality.unrated) / ONE;
}

function least(value: bigint, most: bigint | undefined): bigint {
  return most !== undefined && most < value ? most : value;
}

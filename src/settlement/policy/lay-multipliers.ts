import { compareText } from '../ledger/rows.ts';
import type { MultiplierChanges, MultipliersDocument, QualityDocument, ScarcityDocument } from './multiplier-schema.ts';
import type { EligibilityRules, Multipliers, QualityRules, ScarcityRules, UsageRules } from './policy.ts';
import type { FaultAt } from './policy-fault.ts';
import type { EligibilityDocument, UsageDocument } from './policy-schema.ts';

type Path = readonly (string | number)[];

/** A task that nothing multiplies. */
export const NO_MULTIPLIERS: Multipliers = {
  quality: undefined,
  scarcity: new Map(),
  measured: new Map(),
  streak: undefined,
  badges: undefined,
  consistency: undefined,
  loyalty: undefined,
};

/** The multipliers of a task after an overlay's changes; what is not named stays as it is. */
export function layMultipliers(
  before: Multipliers,
  changes: MultiplierChanges | MultipliersDocument | undefined,
  path: Path,
  faultAt: FaultAt,
): Multipliers {
  if (changes === undefined) return before;
  const lay = <T, D>(
    kind: keyof Multipliers,
    was: T | undefined,
    change: D | null | undefined,
    read: (rules: D) => T,
  ) => laid(was, change, read, [...path, kind], faultAt);
  const badges = (rules: NonNullable<MultipliersDocument['badges']>) => ({
    factors: sortedMap(rules.factors),
    most: rules.most,
  });
  return {
    quality: lay('quality', before.quality, changes.quality, qualityRules),
    scarcity: layNamed(before.scarcity, changes.scarcity, scarcityRules, [...path, 'scarcity'], faultAt),
    measured: layNamed(before.measured, changes.measured, (rules) => rules, [...path, 'measured'], faultAt),
    streak: lay('streak', before.streak, changes.streak, (rules) => rules),
    badges: lay('badges', before.badges, changes.badges, badges),
    consistency: lay('consistency', before.consistency, changes.consistency, (rules) => rules),
    loyalty: lay('loyalty', before.loyalty, changes.loyalty, (rules) => rules),
  };
}

/** What uses are worth after an overlay's change. */
export function layUsage(
  before: UsageRules | undefined,
  change: UsageDocument | null | undefined,
  path: Path,
  faultAt: FaultAt,
): UsageRules | undefined {
  return laid(before, change, ({ points, epochCap }) => ({ points, epochCap }), path, faultAt);
}

/** Who can score after an overlay's change. */
export function layEligibility(
  before: EligibilityRules | undefined,
  change: EligibilityDocument | null | undefined,
  path: Path,
  faultAt: FaultAt,
): EligibilityRules | undefined {
  const read = ({ badges, age, allow }: EligibilityDocument): EligibilityRules => ({
    badges: badges === undefined ? undefined : new Set(badges),
    age,
    allow: allow === undefined ? undefined : new Set(allow),
  });
  return laid(before, change, read, path, faultAt);
}

function laid<T, D>(
  before: T | undefined,
  change: D | null | undefined,
  read: (rules: D) => T,
  path: Path,
  faultAt: FaultAt,
): T | undefined {
  if (change === undefined) return before;
  if (change !== null) return read(change);
  if (before === undefined) throw faultAt(path, 'there is nothing to take away');
  return undefined;
}

function layNamed<T, D>(
  before: ReadonlyMap<string, T>,
  changes: Readonly<Record<string, D | null>> | null | undefined,
  read: (rules: D) => T,
  path: Path,
  faultAt: FaultAt,
): ReadonlyMap<string, T> {
  if (changes === undefined) return before;
  if (changes === null) {
    if (before.size === 0) throw faultAt(path, 'there is nothing to take away');
    return new Map();
  }
  const named = new Map(before);
  for (const [name, change] of Object.entries(changes)) {
    if (change !== null) named.set(name, read(change));
    else if (!named.delete(name)) throw faultAt([...path, name], 'there is nothing to take away');
  }
  return new Map([...named].sort(([a], [b]) => compareText(a, b)));
}

function scarcityRules({ window, reference, most, unseen, values }: ScarcityDocument): ScarcityRules {
  return { window, reference, most, unseen, values: values === undefined ? undefined : new Set(values) };
}

function qualityRules({ attribute, unrated, levels, least, most }: QualityDocument): QualityRules {
  if (levels !== undefined) return { attribute, unrated, rating: { kind: 'levels', levels: sortedMap(levels) } };
  return { attribute, unrated, rating: { kind: 'numeric', least: least ?? 0n, most: most ?? 0n } }; // the schema has both
}

function sortedMap(record: Readonly<Record<string, bigint>>): ReadonlyMap<string, bigint> {
  return new Map(Object.entries(record).sort(([a], [b]) => compareText(a, b)));
}

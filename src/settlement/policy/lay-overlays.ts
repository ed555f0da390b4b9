import { checkNames, checkTask } from './check-rules.ts';
import { layEligibility, layMultipliers, layUsage, NO_MULTIPLIERS } from './lay-multipliers.ts';
import type { MeasureRules, PolicySegment, TaskRules } from './policy.ts';
import { POINT_DECIMALS, POLICY_BOUNDS } from './policy-bounds.ts';
import type { FaultAt } from './policy-fault.ts';
import type { OverlayDocument, PolicyDocument, TaskChanges } from './policy-schema.ts';

const FOREVER = Number(POLICY_BOUNDS.epoch); // integer: 2^32 exactly

type Path = readonly (string | number)[];
type Rules = Omit<PolicySegment, 'from' | 'until'>;

/** The rules of every range of epochs: the policy itself where no overlay acts, and with the overlay's changes where one does. */
export function layOverlays(document: PolicyDocument, decimals: number, faultAt: FaultAt): PolicySegment[] {
  const base: Rules = {
    tasks: tasksOf(new Map(), document.tasks, [], decimals, faultAt),
    eligibility: layEligibility(undefined, document.eligibility, ['eligibility'], faultAt),
    perUse: document.acceleration?.perUse ?? 0n,
  };
  if (base.tasks.size === 0) throw faultAt(['tasks'], 'there is no task');
  const segments: PolicySegment[] = [];
  let reached = 0;
  (document.overlays ?? []).forEach((overlay, index) => {
    const from = Number(overlay.from); // integer: an epoch, at most 2^32
    const until = Number(overlay.until ?? POLICY_BOUNDS.epoch); // integer: an epoch, at most 2^32
    if (from < reached) throw faultAt(['overlays', index, 'from'], 'the overlay before it has not ended');
    if (until <= from) throw faultAt(['overlays', index, 'until'], 'the overlay ends before it acts');
    if (from > reached) segments.push({ from: reached, until: from, ...base });
    segments.push({ from, until, ...laidOver(base, overlay, ['overlays', index], decimals, faultAt) });
    reached = until;
  });
  if (reached < FOREVER) segments.push({ from: reached, until: FOREVER, ...base });
  checkNames(segments, faultAt);
  return segments;
}

function laidOver(base: Rules, overlay: OverlayDocument, path: Path, decimals: number, faultAt: FaultAt): Rules {
  const { acceleration, eligibility } = overlay;
  return {
    tasks: tasksOf(base.tasks, overlay.tasks, path, decimals, faultAt),
    eligibility: layEligibility(base.eligibility, eligibility, [...path, 'eligibility'], faultAt),
    perUse: acceleration === undefined ? base.perUse : (acceleration?.perUse ?? 0n),
  };
}

function tasksOf(
  base: ReadonlyMap<string, TaskRules>,
  changes: PolicyDocument['tasks'] | OverlayDocument['tasks'],
  path: Path,
  decimals: number,
  faultAt: FaultAt,
): ReadonlyMap<string, TaskRules> {
  const tasks = new Map(base);
  for (const [name, change] of Object.entries(changes ?? {})) {
    const at = [...path, 'tasks', name];
    const rules = taskOf(base.get(name), change, at, decimals, faultAt);
    checkTask(rules, at, faultAt);
    tasks.set(name, rules);
  }
  return tasks;
}

function taskOf(
  before: TaskRules | undefined,
  change: TaskChanges,
  at: Path,
  decimals: number,
  faultAt: FaultAt,
): TaskRules {
  const minimumScore = change.minimumScore === undefined ? before?.minimumScore : scaled(change.minimumScore, decimals);
  if (minimumScore === undefined) throw faultAt([...at, 'minimumScore'], 'a new task needs a minimum score');
  if (minimumScore === null || minimumScore < 1n || minimumScore >= POLICY_BOUNDS.minimumScore) {
    throw faultAt([...at, 'minimumScore'], `it is not a whole score with ${decimals} decimals, from 1 to 2^96 - 1`);
  }
  const measures = measuresOf(before?.measures, change.measures, [...at, 'measures'], faultAt);
  if (measures.size === 0) throw faultAt([...at, 'measures'], 'the task has no measure');
  const multipliers = before?.multipliers ?? NO_MULTIPLIERS;
  return {
    minimumScore,
    dailyCap: replaced(before?.dailyCap, change.dailyCap),
    measures,
    multipliers: layMultipliers(multipliers, change.multipliers, [...at, 'multipliers'], faultAt),
    usage: layUsage(before?.usage, change.usage, [...at, 'usage'], faultAt),
  };
}

function measuresOf(
  base: ReadonlyMap<string, MeasureRules> | undefined,
  changes: TaskChanges['measures'],
  path: Path,
  faultAt: FaultAt,
): ReadonlyMap<string, MeasureRules> {
  const measures = new Map(base);
  for (const [name, change] of Object.entries(changes ?? {})) {
    if (change === null) {
      if (!measures.delete(name)) throw faultAt([...path, name], 'there is no such measure to take away');
      continue;
    }
    const before = base?.get(name);
    const points = change.points ?? before?.points;
    if (points === undefined) throw faultAt([...path, name, 'points'], 'a new measure needs points');
    measures.set(name, { points, dailyCap: replaced(before?.dailyCap, change.dailyCap) });
  }
  return measures;
}

/** What an overlay says about a cap: nothing (it stays), `null` (it goes) or another one. */
function replaced(before: bigint | undefined, change: bigint | null | undefined): bigint | undefined {
  return change === undefined ? before : (change ?? undefined);
}

/** Millionths of a point in score units, or `null` when they do not fit exactly. */
function scaled(millionths: bigint, decimals: number): bigint | null {
  const unit = 10n ** BigInt(POINT_DECIMALS - decimals);
  return millionths % unit === 0n ? millionths / unit : null;
}

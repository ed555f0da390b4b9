import type { MeasureRules, PolicySegment, TaskRules } from './policy.ts';
import { POINT_DECIMALS, POLICY_BOUNDS } from './policy-schema.ts';
import type { OverlayDocument, PolicyDocument } from './policy-schema.ts';

/** Makes the error for a place in the policy. */
export type FaultAt = (path: readonly (string | number)[], reason: string) => Error;

const FOREVER = Number(POLICY_BOUNDS.epoch); // integer: 2^32 exactly

type Changes = OverlayDocument['tasks'];

/** The rules of every range of epochs: the policy itself where no overlay acts, and with the overlay's changes where one does. */
export function layOverlays(document: PolicyDocument, decimals: number, faultAt: FaultAt): PolicySegment[] {
  const base = tasksOf(new Map(), document.tasks, [], decimals, faultAt);
  const perUse = document.acceleration?.perUse ?? 0n;
  if (base.size === 0) throw faultAt(['tasks'], 'there is no task');
  const segments: PolicySegment[] = [];
  let reached = 0;
  (document.overlays ?? []).forEach((overlay, index) => {
    const from = Number(overlay.from); // integer: an epoch, at most 2^32
    const until = Number(overlay.until ?? POLICY_BOUNDS.epoch); // integer: an epoch, at most 2^32
    if (from < reached) throw faultAt(['overlays', index, 'from'], 'the overlay before it has not ended');
    if (until <= from) throw faultAt(['overlays', index, 'until'], 'the overlay ends before it acts');
    if (from > reached) segments.push({ from: reached, until: from, tasks: base, perUse });
    const tasks = tasksOf(base, overlay.tasks, ['overlays', index], decimals, faultAt);
    const use = overlay.acceleration === undefined ? perUse : (overlay.acceleration?.perUse ?? 0n);
    segments.push({ from, until, tasks, perUse: use });
    reached = until;
  });
  if (reached < FOREVER) segments.push({ from: reached, until: FOREVER, tasks: base, perUse });
  return segments;
}

function tasksOf(
  base: ReadonlyMap<string, TaskRules>,
  changes: Changes,
  path: readonly (string | number)[],
  decimals: number,
  faultAt: FaultAt,
): ReadonlyMap<string, TaskRules> {
  const tasks = new Map(base);
  for (const [name, change] of Object.entries(changes ?? {})) {
    const before = base.get(name);
    const at = [...path, 'tasks', name];
    const minimumScore =
      change.minimumScore === undefined ? before?.minimumScore : scaled(change.minimumScore, decimals);
    if (minimumScore === undefined) throw faultAt([...at, 'minimumScore'], 'a new task needs a minimum score');
    if (minimumScore === null || minimumScore < 1n || minimumScore >= POLICY_BOUNDS.minimumScore) {
      throw faultAt([...at, 'minimumScore'], `it is not a whole score with ${decimals} decimals, from 1 to 2^96 - 1`);
    }
    const measures = measuresOf(before?.measures, change.measures, [...at, 'measures'], faultAt);
    if (measures.size === 0) throw faultAt([...at, 'measures'], 'the task has no measure');
    tasks.set(name, { minimumScore, dailyCap: replaced(before?.dailyCap, change.dailyCap), measures });
  }
  return tasks;
}

function measuresOf(
  base: ReadonlyMap<string, MeasureRules> | undefined,
  changes: NonNullable<Changes>[string]['measures'],
  path: readonly (string | number)[],
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

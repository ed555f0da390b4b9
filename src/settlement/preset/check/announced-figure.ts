import { createEmissionCurve, emittedBy } from '../../../protocol/emission-curve.ts';
import { logisticDown } from '../../../protocol/reserve-math.ts';
import { ONE } from '../../policy/policy-bounds.ts';
import type { AnnouncedWork, Announcement } from '../announced-schema.ts';
import { curvePeriods, curveTotal } from '../curve-periods.ts';
import { geometricAmounts } from '../geometric-amounts.ts';
import type { Preset } from '../load-preset.ts';
import type { Printed } from '../quantity.ts';
import { scoreOfDay } from './score-of-day.ts';

/** Announcements of a figure that can be computed. */
export type FigureAnnouncement = Extract<Announcement, { value: Printed }>;

/** What an announced figure really is, in 18 decimals, or why the file does not say. */
export type ComputedFigure = { readonly value: bigint } | { readonly missing: string };

const WAD = 10n ** 18n;

/** Computes the figure that an announcement is about from the rest of the preset; the announced value is not looked at. */
export function announcedFigure(announcement: FigureAnnouncement, preset: Preset): ComputedFigure {
  switch (announcement.kind) {
    case 'curve-total':
      return { value: curveTotal(preset.curve) };
    case 'allocation':
      return { value: withPublishedCurve(preset) };
    case 'curve-phase':
      return phaseTotal(preset, announcement.phase);
    case 'curve-period':
      return between(preset, announcement.period - 1, announcement.period);
    case 'curve-share': {
      const emitted = between(preset, 0, announcement.periods);
      return 'missing' in emitted ? emitted : { value: (emitted.value * WAD) / curveTotal(preset.curve) };
    }
    case 'curve-decline':
      return preset.curve.kind === 'geometric'
        ? { value: preset.curve.decline }
        : { missing: 'the curve has no decline' };
    case 'geometric-sum':
      return at(geometricAmounts(announcement), announcement.periods);
    case 'geometric-share':
      return at(geometricAmounts({ ...announcement, total: WAD }), announcement.part);
    case 'task-allocation':
      return taskAllocation(preset, announcement.task);
    case 'withheld': {
      const { law } = preset.reserve;
      if (law === null) return { missing: 'the reserve has no law' };
      return { value: WAD - logisticDown(law, BigInt(announcement.participants) * WAD) };
    }
    case 'task-share':
      return taskShare(preset, announcement.task);
    case 'score':
      return scoreOfDay(preset.policy, announcement.work);
    case 'score-share':
    case 'score-tokens': {
      const score = announcedScore(preset, announcement.score);
      if ('missing' in score) return score;
      const whole = announcement.kind === 'score-share' ? WAD : firstEpoch(preset);
      return { value: (whole * score.value) / announcement.of };
    }
    case 'badge-factor':
      return badgeFactor(preset, announcement.task, announcement.badges);
    default:
      throw new TypeError(`no such announcement: ${JSON.stringify(announcement satisfies never)}`);
  }
}

/** Whether work is announced that comes to this score, so that the policy can be asked for it. */
export function workOf({ announced }: Preset, score: bigint): AnnouncedWork | undefined {
  const worked = announced?.find((one) => one.kind === 'score' && one.value.value === score);
  return worked?.kind === 'score' ? worked.work : undefined;
}

/** What the policy gives for the work behind a printed score; the printed score where no work is told. */
export function announcedScore(preset: Preset, printed: bigint): ComputedFigure {
  const work = workOf(preset, printed);
  return work === undefined ? { value: printed } : scoreOfDay(preset.policy, work);
}

/** What is announced to have a curve; where nothing is, what the curve comes to. */
function withPublishedCurve({ announced, curve }: Preset): bigint {
  const total = announced?.find((one) => one.kind === 'curve-total');
  return total?.value.value ?? curveTotal(curve);
}

/** What the table says between two of its rows, counted from 0 at the start. */
function between({ curve }: Preset, from: number, to: number): ComputedFigure {
  const rows = [{ cumulative: 0n }, ...curvePeriods(curve, 0)];
  const [first, last] = [rows[from], rows[to]];
  if (first === undefined || last === undefined || from < 0) return { missing: `the curve has no period ${to}` };
  return { value: last.cumulative - first.cumulative };
}

function phaseTotal(preset: Preset, phase: number): ComputedFigure {
  const { curve } = preset;
  const phases = curve.kind === 'phases' ? curve.phases : [];
  const own = phases[phase - 1];
  if (own === undefined) return { missing: `the curve has no phase ${phase}` };
  const before = phases.slice(0, phase - 1).reduce((rows, { shares }) => rows + shares.length, 0);
  return between(preset, before, before + own.shares.length);
}

function at(amounts: readonly bigint[], period: number): ComputedFigure {
  const value = amounts[period - 1];
  return value === undefined ? { missing: `there is no period ${period}` } : { value };
}

function taskShare({ tasks }: Preset, task: string): ComputedFigure {
  const weight = tasks.find(({ name }) => name === task)?.weight;
  return weight === undefined ? { missing: `no task is called ${task}` } : { value: weight };
}

/** A task's weight of everything that is announced, with or without a curve. */
function taskAllocation(preset: Preset, task: string): ComputedFigure {
  const all = preset.announced?.find((one) => one.kind === 'allocation');
  if (all === undefined) return { missing: 'no allocation is announced for all tasks together' };
  const share = taskShare(preset, task);
  return 'missing' in share ? share : { value: (all.value.value * share.value) / WAD };
}

function firstEpoch({ curve, epochLength }: Preset): bigint {
  return emittedBy(createEmissionCurve(0, curvePeriods(curve, 0)), epochLength);
}

/** Some badges of a task held at once, within their limit; without a list all of them, without it. */
export function badgeFactor({ policy }: Preset, task: string, held: readonly string[] | undefined): ComputedFigure {
  const badges = policy.segments[0]?.tasks.get(task)?.multipliers.badges;
  if (badges === undefined) return { missing: `the task ${task} has no badges` };
  const names = held ?? [...badges.factors.keys()];
  const unknown = names.find((badge) => !badges.factors.has(badge));
  if (unknown !== undefined) return { missing: `the task ${task} has no badge ${unknown}` };
  const sum = [...new Set(names)].reduce((total, badge) => total + (badges.factors.get(badge) ?? 0n), ONE);
  return { value: (held !== undefined && sum > badges.most ? badges.most : sum) * (WAD / ONE) };
}

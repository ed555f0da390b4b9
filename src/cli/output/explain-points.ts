import type {
  DaySteps,
  FactorStep,
  IneligibleReason,
  RowSteps,
  TaskTotal,
} from '../../settlement/policy/score-steps.ts';
import { factorText, pointsText, WHY_INELIGIBLE } from '../../settlement/policy/step-words.ts';
import type { AccountExplanation } from '../../store/read-account.ts';
import { table } from './table.ts';
import { counted, grouped } from '../../protocol/tokens.ts';

const A_DAY = 86_400;
const MILLION = 1_000_000n;
const SHOWN_ROWS = 40;

/** What each row of the account came to. */
export function rowsText({ rows: list }: AccountExplanation): string {
  if (list === null)
    return 'the folder holds neither the ledger nor explanations, so the report starts with the scores below\n';
  if (list.length === 0) return 'nothing that counts\n';
  const shown = list.slice(0, SHOWN_ROWS);
  const hasMeasures = shown.some(({ contribution }) => contribution.measure !== 'units');
  const columns = [
    { title: 'time' },
    { title: 'contribution' },
    { title: 'task' },
    ...(hasMeasures ? [{ title: 'measure' } as const] : []),
    { title: 'units', align: 'right' },
    { title: 'counted', align: 'right' },
    { title: 'points', align: 'right' },
  ] as const;
  const more = factorColumns(shown);
  const body = shown.map(
    ({ contribution: { time, id, task, measure, units }, counted: kept, earned, factors, after }) => [
      moment(time),
      id.length > 32 ? `${id.slice(0, 31)}…` : id,
      task,
      ...(hasMeasures ? [measure] : []),
      grouped(units),
      grouped(kept),
      pointsText(earned),
      ...more.cells(factors, after),
    ],
  );
  return `${table([...columns, ...more.columns], body)}${moreThan(list.length, 'more row')}`;
}

/** What each day of each task came to. */
export function daysText({ days: list, tasks, otherTasks }: AccountExplanation): string {
  if (list === null || list.length === 0) return 'none\n';
  const columns = [
    { title: 'day' },
    { title: 'task' },
    { title: 'points', align: 'right' },
    { title: 'after the daily cap', align: 'right' },
  ] as const;
  const shown = list.slice(0, SHOWN_ROWS);
  const more = factorColumns(shown, 'factors, as one fraction');
  const body = shown.map(({ day, task, earned, capped, factors, kept }) => [
    moment(day * A_DAY).slice(0, 10),
    taskText(task, [...tasks, ...otherTasks].find((entry) => entry.task === task)?.name),
    pointsText(earned),
    pointsText(capped),
    ...more.cells(factors, kept),
  ]);
  return `${table([...columns, ...more.columns], body)}${moreThan(list.length, 'more day')}`;
}

/** What the epoch makes of the days, task by task, and whether the account can score at all. */
export function totalsText(given: AccountExplanation): string {
  const { totals, ineligible, tasks, otherTasks } = given;
  if (totals === null) {
    const because = ineligible === null ? '' : refusalText(WHY_INELIGIBLE[ineligible], ineligible);
    return `the folder holds neither the ledger nor explanations; the scores below are the report’s\n${because}`;
  }
  const lines = totals.map((total) => {
    const other = otherTasks.find(({ task }) => task === total.task);
    if (other === undefined) return `${totalText(total, tasks.find(({ task }) => task === total.task)?.name)}\n`;
    return `${totalText(total, other.name)}; it is not among the tasks of this epoch, so this earns nothing\n`;
  });
  return `${lines.length === 0 ? 'no points\n' : lines.join('')}${eligibilityText(given)}`;
}

function totalText({ task, days, uses, usagePoints, factors, total, score }: TaskTotal, name?: string | null): string {
  const used = uses === 0n ? '' : ` + ${pointsText(usagePoints)} for ${counted(uses, 'use')}`;
  const steps = factors.map((factor) => ` × ${factorText(factor)}`).join('');
  const sum = `${pointsText(days)} of the days${used}${steps}`;
  return `${taskText(task, name)}: ${sum} = ${inPoints(total)}, a score of ${grouped(score)}`;
}

function inPoints(millionths: bigint): string {
  return `${pointsText(millionths)} ${millionths === MILLION ? 'point' : 'points'}`;
}

function eligibilityText({ eligibility: steps, hasEligibility, end }: AccountExplanation): string {
  // Who did nothing stands in no explanation, and then nothing says whether it was eligible.
  if (steps === null) return hasEligibility ? '' : 'everybody can score in this epoch\n';
  const seen =
    steps.firstSeen === null || steps.firstSeen >= end ? 'never seen before' : `first seen ${moment(steps.firstSeen)}`;
  if (steps.eligible) return `the account is eligible (${seen})\n`;
  const because = WHY_INELIGIBLE[steps.reason];
  return refusalText(steps.reason === 'too-young' ? `${because}: ${seen}` : because, steps.reason);
}

function refusalText(because: string, reason: IneligibleReason): string {
  return `the account is not eligible, so every score is 0: ${because} (${reason})\n`;
}

/** Two more columns where anything multiplies; without factors the table stays as it is. */
function factorColumns(steps: readonly (RowSteps | DaySteps)[], title = 'factors') {
  const isPlain = steps.every(({ factors }) => factors.length === 0);
  const columns = isPlain ? [] : ([{ title }, { title: 'result', align: 'right' }] as const);
  const cells = (factors: readonly FactorStep[], result: bigint): string[] =>
    isPlain ? [] : [factors.map((factor) => `× ${factorText(factor)}`).join(' '), pointsText(result)];
  return { columns, cells };
}

function moreThan(count: number, what: string): string {
  return count > SHOWN_ROWS ? `… and ${counted(count - SHOWN_ROWS, what)}; --json has them all\n` : '';
}

/** A task by its number, and by its name where that is known. */
export function taskText(task: number, name: string | null | undefined): string {
  return name === null || name === undefined ? `${task}` : `${task} ${name}`;
}

/** A moment in UTC, to the minute. */
export function moment(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

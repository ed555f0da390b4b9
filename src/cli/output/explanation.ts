import { whyNothingAccelerated } from '../../settlement/explain.ts';
import type { AccountExplanation } from '../../store/read-account.ts';
import { daysText, moment, rowsText, taskText, totalsText } from './explain-points.ts';
import { table } from './table.ts';
import { counted, grouped, percent, tokens } from '../../protocol/tokens.ts';

/** One epoch of one account for people, from its rows to its wei, in the order in which it is computed. */
export function explanationText(given: AccountExplanation): string {
  const { account, epoch, start, end, index, leafCount } = given;
  const place =
    index === null
      ? 'it has no leaf: it never earned anything up to then'
      : `leaf ${grouped(index + 1)} of ${grouped(leafCount)}`;
  return [
    `${account} in epoch ${epoch}, ${moment(start)} to ${moment(end)} UTC; ${place}\n`,
    section('1. What it did', rowsText(given)),
    section('2. Points by day', daysText(given)),
    section('3. Points of the epoch', totalsText(given)),
    section('4. What the epoch had to give', money(given)),
    section('5. Its part', parts(given)),
    section('6. What usage unlocked early', acceleration(given)),
    section('7. What it has now', curve(given)),
  ].join('');
}

function section(title: string, text: string): string {
  return `\n${title}\n${text.replace(/^(?=.)/gm, '  ')}`;
}

function money({ budget, base, payout, miners }: AccountExplanation): string {
  return sums([
    ['budget of the curve', budget],
    ['with what the reserve gives back', base],
    ['payout by participation and price', payout],
    ["of it the miners' part", miners],
  ]);
}

function parts({ tasks, grant, accountCap, miners }: AccountExplanation): string {
  const right = (title: string) => ({ title, align: 'right' }) as const;
  const columns = [
    { title: 'task' },
    right('weight'),
    right('its budget'),
    right('score'),
    right('of all'),
    right('its part'),
    right('at most'),
    right('grant'),
  ];
  const body = tasks.map(({ task, name, weight, budget, score, scoreTotal, share, most, grant: earned }) => [
    taskText(task, name),
    percent(weight),
    tokens(budget),
    grouped(score),
    grouped(scoreTotal),
    tokens(share),
    tokens(most),
    tokens(earned),
  ]);
  const empty = tasks
    .filter(({ participants }) => participants === 0 && miners > 0n)
    .map(({ task, name }) => `nobody counted in ${taskText(task, name)}: its part went to the reserve\n`)
    .join('');
  const cap = `at most: the account cap, ${percent(accountCap)} of a task's budget\n`;
  return `${table(columns, body)}\n${cap}${empty}\ngrant: ${tokens(grant, 18)}\n`;
}

function acceleration({ acceleration: steps }: AccountExplanation): string {
  const { uses, perUse, bound, part, left, amount } = steps;
  if (amount === 0n)
    return `nothing: ${whyNothingAccelerated(steps)} (${counted(uses, 'use')}, ${tokens(left)} in cohorts)\n`;
  const rate = `${counted(uses, 'use')} × ${percent(perUse)}, at most ${percent(bound)}: ${percent(part)}`;
  return `${rate} of ${tokens(left)} in cohorts = ${tokens(amount)}\n`;
}

function curve({ before, after, total, unlocked, grant }: AccountExplanation): string {
  const columns = [{ title: 'released from' }, { title: 'to' }, { title: 'amount', align: 'right' }] as const;
  const cohorts = after.cohorts.map(({ end, duration, amount }) => [
    moment(end),
    moment(end + duration),
    tokens(amount),
  ]);
  const head = sums([
    ['granted before', total - grant],
    ['granted now', grant],
    ['granted in all', total],
    ["free at the epoch's end", unlocked],
    ['freed for good before this epoch', before.unlocked],
    ['… and after it', after.unlocked],
  ]);
  return cohorts.length === 0 ? head : `${head}\n${table(columns, cohorts)}`;
}

function sums(list: readonly (readonly [string, bigint])[]): string {
  const width = Math.max(...list.map(([name]) => name.length));
  const digits = Math.max(...list.map(([, wei]) => tokens(wei).length));
  return list.map(([name, wei]) => `${name.padEnd(width)}  ${tokens(wei).padStart(digits)}\n`).join('');
}

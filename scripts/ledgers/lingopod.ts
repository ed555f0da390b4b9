import { csv, moment, rowId, type LedgerFile } from './csv.ts';
import { accountOf, random, type Random } from './random.ts';

export const LINGOPOD_SEED = 20_260_301;
/** Day 0 of the example ledger. */
export const LINGOPOD_START = Date.UTC(2026, 2, 1) / 1000;
export const LINGOPOD_DAYS = 60;
/** People on the first day and on the last one; in between their number grows by the same factor every day. */
export const LINGOPOD_FIRST = 10;
export const LINGOPOD_LAST = 300;

const PEOPLE = 420;
const DAY = 86_400;
/** 30^(1/59) in millionths: from 10 people to 300 in 59 steps. */
const GROWTH = 1_059_338;
const MILLION = 1_000_000;
const USE_PER_MILLE = 180;

/** The five tasks: their measures with what one visit brings, and the weight with which people choose them. */
const TASKS = [
  { task: 'voice-corpus', weight: 30, measures: [['minutes', 2, 45]], domains: ['travel', 'family', 'market'] },
  { task: 'app-corpus', weight: 20, measures: [['minutes', 1, 20], ['sentences', 5, 60]], domains: ['travel', 'school', 'health'] }, // prettier-ignore
  { task: 'translation', weight: 30, measures: [['sentences', 3, 80], ['proofread', 5, 120]], domains: ['travel', 'law', 'health'] }, // prettier-ignore
  { task: 'model-tuning', weight: 10, measures: [['gpu-hours', 1, 16]], domains: ['health', 'law'] },
  { task: 'model-deployment', weight: 10, measures: [['hours', 2, 24]], domains: [] },
] as const;
type Task = (typeof TASKS)[number];

const LANGUAGES = [['en', 30], ['zh', 25], ['es', 15], ['ja', 10], ['de', 6], ['ar', 5], ['sw', 2], ['qu', 1], ['mi', 1]] as const; // prettier-ignore

interface Visit {
  readonly person: number;
  readonly time: number;
  readonly task: Task['task'];
  readonly cells: readonly (string | number)[];
}

/** The ledger of a translation device's community: a file for each task, one of uses, one of devices. */
export function lingopodLedger(): readonly LedgerFile[] {
  const dice = random(LINGOPOD_SEED);
  const people = Array.from({ length: PEOPLE }, () => ({
    task: dice.pick(TASKS.map((task) => [task, task.weight] as const)),
    language: dice.pick(LANGUAGES),
  }));
  const visits: Visit[] = [];
  for (let day = 0; day < LINGOPOD_DAYS; day++) {
    for (const person of peopleOf(day, dice)) {
      const { task, language } = people[person] ?? { task: TASKS[0], language: 'en' };
      visits.push(visit(person, day, task, language, dice));
      const other = TASKS[dice.below(TASKS.length)] ?? TASKS[0];
      if (other !== task && dice.chance(60)) visits.push(visit(person, day, other, language, dice));
    }
  }
  visits.sort((a, b) => a.time - b.time || a.person - b.person);
  const columns = ['id', 'account', 'time', 'task', 'measure', 'units', 'language', 'domain', 'quality'];
  const files = TASKS.map(({ task }, index) => {
    const own = visits.filter((entry) => entry.task === task);
    const rows = own.map(({ cells }, at) => [rowId(PREFIXES[index] ?? '', at + 1), ...cells]);
    return { path: `lingopod/${task}.csv`, text: csv(columns, rows), own };
  });
  const uses = files.slice(0, 3).flatMap(({ own }, index) => usesOf(own, PREFIXES[index] ?? '', dice));
  uses.sort((a, b) => a.time - b.time);
  const usage = uses.map(({ id, person, time }) => [
    id,
    accountOf('lingopod', person),
    moment(LINGOPOD_START, 0, time),
  ]);
  const devices = people.flatMap(
    (_, person) =>
    person % 9 === 8 ? [] : [[accountOf('lingopod', person), 'device', moment(LINGOPOD_START, -8 - (person % 40), 28_800)]], // prettier-ignore
  );
  return [
    ...files.map(({ path, text }) => ({ path, text })),
    { path: 'lingopod/usage.csv', text: csv(['contribution', 'account', 'time'], usage) },
    { path: 'lingopod/accounts.csv', text: csv(['account', 'badge', 'since'], devices) },
  ];
}

const PREFIXES = ['v', 'a', 't', 'f', 'd'] as const;

/** The people of a day: those who have found the community by then, each as likely as the others. */
function peopleOf(day: number, dice: Random): readonly number[] {
  const wanted = communityOn(day);
  const known = Math.min(PEOPLE, Math.trunc((wanted * 7) / 5));
  const chosen: number[] = [];
  for (let person = 0, left = wanted; person < known && left > 0; person++) {
    if (dice.below(known - person) >= left) continue;
    chosen.push(person);
    left--;
  }
  return chosen;
}

/** How many people come on a day. */
export function communityOn(day: number): number {
  let millionths = LINGOPOD_FIRST * MILLION;
  for (let step = 0; step < day; step++) millionths = Math.trunc((millionths * GROWTH) / MILLION);
  return Math.trunc((millionths + MILLION / 2) / MILLION);
}

function visit(person: number, day: number, task: Task, language: string, dice: Random): Visit {
  const time = day * DAY + dice.below(DAY);
  const [measure, from, to] = task.measures[dice.below(task.measures.length)] ?? task.measures[0];
  const domain = dice.chance(600) ? (task.domains[dice.below(Math.max(1, task.domains.length))] ?? '') : '';
  const quality = dice.pick([['', 4], ['1', 6], ['0.8', 3], ['1.2', 2], ['0.4', 1], ['0', 1]] as const); // prettier-ignore
  const cells = [task.task, measure, dice.between(from, to), task.task === 'model-deployment' ? '' : language, domain];
  const account = accountOf('lingopod', person);
  return { person, time, task: task.task, cells: [account, moment(LINGOPOD_START, 0, time), ...cells, quality] };
}

/** Some of what was collected is built on later: a sentence becomes training data, a translation a test. */
function usesOf(visits: readonly Visit[], prefix: string, dice: Random) {
  return visits.flatMap(({ person, time }, at) => {
    const used = time + dice.between(1, 12) * DAY + dice.below(DAY);
    const counts = dice.chance(USE_PER_MILLE) && used < LINGOPOD_DAYS * DAY;
    return counts ? [{ id: rowId(prefix, at + 1), person, time: used }] : [];
  });
}

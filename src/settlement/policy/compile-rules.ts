import type { CompileOptions, Plan, SegmentTask } from './compile-plan.ts';
import type { NumberTypes } from './number-types.ts';
import { numberTypes } from './number-types.ts';
import type { TaskRules } from './policy.ts';
import type { Column, Step } from './sql.ts';
import { valuesTable } from './sql.ts';

/** A factor of one in millionths, in SQL. */
export const ONE_SQL = '1000000';
const NONE = -1n;

/** The rules as tables: `rules` by segment, task and measure, `task_rules` by segment and task, both of whole numbers. -1 stands for no cap. */
export function ruleSteps(options: CompileOptions): Step[] {
  const { plan, measureNumbers, dialect } = options;
  const types = numberTypes(options);
  const lines: (bigint | number)[][] = [];
  for (const { segment, task, rules } of plan.tasks) {
    for (const [name, { points, dailyCap = NONE }] of rules.measures) {
      const measure = measureNumbers.get(name);
      if (measure === undefined) continue; // the ledger has no row of it
      lines.push([segment, task, measure, points, dailyCap]);
    }
  }
  const columns: Column[] = [
    ['segment', false],
    ['task', false],
    ['measure', false],
    ['points', types.row],
    ['measure_cap', types.row],
  ];
  const steps: Step[] = [['rules', valuesTable(columns, lines, dialect)]];
  if (!hasTaskRules(plan)) return steps;
  const fields = taskFields(plan, types);
  const keys: Column[] = [
    ['segment', false],
    ['task', false],
  ];
  const taskLines = plan.tasks.map(({ segment, task, rules }) => [
    segment,
    task,
    ...fields.map(([, , valueOf]) => valueOf(rules)),
  ]);
  const taskColumns: Column[] = [...keys, ...fields.map(([name, type]): Column => [name, type])];
  steps.push(['task_rules', valuesTable(taskColumns, taskLines, dialect)]);
  if (plan.quality) steps.push(['levels', levelsTable(options)]);
  if (plan.scarcity.length > 0) steps.push(['listed', listedTable(options)]);
  if (plan.badges.length > 0) steps.push(['badge_factors', badgeTable(options)]);
  return steps;
}

/** Whether anything but points and caps is needed. */
export function hasTaskRules({
  quality,
  scarcity,
  measured,
  streak,
  badges,
  consistency,
  loyalty,
  usage,
}: Plan): boolean {
  const named = scarcity.length + measured.length + badges.length > 0;
  return quality || named || streak || consistency || loyalty || usage;
}

type Field = readonly [name: string, type: string | false, valueOf: (rules: TaskRules) => bigint | number];

/** The columns of `task_rules` beside segment and task. A task without a multiplier has 0 where something above 0 would stand. */
function taskFields(plan: Plan, { row, day, epoch, count }: NumberTypes): Field[] {
  const fields: Field[] = [];
  if (plan.quality) {
    const numeric = ({ multipliers }: TaskRules) =>
      multipliers.quality?.rating.kind === 'numeric' ? multipliers.quality.rating : undefined;
    fields.push(
      ['q_attribute', false, ({ multipliers: { quality } }) => plan.attributes.indexOf(quality?.attribute ?? '')],
      ['q_numeric', false, (rules) => (numeric(rules) === undefined ? 0 : 1)],
      ['q_unrated', row, ({ multipliers: { quality } }) => quality?.unrated ?? 0n],
      ['q_least', row, (rules) => numeric(rules)?.least ?? 0n],
      ['q_most', row, (rules) => numeric(rules)?.most ?? 0n],
    );
  }
  plan.scarcity.forEach((name, k) => {
    const of = ({ multipliers }: TaskRules) => multipliers.scarcity.get(name);
    fields.push(
      [`s${k}_span`, false, (rules) => of(rules)?.window ?? 0],
      [`s${k}_reference`, count, (rules) => of(rules)?.reference ?? 0n],
      [`s${k}_most`, count, (rules) => of(rules)?.most ?? 0n],
      [`s${k}_unseen`, count, (rules) => of(rules)?.unseen ?? 0n],
      [`s${k}_listed`, false, (rules) => (of(rules)?.values === undefined ? 0 : 1)],
    );
  });
  plan.measured.forEach((name, k) => {
    fields.push([`m${k}_per`, day, ({ multipliers }) => multipliers.measured.get(name)?.per ?? 0n]);
  });
  if (plan.streak) {
    fields.push(
      ['streak_per', day, ({ multipliers: { streak } }) => streak?.per ?? 0n],
      ['streak_most', day, ({ multipliers: { streak } }) => streak?.most ?? 0n],
    );
  }
  if (plan.badges.length > 0) fields.push(['badges_most', day, ({ multipliers: { badges } }) => badges?.most ?? 0n]);
  if (plan.consistency) {
    fields.push(
      ['c_span', false, ({ multipliers: { consistency } }) => consistency?.epochs ?? 0],
      ['c_bonus', epoch, ({ multipliers: { consistency } }) => consistency?.bonus ?? 0n],
    );
  }
  if (plan.loyalty) {
    fields.push(
      ['l_span', false, ({ multipliers: { loyalty } }) => loyalty?.epochs ?? 0],
      ['l_bonus', epoch, ({ multipliers: { loyalty } }) => loyalty?.bonus ?? 0n],
      ['l_most', epoch, ({ multipliers: { loyalty } }) => loyalty?.most ?? 0n],
    );
  }
  if (plan.usage) {
    fields.push(
      ['u_given', false, ({ usage }) => (usage === undefined ? 0 : 1)],
      ['u_points', epoch, ({ usage }) => usage?.points ?? 0n],
      ['u_cap', epoch, ({ usage }) => usage?.epochCap ?? NONE],
    );
  }
  return fields;
}

/** What each label of the ledger is worth where quality reads labels. */
function levelsTable(options: CompileOptions): string {
  const { plan, valueNumbers, dialect } = options;
  const lines = plan.tasks.flatMap(({ segment, task, rules }) => {
    const rating = rules.multipliers.quality?.rating;
    if (rating?.kind !== 'levels') return [];
    return [...rating.levels].flatMap(([label, factor]) => {
      const number = valueNumbers.get(label);
      return number === undefined ? [] : [[segment, task, number, factor]];
    });
  });
  const columns: Column[] = [
    ['segment', false],
    ['task', false],
    ['rating', false],
    ['factor', numberTypes(options).row],
  ];
  return valuesTable(columns, lines, dialect);
}

/** The values of the ledger that can count more than once where rarity has a list of them; the attribute by its position. */
function listedTable({ plan, valueNumbers, dialect }: CompileOptions): string {
  const lines = plan.tasks.flatMap(({ segment, task, rules }) =>
    plan.scarcity.flatMap((name, k) =>
      [...(rules.multipliers.scarcity.get(name)?.values ?? [])].flatMap((value) => {
        const number = valueNumbers.get(value);
        return number === undefined ? [] : [[segment, task, k, number]];
      }),
    ),
  );
  const columns: Column[] = [
    ['segment', false],
    ['task', false],
    ['attribute', false],
    ['value', false],
  ];
  return valuesTable(columns, lines, dialect);
}

function badgeTable(options: CompileOptions): string {
  const { plan, dialect } = options;
  const numbers = new Map(plan.badges.map((badge, index) => [badge, index]));
  const lines = plan.tasks.flatMap(({ segment, task, rules }) =>
    [...(rules.multipliers.badges?.factors ?? [])].flatMap(([badge, factor]) => {
      const number = numbers.get(badge);
      return number === undefined ? [] : [[segment, task, number, factor]]; // no rules of the range know the others
    }),
  );
  const columns: Column[] = [
    ['segment', false],
    ['task', false],
    ['badge', false],
    ['factor', numberTypes(options).day],
  ];
  return valuesTable(columns, lines, dialect);
}

/** The most that a day of each task comes to before its factors, by segment and task. */
export function dayCaps(options: CompileOptions): string | bigint {
  const { plan, dialect } = options;
  const { day, dayMost } = numberTypes(options);
  const capOf = ({ rules: { dailyCap = dayMost } }: SegmentTask): bigint => (dailyCap < dayMost ? dailyCap : dayMost);
  const caps = new Set(plan.tasks.map(capOf));
  const [first = dayMost] = caps;
  if (caps.size <= 1) return first;
  const lines = plan.tasks.map((task) => [task.segment, task.task, capOf(task)]);
  const columns: Column[] = [
    ['segment', false],
    ['task', false],
    ['most', day],
  ];
  return valuesTable(columns, lines, dialect);
}

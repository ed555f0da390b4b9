import type { CompileOptions } from './compile-plan.ts';
import { segmentOf } from './compile-rows.ts';
import { dayCaps, ONE_SQL } from './compile-rules.ts';
import { numberTypes } from './number-types.ts';
import type { Step } from './sql.ts';
import { smaller } from './sql.ts';

/** A factor of a day or an epoch: the columns of its numerator and its denominator. */
export interface FactorColumns {
  readonly numerator: string;
  readonly denominator: string;
}

const SAME_DAY = 'd.epoch = f.epoch AND d.account = f.account AND d.task = f.task AND d.day = f.day';

/** The factors of a day, which act as one fraction; the columns stand in `kept`. A task without one of them has 1/1 there. */
export function dayFactors({ plan }: CompileOptions): FactorColumns[] {
  const factors: FactorColumns[] = plan.measured.map((_, k) => ({ numerator: `m${k}`, denominator: `m${k}_below` }));
  if (plan.streak) factors.push({ numerator: 'streak', denominator: 'streak_below' });
  if (plan.badges.length > 0) factors.push({ numerator: 'badges', denominator: 'badges_below' });
  return factors;
}

/** From `pointed` to `kept`: what each day of an account and task comes to. */
export function daySteps(options: CompileOptions): Step[] {
  const { dialect, plan } = options;
  const { day } = numberTypes(options);
  const caps = dayCaps(options);
  const most = typeof caps === 'string' ? 'most' : dialect.number(caps, day);
  const steps: Step[] = [
    [
      'summed_days',
      'SELECT epoch, account, task, day, sum(after) AS earned FROM pointed GROUP BY epoch, account, task, day',
    ],
    [
      'days',
      `SELECT epoch, ${segmentOf(options)} AS segment, account, task, day, CAST(earned AS ${day}) AS earned FROM summed_days`,
    ],
  ];
  if (typeof caps === 'string') {
    steps.push(
      ['day_caps', caps],
      [
        'bounded_days',
        `SELECT d.*, c.most AS most FROM days AS d INNER JOIN day_caps AS c ON d.segment = c.segment AND d.task = c.task`,
      ],
    );
  }
  const bounded = typeof caps === 'string' ? 'bounded_days' : 'days';
  steps.push([
    'capped',
    `SELECT epoch, segment, account, task, day, earned, ${smaller('earned', most)} AS capped FROM ${bounded}`,
  ]);
  let source = 'capped';
  const next = (name: string, added: readonly Step[]): void => {
    steps.push(...added);
    source = name;
  };
  plan.measured.forEach((measure, k) => {
    next(`measured_${k}`, measuredSteps(options, measure, k, source));
  });
  if (plan.streak) next('streaked', streakSteps(source));
  if (plan.badges.length > 0) next('badged', badgeSteps(options, source));
  steps.push(['kept', `SELECT d.*, ${multiplied(options, 'capped', dayFactors(options))} AS kept FROM ${source} AS d`]);
  return steps;
}

/** An expression with factors applied as one fraction, rounded down once. */
function multiplied({ dialect }: CompileOptions, expression: string, factors: readonly FactorColumns[]): string {
  if (factors.length === 0) return expression;
  const numerators = factors.map(({ numerator }) => numerator);
  const denominators = factors.map(({ denominator }) => denominator);
  return dialect.divide([expression, ...numerators].join(' * '), denominators.join(' * '));
}

function measuredSteps(options: CompileOptions, measure: string, k: number, source: string): Step[] {
  const { measureNumbers } = options;
  const { day } = numberTypes(options);
  return [
    [
      `units_${k}`,
      `SELECT epoch, account, task, day, CAST(sum(counted) AS ${day}) AS units FROM pointed
      WHERE measure = ${measureNumbers.get(measure) ?? -1} GROUP BY epoch, account, task, day`,
    ],
    [
      `per_${k}`,
      `SELECT d.*, t.m${k}_per AS m${k}_per FROM ${source} AS d
      INNER JOIN task_rules AS t ON d.segment = t.segment AND d.task = t.task`,
    ],
    [
      `measured_${k}`,
      `SELECT d.*, CASE WHEN d.m${k}_per = 0 THEN 1 WHEN f.units IS NULL THEN 0 ELSE f.units END AS m${k},
      CASE WHEN d.m${k}_per = 0 THEN 1 ELSE d.m${k}_per END AS m${k}_below
      FROM per_${k} AS d LEFT JOIN units_${k} AS f ON ${SAME_DAY}`,
    ],
  ];
}

/** Consecutive days differ from their rank by the same number, so that each streak is a group of its own. */
function streakSteps(source: string): Step[] {
  return [
    ['active_days', `SELECT DISTINCT account, day FROM judged WHERE judged > 0`],
    [
      'islands',
      `SELECT account, day, day - row_number() OVER (PARTITION BY account ORDER BY day) AS island FROM active_days`,
    ],
    [
      'streaks',
      `SELECT account, day, row_number() OVER (PARTITION BY account, island ORDER BY day) AS days FROM islands`,
    ],
    [
      'per_streak',
      `SELECT d.*, t.streak_per AS streak_per, t.streak_most AS streak_most FROM ${source} AS d
      INNER JOIN task_rules AS t ON d.segment = t.segment AND d.task = t.task`,
    ],
    [
      'streaked',
      `SELECT d.*, CASE WHEN d.streak_per = 0 THEN 1 WHEN f.days IS NULL THEN 0
      ELSE ${smaller('f.days', 'd.streak_most')} END AS streak,
      CASE WHEN d.streak_per = 0 THEN 1 ELSE d.streak_per END AS streak_below
      FROM per_streak AS d LEFT JOIN streaks AS f ON d.account = f.account AND d.day = f.day`,
    ],
  ];
}

/** A badge is held on a day when it was given before the day and the epoch end. */
function badgeSteps(options: CompileOptions, source: string): Step[] {
  const { clock } = options;
  const { day } = numberTypes(options);
  return [
    ['badge_times', 'SELECT account, badge, min(since) AS since FROM badges GROUP BY account, badge'],
    [
      'held',
      `SELECT d.epoch AS epoch, d.account AS account, d.task AS task, d.day AS day, CAST(sum(f.factor) AS ${day}) AS factor
      FROM capped AS d INNER JOIN badge_times AS b ON d.account = b.account
      INNER JOIN badge_factors AS f ON d.segment = f.segment AND d.task = f.task AND b.badge = f.badge
      WHERE b.since < CAST(d.day + 1 AS BIGINT) * 86400
        AND b.since < ${clock.start} + CAST(d.epoch + 1 AS BIGINT) * ${clock.length}
      GROUP BY d.epoch, d.account, d.task, d.day`,
    ],
    [
      'badges_ruled',
      `SELECT d.*, t.badges_most AS badges_most FROM ${source} AS d
      INNER JOIN task_rules AS t ON d.segment = t.segment AND d.task = t.task`,
    ],
    [
      'badged',
      `SELECT d.*, CASE WHEN d.badges_most = 0 THEN 1 WHEN f.factor IS NULL THEN ${ONE_SQL}
      ELSE ${smaller(`${ONE_SQL} + f.factor`, 'd.badges_most')} END AS badges,
      CAST(CASE WHEN d.badges_most = 0 THEN 1 ELSE ${ONE_SQL} END AS ${day}) AS badges_below
      FROM badges_ruled AS d LEFT JOIN held AS f ON ${SAME_DAY}`,
    ],
  ];
}

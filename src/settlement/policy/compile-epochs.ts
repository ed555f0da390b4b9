import type { FactorColumns } from './compile-days.ts';
import type { CompileOptions } from './compile-plan.ts';
import { ONE_SQL } from './compile-rules.ts';
import { epochOf, segmentOf } from './compile-rows.ts';
import type { Step } from './sql.ts';
import { numberTypes } from './number-types.ts';
import { smaller, trailingSteps } from './sql.ts';

/** The factors of an epoch in the order in which they act; the columns stand in `totals`. */
export function epochFactors({ plan }: CompileOptions): FactorColumns[] {
  const factors: FactorColumns[] = [];
  if (plan.consistency) factors.push({ numerator: 'c', denominator: ONE_SQL });
  if (plan.loyalty) factors.push({ numerator: 'l', denominator: ONE_SQL });
  return factors;
}

/** From `kept` to `totals`: what each epoch of an account and task comes to. */
export function epochSteps(options: CompileOptions): Step[] {
  const { plan } = options;
  const type = numberTypes(options).epoch;
  const steps: Step[] = [
    [
      'summed',
      `SELECT epoch, account, task, CAST(sum(kept) AS ${type}) AS days FROM kept GROUP BY epoch, account, task`,
    ],
  ];
  let source = 'summed';
  const next = (name: string, added: readonly Step[]): void => {
    steps.push(...added);
    source = name;
  };
  if (plan.usage) next('joined', usageSteps(options));
  const gained = plan.usage ? 'days + usage_points' : 'days';
  if (plan.consistency || plan.loyalty) {
    steps.push(...activitySteps(options, source));
    source = 'ruled_epochs';
  }
  if (plan.consistency) next('consistent', [consistencyStep(options, source)]);
  if (plan.loyalty) next('loyal', [loyaltyStep(source)]);
  const total = applied(options, `(${gained})`, epochFactors(options));
  steps.push(['totals', `SELECT e.*, ${total} AS total FROM ${source} AS e`]);
  return steps;
}

/** An expression with factors applied one after the other, each rounded down. */
function applied({ dialect }: CompileOptions, expression: string, factors: readonly FactorColumns[]): string {
  return factors.reduce(
    (x, { numerator, denominator }) => dialect.divide(`${x} * ${numerator}`, denominator),
    expression,
  );
}

/** Uses add points also in an epoch in which the account contributed nothing. */
function usageSteps(options: CompileOptions): Step[] {
  const { clock, fromEpoch, toEpoch, dialect } = options;
  const type = numberTypes(options).epoch;
  const start = clock.start + fromEpoch * clock.length;
  const end = clock.start + toEpoch * clock.length;
  const counts = `CASE WHEN t.u_cap < 0 OR u.uses <= t.u_cap THEN u.uses ELSE t.u_cap END`;
  return [
    [
      'dated_uses',
      `SELECT account, task, ${epochOf(options)} AS epoch FROM usage WHERE task >= 0 AND time >= ${start} AND time < ${end}`,
    ],
    [
      'uses',
      `SELECT epoch, account, task, CAST(${dialect.count} AS ${type}) AS uses FROM dated_uses GROUP BY epoch, account, task`,
    ],
    ['ruled_uses', `SELECT u.*, ${segmentOf(options)} AS segment FROM uses AS u`],
    [
      'paid_uses',
      `SELECT u.epoch AS epoch, u.account AS account, u.task AS task, u.uses AS uses, ${counts} * t.u_points AS usage_points
      FROM ruled_uses AS u INNER JOIN task_rules AS t ON u.segment = t.segment AND u.task = t.task WHERE t.u_given = 1`,
    ],
    [
      'gathered',
      `SELECT epoch, account, task, days, 0 AS uses, 0 AS usage_points FROM summed
      UNION ALL SELECT epoch, account, task, 0 AS days, uses, usage_points FROM paid_uses`,
    ],
    [
      'joined',
      `SELECT epoch, account, task, CAST(sum(days) AS ${type}) AS days, CAST(sum(uses) AS ${type}) AS uses,
      CAST(sum(usage_points) AS ${type}) AS usage_points
      FROM gathered GROUP BY epoch, account, task`,
    ],
  ];
}

/** How many of the epochs before each were active, for every span that is looked back. */
function activitySteps(options: CompileOptions, source: string): Step[] {
  const { plan } = options;
  const kinds = [...(plan.consistency ? ['c'] : []), ...(plan.loyalty ? ['l'] : [])];
  const columns = kinds
    .flatMap((kind) => (kind === 'c' ? ['c_span', 'c_bonus'] : ['l_span', 'l_bonus', 'l_most']))
    .map((column) => `t.${column} AS ${column}`);
  const union = (select: (kind: string) => string) => kinds.map(select).join(' UNION DISTINCT ');
  return [
    ['epochs_ruled', `SELECT e.*, ${segmentOf(options)} AS segment FROM ${source} AS e`],
    [
      'ruled_epochs',
      `SELECT e.*, ${columns.join(', ')} FROM epochs_ruled AS e
      INNER JOIN task_rules AS t ON e.segment = t.segment AND e.task = t.task`,
    ],
    ['active_epochs', `SELECT account, epoch, 1 AS n FROM judged WHERE judged > 0 GROUP BY account, epoch`],
    ['activity_spans', union((kind) => `SELECT DISTINCT ${kind}_span AS span FROM task_rules WHERE ${kind}_span > 0`)],
    [
      'activity_asked',
      union((kind) => `SELECT DISTINCT account, ${kind}_span AS span, epoch FROM ruled_epochs WHERE ${kind}_span > 0`),
    ],
    ...trailingSteps({
      name: 'activity',
      keys: ['account'],
      seen: 'active_epochs',
      spans: 'activity_spans',
      spanKeys: [],
      asked: 'activity_asked',
      count: numberTypes(options).count,
    }),
  ];
}

function activeIn(kind: string): string {
  return `LEFT JOIN activity AS f ON e.account = f.account AND e.epoch = f.epoch AND e.${kind}_span = f.span`;
}

function consistencyStep({ dialect }: CompileOptions, source: string): Step {
  const added = dialect.divide('e.c_bonus * f.n', 'e.c_span');
  return [
    'consistent',
    `SELECT e.*, f.n AS c_active, CASE WHEN e.c_span = 0 THEN ${ONE_SQL} ELSE ${ONE_SQL} + ${added} END AS c
    FROM ${source} AS e ${activeIn('c')}`,
  ];
}

function loyaltyStep(source: string): Step {
  const factor = smaller(`${ONE_SQL} + e.l_bonus * f.n`, 'e.l_most');
  return [
    'loyal',
    `SELECT e.*, f.n AS l_active, CASE WHEN e.l_span = 0 THEN ${ONE_SQL} ELSE ${factor} END AS l
    FROM ${source} AS e ${activeIn('l')}`,
  ];
}

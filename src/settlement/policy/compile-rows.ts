import type { CompileOptions } from './compile-plan.ts';
import { ONE_SQL } from './compile-rules.ts';
import { numberTypes } from './number-types.ts';
import { POLICY_BOUNDS } from './policy-bounds.ts';
import type { Step } from './sql.ts';
import { clamp, trailingSteps } from './sql.ts';

const SECONDS_PER_DAY = '86400';

/**
 * From the rows of the ledger to `judged`, history included: units that count, what they are worth before any factor
 * (`earned`) and after quality (`judged`), which is what makes an account active and a value less rare.
 */
export function earningSteps(options: CompileOptions): Step[] {
  const { plan, dialect } = options;
  const attributes = attributeColumns(options);
  const { row } = numberTypes(options);
  const most = dialect.number(POLICY_BOUNDS.rowPoints, dialect.wide);
  const worth = 'counted * points';
  // In 64 bits nothing reaches what a row earns at most.
  const earned = row === dialect.wide ? `CASE WHEN ${worth} < ${most} THEN ${worth} ELSE ${most} END` : worth;
  return [
    ['scoped', scopedStep(options, attributes)],
    ['ruled', ruledStep(options, attributes)],
    ['counted', countedStep(options, attributes)],
    [
      'earning',
      `SELECT seq, epoch, segment, account, task, measure, day${list(attributes)}, counted,
      ${earned} AS earned FROM counted`,
    ],
    ...(plan.quality ? qualitySteps(options) : []),
    plan.quality
      ? ['judged', `SELECT weighed.*, ${dialect.divide('earned * q', ONE_SQL)} AS judged FROM weighed`]
      : ['judged', 'SELECT earning.*, earned AS judged FROM earning'],
  ];
}

/** From `judged` to `pointed`: the rows of the range with their factors; `after` is what they come to. */
export function rowSteps(options: CompileOptions): Step[] {
  const { plan, fromEpoch } = options;
  const steps: Step[] = [];
  let source = 'judged';
  if (plan.historyEpoch < fromEpoch) {
    steps.push(['present', `SELECT * FROM judged WHERE epoch >= ${fromEpoch}`]);
    source = 'present';
  }
  let after = 'judged';
  plan.scarcity.forEach((name, k) => {
    steps.push(...scarcitySteps(options, { k, column: `a${plan.attributes.indexOf(name)}`, source, after }));
    [source, after] = [`scarce_${k}`, `after_${k}`];
  });
  steps.push(['pointed', `SELECT s.*, ${after} AS after FROM ${source} AS s`]);
  return steps;
}

/** `a0` is the number of the value of the first attribute, `r0` the number that it is; -1: none. */
function attributeColumns({ plan }: CompileOptions): string[] {
  return plan.attributes.flatMap((name, index) =>
    plan.ratings.has(name) ? [`a${index}`, `r${index}`] : [`a${index}`],
  );
}

function list(columns: readonly string[], table = ''): string {
  return columns.map((column) => (table === '' ? `, ${column}` : `, ${table}.${column} AS ${column}`)).join('');
}

/** The rows of the range and its history, each with its epoch, its UTC day and the segment of the policy that rules its epoch. */
function scopedStep(options: CompileOptions, attributes: readonly string[]): string {
  const { plan, toEpoch, clock, dialect } = options;
  const start = clock.start + plan.historyEpoch * clock.length;
  const end = clock.start + toEpoch * clock.length;
  const dated = `SELECT seq, account, task, measure${list(attributes)}, CAST(units AS ${numberTypes(options).row}) AS units,
    ${epochOf(options)} AS epoch,
    CAST(${dialect.divide('time', SECONDS_PER_DAY)} AS INTEGER) AS day
    FROM contributions WHERE time >= ${start} AND time < ${end}`;
  return `SELECT seq, account, task, measure${list(attributes)}, units, epoch, day, ${segmentOf(options)} AS segment FROM (${dated}) AS dated`;
}

/** The epoch of a row's `time`, as a small number wherever it and those that windows reach to are small. */
export function epochOf({ clock, toEpoch, dialect }: CompileOptions): string {
  const epoch = dialect.divide(`time - ${clock.start}`, `${clock.length}`);
  return toEpoch < 2 ** 30 ? `CAST(${epoch} AS INTEGER)` : epoch;
}

/** The segment of a step's `epoch`. */
export function segmentOf({ plan }: CompileOptions): string {
  const cases = plan.segments.map(([index, { until }]) => `WHEN epoch < ${until} THEN ${index}`);
  return cases.length === 0 ? '-1' : `CASE ${cases.join(' ')} END`;
}

function ruledStep(options: CompileOptions, attributes: readonly string[]): string {
  const { plan } = options;
  const reached = `, rules.measure_cap AS measure_cap,
  CAST(sum(scoped.units) OVER (PARTITION BY scoped.epoch, scoped.account, scoped.task, scoped.measure, scoped.day
    ORDER BY scoped.seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS ${numberTypes(options).row}) AS reached`;
  return `SELECT scoped.seq AS seq, scoped.epoch AS epoch, scoped.segment AS segment, scoped.account AS account,
  scoped.task AS task, scoped.measure AS measure, scoped.day AS day${list(attributes, 'scoped')}, scoped.units AS units,
  rules.points AS points${plan.capped ? reached : ''}
  FROM scoped INNER JOIN rules
    ON scoped.segment = rules.segment AND scoped.task = rules.task AND scoped.measure = rules.measure`;
}

/** Under a cap on the units of a day the earliest rows count first: the row that reaches it counts in part. */
function countedStep({ plan }: CompileOptions, attributes: readonly string[]): string {
  const counted = `CASE WHEN measure_cap < 0 OR reached <= measure_cap THEN units
    WHEN reached - units < measure_cap THEN measure_cap - (reached - units)
    ELSE 0 END`;
  return `SELECT seq, epoch, segment, account, task, measure, day${list(attributes)}, points,
  ${plan.capped ? counted : 'units'} AS counted FROM ruled`;
}

/** The rating of each row and its factor `q`. */
function qualitySteps({ plan }: CompileOptions): Step[] {
  const chosen = (letter: string, has: (name: string) => boolean): string => {
    const cases = plan.attributes.flatMap((name, index) =>
      has(name) ? [`WHEN t.q_attribute = ${index} THEN s.${letter}${index}`] : [],
    );
    return cases.length === 0 ? '-1' : `CASE ${cases.join(' ')} ELSE -1 END`;
  };
  const numeric = clamp('number', 'q_least', 'q_most');
  return [
    [
      'rated',
      `SELECT s.*, t.q_attribute AS q_attribute, t.q_numeric AS q_numeric, t.q_unrated AS q_unrated, t.q_least AS q_least,
      t.q_most AS q_most, ${chosen('a', () => true)} AS rating, ${chosen('r', (name) => plan.ratings.has(name))} AS number
      FROM earning AS s INNER JOIN task_rules AS t ON s.segment = t.segment AND s.task = t.task`,
    ],
    [
      'weighed',
      `SELECT rated.*, CASE WHEN rated.q_attribute < 0 THEN ${ONE_SQL}
      WHEN rated.q_numeric = 1 THEN CASE WHEN number < 0 THEN q_unrated ELSE ${numeric} END
      WHEN levels.factor IS NULL THEN q_unrated ELSE levels.factor END AS q
      FROM rated LEFT JOIN levels
      ON rated.segment = levels.segment AND rated.task = levels.task AND rated.rating = levels.rating`,
    ],
  ];
}

interface ScarcityStep {
  readonly k: number;
  readonly column: string;
  readonly source: string;
  readonly after: string;
}

/**
 * How rare the value of each row is among the rows of its task that earned something in the window before, its factor
 * `s<k>`, and what it leaves. The value -1 stands for all values together. A value that is not on a list that the rules have counts
 * once.
 */
function scarcitySteps(options: CompileOptions, { k, column, source, after }: ScarcityStep): Step[] {
  const { dialect } = options;
  const { count } = numberTypes(options);
  const name = `shares_${k}`;
  const clamped = clamp(`share_${k}`, ONE_SQL, `s${k}_most`);
  return [
    [
      `values_${k}`,
      `SELECT task, ${column} AS value, epoch, CAST(${dialect.count} AS ${count}) AS n FROM judged
      WHERE judged > 0 AND ${column} >= 0 GROUP BY task, ${column}, epoch`,
    ],
    [
      `seen_${k}`,
      `SELECT task, value, epoch, n FROM values_${k}
      UNION ALL SELECT task, -1 AS value, epoch, CAST(sum(n) AS ${count}) AS n FROM values_${k} GROUP BY task, epoch`,
    ],
    [`spans_${k}`, `SELECT DISTINCT task, s${k}_span AS span FROM task_rules WHERE s${k}_span > 0`],
    [
      `rows_${k}`,
      `SELECT DISTINCT s.task AS task, s.${column} AS value, t.s${k}_span AS span, s.epoch AS epoch
      FROM ${source} AS s INNER JOIN task_rules AS t ON s.segment = t.segment AND s.task = t.task
      WHERE s.${column} >= 0 AND t.s${k}_span > 0`,
    ],
    [
      `asked_${k}`,
      `SELECT task, value, span, epoch FROM rows_${k} UNION ALL SELECT DISTINCT task, -1 AS value, span, epoch FROM rows_${k}`,
    ],
    ...trailingSteps({
      name,
      keys: ['task', 'value'],
      seen: `seen_${k}`,
      spans: `spans_${k}`,
      spanKeys: ['task'],
      asked: `asked_${k}`,
      count,
    }),
    [
      `ruled_${k}`,
      `SELECT s.*, t.s${k}_span AS s${k}_span, t.s${k}_reference AS s${k}_reference, t.s${k}_most AS s${k}_most,
      t.s${k}_unseen AS s${k}_unseen, t.s${k}_listed AS s${k}_listed
      FROM ${source} AS s INNER JOIN task_rules AS t ON s.segment = t.segment AND s.task = t.task`,
    ],
    [
      `counting_${k}`,
      `SELECT s.*, CASE WHEN s.${column} < 0 OR s.s${k}_span = 0 OR (s.s${k}_listed = 1 AND w.value IS NULL) THEN 0 ELSE 1 END
      AS counts_${k} FROM ruled_${k} AS s LEFT JOIN listed AS w
      ON s.segment = w.segment AND s.task = w.task AND w.attribute = ${k} AND s.${column} = w.value`,
    ],
    [
      `owned_${k}`,
      `SELECT s.*, own.n AS own_${k} FROM counting_${k} AS s LEFT JOIN ${name} AS own
      ON s.task = own.task AND s.${column} = own.value AND s.s${k}_span = own.span AND s.epoch = own.epoch`,
    ],
    [
      `compared_${k}`,
      `SELECT s.*, CASE WHEN s.counts_${k} = 0 THEN -1 ELSE s.own_${k} END AS count_${k},
      CASE WHEN s.counts_${k} = 0 THEN 0 ELSE entire.n END AS total_${k} FROM owned_${k} AS s LEFT JOIN ${name} AS entire
      ON s.task = entire.task AND entire.value = -1 AND s.s${k}_span = entire.span AND s.epoch = entire.epoch`,
    ],
    [
      `shared_${k}`,
      `SELECT c.*, CASE WHEN count_${k} > 0
      THEN ${dialect.divide(`s${k}_reference * total_${k}`, `count_${k}`)} ELSE 0 END AS share_${k} FROM compared_${k} AS c`,
    ],
    [
      `priced_${k}`,
      `SELECT c.*, CASE WHEN total_${k} = 0 THEN ${ONE_SQL} WHEN count_${k} = 0 THEN s${k}_unseen
      ELSE ${clamped} END AS s${k} FROM shared_${k} AS c`,
    ],
    [`scarce_${k}`, `SELECT c.*, ${dialect.divide(`${after} * s${k}`, ONE_SQL)} AS after_${k} FROM priced_${k} AS c`],
  ];
}

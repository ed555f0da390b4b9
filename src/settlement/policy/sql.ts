/** What differs between the engines that run the compiled policy; all else is plain SQL that they share. */
export interface SqlDialect {
  /** A signed whole number of at least 128 bits. The bounds of policy and ledger see to it that none overflows. */
  readonly wide: string;
  /** One of 64 bits, if the engine computes faster with it: used where no number can reach 2^63. */
  readonly narrow?: string;
  /** Whole division of numbers that are not negative, rounding down. By zero it gives something that nothing reads, and no error. */
  readonly divide: (dividend: string, divisor: string) => string;
  /** How many rows a group has, as a number with a sign. */
  readonly count: string;
  /** A whole number, however large, as an expression of a type. */
  readonly number: (value: bigint, type: string) => string;
  /** A table of whole numbers written into the query, with at least one line, as a query whose columns have their types. */
  readonly table: (columns: readonly Column[], lines: readonly TableLine[]) => string;
}

export const DUCKDB: SqlDialect = {
  wide: 'HUGEINT',
  narrow: 'BIGINT',
  divide: (dividend, divisor) => `((${dividend}) // (${divisor}))`,
  count: 'count(*)',
  number: (value, type) => `CAST(${value} AS ${type})`,
  table: (columns, lines) => {
    const names = columns.map(([name]) => name);
    const typed = columns.map(([name, type]) => `CAST(${name} AS ${type === false ? 'INTEGER' : type}) AS ${name}`);
    const rows = lines.map((line) => `(${line.join(', ')})`).join(', ');
    return `SELECT ${typed.join(', ')} FROM (VALUES ${rows}) AS written(${names.join(', ')})`;
  },
};

/**
 * Counts are unsigned there and have no type in common with numbers that have a sign; a number from 2^64 on that stands in a query is a
 * float, so large ones are read from text; what a division by zero gives is computed also where CASE leaves it out. A sum that leaves its
 * type is no error there, so all numbers are wide.
 */
export const CLICKHOUSE: SqlDialect = {
  wide: 'Int128',
  divide: (dividend, divisor) => `intDivOrZero(${dividend}, ${divisor})`,
  count: 'toInt64(count())',
  number: (value, type) => `CAST('${value}' AS ${type})`,
  table: (columns, lines) => {
    const types = columns.map(([name, type]) => `${name} ${type === false ? 'Int32' : type}`);
    const cell = (value: bigint | number, at: number) => (columns[at]?.[1] === false ? `${value}` : `'${value}'`);
    const rows = lines.map((line) => `(${line.map(cell).join(', ')})`).join(', ');
    return `SELECT ${columns.map(([name]) => name).join(', ')} FROM values('${types.join(', ')}', ${rows})`;
  },
};

/** A named step of a query. */
export type Step = readonly [name: string, select: string];

/** The steps before a query that reads them. */
export function withSteps(steps: readonly Step[]): string {
  if (steps.length === 0) return '';
  return `WITH ${steps.map(([name, select]) => `${name} AS (${select})`).join(',\n')}\n`;
}

/** A query in steps. */
export interface Query {
  /** Every step that its last one may lead back to, in an order in which none reads a later one. */
  readonly steps: readonly Step[];
  readonly select: string;
  readonly columns: readonly string[];
}

/** A query as one statement. */
export function asOneStatement({ steps, select }: Query): string {
  return `${withSteps(steps)}${select}`;
}

/** A column of a table of rules: its name, and the type of its numbers where they are not small. */
export type Column = readonly [name: string, type: string | false];

/** A line of a table of rules. */
export type TableLine = readonly (bigint | number)[];

/** A small table of whole numbers, written into the query; it may have no line. */
export function valuesTable(columns: readonly Column[], lines: readonly TableLine[], dialect: SqlDialect): string {
  if (lines.length > 0) return dialect.table(columns, lines);
  // A table needs one line to have columns at all.
  const none = dialect.table(columns, [columns.map(() => -1)]);
  return `SELECT * FROM (${none}) AS written WHERE 1 = 0`;
}

/** `expression` held between two others. */
export function clamp(expression: string, least: string, most: string): string {
  return `CASE WHEN ${expression} < ${least} THEN ${least} WHEN ${expression} > ${most} THEN ${most} ELSE ${expression} END`;
}

/** The smaller of two. */
export function smaller(a: string, b: string): string {
  return `CASE WHEN ${a} < ${b} THEN ${a} ELSE ${b} END`;
}

export interface Trailing {
  /** What the names of the steps begin with. */
  readonly name: string;
  /** What is counted apart: a step or table `seen` has these columns, `epoch` and `n`. */
  readonly keys: readonly string[];
  readonly seen: string;
  /** A step with `span` (epochs to look back) and those of the keys that it is given by. */
  readonly spans: string;
  readonly spanKeys: readonly string[];
  /** A step with the keys, `span` and `epoch`: what is asked for. */
  readonly asked: string;
  /** The type of the sums. */
  readonly count: string;
}

/**
 * Sums over the `span` epochs before an epoch: the last step, `<name>`, has the keys, `span`, `epoch` and `n` for everything that is
 * asked for.
 *
 * What is seen in epoch s enters the sum in s + 1 and leaves it in s + span + 1, so that one running sum gives every window:
 * the cost grows with the rows, not with the spans.
 */
export function trailingSteps({ name, keys, seen, spans, spanKeys, asked, count }: Trailing): Step[] {
  const own = (alias: string) => keys.map((key) => `${alias}.${key} AS ${key}`).join(', ');
  const list = keys.join(', ');
  const match = spanKeys.length === 0 ? '1 = 1' : spanKeys.map((key) => `seen.${key} = spans.${key}`).join(' AND ');
  const source = `FROM ${seen} AS seen INNER JOIN ${spans} AS spans ON ${match}`;
  return [
    [
      `${name}_events`,
      `SELECT ${own('seen')}, spans.span AS span, seen.epoch + 1 AS epoch, seen.n AS n, 0 AS asked ${source}
      UNION ALL SELECT ${own('seen')}, spans.span AS span, seen.epoch + spans.span + 1 AS epoch, -seen.n AS n, 0 AS asked ${source}
      UNION ALL SELECT ${own('asked')}, asked.span AS span, asked.epoch AS epoch, 0 AS n, 1 AS asked FROM ${asked} AS asked`,
    ],
    [
      `${name}_moments`,
      `SELECT ${list}, span, epoch, CAST(sum(n) AS ${count}) AS n, max(asked) AS asked FROM ${name}_events GROUP BY ${list}, span, epoch`,
    ],
    [
      `${name}_running`,
      `SELECT ${list}, span, epoch, asked, CAST(sum(n) OVER (PARTITION BY ${list}, span ORDER BY epoch
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS ${count}) AS n FROM ${name}_moments`,
    ],
    [name, `SELECT ${list}, span, epoch, n FROM ${name}_running WHERE asked = 1`],
  ];
}

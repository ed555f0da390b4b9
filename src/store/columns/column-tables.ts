import type { Address } from '../../protocol/brands.ts';
import { planOf } from '../../settlement/policy/compile-plan.ts';
import type { Plan } from '../../settlement/policy/compile-plan.ts';
import { compilePolicy } from '../../settlement/policy/compile-policy.ts';
import type { CompiledPolicy } from '../../settlement/policy/compile-policy.ts';
import { exactRows, whole } from '../duckdb-session.ts';
import { EMBEDDED } from '../scoring-engine.ts';
import { checkSize, checkTasks, fillBadges, fillUsage } from '../scoring-tables.ts';
import type { ScoringRange } from '../scoring-tables.ts';
import { numberOf } from './read-ledger-columns.ts';
import type { ColumnLedger } from './read-ledger-columns.ts';

/** What is scored of a ledger of columns; nobody else may use the ledger's database meanwhile. */
export interface ColumnScoring extends ScoringRange {
  readonly ledger: ColumnLedger;
}

/**
 * Lays the tables that a compiled policy reads over the rows of a ledger, which stay where they are.
 *
 * @throws {InputError} `SCORE_TOO_MANY_ROWS`, `TASK_UNKNOWN`, `POLICY_TASK_MISSING`
 */
export async function columnTables(options: ColumnScoring): Promise<CompiledPolicy> {
  const { policy, clock, fromEpoch, toEpoch, ledger, engine = EMBEDDED } = options;
  const { connection, accounts, texts } = ledger;
  const range = { policy, clock, fromEpoch, toEpoch, taskNumbers: checkTasks(options) };
  const plan = planOf(range);
  const from = clock.start + plan.historyEpoch * clock.length;
  const [start, end] = [clock.start + fromEpoch * clock.length, clock.start + toEpoch * clock.length];
  const usage = ledger.judged.usage.filter(({ time }) => time >= start && time < end);
  const scope = `time >= ${from} AND time < ${end}`;
  const counted = await exactRows(
    connection,
    `SELECT sum(n), max(most), max(units) FROM (SELECT count(*) AS n, max(units) AS most, sum(units) AS units
      FROM sieved WHERE ${scope} GROUP BY account) AS accounts`,
  );
  const [[rows, row, account] = []] = counted.map((cells) => cells.map((cell) => whole(cell ?? 0)));
  checkSize(Number(rows), usage.length); // integer: rows of a database
  const sizes = { row: row ?? 0n, account: account ?? 0n, uses: BigInt(usage.length) };
  const compiled = compilePolicy({ ...range, ...texts, plan, dialect: engine.dialect, sizes });
  await connection.run('DROP VIEW IF EXISTS contributions');
  await connection.run('DROP TABLE IF EXISTS ordered');
  // Without a cap on a measure no row's worth depends on the rows before it.
  const source = plan.capped ? 'ordered' : `(SELECT * FROM sieved WHERE ${scope})`;
  if (plan.capped) {
    await connection.run(`CREATE TABLE ordered AS SELECT * EXCLUDE (id, h, file, line),
      CAST(row_number() OVER (ORDER BY time, id) - 1 AS INTEGER) AS seq FROM sieved WHERE ${scope}`);
  }
  await connection.run(`CREATE VIEW contributions AS ${viewOf(plan, ledger.columns, source)}`);
  const accountOf = (account: Address): number => numberOf(accounts, account);
  await fillUsage({ connection, accountOf }, usage, plan.usage ? ledger.origins : new Map());
  await fillBadges({ connection, accountOf }, ledger.judged.accounts, plan);
  return compiled;
}

/** `contributions` as the compiled policy reads it. */
function viewOf(plan: Plan, columns: readonly string[], source: string): string {
  const joins: string[] = [];
  const values = plan.attributes.flatMap((name, k) => {
    const at = columns.indexOf(name);
    const value = at < 0 ? 'CAST(-1 AS INTEGER)' : `s.v${at}`;
    if (!plan.ratings.has(name)) return [`, ${value} AS a${k}`];
    joins.push(`LEFT JOIN ratings AS n${k} ON n${k}.value = ${value}`);
    return [`, ${value} AS a${k}, coalesce(n${k}.rating, -1) AS r${k}`];
  });
  const seq = plan.capped ? 's.seq' : 'CAST(0 AS INTEGER)';
  return `SELECT ${seq} AS seq, s.account AS account, s.task AS task, s.measure AS measure, s.time AS time, s.units AS units
    ${values.join('')} FROM ${source} AS s ${joins.join(' ')}`;
}

import type { Address } from '../protocol/brands.ts';
import { InvariantError } from '../protocol/errors.ts';
import type { ExplainQuery } from '../settlement/policy/compile-policy.ts';
import { attributeOf } from '../settlement/ledger/rows.ts';
import type { Contribution } from '../settlement/ledger/rows.ts';
import { accountFacts, eligibilityOf } from '../settlement/policy/eligibility.ts';
import type { AccountFacts } from '../settlement/policy/eligibility.ts';
import { policyAt } from '../settlement/policy/policy-at.ts';
import type { Multipliers, TaskRules } from '../settlement/policy/policy.ts';
import { ONE } from '../settlement/policy/policy-bounds.ts';
import type { FactorStep, ScoreSteps } from '../settlement/policy/score-steps.ts';
import { exactRows, pick, whole } from './duckdb-session.ts';
import type { ScoringOptions, Tables } from './scoring-tables.ts';
import { withTables } from './scoring-tables.ts';

/** Which account's scores of which epoch; the rest as for `scoreEpochs`. */
export interface ExplainScoresOptions extends Omit<ScoringOptions, 'fromEpoch' | 'toEpoch'> {
  readonly account: Address;
  readonly epoch: number;
}

/** How the scores of `account` in `epoch` came about, by the same steps of the same query. */
export async function explainScores(options: ExplainScoresOptions): Promise<ScoreSteps> {
  const { account, epoch, policy, clock, ledger } = options;
  const rules = rulesOf(options);
  const facts = accountFacts(ledger, clock.start);
  const end = clock.start + (epoch + 1) * clock.length;
  const asked = policyAt(policy, epoch).eligibility;
  const eligibility = asked === undefined ? null : eligibilityOf(asked, facts, account, end);
  return withTables({ ...options, fromEpoch: epoch, toEpoch: epoch + 1 }, async (tables) => {
    const { connection, compiled, plan, accounts, contributions } = tables;
    const number = accounts.indexOf(account);
    if (number < 0) return { rows: [], days: [], tasks: [], eligibility };
    const read = async (query: ExplainQuery) => (await exactRows(connection, query.sql)).map(columnsOf(query));
    const rows = (await read(compiled.rows(number, epoch))).map((of) => {
      const contribution = pick(contributions, of('seq'));
      const task = options.tasks.find(({ name }) => name === options.taskMap.get(contribution.task))?.id ?? -1;
      const factors = rowFactors(rules(task).multipliers, contribution, plan, of);
      return { contribution, task, counted: of('counted'), earned: of('earned'), factors, after: of('after') };
    });
    const days = (await read(compiled.days(number, epoch))).map((of) => {
      const [task, day] = [Number(of('task')), Number(of('day'))];
      const held = { facts, account, before: Math.min(end, (day + 1) * 86_400) };
      const factors = dayFactors(rules(task).multipliers, plan, of, held);
      return { task, day, earned: of('earned'), capped: of('capped'), factors, kept: of('kept') };
    });
    const tasks = (await read(compiled.totals(number, epoch))).map((of) => {
      const task = Number(of('task'));
      const isUsagePaid = rules(task).usage !== undefined;
      return {
        task,
        days: of('days'),
        uses: isUsagePaid ? of('uses') : 0n,
        usagePoints: isUsagePaid ? of('usage_points') : 0n,
        factors: epochFactors(rules(task).multipliers, of),
        total: of('total'),
        score: of('score'),
      };
    });
    return { rows, days, tasks, eligibility };
  });
}

/** The rules of the epoch by the protocol's number of the task. */
function rulesOf({ policy, tasks, epoch }: ExplainScoresOptions): (task: number) => TaskRules {
  const segment = policyAt(policy, epoch);
  const byNumber = new Map(tasks.map(({ id, name }) => [id, segment.tasks.get(name)]));
  return (task) => {
    const rules = byNumber.get(task);
    if (rules !== undefined) return rules;
    throw new InvariantError({ code: 'SQL_INDEX', shortMessage: 'a result names a task that has no rules' });
  };
}

type Cells = (column: string) => bigint;

function columnsOf({ columns }: ExplainQuery): (row: readonly Parameters<typeof whole>[0][]) => Cells {
  const places = new Map(columns.map((column, index) => [column, index]));
  return (row) => (column) => whole(row[places.get(column) ?? -1]);
}

function rowFactors(
  { quality, scarcity }: Multipliers,
  { attributes }: Contribution,
  plan: Tables['plan'],
  of: Cells,
): FactorStep[] {
  const factors: FactorStep[] = [];
  if (quality !== undefined) {
    factors.push({ kind: 'quality', name: quality.attribute, numerator: of('q'), denominator: ONE });
  }
  for (const [name, { values }] of scarcity) {
    const k = plan.scarcity.indexOf(name);
    const seen = of(`count_${k}`) < 0n ? {} : { count: of(`count_${k}`), of: of(`total_${k}`) };
    const value = attributeOf(attributes, name);
    const listed = value === undefined || (values?.has(value) ?? true) ? {} : { isListed: false as const };
    factors.push({ kind: 'scarcity', name, numerator: of(`s${k}`), denominator: ONE, ...seen, ...listed });
  }
  return factors;
}

interface HeldAt {
  readonly facts: AccountFacts;
  readonly account: Address;
  readonly before: number;
}

function dayFactors(
  { measured, streak, badges }: Multipliers,
  plan: Tables['plan'],
  of: Cells,
  { facts, account, before }: HeldAt,
): FactorStep[] {
  const factors: FactorStep[] = [];
  for (const [name, { per }] of measured) {
    factors.push({ kind: 'measured', name, numerator: of(`m${plan.measured.indexOf(name)}`), denominator: per });
  }
  if (streak !== undefined) factors.push({ kind: 'streak', numerator: of('streak'), denominator: streak.per });
  if (badges !== undefined) {
    const held = [...badges.factors.keys()].filter((badge) => (facts.badgeSince(account, badge) ?? before) < before);
    factors.push({ kind: 'badges', numerator: of('badges'), denominator: ONE, held });
  }
  return factors;
}

function epochFactors({ consistency, loyalty }: Multipliers, of: Cells): FactorStep[] {
  const factors: FactorStep[] = [];
  for (const [kind, letter, rules] of [
    ['consistency', 'c', consistency],
    ['loyalty', 'l', loyalty],
  ] as const) {
    if (rules === undefined) continue;
    const active = { count: of(`${letter}_active`), of: BigInt(rules.epochs) };
    factors.push({ kind, numerator: of(letter), denominator: ONE, ...active });
  }
  return factors;
}

import type { Address } from '../protocol/brands.ts';
import { InvariantError } from '../protocol/errors.ts';
import { byAccount } from '../settlement/epoch-scores.ts';
import { attributeOf } from '../settlement/ledger/rows.ts';
import type { Contribution } from '../settlement/ledger/rows.ts';
import { accountFacts, eligibilityOf } from '../settlement/policy/eligibility.ts';
import type { AccountFacts } from '../settlement/policy/eligibility.ts';
import { policyAt } from '../settlement/policy/policy-at.ts';
import type { Multipliers, TaskRules } from '../settlement/policy/policy.ts';
import { ONE } from '../settlement/policy/policy-bounds.ts';
import type {
  DaySteps,
  EpochExplanations,
  FactorStep,
  RowSteps,
  ScoreSteps,
  TaskTotal,
} from '../settlement/policy/score-steps.ts';
import type { Query } from '../settlement/policy/sql.ts';
import { pick, whole } from './duckdb-session.ts';
import type { RunQuery } from './scoring-engine.ts';
import type { ScoringOptions, Tables } from './scoring-tables.ts';
import { withTables } from './scoring-tables.ts';

/** Which account's scores of which epoch; the rest as for `scoreEpochs`. */
export interface ExplainScoresOptions extends Omit<ScoringOptions, 'fromEpoch' | 'toEpoch'> {
  readonly account: Address;
  readonly epoch: number;
}

/** Rows and uses of an epoch whose steps are held in memory; of an epoch with more nobody's are told. */
export const MOST_EXPLAINED = 100_000;

/** How the scores of `account` in `epoch` came about, by the same steps of the same query. */
export async function explainScores(options: ExplainScoresOptions): Promise<ScoreSteps> {
  const { account, epoch, ...rest } = options;
  const range = { ...rest, fromEpoch: epoch, toEpoch: epoch + 1 };
  return await withTables(range, async (tables) => {
    const reader = readerOf(range, tables);
    const number = tables.accounts.indexOf(account);
    const [found] = number < 0 ? [] : await reader.read([epoch], number);
    return found?.steps ?? { rows: [], days: [], tasks: [], eligibility: reader.eligibility(epoch, account) };
  });
}

/**
 * How the scores of everybody came about, epoch by epoch of a range: one pass of queries for all of them. Null for an epoch with more than
 * {@link MOST_EXPLAINED} rows and uses, whatever the range is.
 *
 * @throws {InputError} what `scoreEpochs` throws
 */
export async function explainEpochs(options: ScoringOptions): Promise<(EpochExplanations | null)[]> {
  const { fromEpoch, toEpoch, policy } = options;
  const sizes = sizesOf(options);
  const epochs = sizes.flatMap((size, index) => (size > MOST_EXPLAINED ? [] : [fromEpoch + index]));
  const told = new Map(epochs.map((epoch) => [epoch, [] as EpochExplanations['accounts'][number][]]));
  if (epochs.length > 0) {
    await withTables(options, async (tables) => {
      for (const { epoch, ...one } of await readerOf(options, tables).read(epochs, null)) told.get(epoch)?.push(one);
    });
  }
  return Array.from({ length: toEpoch - fromEpoch }, (_, index) => {
    const accounts = told.get(fromEpoch + index);
    return accounts === undefined ? null : { decimals: policy.decimals, accounts: accounts.sort(byAccount) };
  });
}

/** How many rows and uses each epoch of a range has. */
function sizesOf({ ledger, clock, fromEpoch, toEpoch }: ScoringOptions): number[] {
  const sizes = Array.from({ length: toEpoch - fromEpoch }, () => 0);
  const start = clock.start + fromEpoch * clock.length;
  const end = clock.start + toEpoch * clock.length;
  for (const rows of [ledger.contributions, ledger.usage]) {
    for (const { time } of rows) {
      if (time < start || time >= end) continue;
      const index = (time - start - ((time - start) % clock.length)) / clock.length; // integer: a multiple of the length
      sizes[index] = (sizes[index] ?? 0) + 1;
    }
  }
  return sizes;
}

/** The steps of an account in an epoch. */
interface Explained {
  readonly epoch: number;
  readonly account: Address;
  readonly steps: ScoreSteps;
}

/** Steps while they are gathered. */
interface Gathered {
  readonly epoch: number;
  readonly account: Address;
  readonly rows: RowSteps[];
  readonly days: DaySteps[];
  readonly tasks: TaskTotal[];
}

/** Reads the steps of some epochs, of one account by its number or of all, out of the tables. */
function readerOf(options: ScoringOptions, { run, compiled, plan, accounts, contributions }: Tables) {
  const { policy, clock, ledger, taskMap } = options;
  const rules = rulesOf(options);
  const facts = accountFacts(ledger, clock.start);
  const ids = new Map(options.tasks.map(({ id, name }) => [name, id]));
  const endOf = (epoch: number) => clock.start + (epoch + 1) * clock.length;
  const eligibility = (epoch: number, account: Address) => {
    const asked = policyAt(policy, epoch).eligibility;
    return asked === undefined ? null : eligibilityOf(asked, facts, account, endOf(epoch));
  };
  const read = async (epochs: readonly number[], account: number | null): Promise<Explained[]> => {
    const found = new Map<string, Gathered>();
    const gathered = (of: Cells): Gathered => {
      const key = `${of('epoch')} ${of('account')}`;
      const whose = { epoch: Number(of('epoch')), account: pick(accounts, of('account')) };
      const own = found.get(key) ?? { ...whose, rows: [], days: [], tasks: [] };
      found.set(key, own);
      return own;
    };
    for (const of of await cellsOf(run, compiled.rows({ epochs, account }))) {
      const own = gathered(of);
      const contribution = pick(contributions, of('seq'));
      const task = ids.get(taskMap.get(contribution.task) ?? '') ?? -1;
      const factors = rowFactors(rules(own.epoch, task).multipliers, contribution, plan, of);
      own.rows.push({ contribution, task, counted: of('counted'), earned: of('earned'), factors, after: of('after') });
    }
    for (const of of await cellsOf(run, compiled.days({ epochs, account }))) {
      const own = gathered(of);
      const [task, day] = [Number(of('task')), Number(of('day'))];
      const held = { facts, account: own.account, before: Math.min(endOf(own.epoch), (day + 1) * 86_400) };
      const factors = dayFactors(rules(own.epoch, task).multipliers, plan, of, held);
      own.days.push({ task, day, earned: of('earned'), capped: of('capped'), factors, kept: of('kept') });
    }
    for (const of of await cellsOf(run, compiled.totals({ epochs, account }))) {
      const own = gathered(of);
      const task = Number(of('task'));
      const { usage, multipliers } = rules(own.epoch, task);
      own.tasks.push({
        task,
        days: of('days'),
        uses: usage === undefined ? 0n : of('uses'),
        usagePoints: usage === undefined ? 0n : of('usage_points'),
        factors: epochFactors(multipliers, of),
        total: of('total'),
        score: of('score'),
      });
    }
    return [...found.values()].map(({ epoch, account: whose, ...steps }) => {
      return { epoch, account: whose, steps: { ...steps, eligibility: eligibility(epoch, whose) } };
    });
  };
  return { read, eligibility };
}

/** The rules of an epoch by the protocol's number of the task. */
function rulesOf({ policy, tasks }: ScoringOptions): (epoch: number, task: number) => TaskRules {
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  return (epoch, task) => {
    const rules = policyAt(policy, epoch).tasks.get(names.get(task) ?? '');
    if (rules !== undefined) return rules;
    throw new InvariantError({ code: 'SQL_INDEX', shortMessage: 'a result names a task that has no rules' });
  };
}

type Cells = (column: string) => bigint;

/** The rows of a query, each asked for its columns by name. */
async function cellsOf(run: RunQuery, query: Query): Promise<Cells[]> {
  const places = new Map(query.columns.map((column, index) => [column, index]));
  const rows = await run(query);
  return rows.map((row) => (column) => whole(row[places.get(column) ?? -1]));
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

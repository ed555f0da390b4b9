import type { Address } from '../../../src/protocol/brands.ts';
import type { Contribution, Usage } from '../../../src/settlement/ledger/rows.ts';
import type { JudgedRow } from './judge-rows.ts';
import type { History, PlainScoring } from './plain-scorer.ts';
import { millionths, rulesOf } from './policy-file.ts';
import type { MultipliersFile, ScarcityFile, TaskFile } from './policy-file.ts';
import { attributeOf, MOST_OF_A_ROW, rowQuality } from './row-quality.ts';

/** One factor: `name` is the attribute or measure it goes by. The points are multiplied by numerator / denominator. */
export interface PlainFactor {
  readonly kind: 'quality' | 'scarcity' | 'measured' | 'streak' | 'badges' | 'consistency' | 'loyalty';
  readonly name?: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface PlainRowSteps {
  readonly contribution: Contribution;
  readonly counted: bigint;
  /** Before the factors, and held to what one row can earn. */
  readonly earned: bigint;
  readonly factors: readonly PlainFactor[];
  readonly after: bigint;
}

export interface PlainDaySteps {
  readonly day: number;
  readonly sum: bigint;
  readonly capped: bigint;
  readonly factors: readonly PlainFactor[];
  readonly kept: bigint;
}

/** The way from an account's rows of a task to its score of an epoch, before eligibility. Points are in millionths. */
export interface PlainTaskSteps {
  readonly rows: readonly PlainRowSteps[];
  readonly days: readonly PlainDaySteps[];
  readonly sum: bigint;
  readonly uses: bigint;
  /** Whether some of the uses earn nothing, since they are above the cap of the epoch. */
  readonly isUsageCapped: boolean;
  readonly usagePoints: bigint;
  readonly factors: readonly PlainFactor[];
  readonly total: bigint;
  readonly score: bigint;
}

interface TaskScoring {
  readonly scoring: PlainScoring;
  readonly history: History;
  readonly account: Address;
  readonly task: string;
  readonly epoch: number;
  /** All uses of the account's contributions in the epoch. */
  readonly uses: readonly Usage[];
}

const ONE = 1_000_000n;
/** 10^15 points. */
const MOST_OF_A_DAY = 10n ** 21n;

/** The steps of one account, task and epoch. */
export function scoreTask(given: TaskScoring): PlainTaskSteps {
  const { scoring, history, account, task, epoch } = given;
  const rules = rulesOf(scoring.policy, epoch).tasks.get(task) ?? {};
  const mine = history.rows.filter(
    (each) => each.row.account === account && each.task === task && each.epoch === epoch,
  );
  const rows = mine.map((each) => rowSteps(each, rules, given));
  const days = [...new Set(mine.map(({ day }) => day))].map((day): PlainDaySteps => {
    const today = mine.filter((each) => each.day === day);
    let sum = 0n;
    mine.forEach((each, i) => (sum += each.day === day ? (rows[i]?.after ?? 0n) : 0n));
    const within = typeof rules.dailyCap === 'string' ? least(sum, millionths(rules.dailyCap)) : sum;
    const capped = least(within, MOST_OF_A_DAY);
    const factors = dayFactors(rules.multipliers ?? {}, today, day, given);
    return { day, sum, capped, factors, kept: timesAtOnce(capped, factors) };
  });
  const sum = days.reduce((total, { kept }) => total + kept, 0n);
  const uses = usesOfTask(given);
  const paidUses = typeof rules.usage?.epochCap === 'string' ? least(uses, BigInt(rules.usage.epochCap)) : uses;
  const usagePoints = rules.usage ? paidUses * millionths(rules.usage.points) : 0n;
  const factors = epochFactors(rules.multipliers ?? {}, given);
  const total = times(sum + usagePoints, factors);
  const score = total / 10n ** (6n - BigInt(scoring.policy.decimals ?? '0'));
  return { rows, days, sum, uses, isUsageCapped: paidUses < uses, usagePoints, factors, total, score };
}

function rowSteps({ row, counted, gross }: JudgedRow, rules: TaskFile, given: TaskScoring): PlainRowSteps {
  const earned = least(gross, MOST_OF_A_ROW);
  const factors: PlainFactor[] = [];
  const { quality, scarcity } = rules.multipliers ?? {};
  if (quality) {
    factors.push({ kind: 'quality', numerator: rowQuality(quality, row), denominator: ONE });
  }
  for (const [name, rule] of byName(scarcity ?? {})) {
    const numerator = scarcityOf(rule, name, attributeOf(row, name), given);
    factors.push({ kind: 'scarcity', name, numerator, denominator: ONE });
  }
  return { contribution: row, counted, earned, factors, after: times(earned, factors) };
}

/** How many times rarer than the reference share this value was among the task's rows of the epochs before, if it may be rare. */
function scarcityOf(
  { window, reference, most, unseen, values: listed }: ScarcityFile,
  attribute: string,
  value: string | undefined,
  { history, task, epoch }: TaskScoring,
): bigint {
  const values = history
    .earningRows(task, epoch, BigInt(window))
    .map(({ row }) => attributeOf(row, attribute))
    .filter((each) => each !== undefined);
  if (value === undefined || values.length === 0) return ONE;
  if (listed !== undefined && !listed.includes(value)) return ONE;
  const same = values.filter((each) => each === value).length;
  if (same === 0) return millionths(unseen);
  return clamp((millionths(reference) * BigInt(values.length)) / BigInt(same), ONE, millionths(most));
}

function dayFactors(
  { measured, streak, badges }: MultipliersFile,
  today: readonly JudgedRow[],
  day: number,
  { scoring, history, account, epoch }: TaskScoring,
): PlainFactor[] {
  const factors: PlainFactor[] = [];
  for (const [name, { per }] of byName(measured ?? {})) {
    let units = 0n;
    for (const { row, counted } of today) if (row.measure === name) units += counted;
    factors.push({ kind: 'measured', name, numerator: units, denominator: BigInt(per) });
  }
  if (streak) {
    const days = least(history.streak(account, day, epoch), BigInt(streak.most));
    factors.push({ kind: 'streak', numerator: days, denominator: BigInt(streak.per) });
  }
  if (badges) {
    const { start, length } = scoring.clock;
    const end = Math.min((day + 1) * 86_400, start + (epoch + 1) * length);
    const held = new Set<string>();
    for (const row of scoring.ledger.accounts) if (row.account === account && row.since < end) held.add(row.badge);
    let sum = ONE;
    for (const [badge, factor] of Object.entries(badges.factors)) if (held.has(badge)) sum += millionths(factor);
    factors.push({ kind: 'badges', numerator: least(sum, millionths(badges.most)), denominator: ONE });
  }
  return factors;
}

function epochFactors(
  { consistency, loyalty }: MultipliersFile,
  { history, account, epoch }: TaskScoring,
): PlainFactor[] {
  const factors: PlainFactor[] = [];
  if (consistency) {
    const epochs = BigInt(consistency.epochs);
    const active = history.activeEpochs(account, epoch, epochs);
    const numerator = ONE + (millionths(consistency.bonus) * active) / epochs;
    factors.push({ kind: 'consistency', numerator, denominator: ONE });
  }
  if (loyalty) {
    const active = history.activeEpochs(account, epoch, BigInt(loyalty.epochs));
    const numerator = least(millionths(loyalty.most), ONE + millionths(loyalty.bonus) * active);
    factors.push({ kind: 'loyalty', numerator, denominator: ONE });
  }
  return factors;
}

/** A use counts for the task of the contribution that was used, if that was made inside the economy and no later than the use. */
function usesOfTask({ scoring, task, uses }: TaskScoring): bigint {
  const { ledger, taskMap, clock } = scoring;
  let count = 0n;
  for (const { contribution, time } of uses) {
    const used = ledger.contributions.find(({ id }) => id === contribution);
    if (used === undefined || used.time > time || used.time < clock.start) continue;
    if (taskMap.get(used.task) === task) count += 1n;
  }
  return count;
}

/** One factor after the other, each rounded down. */
function times(points: bigint, factors: readonly PlainFactor[]): bigint {
  return factors.reduce((x, { numerator, denominator }) => (x * numerator) / denominator, points);
}

/** All factors as one fraction, rounded down once. */
function timesAtOnce(points: bigint, factors: readonly PlainFactor[]): bigint {
  let [above, below] = [points, 1n];
  for (const { numerator, denominator } of factors) {
    above *= numerator;
    below *= denominator;
  }
  return above / below;
}

function byName<T>(record: Readonly<Record<string, T | null>>): [string, T][] {
  return Object.entries(record)
    .filter((entry): entry is [string, T] => entry[1] !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function clamp(value: bigint, lowest: bigint, most: bigint): bigint {
  return value < lowest ? lowest : least(value, most);
}

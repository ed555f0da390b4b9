import { InputError } from '../protocol/errors.ts';
import type { Address } from '../protocol/brands.ts';
import { endOf, startOf } from '../protocol/epoch-clock.ts';
import { valueAt } from '../settlement/economy-parameters.ts';
import { clockOf } from '../settlement/economy.ts';
import type { GovernedChanges } from '../settlement/governed-changes.ts';
import { parseChanges, withChanges } from '../settlement/governed-changes.ts';
import type { Ledger, LedgerFiles } from '../settlement/ledger/build-ledger.ts';
import { scoresOf } from '../settlement/columns/epoch-columns.ts';
import { buildLedger } from '../settlement/ledger/build-ledger.ts';
import { AFTER_ALL_TIMES } from '../settlement/ledger/parse-time.ts';
import { checkRejects, DEFAULT_REJECT_LIMIT } from '../settlement/ledger/reject-limit.ts';
import type { EpochExplanations, EpochScores, IneligibleReason } from '../settlement/policy/score-steps.ts';
import { policyAttributes } from '../settlement/policy/policy-at.ts';
import type { Preset } from '../settlement/preset/load-preset.ts';
import { loadPreset } from '../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../settlement/preset/preset-parameters.ts';
import { scoreEpochs } from './duckdb-scoring.ts';
import { explainEpochs } from './explain-scores.ts';
import { ledgerRules } from './ledger-rules.ts';
import type { LookBack } from './needed-rows.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import { lookBackOf } from './needed-rows.ts';
import type { LedgerPaths } from './read-ledger.ts';
import { ledgerTimes, openLedger } from './open-ledger.ts';
import type { JudgedLedger, LedgerTimes } from './open-ledger.ts';
import { readText } from './read-text.ts';

const A_DAY = 86_400;

/** Which epoch of which ledger is scored, by the policy of which preset. Paths are absolute. */
export interface ScoreOptions {
  readonly preset: string;
  readonly variant?: string | undefined;
  readonly contributions: readonly string[];
  readonly usage: readonly string[];
  readonly accounts: readonly string[];
  readonly changes?: string | undefined;
  /** The deployment's own contracts, where no file of changes names them. */
  readonly contracts?: readonly string[];
  readonly map: Readonly<Record<string, string>>;
  /** When epoch 0 begins. Undefined: at 00:00 UTC of the day of the first usable contribution. */
  readonly from?: number | undefined;
  readonly epoch: number;
  readonly anyRejects: boolean;
  /** What scores, the one within this process if absent; the scores do not depend on it. */
  readonly engine?: ScoringEngine | undefined;
}

/** The scores of one epoch, and what became of the ledger's rows. */
export interface LedgerScores {
  readonly preset: string;
  readonly variant: string | null;
  readonly epoch: number;
  readonly start: number;
  readonly end: number;
  /** When epoch 0 begins. */
  readonly from: number;
  /** A score counts 10^-decimals points. */
  readonly decimals: number;
  readonly scores: readonly AccountScore[];
  readonly ineligible: readonly { readonly account: Address; readonly reason: IneligibleReason }[];
  readonly counts: Ledger['counts'];
}

/** One score: the whole number that a settlement uses, and the same in points. */
export interface AccountScore {
  readonly account: Address;
  readonly task: string;
  readonly taskId: number;
  readonly score: bigint;
  readonly points: string;
}

/** One epoch as the engine scored it, with all that it was scored by. */
export interface ScoredEpoch {
  readonly parameters: PresetParameters;
  /** When epoch 0 begins. */
  readonly from: number;
  readonly ledger: JudgedLedger;
  readonly scored: EpochScores;
  /** How the scores came about; null where that was not asked for, or the epoch is too large for it. */
  readonly explanations: EpochExplanations | null;
}

/**
 * Scores one epoch of a ledger: what a replay of the same files would use, before it is said which tasks count.
 *
 * @throws {InputError} for inputs that cannot be used; `START_UNKNOWN` when no start is given and no contribution can be used
 */
export async function scoreEpochOf(options: ScoreOptions): Promise<ScoredEpoch> {
  const files = (paths: readonly string[]) => paths.map((path) => ({ path }));
  const { contributions, usage, accounts } = options;
  const ledger = { contributions: files(contributions), usage: files(usage), accounts: files(accounts) };
  const given = await readGiven(options);
  const from = options.from ?? (await firstDay(ledger, given, options));
  const { parameters, rules, scoring } = rulesOf(given, { ...options, from });
  const opened = await openLedger(ledger, { rules, scoring });
  try {
    if (!options.anyRejects) checkRejects(opened.judged, DEFAULT_REJECT_LIMIT);
    const range = { fromEpoch: options.epoch, toEpoch: options.epoch + 1 };
    let scored: EpochScores = { epoch: options.epoch, scores: [], uses: [], ineligible: [] };
    for await (const columns of opened.scores(range)) scored = scoresOf(columns);
    return { parameters, from, ledger: opened.judged, scored, explanations: null };
  } finally {
    opened.close();
  }
}

/** What decides the scores of an epoch beside the files of the ledger. */
export interface ScoreRules extends Omit<ScoreOptions, 'contributions' | 'usage' | 'accounts'> {
  /** When epoch 0 begins. */
  readonly from: number;
  /** Whether it is also told how the scores came about. */
  readonly explanations?: boolean;
}

/**
 * Scores one epoch of the rows that `read` gives, who is told how far back the policy looks.
 *
 * @throws {InputError} what {@link scoreEpochOf} throws
 */
export async function scoreEpochIn(
  read: (look: LookBack) => Promise<LedgerFiles>,
  options: ScoreRules,
): Promise<ScoredEpoch> {
  return await scoreGiven(read, await readGiven(options), options);
}

/** The preset and the changes of a scoring. */
interface Given {
  readonly preset: Preset;
  readonly changes: GovernedChanges | null;
}

async function readGiven({ preset, variant, changes }: Omit<ScoreRules, 'from'>): Promise<Given> {
  return {
    preset: loadPreset(await readText(preset), { variant }),
    changes: changes === undefined ? null : parseChanges(await readText(changes)),
  };
}

function parametersFrom({ preset, changes }: Given, start: number): PresetParameters {
  const plain = presetParameters(preset, start);
  return changes === null ? plain : withChanges(plain, changes);
}

function scopeOf({ changes }: Given, { contracts = [], map }: Omit<ScoreRules, 'from'>) {
  return { contracts: changes?.contracts ?? contracts, map };
}

/** The day of the first usable contribution of all times. */
async function firstDay({ contributions }: LedgerPaths, given: Given, options: Omit<ScoreRules, 'from'>) {
  const range = { start: 0, end: AFTER_ALL_TIMES };
  const parameters = parametersFrom(given, 0);
  const rules = ledgerRules(parameters, { ...scopeOf(given, options), range });
  return dayOfFirst(await ledgerTimes({ contributions }, rules));
}

/** By what the ledger of an epoch is read and scored. */
function rulesOf(given: Given, options: ScoreRules) {
  const { from, epoch, engine } = options;
  const parameters = parametersFrom(given, from);
  const clock = clockOf(parameters.economy);
  const { policy, tasks } = parameters;
  const range = { start: from, end: endOf(clock, epoch) };
  const rules = {
    ...ledgerRules(parameters, { ...scopeOf(given, options), range }),
    attributes: policyAttributes(policy, clock),
  };
  return { parameters, rules, scoring: { policy, tasks, taskMap: rules.taskMap, clock, engine } };
}

async function scoreGiven(
  read: (look: LookBack) => Promise<LedgerFiles>,
  given: Given,
  options: ScoreRules,
): Promise<ScoredEpoch> {
  const { from, epoch, anyRejects, explanations = false } = options;
  const { parameters, rules, scoring } = rulesOf(given, options);
  const { policy, tasks, clock } = scoring;
  const files = await read(lookBackOf(policy, { epoch, clock, tasks }));
  const ledger = buildLedger(files, rules);
  if (!anyRejects) checkRejects(ledger, DEFAULT_REJECT_LIMIT);
  const one = { ...scoring, ledger, fromEpoch: epoch, toEpoch: epoch + 1 };
  const [scored = { epoch, scores: [], uses: [], ineligible: [] }] = await scoreEpochs(one);
  const [explained = null] = explanations ? await explainEpochs(one) : [];
  return { parameters, from, ledger, scored, explanations: explained };
}

/**
 * Scores one epoch of a ledger, without settling anything: what a replay of the same files would use.
 *
 * @throws {InputError} what {@link scoreEpochOf} throws
 */
export async function scoreLedger(options: ScoreOptions): Promise<LedgerScores> {
  const { epoch } = options;
  const { parameters, from, ledger, scored } = await scoreEpochOf(options);
  const { policy, tasks } = parameters;
  const clock = clockOf(parameters.economy);
  const counting = new Set(valueAt(parameters.economy.tasks, epoch).map(({ task }) => task));
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const scores = scored.scores.filter(({ task }) => counting.has(task));
  return {
    preset: parameters.name,
    variant: parameters.variant ?? null,
    epoch,
    start: startOf(clock, epoch),
    end: endOf(clock, epoch),
    from,
    decimals: policy.decimals,
    scores: scores.map(({ account, task, score }) => ({
      account,
      task: names.get(task) ?? `${task}`,
      taskId: task,
      score,
      points: pointsText(score, policy.decimals),
    })),
    ineligible: scored.ineligible,
    counts: ledger.counts,
  };
}

/** From when to when a ledger goes, in epochs of a preset. */
export interface LedgerSpan {
  /** When epoch 0 begins. */
  readonly from: number;
  readonly epochLength: number;
  /** Up to the one with the last usable contribution. */
  readonly epochs: number;
}

/**
 * How far a ledger goes from a start, or from 00:00 UTC of the day of its first usable contribution.
 *
 * @throws {InputError} for inputs that cannot be used; `START_UNKNOWN` when no contribution can be used
 */
export async function ledgerSpan(
  options: Pick<ScoreOptions, 'preset' | 'variant' | 'contributions' | 'from'>,
): Promise<LedgerSpan> {
  const preset = loadPreset(await readText(options.preset), { variant: options.variant });
  const parameters = presetParameters(preset, 0);
  const { economy } = parameters;
  const range = { start: options.from ?? 0, end: AFTER_ALL_TIMES };
  const found = await ledgerTimes(
    { contributions: options.contributions.map((path) => ({ path })) },
    ledgerRules(parameters, { contracts: [], map: {}, range }),
  );
  const first = dayOfFirst(found);
  const from = options.from ?? first;
  const last = Math.max(found.last ?? from, from);
  return { from, epochLength: economy.epochLength, epochs: Math.floor((last - from) / economy.epochLength) + 1 };
}

/** A score in points, exactly: `pointsText(1500n, 3)` is `'1.5'`. */
function pointsText(score: bigint, decimals: number): string {
  const digits = score.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - decimals);
  return decimals === 0 || fraction === '' ? whole : `${whole}.${fraction}`;
}

function dayOfFirst({ first, judged: { rejects, counts } }: LedgerTimes): number {
  if (first !== null) return first - (first % A_DAY);
  throw new InputError({
    code: 'START_UNKNOWN',
    shortMessage: 'no contribution can be used, so nobody knows when epoch 0 begins',
    details: { counts, rejects: rejects.slice(0, 20), next: 'look at the files, or give --from' },
  });
}

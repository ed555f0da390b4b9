import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Address } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import type { Explanation, TaskSteps } from '../settlement/explain.ts';
import { explain } from '../settlement/explain.ts';
import type { ClaimProof } from '../settlement/proof.ts';
import { claimProof, shardPathOf } from '../settlement/proof.ts';
import type { ExplainedScores } from '../settlement/report/explanation-schema.ts';
import { explanationPathOf, isExplained, parseExplanations, stepsIn } from '../settlement/report/explanation-schema.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import { accountsPathOf, noAccounts, parseAccounts } from '../settlement/report/read-accounts.ts';
import { ineligibleSchema, manifestSchema, shardSchema } from '../settlement/report/report-schema.ts';
import type { Manifest } from '../settlement/report/report-schema.ts';
import { replayHeadSchema } from '../settlement/report/replay-document.ts';
import type { IneligibleReason, ScoreSteps } from '../settlement/policy/score-steps.ts';
import { explainScores } from './explain-scores.ts';
import { prepareReplay } from './compute-replay.ts';
import { epochFolder } from './epoch-folder.ts';
import { locateReport } from './locate-report.ts';

/** Which account of which report. Without `epoch`: the newest. */
export interface AccountOptions {
  readonly folder: string;
  readonly account: Address;
  readonly epoch?: number | undefined;
}

/** A claim, and when its epoch ended: what of the curve is free depends on the time. */
export interface AccountProof extends ClaimProof {
  readonly end: number;
}

/**
 * An account's claim from the published report, checked against the root.
 *
 * @throws InputError `REPORT_MISSING`, `REPORT_INVALID`, `SHARD_INVALID`, `ACCOUNT_NOT_IN_SHARD`
 */
export async function readProof({ folder, account, epoch }: AccountOptions): Promise<AccountProof> {
  const report = await locateReport(folder, epoch);
  const manifest = await readManifest(report);
  const proof = await proofIn(report, manifest, account);
  if (proof !== undefined) return { ...proof, end: manifest.record.end };
  throw new InputError({
    code: 'ACCOUNT_NOT_IN_SHARD',
    shortMessage: `${account} has no leaf in epoch ${manifest.epoch}: it never earned anything up to then`,
    details: { account, epoch: manifest.epoch },
  });
}

/**
 * An account's epoch from its rows to its wei. Where the folder holds no ledger and the report does not say how the scores came about,
 * `rows`, `days` and `totals` are null; the names of tasks stand only beside the ledger.
 */
export interface AccountExplanation extends Omit<Explanation, 'tasks'> {
  readonly tasks: readonly NamedTaskSteps[];
  readonly rows: ScoreSteps['rows'] | null;
  readonly days: ScoreSteps['days'] | null;
  /** What the epoch made of the days, by task. */
  readonly totals: ScoreSteps['tasks'] | null;
  /** Null where everybody can score, and where nothing says. */
  readonly eligibility: ScoreSteps['eligibility'];
  /** Whether the policy of the epoch asks for anything; else everybody can score. */
  readonly hasEligibility: boolean;
  /** Why the report itself says that the account could not score (`ineligible.json`); null when it does not say so. */
  readonly ineligible: IneligibleReason | null;
  /** Tasks in which the account did something but which are not, or not yet, among those of the epoch: they earn nothing. */
  readonly otherTasks: readonly { readonly task: number; readonly name: string | null }[];
}

/** What an account earned in a task, and the task's name where it is known. */
export interface NamedTaskSteps extends TaskSteps {
  readonly name: string | null;
}

/**
 * Every step of one account's epoch: rows, units that count, points, factors, usage, eligibility, score, shares, cap, grant, acceleration, and the curve
 * before and after. In a replay folder the rows come from the ledger that it holds, else from the report's explanations if it has some: every step
 * of them held against the scores.
 *
 * @throws InputError `REPORT_MISSING`, `REPORT_INVALID`, `EXPLAIN_MISMATCH`, `STEPS_DIFFER`
 */
export async function explainAccount({ folder, account, epoch }: AccountOptions): Promise<AccountExplanation> {
  const report = await locateReport(folder, epoch);
  const manifest = await readManifest(report);
  const listed = accountsPathOf(manifest, account);
  const accounts = listed === null ? noAccounts(manifest) : parseAccounts(listed, await bytesOf(report, listed));
  const after = await proofIn(report, manifest, account);
  const before = await curveBefore(report, manifest, account);
  const steps = explain({ manifest, accounts, account, before, after });
  const ineligible = await ineligibleIn(report, account);
  const scores =
    (await scoreSteps(dirname(dirname(report)), account, manifest.epoch)) ??
    (await publishedSteps(report, manifest, { account, scores: steps.tasks.map(({ score }) => score), ineligible }));
  const tasks = steps.tasks.map((step) => ({ ...step, name: scores?.names.get(step.task) ?? null }));
  const { rows = null, days = null, tasks: totals = null, eligibility = null } = scores ?? {};
  const done = new Set([...(rows ?? []), ...(days ?? []), ...(totals ?? [])].map(({ task }) => task));
  const otherTasks = [...done]
    .filter((number) => !tasks.some(({ task }) => task === number))
    .sort((a, b) => a - b)
    .map((task) => ({ task, name: scores?.names.get(task) ?? null }));
  const hasEligibility = Object.hasOwn(manifest.files, INELIGIBLE);
  return { ...steps, tasks, rows, days, totals, eligibility, hasEligibility, ineligible, otherTasks };
}

const INELIGIBLE = 'ineligible.json';

async function ineligibleIn(report: string, account: Address): Promise<IneligibleReason | null> {
  const bytes = await bytesOf(report, INELIGIBLE);
  if (bytes === undefined) return null;
  const { accounts } = parseReportFile(ineligibleSchema, INELIGIBLE, bytes);
  return accounts.find((entry) => entry.account === account)?.reason ?? null;
}

async function curveBefore(report: string, manifest: Manifest, account: Address) {
  if (manifest.epoch === 0 || manifest.parent.leafCount === 0) return undefined;
  const parent = join(dirname(report), basename(epochFolder(manifest.epoch - 1)));
  return (await proofIn(parent, await readManifest(parent), account))?.curve;
}

async function proofIn(report: string, manifest: Manifest, account: Address): Promise<ClaimProof | undefined> {
  const path = shardPathOf(manifest, account);
  if (!Object.hasOwn(manifest.files, path)) return undefined;
  const shard = parseReportFile(shardSchema, path, await bytesOf(report, path));
  if (!shard.leaves.some(([entry]) => entry === account)) return undefined;
  return claimProof(shard, account, manifest.settlement.root);
}

interface NamedScoreSteps extends ScoreSteps {
  readonly names: ReadonlyMap<number, string>;
}

async function scoreSteps(folder: string, account: Address, epoch: number): Promise<NamedScoreSteps | undefined> {
  const bytes = await bytesOf(folder, 'replay.json');
  if (bytes === undefined) return undefined;
  const { request } = parseReportFile(replayHeadSchema, 'replay.json', bytes);
  const { scoring } = await prepareReplay(request, join(folder, 'inputs'));
  const names = new Map(scoring.tasks.map(({ id, name }) => [id, name]));
  return { ...(await explainScores({ ...scoring, account, epoch })), names };
}

/** The steps that the report itself holds; undefined where it has none of anybody. */
async function publishedSteps(
  report: string,
  manifest: Manifest,
  held: ExplainedScores,
): Promise<NamedScoreSteps | undefined> {
  if (!isExplained(manifest)) return undefined;
  const path = explanationPathOf(manifest, held.account);
  const file = path === null ? null : parseExplanations(path, await bytesOf(report, path), manifest);
  return { ...stepsIn(file, manifest, held), names: new Map() };
}

async function readManifest(report: string): Promise<Manifest> {
  return parseReportFile(manifestSchema, join(report, 'manifest.json'), await bytesOf(report, 'manifest.json'));
}

async function bytesOf(folder: string, path: string): Promise<Uint8Array | undefined> {
  return readFile(join(folder, path)).catch(() => undefined);
}

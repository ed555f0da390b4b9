import { z } from 'zod';

import type { Address } from '../../protocol/brands.ts';
import { InputError } from '../../protocol/errors.ts';
import { POINT_DECIMALS, POLICY_BOUNDS } from '../policy/policy-bounds.ts';
import type { HeldScores } from '../policy/hold-steps.ts';
import { holdSteps, NO_STEPS } from '../policy/hold-steps.ts';
import type { EpochExplanations, ExplainedAccount, FactorStep, ScoreSteps } from '../policy/score-steps.ts';
import type { ReportFiles } from './report-file.ts';
import { EXPLANATIONS_FORMAT } from './explanation-files.ts';
import { explanationPath, isExplanation, prefixOf } from './prefix.ts';
import { address, amount, count, count32, list } from './report-fields.ts';
import type { Manifest } from './report-schema.ts';
import { parseReportFile } from './report-schema.ts';

const text = z.string().max(1000);
const task = z.int().min(0).max(65_535);
const divisor = amount.refine((value) => value > 0n, 'nothing can be divided by 0');

const factor: z.ZodType<FactorStep> = z.strictObject({
  kind: z.enum(['quality', 'scarcity', 'measured', 'streak', 'badges', 'consistency', 'loyalty']),
  numerator: amount,
  denominator: divisor,
  name: text.exactOptional(),
  count: amount.exactOptional(),
  of: amount.exactOptional(),
  isListed: z.literal(false).exactOptional(),
  held: list(text, POLICY_BOUNDS.badges).exactOptional(),
});
const factors = list(factor, 32);

const row = z.strictObject({
  contribution: z.strictObject({ id: text, time: count, task: text, measure: text, units: amount }),
  ...{ task, counted: amount, earned: amount, factors, after: amount },
});
/** As many days as a date can be told of. */
const MOST_DAYS = 99_999_999;
const day = z.strictObject({
  task,
  day: z.int().min(0).max(MOST_DAYS),
  earned: amount,
  capped: amount,
  factors,
  kept: amount,
});
const total = z.strictObject({
  ...{ task, days: amount, uses: amount, usagePoints: amount, factors, total: amount, score: amount },
});
const firstSeen = count.nullable();
const eligibility = z.discriminatedUnion('eligible', [
  z.strictObject({ eligible: z.literal(true), reason: z.null(), firstSeen }),
  z.strictObject({
    eligible: z.literal(false),
    reason: z.enum(['not-listed', 'badge-missing', 'too-young']),
    firstSeen,
  }),
]);

const account = z
  .strictObject({
    ...{ account: address, rows: list(row), days: list(day), tasks: list(total) },
    eligibility: eligibility.nullable(),
  })
  .transform(({ account: whose, rows, ...steps }): ExplainedAccount => {
    const told = rows.map(({ contribution, ...rest }) => ({
      ...rest,
      contribution: { ...contribution, account: whose, attributes: {} },
    }));
    return { account: whose, steps: { ...steps, rows: told } };
  });

const explanations = {
  decimals: z.int().min(0).max(POINT_DECIMALS),
  accounts: list(account).refine(
    (entries) => entries.every((entry, i) => i === 0 || entry.account > (entries[i - 1]?.account ?? '')),
    'the accounts do not rise',
  ),
};

/** Explanations of everybody in one piece. */
export const explanationsSchema: z.ZodType<EpochExplanations> = z.strictObject(explanations);

/** `explanations/….json`: how the scores of the addresses of a shard came about. */
export const explanationSchema = z.strictObject({
  format: z.literal(EXPLANATIONS_FORMAT),
  epoch: count32,
  prefix: count32,
  prefixBits: z.int().min(0).max(24),
  ...explanations,
});

export type ExplanationFile = z.output<typeof explanationSchema>;

/** Which report a file is of. */
export interface ExplainedReport {
  readonly epoch: number;
  readonly prefixBits: number;
}

/**
 * Reads one file of explanations of any origin.
 *
 * @throws {InputError} `REPORT_INVALID` when it is none, or not the one that stands at `path` of the report
 */
export function parseExplanations(
  path: string,
  bytes: Uint8Array | undefined,
  { epoch, prefixBits }: ExplainedReport,
): ExplanationFile {
  const file = parseReportFile(explanationSchema, path, bytes);
  const isOwn = file.epoch === epoch && file.prefixBits === prefixBits;
  const isOfShard = file.accounts.every((entry) => prefixOf(entry.account, prefixBits) === file.prefix);
  if (isOwn && isOfShard && explanationPath(file.prefix, prefixBits) === path) return file;
  throw new InputError({
    code: 'REPORT_INVALID',
    shortMessage: `${path} $.prefix: not the explanations that belong there`,
    details: { file: path, path: '$.prefix', reason: 'not the explanations that belong there', epoch },
  });
}

/**
 * The explanations of a whole report; null where it has none.
 *
 * @throws {InputError} `REPORT_INVALID`
 */
export function explanationsIn(files: ReportFiles, report: ExplainedReport): EpochExplanations | null {
  const paths = [...files.keys()].filter(isExplanation).sort();
  if (paths.length === 0) return null;
  const read = paths.map((path) => parseExplanations(path, files.get(path), report));
  const [{ decimals } = { decimals: 0 }] = read;
  return { decimals, accounts: read.flatMap(({ accounts }) => accounts) };
}

/** The file of a report that explains an account; null where the report explains nobody of its shard. */
export function explanationPathOf(
  { files, prefixBits }: Pick<Manifest, 'files' | 'prefixBits'>,
  whose: Address,
): string | null {
  const path = explanationPath(prefixOf(whose, prefixBits), prefixBits);
  return Object.hasOwn(files, path) ? path : null;
}

/** Whose steps, and what they have to lead to. */
export type ExplainedScores = Pick<HeldScores, 'account' | 'scores' | 'ineligible'>;

/**
 * The steps of an account in the file of its shard, after a look at whether they lead to its scores. Whoever is not in it, or has no file,
 * did nothing.
 *
 * @throws {InputError} `STEPS_DIFFER`
 */
export function stepsIn(
  file: ExplanationFile | null,
  { epoch, record: { tasks, start, end } }: Pick<Manifest, 'epoch' | 'record'>,
  held: ExplainedScores,
): ScoreSteps {
  const steps = file?.accounts.find((entry) => entry.account === held.account)?.steps ?? NO_STEPS;
  holdSteps(steps, { ...held, epoch, start, end, tasks, decimals: file?.decimals ?? 0 });
  return steps;
}

/** Whether a report says how scores came about. */
export function isExplained({ files }: Pick<Manifest, 'files'>): boolean {
  return Object.keys(files).some(isExplanation);
}

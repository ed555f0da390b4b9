import { z } from 'zod';

import type { Json } from '../settlement/report/canonical-json.ts';
import { canonicalBytes } from '../settlement/report/canonical-json.ts';
import { explanationsJson } from '../settlement/report/explanation-files.ts';
import { explanationsSchema } from '../settlement/report/explanation-schema.ts';
import { address, amount, count, count32, hash32, list, score } from '../settlement/report/report-fields.ts';
import { parseReportFile } from '../settlement/report/report-schema.ts';
import type { ScoredCuts } from '../store/recompute-from-cuts.ts';

export const SCORES_FORMAT = 'lode-scores-v1';

const scoresSchema = z.strictObject({
  format: z.literal(SCORES_FORMAT),
  epoch: count32,
  recordHash: hash32,
  /** The files below `inputs/` that they were scored by. */
  preset: z.string(),
  changes: z.string().nullable(),
  variant: z.string().nullable(),
  map: z.record(z.string(), z.string()),
  scores: list(z.strictObject({ account: address, task: count, score })),
  uses: list(z.strictObject({ account: address, uses: amount })),
  ineligible: list(
    z.strictObject({ account: address, reason: z.enum(['not-listed', 'badge-missing', 'too-young']) }),
  ).nullable(),
  unlockPerUse: amount,
  rejects: list(z.strictObject({ file: z.string(), line: count, reason: z.string() })),
  tasks: list(z.strictObject({ id: count, name: z.string() })),
  /** Left out where the report does not say how the scores came about. */
  explanations: explanationsSchema.nullable().default(null),
});

/** Who scored what in an epoch, and by which files: what a settlement is made from. */
export interface ScoresFile extends ScoredCuts {
  readonly preset: string;
  readonly changes: string | null;
  readonly variant: string | null;
  readonly map: Readonly<Record<string, string>>;
}

/** The bytes of `scores.json`. */
export function scoresBytes(scores: ScoresFile): Uint8Array {
  const rows = (given: readonly object[]): Json => given.map((row) => ({ ...row }));
  const { ineligible, explanations } = scores;
  return canonicalBytes({
    ...{ format: SCORES_FORMAT, epoch: scores.epoch, recordHash: scores.recordHash },
    ...{ preset: scores.preset, changes: scores.changes, variant: scores.variant, map: scores.map },
    ...{ scores: rows(scores.scores), uses: rows(scores.uses), rejects: rows(scores.rejects) },
    ...{ ineligible: ineligible === null ? null : rows(ineligible), unlockPerUse: scores.unlockPerUse },
    tasks: rows(scores.tasks),
    ...(explanations === null ? {} : { explanations: explanationsJson(explanations) }),
  });
}

/**
 * Reads `scores.json`.
 *
 * @throws {InputError} `REPORT_INVALID`
 */
export function parseScores(bytes: Uint8Array | undefined): ScoresFile {
  return parseReportFile(scoresSchema, 'scores.json', bytes);
}

import { z } from 'zod';

import { InputError } from '../../protocol/errors.ts';
import { WAD } from '../../protocol/fixed-point.ts';
import { tooDeepAt } from '../json-depth.ts';
import { FORMATS } from './formats.ts';
import {
  address,
  amount,
  cohort,
  count,
  count32,
  curve,
  digests,
  hash32,
  list,
  score,
  sha256,
  signed,
  word,
} from './report-fields.ts';

const reserveLaw = z.strictObject({
  hasLaw: z.boolean(),
  a: amount,
  b: amount,
  c: amount,
  alpha: amount,
  priceRef: amount,
  smoothing: count32,
  rho: amount,
  priceSource: address,
});

const recordFields = z.strictObject({
  epoch: count32,
  start: count,
  end: count,
  budget: amount,
  tasks: list(z.int().min(0).max(65_535), 16),
  weights: list(amount, 16),
  minScores: list(score, 16),
  policyHash: hash32,
  price: word,
  reserve: reserveLaw,
  foundation: address,
  foundationShare: amount,
  accountCap: amount,
  accelerationBound: amount,
  cohortEnd: count,
  duration: count,
  window: count32,
  bond: amount,
});

/** What the contracts see to of every record; without it the arithmetic is not defined. */
const record = recordFields.superRefine(({ tasks, weights, minScores, reserve: law, start, end }, context) => {
  const fault = (message: string, path: string): void => context.addIssue({ code: 'custom', message, path: [path] });
  if (weights.length !== tasks.length) fault('not one for each task', 'weights');
  if (minScores.length !== tasks.length) fault('not one for each task', 'minScores');
  if (tasks.some((task, i) => i > 0 && task <= (tasks[i - 1] ?? 0))) fault('do not rise', 'tasks');
  if (weights.reduce((sum, weight) => sum + weight, 0n) !== WAD) fault('do not sum to 1e18', 'weights');
  if (minScores.includes(0n)) fault('a minimum score is at least 1', 'minScores');
  if (law.hasLaw && law.priceRef === 0n) fault('a law needs a reference price', 'reserve');
  if (end <= start) fault('not after the start', 'end');
});

const settlement = z.strictObject({
  root: hash32,
  leafCount: count32,
  participants: list(count32, 16),
  scoreTotals: list(amount, 16),
  granted: amount,
  accelerated: list(amount, 26),
});

const outcome = z.strictObject({
  budget: amount,
  base: amount,
  payout: amount,
  miners: amount,
  taskBudgets: list(amount, 16),
  minersGranted: amount,
  foundationGranted: amount,
  granted: amount,
  withheld: amount,
  injected: amount,
  reasons: z.strictObject({
    reserveReturn: signed,
    noMiner: signed,
    participation: signed,
    priceAndClamp: signed,
    emptyTask: signed,
    capAndRounding: signed,
  }),
  reserveAfter: amount,
});

const totals = {
  root: hash32,
  leafCount: count32,
  reserve: amount,
  pending: amount,
  totalGranted: amount,
  totalCurve: curve,
  foundations: list(z.strictObject({ account: address, curve })),
};

/** `manifest.json`. */
export const manifestSchema = z.strictObject({
  format: z.literal(FORMATS.manifest),
  epoch: count32,
  record,
  recordHash: hash32,
  basis: hash32,
  parent: z.strictObject({ ...totals, manifest: sha256.nullable() }),
  settlement,
  outcome,
  next: z.strictObject(totals),
  distinctParticipants: count32,
  unlockPerUse: amount,
  prefixBits: z.int().min(0).max(24),
  inputs: digests,
  files: digests,
  check: sha256,
});

/** A row of `accounts.json`. */
export const accountRow = z.strictObject({
  account: address,
  index: count32,
  scores: list(score, 16),
  grants: list(amount, 16),
  capped: list(z.boolean(), 16),
  grant: amount,
  uses: word,
  accelerated: list(amount, 26),
});

/** `accounts.json`: who did something in the epoch. */
export const accountsSchema = z.strictObject({
  format: z.literal(FORMATS.accounts),
  epoch: count32,
  tasks: list(z.int().min(0).max(65_535), 16),
  accounts: list(accountRow),
});

/** `accounts/….json`: those of one shard, where all would be too many for one file. */
export const accountsPartSchema = z.strictObject({
  ...accountsSchema.shape,
  format: z.literal(FORMATS.accountsPart),
  /** What all accounts before these came to; of cohorts nothing before the first account. */
  before: z.strictObject({
    scores: list(amount, 16),
    participants: list(count32, 16),
    granted: amount,
    accelerated: list(amount, 26),
  }),
});

/** `rejects.json`. */
export const rejectsSchema = z.strictObject({
  format: z.literal(FORMATS.rejects),
  epoch: count32,
  rejects: list(z.strictObject({ file: z.string(), line: count, reason: z.string() })),
});

/** `ineligible.json`: who would have scored if the policy let them; there is one exactly where the policy asks for something. */
export const ineligibleSchema = z.strictObject({
  format: z.literal(FORMATS.ineligible),
  epoch: count32,
  accounts: z
    .array(z.strictObject({ account: address, reason: z.enum(['not-listed', 'badge-missing', 'too-young']) }))
    .refine(
      (list) => list.every(({ account }, i) => i === 0 || account > (list[i - 1]?.account ?? '')),
      'the accounts do not rise',
    ),
});

/** A leaf in a shard: its account, its curve, and which of the shard's audits. */
export const shardLeaf = z.tuple([address, amount, list(cohort, 26), count32]);

/** `shards/….json`: a run of leaves and the path above them. */
export const shardSchema = z.strictObject({
  format: z.literal(FORMATS.shard),
  epoch: count32,
  root: hash32,
  leafCount: count32,
  prefix: count32,
  prefixBits: z.int().min(0).max(24),
  first: count32,
  audits: list(hash32),
  leaves: list(shardLeaf).refine(({ length }) => length > 0, 'no leaf'),
  left: list(hash32.nullable(), 32),
  right: list(hash32.nullable(), 32),
});

export type Manifest = z.output<typeof manifestSchema>;
/** A file of accounts of either kind. */
export type AccountsFile = Omit<z.output<typeof accountsSchema>, 'format'> &
  Partial<Pick<z.output<typeof accountsPartSchema>, 'before'>>;
export type Shard = z.output<typeof shardSchema>;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a report file of any origin into its typed form.
 *
 * @throws InputError `REPORT_INVALID` with the file, the path in it and the reason; nothing else, whatever the bytes are
 */
export function parseReportFile<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array | undefined): T {
  const data = readReportJson(path, bytes);
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = (issue?.path ?? []).map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  throw invalid(path, `$${at}`, issue?.message ?? 'not a report file');
}

/**
 * Reads a report file of any origin as JSON.
 *
 * @throws InputError `REPORT_INVALID`
 */
export function readReportJson(path: string, bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) throw invalid(path, '$', 'the file is missing');
  try {
    const text = decoder.decode(bytes);
    if (tooDeepAt(text) !== -1) throw new SyntaxError('nested too deeply');
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalid(path, '$', cause instanceof Error ? cause.message.slice(0, 200) : 'not JSON');
  }
}

function invalid(file: string, path: string, reason: string): InputError {
  return new InputError({
    code: 'REPORT_INVALID',
    shortMessage: `${file} ${path}: ${reason}`,
    details: { file, path, reason },
  });
}

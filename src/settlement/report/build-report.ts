import { recordHash } from '../../protocol/epoch-record.ts';
import { basisOf } from '../basis.ts';
import type { EpochExplanations, EpochScores } from '../policy/score-steps.ts';
import type { EpochSettlement } from '../settle-epoch.ts';
import { accountFiles } from './account-files.ts';
import type { Json } from './canonical-json.ts';
import { canonicalBytes } from './canonical-json.ts';
import { explanationFiles } from './explanation-files.ts';
import { FORMATS } from './formats.ts';
import type { InputsFile } from './inputs-file.ts';
import { INPUTS_FILE, inputsBytes } from './inputs-file.ts';
import { prefixBitsFor } from './prefix.ts';
import type { ReportFile, ReportFiles } from './report-file.ts';
import { outcomeJson, recordJson, settlementJson, totalsJson } from './report-json.ts';
import { sha256Hex } from './sha256.ts';
import { shardFiles } from './shard-files.ts';

/** A row of the ledger, or a score, that was not used, and why. */
export interface ReportReject {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** What a report says besides the settlement itself. */
export interface ReportContext {
  /** sha-256 of the parent's manifest; null for the first epoch. */
  readonly parentManifest: string | null;
  /** sha-256 of every input by its role, such as `contributions`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What one use unlocks (wad). */
  readonly unlockPerUse: bigint;
  readonly rejects: readonly ReportReject[];
  /** Who would have scored if the policy let them, by account; null or left out where the epoch's policy lets everybody. */
  readonly ineligible?: EpochScores['ineligible'] | null;
  /** From which files anybody can compute the epoch anew; null or left out where those stand beside the report. */
  readonly sources?: ReportSources | null;
  /** How everybody's scores came about; null or left out where the report does not say. */
  readonly explanations?: EpochExplanations | null;
}

/** What `inputs.json` says. */
export type ReportSources = Pick<InputsFile, 'variant' | 'map' | 'inputs'>;

/** The file that names all others, with the hash of each. */
export const MANIFEST_FILE = 'manifest.json';

/**
 * Writes a settled epoch as files: who did something, rejects, who was not eligible where the policy asks, the inputs where they are
 * published, proof shards, where it is asked how the scores came about, and at last the manifest. Each file is made when it is asked
 * for, so that a report of any size needs no more memory than its largest file. The same settlement gives the same bytes on every
 * machine: everything is sorted, nothing depends on time, locale or versions.
 *
 * @param digest the sha-256 of bytes as 64 lower-case digits
 */
export function* reportFiles(
  settled: EpochSettlement,
  context: ReportContext,
  digest: (bytes: Uint8Array) => string = sha256Hex,
): Generator<ReportFile> {
  const { record, parent, settlement, outcome, next } = settled;
  const bits = prefixBitsFor(settlement.leafCount);
  const hashes: [string, string][] = [];
  for (const file of filesBelow(settled, context, bits)) {
    hashes.push([file[0], digest(file[1])]);
    yield file;
  }
  const manifest = {
    format: FORMATS.manifest,
    epoch: record.epoch,
    record: recordJson(record),
    recordHash: recordHash(record),
    basis: basisOf(record, parent),
    parent: { ...(totalsJson(parent) as object), manifest: context.parentManifest },
    settlement: settlementJson(settlement),
    outcome: outcomeJson(outcome),
    next: totalsJson(next),
    distinctParticipants: settled.participants,
    unlockPerUse: context.unlockPerUse,
    prefixBits: bits,
    inputs: context.inputs,
    files: Object.fromEntries(hashes),
  };
  // Makes every byte of the manifest tell a change, also those that nothing is computed from.
  const check = sha256Hex(canonicalBytes(manifest));
  yield [MANIFEST_FILE, canonicalBytes({ ...manifest, check })];
}

/** All files of {@link reportFiles} at once, for a report that is small enough; the manifest first. */
export function buildReport(settled: EpochSettlement, context: ReportContext): ReportFiles {
  const files = [...reportFiles(settled, context)];
  return new Map([...files.slice(-1), ...files.slice(0, -1)]);
}

/** Every file but the manifest. */
function* filesBelow(settled: EpochSettlement, context: ReportContext, bits: number): Generator<ReportFile> {
  const { epoch } = settled.record;
  yield* accountFiles(settled, bits);
  yield ['rejects.json', canonicalBytes(rejectsJson(epoch, context.rejects))];
  if (context.ineligible) yield ['ineligible.json', canonicalBytes(ineligibleJson(epoch, context.ineligible))];
  if (context.sources) yield [INPUTS_FILE, inputsBytes(epoch, context.sources)];
  yield* shardFiles(settled, bits);
  if (context.explanations) yield* explanationFiles(epoch, bits, context.explanations);
}

function rejectsJson(epoch: number, rejects: readonly ReportReject[]): Json {
  return { format: FORMATS.rejects, epoch, rejects: rejects.map(({ file, line, reason }) => ({ file, line, reason })) };
}

function ineligibleJson(epoch: number, ineligible: EpochScores['ineligible']): Json {
  return {
    format: FORMATS.ineligible,
    epoch,
    accounts: ineligible.map(({ account, reason }) => ({ account, reason })),
  };
}

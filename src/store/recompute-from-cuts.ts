import { stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';

import type { EpochRecord } from '../protocol/epoch-record.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import type { Hash32 } from '../protocol/brands.ts';
import { InputError } from '../protocol/errors.ts';
import { valueAt } from '../settlement/economy-parameters.ts';
import type { LedgerFiles } from '../settlement/ledger/build-ledger.ts';
import type { Place } from '../settlement/ledger/rows.ts';
import { comparePlaces } from '../settlement/ledger/settle-duplicates.ts';
import { policyAt } from '../settlement/policy/policy-at.ts';
import type { EpochExplanations, EpochScores } from '../settlement/policy/score-steps.ts';
import type { ReportReject } from '../settlement/report/build-report.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { buildReport } from '../settlement/report/build-report.ts';
import type { ContentId } from '../settlement/report/content-id.ts';
import { contentIdOf, fileContentIdOf } from '../settlement/report/content-id.ts';
import type { ReportInput } from '../settlement/report/inputs-file.ts';
import { endingOf } from '../settlement/report/inputs-file.ts';
import type { EpochSettlement } from '../settlement/settle-epoch.ts';
import { settleEpoch } from '../settlement/settle-epoch.ts';
import type { State } from '../settlement/state.ts';
import type { EpochFile, LookBack } from './needed-rows.ts';
import { readNeeded } from './needed-rows.ts';
import { readLedgerFiles } from './read-ledger.ts';
import { readText } from './read-text.ts';
import { checkRecord, counting, firstStart } from './recompute-epoch.ts';
import { hashFile } from './replay-inputs.ts';
import { scoreEpochIn } from './score-ledger.ts';
import type { ScoringEngine } from './scoring-engine.ts';

/** What a file of a cut holds. */
export const CUT_ROLES = ['contributions', 'usage', 'accounts', 'quarantine'] as const;
export type CutRole = (typeof CUT_ROLES)[number];

/** A file of the cut of an epoch. Its format is told by the ending of its path. */
export interface CutFile {
  readonly epoch: number;
  readonly role: CutRole;
  readonly path: string;
  /** What its content has to hash to, where that was not looked at before. */
  readonly sha256?: string;
}

/** Everything that an epoch is computed from besides the chain. Paths are absolute; the report says how they end. */
export interface CutsSource {
  /** Of all epochs up to the one that is computed; an epoch without a row of a kind has no file of it. */
  readonly cuts: readonly CutFile[];
  /**
   * Whether it is known that no cut repeats a row of another one or has one of another epoch, which is so of every cut that was made
   * by the rule: then only those rows are read that the policy looks back to, and the report is the same. Else all are.
   */
  readonly areDisjoint?: boolean;
  readonly preset: string;
  readonly variant: string | null;
  readonly changes: string | null;
  readonly map: Readonly<Record<string, string>>;
  /** The deployment's own contracts, which can earn nothing, where the changes name none. */
  readonly contracts: readonly string[];
  /** Whether the report says how the scores came about. */
  readonly explanations?: boolean;
  /** What scores, the one within this process if absent; the report does not depend on it. */
  readonly engine?: ScoringEngine | undefined;
}

/** An epoch as it was scored from the cuts. */
export interface ScoredCuts {
  readonly epoch: number;
  /** What it was scored under. */
  readonly recordHash: Hash32;
  readonly scores: EpochScores['scores'];
  readonly uses: EpochScores['uses'];
  /** Null where the epoch's policy lets everybody score. */
  readonly ineligible: EpochScores['ineligible'] | null;
  /** What one use unlocks (wad). */
  readonly unlockPerUse: bigint;
  /** The rows of this epoch that do not count, by file and line. */
  readonly rejects: readonly ReportReject[];
  readonly tasks: readonly { readonly id: number; readonly name: string }[];
  /** How the scores came about; null where the report does not say. */
  readonly explanations: EpochExplanations | null;
}

/** What the chain says of an epoch, and the epoch before it. */
export interface SettlingFrom {
  readonly record: EpochRecord;
  /** With what pools paid in since, as the report says or is to say it. */
  readonly parent: State;
  /** sha-256 of the manifest of the report before; null for the first epoch. */
  readonly parentManifest: string | null;
}

/** An epoch settled anew from its cuts, with its report to the byte. */
export interface RecomputedReport {
  readonly settled: EpochSettlement;
  readonly files: ReportFiles;
  readonly content: ContentId;
}

/**
 * Computes an epoch anew from the cuts of the epochs up to it: the same cuts, preset, changes, record and epoch before give the same
 * report, byte by byte, on every machine.
 *
 * @throws {InputError} `POLICY_DIFFERS`, `PRESET_DIFFERS`, `TASK_UNKNOWN`, `CUT_INVALID`, or what preset and changes are refused for
 */
export async function recomputeFromCuts(source: CutsSource, from: SettlingFrom): Promise<RecomputedReport> {
  return await settleCuts(source, await scoreCuts(source, from.record), from);
}

/**
 * Scores an epoch from the cuts of the epochs up to it.
 *
 * @throws {InputError} what {@link recomputeFromCuts} throws
 * @throws {RefusedError} `CUT_DAMAGED`
 */
export async function scoreCuts(source: CutsSource, record: EpochRecord): Promise<ScoredCuts> {
  const { epoch } = record;
  const { preset, variant, changes, map, contracts, explanations = false, engine } = source;
  const { parameters, ledger, scored, ...more } = await scoreEpochIn((look) => readCuts(source, epoch, look), {
    ...{ preset, map, contracts, epoch, from: firstStart(record), explanations, engine },
    ...(variant === null ? {} : { variant }),
    ...(changes === null ? {} : { changes }),
    // What the cut let pass is counted: whether it is too little was decided when it was cut.
    anyRejects: true,
  });
  checkRecord(parameters, record);
  const { start, end } = record;
  const judged = ledger.rejects.filter(({ time }) => time !== undefined && time >= start && time < end);
  return {
    epoch,
    recordHash: recordHash(record),
    scores: counting(scored, record),
    uses: scored.uses,
    ineligible: policyAt(parameters.policy, epoch).eligibility === undefined ? null : scored.ineligible,
    unlockPerUse: valueAt(parameters.economy.unlockPerUse, epoch),
    rejects: [...(await quarantined(source, epoch)), ...judged]
      .sort(comparePlaces)
      .map(({ file, line, reason }) => ({ file, line, reason })),
    tasks: parameters.tasks.map(({ id, name }) => ({ id, name })),
    explanations: more.explanations,
  };
}

/** Settles a scored epoch, and writes its report. */
export async function settleCuts(
  source: CutsSource,
  scored: ScoredCuts,
  { record, parent, parentManifest }: SettlingFrom,
): Promise<RecomputedReport> {
  const { scores, uses, unlockPerUse, rejects, ineligible, explanations } = scored;
  const settled = settleEpoch({ parent, record, scores, uses, unlockPerUse });
  const inputs = await inputsOf(source, record.epoch);
  const { variant, map } = source;
  const files = buildReport(settled, {
    ...{ parentManifest, unlockPerUse, rejects, ineligible, explanations },
    inputs: Object.fromEntries(inputs.map(({ role, sha256 }) => [role, sha256])),
    sources: { variant, map, inputs },
  });
  return { settled, files, content: await contentIdOf(files) };
}

/**
 * The inputs that are new in an epoch: preset, changes, and the files of its cut.
 *
 * @throws {InputError} `FILE_UNREADABLE`
 */
export async function inputsOf(
  { cuts, preset, changes }: Pick<CutsSource, 'cuts' | 'preset' | 'changes'>,
  epoch: number,
): Promise<ReportInput[]> {
  const own = CUT_ROLES.flatMap((role) => cuts.filter((file) => file.epoch === epoch && file.role === role));
  const named = [
    { role: 'preset', name: `preset.${endingOf(preset, 'jsonc')}`, path: preset },
    ...(changes === null ? [] : [{ role: 'changes', name: `changes.${endingOf(changes, 'json')}`, path: changes }]),
    ...own.map(({ role, path }) => ({ role, name: nameOf(epoch, { role, epoch }), path })),
  ];
  return await Promise.all(
    named.map(async ({ role, name, path }): Promise<ReportInput> => {
      const [sha256, { size }] = [await hashFile(path), await stat(path)];
      const { cid } = await fileContentIdOf(createReadStream(path) as AsyncIterable<Uint8Array>);
      return { role, name, sha256, bytes: size, cid };
    }),
  );
}

/** The rows of the cuts that an epoch is scored from. */
async function readCuts({ cuts, areDisjoint }: CutsSource, epoch: number, look: LookBack): Promise<LedgerFiles> {
  const files = (role: CutRole): EpochFile[] =>
    cuts
      .filter((file) => file.role === role && file.epoch <= epoch)
      .map(({ path, epoch: of, sha256 = null }) => {
        return { epoch: of, sha256, file: { path, name: nameOf(epoch, { role, epoch: of }) } };
      });
  const all = { contributions: files('contributions'), usage: files('usage'), accounts: files('accounts') };
  if (areDisjoint === true) return await readNeeded(all, look, epoch);
  const paths = (list: readonly EpochFile[]) => list.map(({ file }) => file);
  return await readLedgerFiles({
    ...{ contributions: paths(all.contributions), usage: paths(all.usage), accounts: paths(all.accounts) },
  });
}

/** What rejects of an epoch call a file: its own by the name in its folder, those before with their epoch. */
function nameOf(epoch: number, file: Pick<CutFile, 'role' | 'epoch'>): string {
  const name = `${file.role}.ndjson`;
  return file.epoch === epoch ? name : `${file.epoch.toString().padStart(6, '0')}/${name}`;
}

/** The rows that the cut itself did not let in. */
async function quarantined({ cuts }: CutsSource, epoch: number): Promise<(Place & { readonly reason: string })[]> {
  const file = cuts.find((one) => one.epoch === epoch && one.role === 'quarantine');
  if (file === undefined) return [];
  const lines = (await readText(file.path)).split('\n').slice(0, -1);
  return lines.map((line, at) => {
    try {
      const row = JSON.parse(line) as Record<string, unknown>;
      const { file: from, line: place, reason } = row;
      if (typeof from === 'string' && Number.isSafeInteger(place) && typeof reason === 'string') {
        return { file: from, line: Number(place), reason };
      }
    } catch {
      // It is told below, like a line that is JSON and yet no row.
    }
    throw new InputError({
      code: 'CUT_INVALID',
      shortMessage: `${nameOf(epoch, file)}:${at + 1} is no row of a cut`,
      details: { epoch, line: at + 1, path: file.path },
    });
  });
}

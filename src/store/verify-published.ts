import type { Hash32 } from '../protocol/brands.ts';
import type { EpochRecord, Settlement } from '../protocol/epoch-record.ts';
import { recordHash } from '../protocol/epoch-record.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { buildTree, rootOf } from '../protocol/positional-merkle.ts';
import { bytesToHex, equalBytes, WORD } from '../protocol/words.ts';
import { basisOf } from '../settlement/basis.ts';
import { declarationDifferences } from '../settlement/faults/ledger-differences.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { explanationsIn } from '../settlement/report/explanation-schema.ts';
import { explanationFault } from '../settlement/report/hold-explanations.ts';
import { loadState, shardPathsIn } from '../settlement/report/load-state.ts';
import type { Manifest } from '../settlement/report/report-schema.ts';
import { accountFiles, ACCOUNTS_FILE } from '../settlement/report/account-files.ts';
import { prefixBitsFor } from '../settlement/report/prefix.ts';
import { accountPathsIn, readAccounts, readActivity } from '../settlement/report/read-accounts.ts';
import { ineligibleSchema, manifestSchema, parseReportFile, shardSchema } from '../settlement/report/report-schema.ts';
import { checkShard } from '../settlement/report/shard-leaves.ts';
import { settleActivity } from '../settlement/settle-epoch.ts';
import type { State } from '../settlement/state.ts';
import { GENESIS } from '../settlement/state.ts';
import type { PlaceAnswer, ReportLimits } from './fetch-report.ts';
import { fetchReport, REPORT_LIMITS, ReportDifferentError, ReportUnavailableError } from './fetch-report.ts';
import type { ReportPlace } from './report-place.ts';

/** What the chain says of a settlement; its report is held against nothing else. */
export interface DeclaredEpoch {
  readonly record: EpochRecord;
  readonly settlement: Settlement;
  /** What the proposal stands on. */
  readonly basis: Hash32;
  /** What became final before; null for epoch 0. */
  readonly parent: Pick<Settlement, 'leafCount' | 'reportCid' | 'root'> | null;
}

/** The steps of a verification, in their order. */
export const VERIFICATION_STEPS = ['fetch', 'leaves', 'tree', 'record', 'parent', 'arithmetic'] as const;
export type VerificationStep = (typeof VERIFICATION_STEPS)[number];

/** How far a step has come; `of` is 0 where nobody knows. */
export interface VerificationProgress {
  readonly step: VerificationStep;
  readonly done: number;
  readonly of: number;
}

/** What came of a verification. */
export type PublishedVerification =
  | {
      /** Everything that could be computed is what the chain has. */
      readonly outcome: 'equal';
      /** Where the report was found. */
      readonly from: string;
      readonly leaves: number;
      /** Whether grants and curves were computed anew, and if not, why not. */
      readonly arithmetic: { readonly done: true } | { readonly done: false; readonly reason: string };
    }
  | {
      readonly outcome: 'different';
      readonly step: VerificationStep;
      /** The file that is wrong; null where it is not one alone. */
      readonly file: string | null;
      readonly reason: string;
      readonly answers: readonly PlaceAnswer[];
    }
  | { readonly outcome: 'unavailable'; readonly answers: readonly PlaceAnswer[] };

export interface VerifyPublishedOptions {
  readonly places: readonly ReportPlace[];
  readonly declared: DeclaredEpoch;
  readonly limits?: ReportLimits;
  /** Hears how far it has come; must be quick. */
  readonly tell: (progress: VerificationProgress) => void;
}

/** Leaves between two reports of progress. */
const TELL_EVERY = 500;

/**
 * Recomputes a published report and holds it against the chain: its content id, every leaf, the tree above them, the way to the scores where
 * it says so, and, where the report of the epoch before is published too, every grant and every curve from the scores.
 *
 * What is wrong with a report, or missing, is the answer and never thrown.
 */
export async function verifyPublished(options: VerifyPublishedOptions): Promise<PublishedVerification> {
  const { places, declared, tell, limits = REPORT_LIMITS } = options;
  const { record, settlement, parent } = declared;
  let step: VerificationStep = 'fetch';
  const begin = (next: VerificationStep, of: number): void => {
    step = next;
    tell({ step, done: 0, of });
  };
  try {
    begin('fetch', 0);
    const wanted = { epoch: record.epoch, reportCid: settlement.reportCid };
    const { files, from } = await fetchReport(places, wanted, limits, (done, of) => tell({ step: 'fetch', done, of }));
    const manifest = parseReportFile(manifestSchema, MANIFEST, files.get(MANIFEST));
    begin('leaves', settlement.leafCount);
    const leaves = leavesOf(files, manifest, (done) => tell({ step: 'leaves', done, of: settlement.leafCount }));
    begin('tree', 0);
    const root = bytesToHex(rootOf(buildTree(leaves)));
    const count = leaves.length / WORD; // integer: whole leaves
    if (count !== settlement.leafCount) throw differs(`it has ${count} leaves, the chain ${settlement.leafCount}`);
    if (root !== settlement.root) throw differs(`its leaves lead to ${root}, the chain has ${settlement.root}`);
    begin('record', 0);
    holdRecord(manifest, declared);
    holdExplanations(files, manifest);
    begin('parent', parent?.leafCount ?? 0);
    const before = await stateBefore(options, manifest, (done, of) => tell({ step: 'parent', done, of }));
    const found = { outcome: 'equal', from, leaves: count } as const;
    if ('reason' in before) return { ...found, arithmetic: { done: false, reason: before.reason } };
    begin('arithmetic', 0);
    holdArithmetic(files, manifest, before.state, declared);
    return { ...found, arithmetic: { done: true } };
  } catch (error) {
    return verdictOf(error, step);
  }
}

const MANIFEST = 'manifest.json';
const INELIGIBLE = 'ineligible.json';

/** The hashes of all leaves, shard by shard, packed one after the other. */
function leavesOf(files: ReportFiles, manifest: Manifest, tell: (leaves: number) => void): Uint8Array {
  const pieces: Uint8Array[] = [];
  let [count, told] = [0, 0];
  for (const path of shardPathsIn(manifest)) {
    const shard = parseReportFile(shardSchema, path, files.get(path));
    const { leaves, range } = checkShard(shard, manifest.next.root);
    if (range.from !== count) throw differs(`${path} does not go on where the shard before ends`, path);
    pieces.push(range.leaves);
    count += leaves.length;
    if (count - told < TELL_EVERY) continue;
    told = count;
    tell(count);
  }
  tell(count);
  const packed = new Uint8Array(count * WORD);
  let at = 0;
  for (const piece of pieces) {
    packed.set(piece, at);
    at += piece.length;
  }
  return packed;
}

/** What the report says of the record and the declaration has to be what stands on chain. */
function holdRecord({ record, basis, settlement }: Manifest, declared: DeclaredEpoch): void {
  if (recordHash(record) !== recordHash(declared.record)) {
    throw differs('the record in it is not the one that the chain keeps', MANIFEST);
  }
  if (basis !== declared.basis) throw differs('it stands on another state than the proposal', MANIFEST);
  const [first] = declarationDifferences(declared.settlement, settlement);
  if (first !== undefined) {
    throw differs(`${first.figure} is ${first.recomputed} in it, and ${first.declared} on chain`, MANIFEST);
  }
}

/** Where the report says how the scores came about, every step has to lead to them. */
function holdExplanations(files: ReportFiles, manifest: Manifest): void {
  const explanations = explanationsIn(files, manifest);
  if (explanations === null) return;
  const accounts = [...readAccounts(files, manifest)].flatMap((part) => part.accounts);
  const bytes = files.get(INELIGIBLE);
  const ineligible = bytes === undefined ? null : parseReportFile(ineligibleSchema, INELIGIBLE, bytes).accounts;
  const fault = explanationFault(explanations, { manifest, accounts, ineligible });
  if (fault !== null) throw differs(fault.reason, fault.file);
}

/** The state that the epoch was settled on top of, or why it cannot be had. */
async function stateBefore(
  { places, declared, limits = REPORT_LIMITS }: VerifyPublishedOptions,
  { parent: totals }: Manifest,
  tell: (files: number, of: number) => void,
): Promise<{ readonly state: State } | { readonly reason: string }> {
  const { parent, record, basis } = declared;
  const { reserve, pending } = totals;
  const on = (state: State): { readonly state: State } => {
    // The basis on chain covers root, reserve and total curve.
    if (basisOf(record, state) === basis) return { state };
    throw differs('the report of the epoch before does not come to what the proposal stands on');
  };
  if (parent === null) return on({ ...GENESIS, reserve, pending });
  try {
    const wanted = { epoch: record.epoch - 1, reportCid: parent.reportCid };
    const { files } = await fetchReport(places, wanted, limits, tell);
    return on({ ...loadState(files), reserve, pending });
  } catch (error) {
    if (error instanceof ReportUnavailableError || error instanceof ReportDifferentError) {
      return { reason: `the report of epoch ${record.epoch - 1} is not to be had: ${reasonOf(error.answers)}` };
    }
    throw error;
  }
}

/** Every grant, every curve and the tree from the scores, and what is declared with them. */
function holdArithmetic(
  files: ReportFiles,
  manifest: Manifest,
  parent: State,
  { record, settlement }: DeclaredEpoch,
): void {
  const activity = readActivity(files, manifest, record.tasks);
  const settled = settleActivity({ parent, record, unlockPerUse: manifest.unlockPerUse }, activity);
  const [first] = declarationDifferences(settlement, settled.settlement);
  if (first !== undefined) {
    throw differs(
      `the scores in it give ${first.figure} ${first.recomputed}, declared is ${first.declared}`,
      accountPathsIn(manifest)[0] ?? null,
    );
  }
  const expected = new Map(accountFiles(settled, prefixBitsFor(settled.settlement.leafCount)));
  const given = [...files.keys()].filter((path) => path === ACCOUNTS_FILE || path.startsWith('accounts/'));
  for (const path of [...new Set([...expected.keys(), ...given])].sort()) {
    const [wanted, found] = [expected.get(path), files.get(path)];
    if (wanted === undefined || found === undefined || !equalBytes(wanted, found)) {
      throw differs('its rows are not those that follow from the scores', path);
    }
  }
}

function verdictOf(error: unknown, step: VerificationStep): PublishedVerification {
  if (error instanceof ReportUnavailableError) return { outcome: 'unavailable', answers: error.answers };
  if (error instanceof ReportDifferentError) {
    const { answers } = error;
    return { outcome: 'different', step, file: null, reason: reasonOf(answers), answers };
  }
  if (error instanceof DifferenceError) {
    return { outcome: 'different', step, file: error.file, reason: error.message, answers: [] };
  }
  // Figures that no contract would let through can also make whole-number arithmetic fail.
  if (!(error instanceof ProtocolError || error instanceof RangeError)) throw error;
  const { file } = error instanceof ProtocolError ? error.details : {};
  const reason = error instanceof ProtocolError ? error.shortMessage : error.message;
  return { outcome: 'different', step, file: typeof file === 'string' ? file : null, reason, answers: [] };
}

function reasonOf(answers: readonly PlaceAnswer[]): string {
  const told = answers.find(({ outcome }) => outcome === 'different') ?? answers[0];
  return told === undefined ? 'no place is named in the settings' : `${told.place}: ${told.reason}`;
}

/** Something in a report is not what the chain has; it ends a verification and becomes its answer. */
class DifferenceError extends Error {
  readonly file: string | null;

  constructor(reason: string, file: string | null) {
    super(reason);
    this.file = file;
  }
}

function differs(reason: string, file: string | null = null): DifferenceError {
  return new DifferenceError(reason, file);
}

import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { FinalEpoch } from '../chain/final-epochs.ts';
import { ProtocolError, RetryableError } from '../protocol/errors.ts';
import { hexToBytes } from '../protocol/words.ts';
import { basisOf } from '../settlement/basis.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { contentIdFrom } from '../settlement/report/content-id.ts';
import { declarationDifferences } from '../settlement/faults/ledger-differences.ts';
import { firstDifference } from '../settlement/report/first-difference.ts';
import type { InputsFile, ReportInput } from '../settlement/report/inputs-file.ts';
import { INPUTS_FILE, inputsSchema } from '../settlement/report/inputs-file.ts';
import { isExplanation } from '../settlement/report/prefix.ts';
import { manifestSchema, parseReportFile } from '../settlement/report/report-schema.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import type { EpochSettlement } from '../settlement/settle-epoch.ts';
import type { State } from '../settlement/state.ts';
import { GENESIS } from '../settlement/state.ts';
import { fetchInput, inputPath } from '../store/fetch-input.ts';
import type { FetchedReport, ReportLimits } from '../store/fetch-report.ts';
import { fetchReport } from '../store/fetch-report.ts';
import type { ReportPlace } from '../store/report-place.ts';
import { writeWhole } from '../store/write-whole.ts';

/** An input as a report names it, and where its file is now. */
export interface FetchedInput extends ReportInput {
  readonly path: string;
}

/** What an epoch added to what it was computed from, and how it is read. */
export interface FetchedSources extends Pick<InputsFile, 'variant' | 'map'> {
  readonly inputs: readonly FetchedInput[];
}

/** What an epoch is recomputed from. */
export interface RecomputeRequest {
  readonly epoch: FinalEpoch;
  /** The state before it, deposits of pools included. */
  readonly parent: State;
  /** sha-256 of the manifest of the epoch before; null for epoch 0. */
  readonly parentManifest: string | null;
  /** What the epochs 0 to this one were computed from, each as its own report says. */
  readonly sources: readonly FetchedSources[];
  /** Whether its report says how the scores came about; then that is recomputed too. */
  readonly explanations: boolean;
}

/** An epoch recomputed: its settlement and every file of its report. */
export interface Recomputed {
  readonly settled: EpochSettlement;
  readonly files: ReportFiles;
}

/** What came of one epoch. */
export interface EpochVerdict {
  readonly epoch: number;
  /** `equal`: everything that was published and declared is what the inputs give; `unavailable`: nobody can say. */
  readonly outcome: 'equal' | 'different' | 'unavailable';
  /** The final root, as the chain has it. */
  readonly root: string;
  /** The content id of the report that the chain names. */
  readonly cid: string;
  /** Files that the epoch added to what it was computed from, and their bytes. */
  readonly inputs: number;
  readonly bytes: number;
  /** What differs or is missing; null when nothing does. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** How an epoch is told apart from what its inputs give; stops at the first that is not equal, since all behind it stand on it. */
export interface ChainVerification {
  /** Whether every final epoch was recomputed and found equal. */
  readonly equal: boolean;
  /** How many epochs are final. */
  readonly final: number;
  readonly epochs: readonly EpochVerdict[];
}

export interface VerifyFromChainOptions {
  /** Every final epoch from 0 on, as all endpoints say. */
  readonly epochs: readonly FinalEpoch[];
  readonly places: readonly ReportPlace[];
  /** An empty folder for what is fetched. */
  readonly folder: string;
  readonly recompute: (request: RecomputeRequest) => Promise<Recomputed>;
  readonly limits?: ReportLimits;
  readonly tell: (verdict: EpochVerdict) => void;
}

/**
 * Recomputes every final epoch since genesis from nothing but the chain and what is published: fetches each report by its content
 * id and each input by its hash, settles from the inputs of all epochs so far, and compares the declaration and every byte of the
 * report. Nothing that an operator says counts but as a hash that it has to match.
 *
 * What is wrong with an epoch, or missing, is part of the result and never thrown; trouble of this machine is.
 */
export async function verifyFromChain(options: VerifyFromChainOptions): Promise<ChainVerification> {
  const { epochs, tell } = options;
  const verdicts: EpochVerdict[] = [];
  const walk: Walk = { parent: GENESIS, parentManifest: null, sources: [] };
  for (const one of epochs) {
    const verdict = await verdictOf(one, walk, options);
    verdicts.push(verdict);
    tell(verdict);
    if (verdict.outcome !== 'equal') break;
  }
  const equal = verdicts.length === epochs.length && verdicts.every(({ outcome }) => outcome === 'equal');
  return { equal, final: epochs.length, epochs: verdicts };
}

/** Of what somebody else wrote no more is shown, in characters. */
const MOST_WORDS = 500;

/** What one epoch hands to the next. */
interface Walk {
  parent: State;
  parentManifest: string | null;
  sources: FetchedSources[];
}

async function verdictOf(one: FinalEpoch, walk: Walk, options: VerifyFromChainOptions): Promise<EpochVerdict> {
  const { epoch, settlement } = one;
  const { cid } = contentIdFrom(hexToBytes(settlement.reportCid));
  const facts = { epoch, root: settlement.root, cid };
  let [inputs, bytes] = [0, 0];
  try {
    const report = await fetchReport(options.places, { epoch, reportCid: settlement.reportCid }, options.limits);
    const fetched = await fetchSources(report, options);
    inputs = fetched.inputs.length;
    bytes = fetched.inputs.reduce((sum, input) => sum + input.bytes, 0);
    walk.sources.push(fetched);
    const pending = depositsOf(report);
    if (!one.deposits.includes(pending)) {
      const reason = `the deposits before the epoch: ${pending} by its report, which the chain has never had`;
      return { ...facts, ...{ outcome: 'different', inputs, bytes, code: 'DEPOSITS_DIFFER', reason } };
    }
    const parent = { ...walk.parent, pending };
    const { parentManifest } = walk;
    const explanations = [...report.files.keys()].some(isExplanation);
    const { sources } = walk;
    const recomputed = await options.recompute({ epoch: one, parent, parentManifest, sources, explanations });
    const difference = differenceOf(one, parent, report.files, recomputed);
    if (difference !== null) return { ...facts, ...{ outcome: 'different', inputs, bytes }, ...difference };
    const { next } = recomputed.settled;
    // What pools paid in after the epoch was settled and before it was final joined the reserve, too.
    const late = (one.deposits.at(-1) ?? 0n) - pending;
    walk.parent = { ...next, reserve: next.reserve + late };
    walk.parentManifest = sha256Hex(recomputed.files.get('manifest.json') ?? new Uint8Array());
    return { ...facts, ...{ outcome: 'equal', inputs, bytes, code: null, reason: null } };
  } catch (error) {
    if (isOfThisMachine(error)) throw error;
    const outcome = error instanceof RetryableError ? 'unavailable' : 'different';
    // Whatever an operator published: it is wrong, and must not end whoever looks at it.
    const { code, shortMessage } =
      error instanceof ProtocolError
        ? error
        : { code: 'RECOMPUTE_FAILED', shortMessage: error instanceof Error ? error.message : 'no reason given' };
    return { ...facts, ...{ outcome, inputs, bytes, code, reason: shortMessage.slice(0, MOST_WORDS) } };
  }
}

/** A full disk, too many open files and the like: it says nothing of what was published. */
function isOfThisMachine(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || OUT_OF_ROOM.test(error.message) || isOfThisMachine(error.cause);
}

/** How DuckDB says it, which has no codes. */
const OUT_OF_ROOM = /^(?:IO Error: .*No space left|Out of Memory Error)/s;

/** Fetches the inputs that a report names, each by its hash. */
async function fetchSources(
  { files }: FetchedReport,
  { places, folder, limits }: VerifyFromChainOptions,
): Promise<FetchedSources> {
  const { variant, map, inputs } = parseReportFile(inputsSchema, INPUTS_FILE, files.get(INPUTS_FILE));
  const fetched: FetchedInput[] = [];
  for (const wanted of inputs) {
    const path = join(folder, inputPath(wanted));
    // Presets stay the same for years: what an earlier epoch had is there already.
    if (await isMissing(path)) {
      const bytes = await fetchInput(places, wanted, limits);
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, bytes);
    }
    fetched.push({ ...wanted, path });
  }
  return { variant, map, inputs: fetched };
}

async function isMissing(path: string): Promise<boolean> {
  return await stat(path).then(
    () => false,
    () => true,
  );
}

/** What pools had paid in when the epoch was settled, by its report. */
function depositsOf({ files }: FetchedReport): bigint {
  return parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json')).parent.pending;
}

type Difference = Pick<EpochVerdict, 'code' | 'reason'>;

/** The first thing that is not what the inputs give; null when all is. */
function differenceOf(
  { record, basis, settlement, reserveBefore }: FinalEpoch,
  parent: State,
  published: ReportFiles,
  { settled, files }: Recomputed,
): Difference | null {
  const differs = (code: string, what: string, found: unknown, expected: unknown): Difference => {
    const reason = `${what}: ${String(found)}; the inputs give ${String(expected)}`;
    return { code, reason: reason.slice(0, MOST_WORDS) };
  };
  if (parent.reserve !== reserveBefore) return differs('RESERVE_DIFFERS', 'the reserve', reserveBefore, parent.reserve);
  const stands = basisOf(record, parent);
  if (stands !== basis) return differs('PARENT_DIFFERS', 'what the settlement stands on', basis, stands);
  const [figure] = declarationDifferences(settlement, settled.settlement);
  if (figure !== undefined) {
    const code = figure.figure === 'root' ? 'ROOT_DIFFERS' : 'SETTLEMENT_DIFFERS';
    return differs(code, `the declared ${figure.figure}`, figure.declared, figure.recomputed);
  }
  for (const path of [...new Set([...files.keys(), ...published.keys()])].sort()) {
    const [expected, found] = [files.get(path), published.get(path)];
    if (expected === undefined) return differs('REPORT_DIFFERS', `the file ${path}`, 'is there', 'none');
    if (found === undefined) return differs('REPORT_DIFFERS', `the file ${path}`, 'is not there', 'one');
    const first = firstDifference(expected, found);
    if (first !== null) {
      return differs('REPORT_DIFFERS', `${path}${first.path ?? `, byte ${first.byte}`}`, first.found, first.expected);
    }
  }
  return null;
}

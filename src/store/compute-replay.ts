import { join } from 'node:path';

import { parseAddress } from '../protocol/brands.ts';
import type { EconomyParameters } from '../settlement/economy-parameters.ts';
import { valueAt } from '../settlement/economy-parameters.ts';
import { advanceColumns, clockOf } from '../settlement/economy.ts';
import type { Ledger, LedgerRules } from '../settlement/ledger/build-ledger.ts';
import { parseChanges, withChanges } from '../settlement/governed-changes.ts';
import { pricesByEpoch } from '../settlement/ledger/prices-by-epoch.ts';
import { checkRejects, DEFAULT_REJECT_LIMIT } from '../settlement/ledger/reject-limit.ts';
import type { Reject } from '../settlement/ledger/rows.ts';
import { policyAt, policyAttributes } from '../settlement/policy/policy-at.ts';
import type { EpochExplanations } from '../settlement/policy/score-steps.ts';
import { loadPreset } from '../settlement/preset/load-preset.ts';
import type { PresetParameters } from '../settlement/preset/preset-parameters.ts';
import { presetParameters } from '../settlement/preset/preset-parameters.ts';
import { prefixBitsFor, shardRanges } from '../settlement/report/prefix.ts';
import type { ReportFile, ReportFiles } from '../settlement/report/report-file.ts';
import { MANIFEST_FILE, reportFiles } from '../settlement/report/build-report.ts';
import { canonicalBytes } from '../settlement/report/canonical-json.ts';
import { contentIdOf } from '../settlement/report/content-id.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import type { ReplayDocument, ReplayEpoch, ReplayRequest } from '../settlement/report/replay-document.ts';
import {
  REPLAY_FORMAT,
  replayAccounts,
  replayBytes,
  replayEpoch,
  replayFoundations,
  requestHash,
} from '../settlement/report/replay-document.ts';
import type { EpochSettlement } from '../settlement/settle-epoch.ts';
import { GENESIS, withDeposit } from '../settlement/state.ts';
import type { State } from '../settlement/state.ts';
import { explainEpochs } from './explain-scores.ts';
import type { ScoringEngine } from './scoring-engine.ts';
import type { ScoringOptions } from './scoring-tables.ts';
import { ledgerRules } from './ledger-rules.ts';
import type { JudgedLedger, LedgerScoring, OpenLedger } from './open-ledger.ts';
import { openLedger } from './open-ledger.ts';
import { readLedger } from './read-ledger.ts';
import { readText } from './read-text.ts';
import { inputHashes, ledgerPaths } from './replay-inputs.ts';

/** What goes on while a replay runs. */
export type ReplayProgress =
  | { readonly step: 'ledger' }
  | { readonly step: 'scores'; readonly rows: number }
  | { readonly step: 'settling'; readonly epoch: number; readonly accounts: number }
  /** Shards that are written, of an epoch's report. */
  | { readonly step: 'report'; readonly epoch: number; readonly done: number; readonly of: number }
  | { readonly step: 'epochs'; readonly done: number; readonly of: number };

/** A request with its inputs read: what is needed to score and settle. */
export interface PreparedReplay {
  readonly parameters: PresetParameters;
  readonly ledger: Ledger;
  /** What pools paid into the reserve, by the epoch that adds it to S. */
  readonly deposits: ReadonlyMap<number, bigint>;
  readonly scoring: Omit<ScoringOptions, 'fromEpoch' | 'toEpoch'>;
}

/** One epoch of a replay, after all files of its report were taken. */
export interface ComputedEpoch {
  readonly settled: EpochSettlement;
  readonly row: ReplayEpoch;
}

/** What stands beside the epochs: `replay.json` and `rejects.json`. */
export interface ComputedReplay {
  readonly document: ReplayDocument;
  readonly files: ReportFiles;
  readonly last: State;
}

/** What a request says of its ledger. */
interface GivenReplay extends Pick<PreparedReplay, 'parameters' | 'deposits'> {
  readonly rules: LedgerRules;
  readonly scoring: LedgerScoring;
}

async function readGiven(request: ReplayRequest, inputs: string): Promise<GivenReplay> {
  const text = await readText(join(inputs, request.preset));
  const preset = loadPreset(text, request.variant === null ? {} : { variant: request.variant });
  const foundation = request.foundation === null ? {} : { foundation: parseAddress(request.foundation) };
  const plain = presetParameters(preset, request.from, foundation);
  const changes = request.changes === null ? null : parseChanges(await readText(join(inputs, request.changes)));
  const parameters = changes === null ? plain : withChanges(plain, changes);
  const clock = clockOf(parameters.economy);
  const { policy, tasks } = parameters;
  const range = { start: request.from, end: request.from + request.epochs * clock.length };
  const rules = {
    ...ledgerRules(parameters, { contracts: changes?.contracts ?? [], map: request.map, range }),
    attributes: policyAttributes(policy, clock),
    epochs: { from: 0, to: request.epochs },
  };
  const deposits = new Map(changes?.deposits.map(({ epoch, amount }) => [epoch, amount]));
  return { parameters, deposits, rules, scoring: { policy, tasks, taskMap: rules.taskMap, clock } };
}

/** Reads preset and ledger of a request, row by row, from the folder that holds its inputs by hash. */
export async function prepareReplay(request: ReplayRequest, inputs: string): Promise<PreparedReplay> {
  const { parameters, deposits, rules, scoring } = await readGiven(request, inputs);
  const ledger = await readLedger(ledgerPaths(request, inputs), rules);
  if (!request.anyRejects) checkRejects(ledger, DEFAULT_REJECT_LIMIT);
  return { parameters, ledger, deposits, scoring: { ...scoring, ledger } };
}

/** Shards after which it is told how far a report is. */
const TELL_EVERY = 256;

/** Who is told of a replay as it goes on, and what scores. */
export interface ReplayHandlers {
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Takes each file of each epoch's report; the next one is made when it is done with it, and none is kept. */
  readonly take?: (epoch: number, file: ReportFile) => Promise<void>;
  /** What scores, the one within this process if absent; no byte depends on it. */
  readonly engine?: ScoringEngine | undefined;
}

/**
 * Runs a whole economy off chain from its inputs: yields each epoch with its report, and at last what stands beside them.
 * The same request and inputs give the same bytes everywhere.
 *
 * @throws InputError for inputs that cannot be used
 */
export async function* computeReplay(
  request: ReplayRequest,
  inputs: string,
  { onProgress = () => undefined, take = () => Promise.resolve(), engine }: ReplayHandlers = {},
): AsyncGenerator<ComputedEpoch, ComputedReplay> {
  onProgress({ step: 'ledger' });
  const read = await readGiven(request, inputs);
  const given = { ...read, scoring: { ...read.scoring, engine } };
  const whole = request.explanations === true;
  const ledger = await openLedger(ledgerPaths(request, inputs), { ...given, whole });
  try {
    return yield* computeEpochs(request, { ...given, ledger }, { onProgress, take });
  } finally {
    ledger.close();
  }
}

async function* computeEpochs(
  request: ReplayRequest,
  { parameters, deposits, scoring, ledger }: GivenReplay & { readonly ledger: OpenLedger },
  { onProgress, take }: Required<Omit<ReplayHandlers, 'engine'>>,
): AsyncGenerator<ComputedEpoch, ComputedReplay> {
  const { judged } = ledger;
  if (!request.anyRejects) checkRejects(judged, DEFAULT_REJECT_LIMIT);
  const { economy } = parameters;
  onProgress({ step: 'scores', rows: ledger.rows });
  const prices = pricesByEpoch(judged.prices, clockOf(economy));
  const names = new Map(parameters.tasks.map(({ id, name }) => [id, name]));
  const rejects = rejectsByEpoch(judged.rejects, request, economy);
  const hashes = inputHashes(request);
  const explanationsOf = explainer(ledger.whole === null ? null : { ...scoring, ledger: ledger.whole }, request);
  const rows: ReplayEpoch[] = [];
  let state = GENESIS;
  for await (const columns of ledger.scores({ fromEpoch: 0, toEpoch: request.epochs })) {
    const { epoch } = columns;
    onProgress({ step: 'settling', epoch, accounts: columns.uses.length });
    const parent = withDeposit(state, deposits.get(epoch) ?? 0n);
    const settled = advanceColumns(economy, parent, columns, prices.get(epoch) ?? 0n);
    const files = reportFiles(settled, {
      parentManifest: rows.at(-1)?.manifest ?? null,
      inputs: hashes,
      unlockPerUse: valueAt(economy.unlockPerUse, epoch),
      rejects: rejects.get(epoch) ?? [],
      ineligible: policyAt(parameters.policy, epoch).eligibility === undefined ? null : columns.ineligible,
      explanations: await explanationsOf(epoch),
    });
    let manifest = '';
    let shards = 0;
    const of = [...shardRanges(settled.next.accounts, prefixBitsFor(settled.next.accounts.length))].length;
    onProgress({ step: 'report', epoch, done: 0, of });
    const taken = async function* (): AsyncGenerator<ReportFile> {
      for (const file of files) {
        if (file[0] === MANIFEST_FILE) manifest = sha256Hex(file[1]);
        await take(epoch, file);
        if (file[0].startsWith('shards/') && ++shards % TELL_EVERY === 0)
          onProgress({ step: 'report', epoch, done: shards, of });
        yield file;
      }
    };
    const content = await contentIdOf(taken());
    const row = replayEpoch(settled, manifest, content, names);
    rows.push(row);
    state = settled.next;
    yield { settled, row };
    onProgress({ step: 'epochs', done: rows.length, of: request.epochs });
  }
  const document = documentOf(request, parameters, judged, rows, state);
  const files = new Map([
    ['replay.json', replayBytes(document)],
    ['rejects.json', ledgerRejects(judged)],
  ]);
  return { document, files, last: state };
}

/** Epochs whose steps are in memory at a time. */
const EXPLAINED_AT_ONCE = 16;

/** How the scores of one epoch after the other came about; null where the request does not ask for it. */
function explainer(scoring: PreparedReplay['scoring'] | null, { epochs, explanations }: ReplayRequest) {
  let from = 0;
  let told: readonly (EpochExplanations | null)[] = [];
  return async (epoch: number): Promise<EpochExplanations | null> => {
    if (explanations !== true || scoring === null) return null;
    if (epoch >= from + told.length) {
      from = epoch;
      told = await explainEpochs({ ...scoring, fromEpoch: from, toEpoch: Math.min(from + EXPLAINED_AT_ONCE, epochs) });
    }
    return told[epoch - from] ?? null;
  };
}

function documentOf(
  request: ReplayRequest,
  parameters: PresetParameters,
  ledger: JudgedLedger,
  epochs: readonly ReplayEpoch[],
  state: State,
): ReplayDocument {
  const end = epochs.at(-1)?.end ?? request.from;
  return {
    format: REPLAY_FORMAT,
    request,
    requestHash: requestHash(request),
    preset: { name: parameters.name, variant: parameters.variant ?? null, hash: parameters.presetHash },
    epochs,
    accounts: replayAccounts(state, end),
    foundations: replayFoundations(state, end),
    totalBudget: epochs.reduce((sum, { budget }) => sum + budget, 0n),
    totalGranted: state.totalGranted,
    reserve: state.reserve,
    counts: ledger.counts,
  };
}

/** Rejects whose time could be read, by the epoch that they would have counted in. */
function rejectsByEpoch(rejects: readonly Reject[], request: ReplayRequest, economy: EconomyParameters) {
  const byEpoch = new Map<number, Reject[]>();
  for (const reject of rejects) {
    const offset = (reject.time ?? -1) - request.from;
    if (reject.time === undefined || offset < 0) continue;
    const epoch = (offset - (offset % economy.epochLength)) / economy.epochLength; // integer: a multiple of the length
    const list = byEpoch.get(epoch) ?? [];
    list.push(reject);
    byEpoch.set(epoch, list);
  }
  return byEpoch;
}

/** Every row that does not count, with file, line and reason; by file and line. */
function ledgerRejects({ rejects, duplicates, counts }: JudgedLedger): Uint8Array {
  return canonicalBytes({
    format: 'lode-ledger-rejects-v1',
    counts: Object.fromEntries(Object.entries(counts).map(([kind, figures]) => [kind, { ...figures }])),
    rejects: rejects.map(({ kind, file, line, code, reason }) => ({ kind, file, line, code, reason })),
    duplicates: duplicates.map(({ kind, file, line, of }) => ({ kind, file, line, of: { ...of } })),
  });
}

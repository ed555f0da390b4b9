import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { WatchedProposal } from '../../chain/watched-proposal.ts';
import type { Address } from '../../protocol/brands.ts';
import { stateBefore } from '../../operator/parent-state.ts';
import { MissingError, ProtocolError } from '../../protocol/errors.ts';
import type { FaultContext, Finding } from '../../settlement/faults/evidence.ts';
import { findFault } from '../../settlement/faults/find-fault.ts';
import type { LedgerDifferences } from '../../settlement/faults/ledger-differences.ts';
import { ledgerDifferences, sameDeclaration } from '../../settlement/faults/ledger-differences.ts';
import type { Reveal } from '../../settlement/faults/open-tree.ts';
import { openTree, revealFrom } from '../../settlement/faults/open-tree.ts';
import { reportPreimages } from '../../settlement/faults/report-preimages.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import { buildReport } from '../../settlement/report/build-report.ts';
import { GENESIS } from '../../settlement/state.ts';
import type { State } from '../../settlement/state.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import type { ReportLimits, WantedReport } from '../../store/fetch-report.ts';
import { fetchReport, ReportDifferentError, ReportUnavailableError } from '../../store/fetch-report.ts';
import type { LedgerSource, RecomputedEpoch } from '../../store/recompute-epoch.ts';
import { recomputeEpoch } from '../../store/recompute-epoch.ts';
import type { ReportArchive } from '../../store/report-archive.ts';
import { stateUnder } from '../../store/report-archive.ts';
import { readReport } from '../../store/report-folder.ts';
import type { ReportPlace } from '../../store/report-place.ts';
import type { Judgement, LedgerCheck, ReportSearch } from './verdict.ts';

/** What proposals are judged by. */
export interface JudgeOptions {
  readonly places: readonly ReportPlace[];
  readonly ledger: LedgerSource;
  readonly archive: ReportArchive;
  /** Accounts that can have no leaf: token, vault, reserve, distributor. */
  readonly forbidden: readonly Address[];
  readonly limits?: ReportLimits;
}

/** A judgement, with what a proof of it is made from. */
export interface Judged extends Judgement {
  readonly context: FaultContext;
  /** Whether the trees were looked into: if not, nothing can be proven. */
  readonly isOpened: boolean;
  readonly reveal: Reveal;
  readonly revealParent: Reveal;
}

/** The epoch before, and the report that opens its root. */
interface Before {
  readonly state: State;
  /** Null before the first epoch. */
  readonly files: ReportFiles | null;
}

/** How far to go, and what to say before it is gone that far. */
export interface JudgeSteps {
  /** Preimages that were published elsewhere, such as in answers to demands. */
  readonly shown: readonly Uint8Array[];
  /** Whether trees are looked into. They are made by whoever proposes: if they ended the process before, the ledger has to be enough. */
  readonly opens: boolean;
  /** Told what the declaration alone shows, before anything that an operator made is looked into. */
  readonly differs: (differences: LedgerDifferences) => Promise<void>;
}

const NOTHING: Reveal = () => undefined;

/** Judges proposals by their reports and by the ledger; an epoch is recomputed once as long as the ledger stays the same. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #recomputed = new Map<string, RecomputedEpoch>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Tells when the ledger, the policy or the changes are other files than before: by their sizes and times. */
  async inputs(): Promise<string> {
    const { preset, contributions, usage, accounts, changes } = this.#options.ledger;
    const paths = [preset, ...contributions, ...usage, ...accounts, ...(changes === undefined ? [] : [changes])];
    const facts = await Promise.all(
      paths.map((path) =>
        stat(path).then(
          ({ size, mtimeMs }) => `${size}-${mtimeMs}`,
          () => 'missing',
        ),
      ),
    );
    return facts.join(' ');
  }

  /** Judges one proposal. What is wrong with the proposal, or missing for a judgement, is part of the answer. */
  async judge(proposal: WatchedProposal, steps: JudgeSteps): Promise<Judged> {
    const known: { ledger: LedgerCheck | null } = { ledger: null };
    try {
      return await this.#judge(proposal, steps, known);
    } catch (error) {
      // A proposal or a report that breaks the judge must not blind the watch: it is told, and somebody has to look.
      const reason = error instanceof Error ? error.message.slice(0, 300) : 'no reason given';
      const next = 'look at the proposal yourself, in time, and report this as a bug';
      const failed: LedgerCheck = { kind: 'unjudged', code: 'JUDGE_FAILED', reason, next };
      return {
        report: { found: true, files: new Map(), from: '' },
        ledger: known.ledger?.kind === 'different' ? known.ledger : failed,
        finding: null,
        context: this.#context(proposal),
        ...{ isOpened: false, reveal: NOTHING, revealParent: NOTHING },
      };
    }
  }

  #context({ record, parent, settlement }: WatchedProposal): FaultContext {
    return { record, parent, settlement, forbidden: this.#options.forbidden };
  }

  async #judge(
    proposal: WatchedProposal,
    { shown, opens, differs }: JudgeSteps,
    known: { ledger: LedgerCheck | null },
  ): Promise<Judged> {
    const { archive, places, limits } = this.#options;
    const { settlement, parent, epoch } = proposal;
    const context = this.#context(proposal);
    const before = await attempt(() => this.#before(proposal));
    const recomputed =
      before.problem === null ? await attempt(() => this.#recompute(proposal, before.value.state)) : before;
    const ledger = checkOf(context, recomputed, NOTHING);
    known.ledger = ledger;
    if (ledger.kind === 'different') await differs(ledger.differences);
    if (!opens) throw new Error('looking into what was proposed has ended the watcher more than once');
    const report = await search(places, { epoch, reportCid: settlement.reportCid }, limits);
    const own = recomputed.problem === null ? ownReport(recomputed.value) : null;
    const ownRoot = recomputed.problem === null ? recomputed.value.settled.next.root : null;
    // What the operator published says more than its leaves, and nothing vouches for that: the own report comes first.
    if (own !== null && ownRoot !== null) await archive.keep(ownRoot, own);
    if (
      ownRoot !== settlement.root &&
      report.found &&
      stateUnder(report.files, settlement.root, settlement.leafCount) !== null
    ) {
      await archive.keep(settlement.root, report.files);
    }
    await archive.keepOnly([parent.root, settlement.root, ...(ownRoot === null ? [] : [ownRoot])]);
    const published = report.found ? preimagesOf(report.files, context) : [];
    const reveal = revealFrom([...published, ...(own === null ? [] : preimagesOf(own)), ...shown]);
    const revealParent = revealFrom(
      before.problem === null && before.value.files !== null ? preimagesOf(before.value.files) : [],
    );
    const fault = findFault({ context, reveal, revealParent });
    // What only the ledger opens is hidden from everybody who has none.
    const finding = fault === null && report.found ? unopened(context, [...published, ...shown]) : fault;
    return {
      ...{ report, finding, context, reveal, revealParent, isOpened: true },
      ledger: ledger.kind === 'different' ? checkOf(context, recomputed, reveal) : ledger,
    };
  }

  /** The state before the epoch, with all leaves, under the root that the chain has. */
  async #before(proposal: WatchedProposal): Promise<Before> {
    const { epoch, parent, parentReport } = proposal;
    const { root, leafCount } = parent;
    if (epoch === 0 || parentReport === null) return { state: stateBefore(GENESIS, proposal), files: null };
    const { archive, places, limits } = this.#options;
    const kept = await archive.find(root, leafCount);
    if (kept !== null) return { state: stateBefore(kept.state, proposal), files: kept.files };
    const found = await search(places, { epoch: epoch - 1, reportCid: parentReport }, limits);
    const files = found.found ? [found.files] : await this.#inFolders(epoch - 1);
    for (const one of files) {
      const state = stateUnder(one, root, leafCount);
      if (state === null) continue;
      await archive.keep(root, one);
      return { state: stateBefore(state, proposal), files: one };
    }
    throw new MissingError({
      code: 'PARENT_UNAVAILABLE',
      shortMessage: `no place has a report that opens the final root of epoch ${epoch - 1}`,
      details: {
        epoch: epoch - 1,
        root,
        next: 'name a place with --reports that has it, or the folder of a replay of your own',
      },
    });
  }

  /** Any report of an epoch that a folder has, whoever wrote it: it is the root that counts. */
  async #inFolders(epoch: number): Promise<ReportFiles[]> {
    const folders = this.#options.places.filter(({ kind }) => kind === 'folder');
    return await Promise.all(folders.map(({ at }) => readReport(join(at, epochFolder(epoch)))));
  }

  async #recompute({ settlementHash, record }: WatchedProposal, parent: State): Promise<RecomputedEpoch> {
    const key = `${settlementHash} ${parent.root} ${await this.inputs()}`;
    const known = this.#recomputed.get(key);
    if (known !== undefined) return known;
    const recomputed = await recomputeEpoch(this.#options.ledger, record, parent);
    this.#recomputed.clear();
    this.#recomputed.set(key, recomputed);
    return recomputed;
  }
}

/** What the ledger gives beside what was declared; of the leaves, as far as they are opened. */
function checkOf(context: FaultContext, recomputed: Attempt<RecomputedEpoch>, reveal: Reveal): LedgerCheck {
  if (recomputed.problem !== null) return { kind: 'unjudged', ...recomputed.problem };
  const { settled, taskNames } = recomputed.value;
  if (sameDeclaration(context.settlement, settled.settlement)) return { kind: 'equal' };
  return { kind: 'different', differences: ledgerDifferences(context, reveal, settled), taskNames };
}

async function search(
  places: readonly ReportPlace[],
  wanted: WantedReport,
  limits: ReportLimits | undefined,
): Promise<ReportSearch> {
  try {
    const { files, from } = await fetchReport(places, wanted, limits);
    return { found: true, files, from };
  } catch (error) {
    if (error instanceof ReportUnavailableError)
      return { found: false, outcome: 'unavailable', answers: error.answers };
    if (error instanceof ReportDifferentError) return { found: false, outcome: 'different', answers: error.answers };
    throw error;
  }
}

/** The report of a recomputed epoch, for what it opens; what the operator's says besides is not known here. */
function ownReport({ settled }: RecomputedEpoch): ReportFiles {
  return buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
}

/** The first leaf that these do not open; null when they open all of them. */
function unopened({ settlement }: FaultContext, preimages: readonly Uint8Array[]): Finding | null {
  const { unavailable } = openTree(settlement, revealFrom(preimages), 'curve and audit');
  return unavailable === undefined ? null : { kind: 'unavailable', index: unavailable };
}

/** All that a report opens; what of it cannot be read opens nothing. `known` is what the chain says of the settlement. */
function preimagesOf(files: ReportFiles, known?: FaultContext): Uint8Array[] {
  const preimages: Uint8Array[] = [];
  try {
    for (const bytes of reportPreimages(files, known)) preimages.push(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  return preimages;
}

interface Problem {
  readonly code: string;
  readonly reason: string;
  readonly next: string | null;
}

type Attempt<T> = { readonly problem: null; readonly value: T } | { readonly problem: Problem };

/** What the watcher itself lacks is no fault of the proposal, and no reason to stop watching. */
async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { problem: null, value: await act() };
  } catch (error) {
    if (error instanceof ProtocolError) {
      const { next } = error.details;
      const hint = typeof next === 'string' ? next : null;
      return { problem: { code: error.code, reason: error.shortMessage, next: hint } };
    }
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    return { problem: { code: error.code, reason: error.message, next: null } };
  }
}

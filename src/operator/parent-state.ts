import type { ClosedEpoch } from '../chain/closed-epoch.ts';
import { MissingError, ProtocolError } from '../protocol/errors.ts';
import { bytesToHex } from '../protocol/words.ts';
import type { ReportFiles } from '../settlement/report/report-file.ts';
import { contentIdOf } from '../settlement/report/content-id.ts';
import { sha256Hex } from '../settlement/report/sha256.ts';
import type { State } from '../settlement/state.ts';
import { GENESIS } from '../settlement/state.ts';
import type { ReportLimits } from '../store/fetch-report.ts';
import { fetchReport } from '../store/fetch-report.ts';
import { stateUnder } from '../store/report-archive.ts';
import { readReport } from '../store/report-folder.ts';
import type { ReportPlace } from '../store/report-place.ts';
import { parseReportPlace } from '../store/parse-report-place.ts';
import { reportPath } from './data-folder.ts';
import type { OperatorConfig } from './operator-config.ts';

/** What an epoch is settled on. */
export interface ParentState {
  readonly state: State;
  /** sha-256 of the manifest of the report that the chain names; null before the first epoch. */
  readonly manifest: string | null;
  /** Where the leaves were found. */
  readonly from: 'genesis' | 'own' | 'published';
}

/**
 * The state before an epoch: of a report only the leaves count, which lead to the root of the chain; the totals are what the chain
 * says.
 */
export function stateBefore(
  leaves: Pick<State, 'accounts' | 'root' | 'foundationCurves'>,
  { record, parent, foundationCurve }: Pick<ClosedEpoch, 'record' | 'parent' | 'foundationCurve'>,
): State {
  const { totalCurve, reserve, pending, totalGranted } = parent;
  const foundationCurves = new Map(leaves.foundationCurves);
  // One that was granted nothing yet stands in no report.
  if (foundationCurve.unlocked > 0n || foundationCurve.cohorts.length > 0 || foundationCurves.has(record.foundation)) {
    foundationCurves.set(record.foundation, foundationCurve);
  }
  const { accounts, root } = leaves;
  return { epoch: record.epoch - 1, accounts, root, totalCurve, foundationCurves, reserve, pending, totalGranted };
}

/**
 * Finds the state before an epoch: in the operator's own report of the epoch before where the chain has its root, else in the
 * report that the chain names, from the places where the operator publishes.
 *
 * @throws {MissingError} `PARENT_UNAVAILABLE` when neither opens the root
 */
export async function findParent(
  { data, config, limits }: { readonly data: string; readonly config: OperatorConfig; readonly limits?: ReportLimits },
  closed: ClosedEpoch,
): Promise<ParentState> {
  const { record, parent, parentReport } = closed;
  const epoch = record.epoch - 1;
  if (parentReport === null) return { state: stateBefore(GENESIS, closed), manifest: null, from: 'genesis' };
  const opened = (files: ReportFiles, from: ParentState['from']): ParentState | null => {
    const state = stateUnder(files, parent.root, parent.leafCount);
    const manifest = sha256Hex(files.get('manifest.json') ?? new Uint8Array());
    return state === null ? null : { state: stateBefore(state, closed), manifest, from };
  };
  const own = await readReport(reportPath(data, epoch));
  const ours = own.size === 0 ? null : opened(own, 'own');
  if (ours !== null && bytesToHex((await contentIdOf(own)).digest) === parentReport) return ours;
  // Somebody else's proposal became final: its report is the one before ours, whose manifest ours names.
  let reason: string;
  try {
    const { files } = await fetchReport(placesOf(config), { epoch, reportCid: parentReport }, limits);
    const found = opened(files, 'published');
    if (found !== null) return found;
    reason = 'the published report does not lead to the root';
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    reason = error.shortMessage;
  }
  // The leaves are the right ones, whichever report they stand in.
  if (ours !== null) return ours;
  throw new MissingError({
    code: 'PARENT_UNAVAILABLE',
    shortMessage: `no report opens the final root of epoch ${epoch}: ${reason}`,
    details: {
      ...{ epoch, root: parent.root, reason },
      next: 'have the report of that epoch at one of publish.targets, or settle that epoch here first',
    },
  });
}

/** Where an operator's reports can be fetched from: the targets that are folders or addresses. */
export function placesOf({ publish }: Pick<OperatorConfig, 'publish'>): ReportPlace[] {
  return publish.targets.flatMap((target) => {
    if (target.kind === 'ipfs') return [];
    return [parseReportPlace(target.kind === 'directory' ? target.path : target.url, '/')];
  });
}

import { agreed } from '../../chain/agreement.ts';
import { readClock } from '../../chain/closed-epoch.ts';
import { moment } from '../../chain/moment.ts';
import { endOf } from '../../protocol/epoch-clock.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { publishReport } from '../../store/folder-writer.ts';
import { epochPath, ledgerPath } from '../data-folder.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { sameHashes } from '../journal.ts';
import { checkCut } from '../ledger/check-cut.ts';
import { cutFiles, cutHashes, readCutSummary } from '../ledger/cut-files.ts';
import type { CutSummary } from '../ledger/cut-files.ts';
import { cutSources } from '../ledger/cut-sources.ts';
import type { CutCounts } from '../ledger/cut.ts';
import { keepSeen, readKnown, seenSources } from '../ledger/known-cuts.ts';
import { CUT_KINDS } from '../ledger/rows-of-cut.ts';
import { openSources } from '../ledger/sources.ts';
import type { Facts, StepContext, StepOutcome } from './step.ts';

/**
 * Cuts an epoch: writes down for good which rows it counts. It waits until the epoch's end and the grace are over by the time of a
 * final block, and until the epoch before is cut. Once written, a cut never changes.
 *
 * @throws {InputError} `FILE_UNREADABLE`, `SOURCE_TWICE`, `LEDGER_DAMAGED`, `LEDGER_REJECTS`
 * @throws {MissingError} `DROP_FOLDER_MISSING`
 * @throws {RefusedError} `CUT_DAMAGED`, `CUT_MISSING`, `SEGMENT_DAMAGED`
 */
export async function ingestStep(context: StepContext): Promise<StepOutcome> {
  const { data, config, epoch, journal, endpoints, block, dryRun } = context;
  const present = await readCutSummary(data, epoch);
  if (present !== null) return await presentCut(context, present);
  const done = journal.last('ingest', 'done');
  if (done !== null) throw lost(data, epoch);
  const clock = await agreed(endpoints, 'the clock of the epochs', (connection) => readClock(connection, block.number));
  const from = endOf(clock, epoch) + config.ledger.graceSeconds;
  if (block.time < from) {
    return {
      state: 'waiting',
      reason: `rows of epoch ${epoch} are taken until ${moment(from)}`,
      facts: { until: from },
    };
  }
  if (epoch > 0 && (await readCutSummary(data, epoch - 1)) === null) {
    return { state: 'waiting', reason: `epoch ${epoch - 1} is cut first`, facts: { before: epoch - 1 } };
  }
  const sources = await openSources(data, config);
  const inputs = { sources: sources.hash };
  if (!dryRun) await journal.begin('ingest', inputs, { files: sources.list.length });
  const rules = { epoch, clock, lateRows: config.ledger.lateRows, forbidden: protocolContracts(context) };
  const known = await readKnown(data, epoch);
  const { cut, seen } = await cutSources(sources.list, { known, seen: await seenSources(data, rules) }, rules);
  if (!config.ledger.anyRejects) checkCut(cut);
  const { files, summary } = cutFiles(cut);
  const facts = factsOf(cut.counts);
  if (dryRun) return { state: 'done', facts };
  await makeFolder(epochPath(data, epoch));
  await publishReport(ledgerPath(data, epoch), files);
  await journal.finish('ingest', { inputs, outputs: cutHashes(summary), facts });
  keepSeen(data, { cut: summary, rules, files: seen });
  return { state: 'done', facts };
}

/** The contracts of the deployment that hold or pay tokens: they can earn nothing. */
export function protocolContracts({ endpoints }: Pick<StepContext, 'endpoints'>): ReadonlySet<string> {
  const [first] = endpoints;
  if (first === undefined) throw new TypeError('no endpoint');
  const { token, vault, reserve, distributor } = first.connection.addresses;
  return new Set([token, vault, reserve, distributor]);
}

/** A cut that stands there whole: written now or before, or right before the process ended. */
async function presentCut({ data, epoch, journal, dryRun }: StepContext, cut: CutSummary): Promise<StepOutcome> {
  const facts = factsOf(cut.counts);
  const outputs = cutHashes(cut);
  const done = journal.last('ingest', 'done');
  if (done === null) {
    const begun = journal.last('ingest', 'begun');
    if (!dryRun) await journal.finish('ingest', { inputs: begun?.inputs ?? {}, outputs, facts });
  } else if (!sameHashes(done.outputs, outputs)) {
    throw lost(data, epoch);
  }
  return { state: 'skipped', facts };
}

/** The counts of all kinds together. */
function factsOf(counts: CutSummary['counts']): Facts {
  const sum = (name: keyof CutCounts) => CUT_KINDS.reduce((total, kind) => total + counts[kind][name], 0);
  return {
    ...{ read: sum('read'), cut: sum('cut'), moved: sum('moved'), known: sum('known'), later: sum('later') },
    ...{ late: sum('late'), duplicates: sum('duplicates'), quarantined: sum('quarantined') },
  };
}

/** The cut is gone, or another one stands in its place: what was paid by it would be paid by something else. */
function lost(data: string, epoch: number): RefusedError {
  const folder = ledgerPath(data, epoch);
  return new RefusedError({
    code: 'CUT_LOST',
    shortMessage: `epoch ${epoch} was cut, and ${folder} is not that cut`,
    details: { epoch, folder, next: 'put the folder back from a copy, or from a place where it is published' },
  });
}

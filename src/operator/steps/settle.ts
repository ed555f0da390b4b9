import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { agreed } from '../../chain/agreement.ts';
import type { ClosedEpoch } from '../../chain/closed-epoch.ts';
import { readClosedEpoch } from '../../chain/closed-epoch.ts';
import { finalEpochs } from '../../chain/final-tree.ts';
import { parseHash32 } from '../../protocol/brands.ts';
import { settlementHash } from '../../protocol/epoch-record.ts';
import { RefusedError } from '../../protocol/errors.ts';
import { bytesToHex } from '../../protocol/words.ts';
import { basisOf } from '../../settlement/basis.ts';
import { contentIdOf } from '../../settlement/report/content-id.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import type { RecomputedReport } from '../../store/recompute-from-cuts.ts';
import { settleCuts } from '../../store/recompute-from-cuts.ts';
import { hashIfThere } from '../../store/replay-inputs.ts';
import { publishReport } from '../../store/folder-writer.ts';
import { readReport } from '../../store/report-folder.ts';
import { inputsPath, reportPath, scoresPath } from '../data-folder.ts';
import { readOwnCuts } from '../ledger/cuts-source.ts';
import { findParent } from '../parent-state.ts';
import { parseScores } from '../scores-file.ts';
import { sameHashes } from '../journal.ts';
import { protocolContracts } from './ingest.ts';
import type { Facts, Hashes, StepContext, StepOutcome } from './step.ts';

const SCORES = 'scores.json';
const MANIFEST = 'report/manifest.json';

/** What the settle step is given beside what every step is. */
export interface SettleOptions {
  /** Lets another settlement take the place of one that was not proposed yet. */
  readonly again?: boolean;
}

/**
 * Settles a scored epoch and writes its report. It waits until the epoch before is final. What was settled once is not settled
 * otherwise: the chain could hold it already.
 *
 * @throws {MissingError} `PARENT_UNAVAILABLE`
 * @throws {RefusedError} `SETTLEMENT_DIFFERS`, `CUT_DAMAGED`
 */
export async function settleStep(context: StepContext, { again = false }: SettleOptions = {}): Promise<StepOutcome> {
  const { data, epoch, journal, endpoints, block, dryRun } = context;
  const scoresHash = await hashIfThere(scoresPath(data, epoch));
  // The scores come from all cuts; the report names the epoch's own.
  const cuts = await readOwnCuts(data, epoch, epoch);
  if (scoresHash === null || cuts === null) {
    return { state: 'waiting', reason: `epoch ${epoch} is not scored`, facts: {} };
  }
  const done = journal.last('settle', 'done');
  const present = await readReport(reportPath(data, epoch));
  if (!again && done !== null && done.inputs[SCORES] === scoresHash && present.size > 0) {
    if ((await contentIdOf(present)).cid === done.facts['cid']) return { state: 'skipped', facts: done.facts };
  }
  const read = await agreed(endpoints, `what epoch ${epoch} is settled from`, async (connection) => ({
    final: await finalEpochs(connection, block.number),
    closed: await readClosedEpoch(connection, epoch, block.number),
  }));
  if (read.final > epoch) return { state: 'skipped', reason: `epoch ${epoch} is final`, facts: done?.facts ?? {} };
  if (read.closed === null) {
    const reason = read.final < epoch ? `epoch ${epoch - 1} is not final` : `epoch ${epoch} is not closed`;
    return { state: 'waiting', reason, facts: {} };
  }
  const scores = parseScores(await readFile(scoresPath(data, epoch)));
  if (scores.recordHash !== read.closed.recordHash) {
    return { state: 'waiting', reason: `epoch ${epoch} was scored under another record`, facts: {} };
  }
  const inputs: Hashes = { [SCORES]: scoresHash, cuts: cuts.hash, parent: read.closed.parent.root };
  const closed = withPending(read.closed, context, inputs);
  const { pending } = closed.parent;
  if (!dryRun) await journal.begin('settle', inputs, { pending: pending.toString(), block: block.number });
  const before = await findParent(context, closed);
  const from = { record: closed.record, parent: before.state, parentManifest: before.manifest };
  const source = {
    ...{ cuts: cuts.cuts, variant: scores.variant, map: scores.map, contracts: [...protocolContracts(context)] },
    preset: join(inputsPath(data), scores.preset),
    changes: scores.changes === null ? null : join(inputsPath(data), scores.changes),
  };
  const recomputed = await settleCuts(source, scores, from);
  const facts = factsOf(recomputed, pending);
  if (done !== null && done.facts['cid'] !== facts['cid']) refuseOther(context, done.facts, facts, again);
  if (dryRun) return { state: 'done', facts };
  // What stands there is none of ours, or damaged: the right one has just been computed.
  await rm(reportPath(data, epoch), { recursive: true, force: true });
  await publishReport(reportPath(data, epoch), recomputed.files);
  const manifest = sha256Hex(recomputed.files.get('manifest.json') ?? new Uint8Array());
  await journal.finish('settle', { inputs, outputs: { [MANIFEST]: manifest }, facts });
  return { state: 'done', facts };
}

/**
 * What pools paid in joins the reserve when the epoch becomes final, whenever it came; the report says what was there when it was
 * begun, so that beginning anew gives the same report.
 */
function withPending(closed: ClosedEpoch, { journal }: StepContext, inputs: Hashes): ClosedEpoch {
  const [begun, done] = [journal.last('settle', 'begun'), journal.last('settle', 'done')];
  const line = begun !== null && sameHashes(begun.inputs, inputs) ? begun : done;
  const noted = line?.facts['pending'];
  const pending = typeof noted === 'string' ? BigInt(noted) : closed.parent.pending;
  if (pending > closed.parent.pending) return closed;
  return { ...closed, parent: { ...closed.parent, pending } };
}

function factsOf({ settled, content, files }: RecomputedReport, pending: bigint): Facts {
  const { record, parent, settlement, outcome, participants } = settled;
  const reportCid = parseHash32(bytesToHex(content.digest));
  return {
    ...{ cid: content.cid, root: settlement.root, leafCount: settlement.leafCount, participants },
    settlementHash: settlementHash(basisOf(record, parent), { ...settlement, reportCid }),
    ...{ budget: outcome.budget.toString(), payout: outcome.payout.toString(), granted: outcome.granted.toString() },
    ...{ reserve: outcome.reserveAfter.toString(), pending: pending.toString(), files: files.size },
  };
}

/** Another settlement than the one that stands in the journal: it may be on its way to the chain. */
function refuseOther({ epoch, journal }: StepContext, settled: Facts, now: Facts, again: boolean): void {
  const isProposed = journal.last('propose') !== null;
  if (again && !isProposed) return;
  throw new RefusedError({
    code: 'SETTLEMENT_DIFFERS',
    shortMessage: `epoch ${epoch} was settled otherwise before${isProposed ? ', and that may have been proposed' : ''}`,
    details: {
      epoch,
      settled: { root: settled['root'], report: settled['cid'] },
      now: { root: now['root'], report: now['cid'] },
      next: isProposed
        ? 'put scores.json and the files below inputs/ back as they were; what was proposed stands'
        : 'put scores.json back as it was, or settle anew: lode epoch settle --again',
    },
  });
}

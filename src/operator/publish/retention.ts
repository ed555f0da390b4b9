import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { InvariantError, ProtocolError } from '../../protocol/errors.ts';
import { clearLeftovers, listFolder, temporaryFor } from '../../store/report-folder.ts';
import { epochsIn, reportPath } from '../data-folder.ts';
import { lastLine, readJournal } from '../journal.ts';
import type { OperatorConfig } from '../operator-config.ts';
import type { EpochJournal } from '../steps/step.ts';
import { unpublishedTargets } from '../steps/publish.ts';
import { readPublication } from './publication.ts';
import { publishToAll } from './publish-to-all.ts';
import type { PublishLimits } from './target.ts';
import { MANIFEST } from './target.ts';
import { targetsOf } from './targets.ts';

/** What became of a report folder that is older than the settings keep. */
export type Retirement =
  | { readonly epoch: number; readonly state: 'removed'; readonly files: number; readonly bytes: number }
  | { readonly epoch: number; readonly state: 'kept'; readonly reason: string };

/**
 * The epochs whose report folders may go from the data folder, rising: older than the newest `keepEpochs` that are settled,
 * final on chain, and published at every target. The newest final one is what the next that becomes final stands on, also where a
 * settlement that waits is dropped and has to be made anew: it is never among them.
 * Cuts, scores and journals stay in any case: of them everything can be computed again.
 */
export async function retirableEpochs(data: string, config: OperatorConfig): Promise<number[]> {
  const { keepEpochs, targets } = config.publish;
  if (keepEpochs === null || targets.length === 0) return [];
  const settled: number[] = [];
  for (const epoch of await epochsIn(data)) {
    if (await exists(join(reportPath(data, epoch), MANIFEST))) settled.push(epoch);
  }
  const retirable: number[] = [];
  let newestFinal = -1;
  for (const [place, epoch] of settled.entries()) {
    const lines = await readJournal(data, epoch);
    const journal: Pick<EpochJournal, 'last'> = { last: (step, state) => lastLine(lines, step, state) };
    if (journal.last('finalise', 'done') === null) continue;
    newestFinal = epoch;
    if (
      place < settled.length - Math.max(1, keepEpochs) &&
      (await unpublishedTargets(data, epoch, config, journal)).length === 0
    )
      retirable.push(epoch);
  }
  return retirable.filter((epoch) => epoch !== newestFinal);
}

/**
 * Removes the report folders that may go, the oldest first, each only after every target has given it back whole just now. Whatever
 * a target lost is sent again first; where one does not answer, that folder and the newer ones stay. Nothing is ever removed at a target.
 */
export async function retireReports(
  data: string,
  config: OperatorConfig,
  limits?: PublishLimits,
): Promise<Retirement[]> {
  const retirements: Retirement[] = [];
  for (const epoch of await retirableEpochs(data, config)) {
    const folder = reportPath(data, epoch);
    await clearLeftovers(folder);
    try {
      const publication = await readPublication(data, epoch);
      await publishToAll(await targetsOf(config.publish.targets, limits), publication, () => Promise.resolve());
    } catch (error) {
      if (!(error instanceof ProtocolError) || error instanceof InvariantError) throw error;
      retirements.push({ epoch, state: 'kept', reason: error.shortMessage });
      break;
    }
    const files = (await listFolder(folder)).filter(({ kind }) => kind === 'file');
    // Away in one step: nobody finds half a report here.
    const going = temporaryFor(folder);
    await rename(folder, going);
    await rm(going, { recursive: true });
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    retirements.push({ epoch, state: 'removed', files: files.length, bytes });
  }
  return retirements;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ProtocolError } from '../../protocol/errors.ts';
import { clearLeftovers, listFolder, temporaryFor } from '../../store/report-folder.ts';
import { epochsIn, reportPath } from '../data-folder.ts';
import { openJournal } from '../journal.ts';
import type { OperatorConfig } from '../operator-config.ts';
import type { PublishContext, PublishOptions } from '../steps/publish.ts';
import { publishStep, unpublishedTargets } from '../steps/publish.ts';
import { MANIFEST } from './target.ts';

/** What became of a report folder that is older than the settings keep. */
export type Retirement =
  | { readonly epoch: number; readonly state: 'removed'; readonly files: number; readonly bytes: number }
  | { readonly epoch: number; readonly state: 'kept'; readonly reason: string };

/**
 * The epochs whose report folders may go from the data folder, rising: older than the newest `keepEpochs` that are settled,
 * final on chain, and published at every target. The newest report is the parent of what comes, and is never among them.
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
  for (const epoch of settled.slice(0, -Math.max(1, keepEpochs))) {
    const journal = await openJournal(data, epoch);
    const isFinal = journal.last('finalise', 'done') !== null;
    if (isFinal && (await unpublishedTargets(data, epoch, config, journal)).length === 0) retirable.push(epoch);
  }
  return retirable;
}

/**
 * Removes the report folders that may go, each only after every target has given it back whole just now. Whatever a target
 * lost is sent again first; where one does not answer, the folder stays. Nothing is ever removed at a target.
 */
export async function retireReports(
  data: string,
  config: OperatorConfig,
  contextOf: (epoch: number) => Promise<PublishContext>,
  options: Omit<PublishOptions, 'again'> = {},
): Promise<Retirement[]> {
  const retirements: Retirement[] = [];
  for (const epoch of await retirableEpochs(data, config)) {
    const folder = reportPath(data, epoch);
    await clearLeftovers(folder);
    try {
      await publishStep(await contextOf(epoch), { ...options, again: true });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      retirements.push({ epoch, state: 'kept', reason: error.shortMessage });
      continue;
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

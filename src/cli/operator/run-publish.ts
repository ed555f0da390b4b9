import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { readConfig } from '../../operator/config.ts';
import { epochsIn, lockData, reportPath } from '../../operator/data-folder.ts';
import { openJournal } from '../../operator/journal.ts';
import type { Retirement } from '../../operator/publish/retention.ts';
import { retirableEpochs, retireReports } from '../../operator/publish/retention.ts';
import type { PublishContext } from '../../operator/steps/publish.ts';
import { publishStep } from '../../operator/steps/publish.ts';
import type { StepEvent, StepOutcome } from '../../operator/steps/step.ts';
import { MissingError } from '../../protocol/errors.ts';
import type { CommandContext } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';
import { counted } from '../../protocol/tokens.ts';

/** Options of `lode epoch publish`. */
export interface PublishFlags {
  readonly epoch?: number;
  readonly data: string;
  readonly again?: true;
  readonly retire?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Publishes an epoch, and says of every target what it came to. No chain is needed for it.
 *
 * @throws {MissingError} `REPORT_MISSING`, `CONFIG_MISSING`
 * @throws {RefusedError} `DATA_FOLDER_BUSY`, and what {@link publishStep} throws
 */
export async function runPublish(flags: PublishFlags, { io }: CommandContext): Promise<void> {
  const data = resolve(io.cwd, flags.data);
  const config = await readConfig(data);
  const dryRun = flags.dryRun === true;
  const lock = dryRun ? null : await lockData(data);
  try {
    const epoch = flags.epoch ?? (await newestReport(data));
    const events: StepEvent[] = [];
    const contextOf = async (of: number): Promise<PublishContext> => ({
      ...{ data, config, epoch: of, dryRun, journal: await openJournal(data, of) },
      say: (event) => {
        events.push(event);
        io.err(`  ${eventText(event)}\n`);
      },
    });
    const outcome = await publishStep(await contextOf(epoch), { again: flags.again === true });
    const retired = flags.retire === true ? await retire(dryRun) : null;
    const document = { epoch, dryRun, ...outcome, targets: events, retired };
    io.out(flags.json === true ? jsonDocument(document) : outcomeText(epoch, dryRun, outcome) + retiredText(retired));

    async function retire(isTrial: boolean): Promise<readonly Retirement[]> {
      if (!isTrial) return await retireReports(data, config);
      const epochs = await retirableEpochs(data, config);
      return epochs.map((of) => ({ epoch: of, state: 'kept', reason: 'it would be removed' }));
    }
  } finally {
    await lock?.release();
  }
}

async function newestReport(data: string): Promise<number> {
  for (const epoch of (await epochsIn(data)).reverse()) {
    const status = await stat(join(reportPath(data, epoch), 'manifest.json')).catch(() => null);
    if (status !== null) return epoch;
  }
  throw new MissingError({
    code: 'REPORT_MISSING',
    shortMessage: `no epoch in ${data} is settled yet`,
    details: { data, next: 'see `lode epoch status` for what is due' },
  });
}

function eventText(event: StepEvent): string {
  const { target, state, sent, kept, reason } = event;
  if (state === 'failed') return `${String(target)}: ${String(reason)}`;
  return `${String(target)}: confirmed, ${counted(Number(sent), 'file')} sent, ${String(kept)} there before`;
}

function outcomeText(epoch: number, dryRun: boolean, { state, facts }: StepOutcome): string {
  const { cid, targets, files, bytes, missing } = facts;
  const places = counted(Number(targets), 'target');
  if (state === 'skipped') return `epoch ${epoch}: published before, to ${places}, as ${String(cid)}\n`;
  if (!dryRun) return `epoch ${epoch}: published to ${places}, as ${String(cid)}\n`;
  const to = missing === '' ? 'no target: none is set' : String(missing);
  return `epoch ${epoch}: ${counted(Number(files), 'file')} of ${String(bytes)} bytes would go to ${to}, as ${String(cid)}\n`;
}

function retiredText(retired: readonly Retirement[] | null): string {
  if (retired === null) return '';
  if (retired.length === 0) return 'no report folder is old enough to be removed\n';
  const lines = retired.map((one) =>
    one.state === 'removed'
      ? `epoch ${one.epoch}: its report folder is removed (${counted(one.files, 'file')}, ${one.bytes} bytes); every target holds it\n`
      : `epoch ${one.epoch}: its report folder is kept: ${one.reason}\n`,
  );
  return lines.join('');
}

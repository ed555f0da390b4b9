import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import type { LedgerStepFlags } from '../operator/run-ledger-step.ts';

const DESCRIPTION =
  'Reads every source of rows (the files of the settings, the drop folder, what applications sent) and cuts an epoch out of them: what is new and belongs to it, once its end and the grace are over. A cut never changes afterwards; rows that come late go by the rule of the settings.';

/** `lode epoch ingest`: cut an epoch: write down for good which rows it counts. */
export function addEpochIngest(group: Command, context: CommandContext): void {
  group
    .command('ingest')
    .summary('cut an epoch: write down for good which rows it counts')
    .description(DESCRIPTION)
    .option(
      '--epoch <n>',
      'the epoch; without it the first that is not cut',
      wholeNumberOption('--epoch', 0, MAX_EPOCH),
    )
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--dry-run', 'show what would come of it; write nothing')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: LedgerStepFlags) => {
      const { runLedgerStep } = await import('../operator/run-ledger-step.ts');
      await runLedgerStep('ingest', flags, context);
    });
}

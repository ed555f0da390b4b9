import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import type { LedgerStepFlags } from '../operator/run-ledger-step.ts';

const DESCRIPTION =
  'Scores an epoch from the cuts of all epochs up to it, by the preset and the changes of the settings, which are kept by their hashes. It waits until the epoch is cut, and closed on chain.';

/** `lode epoch score`: score an epoch from its cut. */
export function addEpochScore(group: Command, context: CommandContext): void {
  group
    .command('score')
    .summary('score an epoch from its cut')
    .description(DESCRIPTION)
    .option(
      '--epoch <n>',
      'the epoch; without it the first that is not scored',
      wholeNumberOption('--epoch', 0, MAX_EPOCH),
    )
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--again', 'score by the settings of now, also where the epoch is settled')
    .option('--dry-run', 'show what would come of it; write nothing')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: LedgerStepFlags) => {
      const { runLedgerStep } = await import('../operator/run-ledger-step.ts');
      await runLedgerStep('score', flags, context);
    });
}

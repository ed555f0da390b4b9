import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import type { LedgerStepFlags } from '../operator/run-ledger-step.ts';

const DESCRIPTION =
  'Settles a scored epoch on the final state of the one before, and writes the report whose content id is proposed. What was settled once is not settled otherwise, since the chain could hold it already.';

/** `lode epoch settle`: settle a scored epoch, and write its report. */
export function addEpochSettle(group: Command, context: CommandContext): void {
  group
    .command('settle')
    .summary('settle a scored epoch, and write its report')
    .description(DESCRIPTION)
    .option('--epoch <n>', 'the epoch; without it the next to become final', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--again', 'let another settlement take the place of one that nobody has begun to propose')
    .option('--dry-run', 'show what would come of it; write nothing')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: LedgerStepFlags) => {
      const { runLedgerStep } = await import('../operator/run-ledger-step.ts');
      await runLedgerStep('settle', flags, context);
    });
}

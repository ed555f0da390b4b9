import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import type { StatusFlags } from '../operator/run-epoch-status.ts';

const DESCRIPTION =
  'Tells of the newest epochs where each stands on chain, which steps are done here, and whether the root that became final is the one that was settled here. Reads only, also while a keeper works in the folder.';

/** `lode epoch status`: where the epochs stand. */
export function addEpochStatus(group: Command, context: CommandContext): void {
  group
    .command('status')
    .summary('where the newest epochs stand, here and on chain')
    .description(DESCRIPTION)
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--last <n>', 'how many epochs, the running one included', wholeNumberOption('--last', 1, 10_000), 10)
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: StatusFlags) => {
      const { runEpochStatus } = await import('../operator/run-epoch-status.ts');
      await runEpochStatus(flags, context);
    });
}

import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { PublishFlags } from '../operator/run-publish.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';

/** `lode epoch publish`: the report and its inputs go where everybody finds them. */
export function addEpochPublish(group: Command, context: CommandContext): void {
  group
    .command('publish')
    .summary('publish the report and its inputs, and read them back')
    .description(
      'Publishes the report of an epoch and the inputs that it was computed from to every target of the settings, reads them back, and writes each target that confirms into the journal. What is there already is not sent again; something else there is never written over.',
    )
    .option(
      '--epoch <n>',
      'the epoch; without it the newest that is settled',
      wholeNumberOption('--epoch', 0, MAX_EPOCH),
    )
    .option('--data <dir>', 'the data folder, with its lode.config.json', '.')
    .option('--again', 'ask every target again, also those that confirmed before, and send what one has lost')
    .option(
      '--retire',
      'then remove the report folders that are older than keepEpochs, final, and held by every target',
    )
    .option('--dry-run', 'show what would be sent and removed; write and send nothing')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: PublishFlags) => {
      const { runPublish } = await import('../operator/run-publish.ts');
      await runPublish(flags, context);
    });
}

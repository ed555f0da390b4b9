import type { Command } from 'commander';

import { addSignerOptions } from '../options/signer.ts';

/** Gives a command the options of one that makes a contract. */
export function addCreatingOptions(command: Command): Command {
  const withBook = command.requiredOption('--addresses <file>', 'the address book of the deployment');
  return addSignerOptions(withBook)
    .option('--dry-run', 'show what would be sent, try it out, and send nothing')
    .option('--yes', 'send without asking')
    .option('--json', 'print one JSON document on stdout');
}

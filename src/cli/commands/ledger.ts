import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addLedgerCheck } from './ledger-check.ts';
import { addLedgerTemplate } from './ledger-template.ts';

/** `lode ledger …`: for whoever writes the files of a ledger. */
export function addLedger(program: Command, context: CommandContext): void {
  const group = program
    .command('ledger')
    .summary('write and check the files of a ledger')
    .description('Commands for whoever writes the files of a ledger.');
  for (const add of [addLedgerCheck, addLedgerTemplate]) add(group, context);
}

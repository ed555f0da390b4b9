import { Argument } from 'commander';
import type { Command } from 'commander';

import { LEDGER_KINDS, LEDGER_TEMPLATES } from '../../settlement/ledger/templates.ts';
import type { LedgerKind } from '../../settlement/ledger/rows.ts';
import { optionFault } from '../errors.ts';
import type { CommandContext } from '../io.ts';

const DESCRIPTION =
  'Prints a small CSV file of one kind, with its header and rows to be replaced, that `lode ledger check` accepts as it stands.';

/** `lode ledger template`: what such a file looks like. */
export function addLedgerTemplate(group: Command, { io }: CommandContext): void {
  group
    .command('template')
    .summary('print a CSV file to begin with')
    .description(DESCRIPTION)
    .addArgument(
      new Argument('[kind]', `of which kind: ${LEDGER_KINDS.join(', ')}`)
        .default('contributions')
        .argParser((text): LedgerKind => {
          const kind = LEDGER_KINDS.find((one) => one === text);
          if (kind === undefined) throw optionFault('[kind]', text, `one of ${LEDGER_KINDS.join(', ')}`);
          return kind;
        }),
    )
    .action((kind: LedgerKind) => {
      io.out(LEDGER_TEMPLATES[kind]);
    });
}

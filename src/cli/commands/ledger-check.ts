import { resolve } from 'node:path';

import type { Command } from 'commander';

import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { inputFile } from '../options/input-file.ts';
import { jsonDocument } from '../output/json-document.ts';
import { checkedFilesText, rejectLines } from '../output/ledger-check-text.ts';

const DESCRIPTION =
  'Checks ledger files by themselves, without a preset or a configuration: prints a line for every row that cannot be used, with its file, line and reason; the header is line 1. Ends with 2 when there is one, with 0 otherwise.';

/** `lode ledger check`: can every row of these files be used? */
export function addLedgerCheck(group: Command, { io, setExitCode }: CommandContext): void {
  group
    .command('check')
    .summary('check ledger files: FILE:LINE: reason')
    .description(DESCRIPTION)
    .argument('<files...>', 'ledger files of any kind (.csv, .ndjson, .parquet; .gz too), told apart by their columns')
    .option('--json', 'print one JSON document on stdout')
    .action(async (given: readonly string[], { json }: { readonly json?: true }) => {
      const names = new Map(given.map((name) => [resolve(io.cwd, name), name]));
      const files = [];
      for (const name of names.values()) files.push({ path: await inputFile('<files...>', name, io.cwd), name });
      const { checkLedger } = await import('../../store/check-ledger.ts');
      const check = await checkLedger(files);
      if (json === true) io.out(jsonDocument(check));
      else {
        io.out(rejectLines(check));
        io.err(checkedFilesText(check));
      }
      if (!check.ok) setExitCode(EXIT.input);
    });
}

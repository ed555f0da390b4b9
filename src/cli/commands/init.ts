import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { decimalOption } from '../options/quantities.ts';
import { taskMapOption } from '../options/task-map.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import type { InitFlags } from '../operator/run-init.ts';

const DESCRIPTION =
  "Writes an operator's settings, lode.config.json, into a data folder. On a terminal it asks for what no option says; elsewhere, or with --yes, what no option says has its usual value. Settings that are there are left alone.";

/** `lode init`: the settings of an operator. */
export function addInit(program: Command, { io }: CommandContext): void {
  program
    .command('init')
    .summary("write an operator's settings into a data folder")
    .description(DESCRIPTION)
    .option('--data <dir>', 'the data folder', '.')
    .option('--addresses <file>', 'the address book of the deployment')
    .option('--rpc <urls...>', 'the nodes; nothing counts that they do not all say')
    .option(
      '--confirmations <n>',
      'how many blocks must lie on top of one that counts; 6 if absent',
      wholeNumberOption('--confirmations', 0, 10_000),
    )
    .option('--finalized', 'in place of that: count what the nodes call final')
    .option('--preset <name-or-file>', 'the preset; without it the one that the address book names')
    .option('--variant <name>', "a variant of the preset's file; without it the one that the address book names")
    .option('--changes <file>', 'policies and tasks that were voted for since (.json)')
    .option('--contributions <files...>', 'who did what, and when (.csv, .ndjson, .parquet; .gz too)')
    .option('--usage <files...>', 'which contributions others built on')
    .option('--accounts <files...>', 'who is a member, who has which badge')
    .option('--drop-folder <dir>', 'a folder into which files of rows are dropped')
    .option('--map <from=to...>', "count a task of the ledger as another of the preset's tasks", taskMapOption('--map'))
    .option('--late-rows <rule>', 'rows that come after their epoch was cut: reject, or next; reject if absent')
    .option(
      '--grace <seconds>',
      'how long after the end of an epoch its rows may come; 3600 if absent',
      wholeNumberOption('--grace', 0, 31_536_000),
    )
    .option('--recorders <addresses...>', 'applications that may send rows to the ingest endpoint')
    .option('--ingest-port <port>', 'its port; 8787 if absent', wholeNumberOption('--ingest-port', 0, 65_535))
    .option('--publish <places...>', 'where reports go: folders, addresses that take PUT, ipfs+http://…')
    .option('--keystore <file>', 'the encrypted key that signs (JSON, version 3)')
    .option('--password-file <file>', 'the file with its password')
    .option(
      '--metrics-port <port>',
      'a port for metrics and health, on this machine only',
      wholeNumberOption('--metrics-port', 1, 65_535),
    )
    .option(
      '--max-fee <gwei>',
      'a unit of gas is never paid more for; as much as the market asks for if absent',
      decimalOption('--max-fee'),
    )
    .option('--yes', 'ask nothing')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('../operator/run-init.ts');
      await runInit(flags, io);
    });
}

import { resolve } from 'node:path';

import type { Command } from 'commander';

import { engineOf, parseEngine } from '../../store/engine-setting.ts';
import type { EngineSetting } from '../../store/engine-setting.ts';
import type { CommandContext, Io } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { dateOption } from '../options/date.ts';
import { inputFiles } from '../options/input-file.ts';
import { ledgerFiles, type LedgerFlags } from '../options/ledger-files.ts';
import { presetFile } from '../../store/preset-file.ts';
import { taskMapOption, type TaskMap } from '../options/task-map.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { progressOn } from '../output/progress.ts';
import { tellReplay } from '../output/replay-progress.ts';

interface ReplayFlags extends LedgerFlags {
  readonly preset: string;
  readonly variant?: string;
  readonly prices?: readonly string[];
  readonly map?: TaskMap;
  readonly foundation?: string;
  readonly from: number;
  readonly epochs: number;
  readonly out: string;
  readonly anyRejects?: true;
  readonly explanations?: true;
  readonly engine?: EngineSetting;
  readonly json?: true;
}

/** 270 years of days: more than any replay has. */
const MAX_EPOCHS = 100_000;
const DESCRIPTION =
  'Runs a whole economy off chain: scores the ledger, settles every epoch, writes a report for each. The same inputs give the same bytes everywhere, and the same roots as on chain.';

/** `lode replay`: a whole economy off chain, into a folder. */
export function addReplay(program: Command, { io }: CommandContext): void {
  program
    .command('replay')
    .summary('run a whole economy off chain and write its reports')
    .description(DESCRIPTION)
    .requiredOption('--preset <name-or-file>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', "a variant of the preset's file")
    .requiredOption('--contributions <files...>', 'who did what, and when (.csv, .ndjson, .parquet; .gz too)')
    .option('--usage <files...>', 'which contributions others built on')
    .option('--accounts <files...>', 'who is a member, who has which badge')
    .option('--prices <files...>', 'prices by epoch or time; without any the price is neutral')
    .option('--changes <file>', 'what governance changed since the preset (.json)')
    .option('--map <from=to...>', "count a task of the ledger as another of the preset's tasks", taskMapOption('--map'))
    .option('--foundation <address>', 'the foundation, if the preset leaves it open', accountOption('--foundation'))
    .requiredOption(
      '--from <date>',
      'when epoch 0 begins, in UTC: 2024-01-01 or 2024-01-01T06:00:00Z',
      dateOption('--from'),
    )
    .requiredOption('--epochs <n>', 'how many epochs', wholeNumberOption('--epochs', 1, MAX_EPOCHS))
    .requiredOption('--out <dir>', 'the folder to write; a new or empty one')
    .option('--any-rejects', 'use the ledger however many of its rows cannot be used')
    .option('--explanations', "say in the reports how everybody's scores came about, row by row")
    .option(
      '--engine <engine>',
      'what scores: duckdb, or clickhouse:http://user@host:8123 (docs/scale.md)',
      parseEngine,
    )
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: ReplayFlags) => {
      const progress = progressOn(io);
      const out = resolve(io.cwd, flags.out);
      const inputs = await inputsOf(flags, io);
      const { replayOrKeep } = await import('../replay-or-keep.ts');
      const { unpaidLedger } = await import('../output/unpaid-ledger.ts');
      const { replaySummary } = await import('../output/replay-summary.ts');
      const { json, isKept } = await replayOrKeep({ ...inputs, out, onProgress: tellReplay(progress) });
      progress.say(
        isKept ? 'this replay was there already, and every byte of it is as it must be' : `written to ${flags.out}`,
      );
      const unpaid = unpaidLedger(json);
      if (unpaid !== null) progress.say(`warning: ${unpaid}`);
      io.out(flags.json === true ? new TextDecoder().decode(json) : replaySummary(json, flags.out));
    });
}

async function inputsOf(flags: ReplayFlags, { cwd }: Io) {
  return {
    preset: await presetFile(flags.preset, cwd),
    variant: flags.variant,
    ...(await ledgerFiles(flags, cwd)),
    prices: await inputFiles('--prices', flags.prices, cwd),
    map: flags.map ?? {},
    ...(flags.foundation === undefined ? {} : { foundation: flags.foundation }),
    from: flags.from,
    epochs: flags.epochs,
    anyRejects: flags.anyRejects ?? false,
    explanations: flags.explanations ?? false,
    engine: flags.engine === undefined ? undefined : await engineOf(flags.engine),
  };
}

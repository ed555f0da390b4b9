import type { Command } from 'commander';

import { engineOf, parseEngine } from '../../store/engine-setting.ts';
import type { EngineSetting } from '../../store/engine-setting.ts';
import type { CommandContext } from '../io.ts';
import { dateOption } from '../options/date.ts';
import { ledgerFiles, type LedgerFlags } from '../options/ledger-files.ts';
import { presetFile } from '../../store/preset-file.ts';
import { taskMapOption, type TaskMap } from '../options/task-map.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { scoresText } from '../output/scores-text.ts';

interface ScoreFlags extends LedgerFlags {
  readonly preset: string;
  readonly variant?: string;
  readonly map?: TaskMap;
  readonly from?: number;
  readonly epoch: number;
  readonly anyRejects?: true;
  readonly engine?: EngineSetting;
  readonly json?: true;
}

const DESCRIPTION =
  "Scores one epoch of a ledger by a preset's policy and settles nothing: who scored how much in which task, and who was not eligible. A replay of the same files uses these very scores.";

/** `lode score`: the scores of one epoch. */
export function addScore(program: Command, { io }: CommandContext): void {
  program
    .command('score')
    .summary('score one epoch of a ledger')
    .description(DESCRIPTION)
    .requiredOption('--preset <name-or-file>', 'a preset that comes with lode, or a file of your own')
    .option('--variant <name>', "a variant of the preset's file")
    .requiredOption('--contributions <files...>', 'who did what, and when (.csv, .ndjson, .parquet; .gz too)')
    .option('--usage <files...>', 'which contributions others built on')
    .option('--accounts <files...>', 'who is a member, who has which badge')
    .option('--changes <file>', 'what governance changed since the preset (.json)')
    .option('--map <from=to...>', "count a task of the ledger as another of the preset's tasks", taskMapOption('--map'))
    .option(
      '--from <date>',
      'when epoch 0 begins, in UTC; without it at 00:00 UTC of the day of the first usable contribution',
      dateOption('--from'),
    )
    .requiredOption('--epoch <n>', 'which epoch', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--any-rejects', 'use the ledger however many of its rows cannot be used')
    .option(
      '--engine <engine>',
      'what scores: duckdb, or clickhouse:http://user@host:8123 (docs/scale.md)',
      parseEngine,
    )
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: ScoreFlags) => {
      const inputs = { preset: await presetFile(flags.preset, io.cwd), ...(await ledgerFiles(flags, io.cwd)) };
      const { variant, from, epoch, map = {}, anyRejects = false } = flags;
      const engine = flags.engine === undefined ? undefined : await engineOf(flags.engine);
      const { scoreLedger } = await import('../../store/score-ledger.ts');
      const scores = await scoreLedger({ ...inputs, variant, from, epoch, map, anyRejects, engine });
      io.out(flags.json === true ? jsonDocument(scores) : scoresText(scores));
    });
}

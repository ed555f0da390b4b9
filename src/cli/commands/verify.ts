import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import type { Verification } from '../../store/verify-replay.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext } from '../io.ts';
import { reportFolder } from '../options/report-folder.ts';
import { jsonDocument } from '../output/json-document.ts';
import { progressOn } from '../output/progress.ts';
import { tellReplay } from '../output/replay-progress.ts';
import { counted } from '../output/tokens.ts';

const DESCRIPTION =
  'Recomputes a replay folder from the inputs that it holds, or a report from the one before it, and compares every byte of every file. Ends with 0 when all are equal, with 3 at the first difference.';

/** `lode verify`: is this folder what its inputs give? */
export function addVerify(program: Command, { io, setExitCode }: CommandContext): void {
  program
    .command('verify')
    .summary('recompute a report or a whole replay and compare every byte')
    .description(DESCRIPTION)
    .argument('<dir>', "a replay folder, a folder of reports, or one epoch's report")
    .option('--json', 'print one JSON document on stdout')
    .action(async (dir: string, { json }: { readonly json?: true }) => {
      const folder = await reportFolder('<dir>', dir, io.cwd);
      const { verify } = await import('../../store/verify.ts');
      const progress = progressOn(io);
      const verification = await verify(folder, tellReplay(progress));
      progress.say(verification.equal ? 'equal' : 'different');
      io.out(json === true ? jsonDocument(verification) : inWords(verification, dir, hasInputs(folder)));
      if (!verification.equal) setExitCode(EXIT.difference);
    });
}

/** Only a replay folder holds the ledger; a report alone is recomputed from the scores that it states itself. */
function hasInputs(folder: string): boolean {
  return existsSync(join(folder, 'replay.json'));
}

function inWords({ difference, epochs }: Verification, dir: string, fromInputs: boolean): string {
  const recomputed = counted(epochs, 'epoch');
  if (difference === null && fromInputs) return `${dir}: ${recomputed} recomputed, every byte is as it must be\n`;
  if (difference === null) {
    return `${dir}: ${recomputed} recomputed from the scores it states, and every byte follows from them; whether the scores are right, only the ledger shows\n`;
  }
  const { file, path, byte, expected, found } = difference;
  const place = path === null ? (byte === null ? '' : `, byte ${byte}`) : `, ${path}`;
  return [
    `${dir}: NOT what its ${fromInputs ? 'inputs give' : 'scores give'}; ${recomputed} before it ${epochs === 1 ? 'was' : 'were'} equal\n`,
    `  where     ${file}${place}\n`,
    `  expected  ${expected}\n`,
    `  found     ${found}\n`,
  ].join('');
}

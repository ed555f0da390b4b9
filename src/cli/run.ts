import { CommanderError } from 'commander';

import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { reportError } from './report-error.ts';

const SHOWN_HELP = new Set(['commander.helpDisplayed', 'commander.version']);

/** Runs one command line (without the program's name) to its end and gives the exit code. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  try {
    refuseSecrets(args);
    const program = createProgram({ io, setExitCode: (code) => (exitCode = code) });
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (SHOWN_HELP.has(error.code)) return EXIT.ok;
      // `lode` alone: its help was printed, but nothing was done.
      if (error.code === 'commander.help') return EXIT.input;
    }
    return reportError(error, { io, json: wantsJson(args) });
  }
}

/** Whether the answer shall be JSON, known even when the command line cannot be parsed. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--json');
}

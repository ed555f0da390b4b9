import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { OperatorFlags } from '../operator/open-operator.ts';
import { addOperatorOptions } from '../operator/open-operator.ts';

interface KeeperFlags extends OperatorFlags {
  readonly once?: true;
}

const DESCRIPTION =
  'Runs the epochs of a deployment: closes each when it is over, cuts the ledger, scores, settles, publishes, proposes, makes final and withdraws the bond, whatever is due, missed epochs included. It can be ended at any moment and goes on where it was.';

/** `lode keeper`: every due step of every epoch. */
export function addKeeper(program: Command, context: CommandContext): void {
  const command = program
    .command('keeper')
    .summary('run the epochs of a deployment, for years')
    .description(DESCRIPTION)
    .option('--once', 'do what is due and end, for a timer of your own');
  addOperatorOptions(command).action(async (flags: KeeperFlags) => {
    const { runKeeper } = await import('../operator/run-keeper.ts');
    const error = await runKeeper(flags, context.io);
    if (error === null) return;
    const { describeError } = await import('../report-error.ts');
    context.setExitCode(describeError(error).exitCode);
  });
}

import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { ChainStepFlags } from '../operator/chain-step-options.ts';
import { addChainStepOptions } from '../operator/chain-step-options.ts';

/** `lode epoch run`: every step of one epoch that is due. */
export function addEpochRun(group: Command, context: CommandContext): void {
  const command = group
    .command('run')
    .summary('every step of an epoch that is due')
    .description('Does every step of one epoch that is due, in their order, until one has to wait.');
  addChainStepOptions(command).action(async (flags: ChainStepFlags) => {
    const { runEpoch } = await import('../operator/run-epoch.ts');
    await runEpoch(flags, context);
  });
}

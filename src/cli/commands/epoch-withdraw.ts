import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { ChainStepFlags } from '../operator/chain-step-options.ts';
import { addChainStepOptions } from '../operator/chain-step-options.ts';

/** `lode epoch withdraw`: the bond comes back. */
export function addEpochWithdraw(group: Command, context: CommandContext): void {
  const command = group
    .command('withdraw')
    .summary('have the bond paid out')
    .description('Pays the account what bonds have brought it, once the epoch is final.');
  addChainStepOptions(command).action(async (flags: ChainStepFlags) => {
    const { runChainStep } = await import('../operator/run-chain-step.ts');
    await runChainStep('withdraw', flags, context);
  });
}

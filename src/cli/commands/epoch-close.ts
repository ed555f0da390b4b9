import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { ChainStepFlags } from '../operator/chain-step-options.ts';
import { addChainStepOptions } from '../operator/chain-step-options.ts';

/** `lode epoch close`: fixes what decides about an epoch that is over. */
export function addEpochClose(group: Command, context: CommandContext): void {
  const command = group
    .command('close')
    .summary('close an epoch that is over, on chain')
    .description(
      'Closes an epoch on chain once it is over, which fixes its record: price, weights, policy, bond. Anyone may; where somebody else did it, nothing is sent.',
    );
  addChainStepOptions(command).action(async (flags: ChainStepFlags) => {
    const { runChainStep } = await import('../operator/run-chain-step.ts');
    await runChainStep('close', flags, context);
  });
}

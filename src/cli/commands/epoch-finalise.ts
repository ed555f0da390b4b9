import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { ChainStepFlags } from '../operator/chain-step-options.ts';
import { addChainStepOptions } from '../operator/chain-step-options.ts';

/** `lode epoch finalise`: what nobody challenged becomes final. */
export function addEpochFinalise(group: Command, context: CommandContext): void {
  const command = group
    .command('finalise')
    .summary('make the settlement final')
    .description(
      'Makes the settlement of an epoch final once its window is over. Anyone may; where somebody else did it, nothing is sent.',
    );
  addChainStepOptions(command).action(async (flags: ChainStepFlags) => {
    const { runChainStep } = await import('../operator/run-chain-step.ts');
    await runChainStep('finalise', flags, context);
  });
}

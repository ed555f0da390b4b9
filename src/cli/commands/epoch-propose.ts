import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import type { ChainStepFlags } from '../operator/chain-step-options.ts';
import { addChainStepOptions } from '../operator/chain-step-options.ts';

/** `lode epoch propose`: the settlement goes on chain. */
export function addEpochPropose(group: Command, context: CommandContext): void {
  const command = group
    .command('propose')
    .summary('propose the settlement, with its bond')
    .description(
      'Proposes the settlement of an epoch, with its bond, once every publish target has confirmed the report. Where the same root waits or is final already nothing is sent; another one is an error.',
    );
  addChainStepOptions(command)
    .option('--again', 'propose once more what was dropped: somebody looked why, and it was right all the same')
    .action(async (flags: ChainStepFlags) => {
      const { runChainStep } = await import('../operator/run-chain-step.ts');
      await runChainStep('propose', flags, context);
    });
}

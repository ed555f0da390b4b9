import type { Command } from 'commander';

import { wholeNumberOption } from './whole-number.ts';

/** Which nodes are asked about a deployment, and as of which block. */
export interface AgreedNodesFlags {
  readonly network?: string;
  readonly rpc?: readonly string[];
  readonly confirmations: number;
}

/** Gives a command the options of {@link AgreedNodesFlags}. */
export function addAgreedNodesOptions(command: Command): Command {
  return command
    .option('--network <name>', 'a network of hardhat.config.ts')
    .option('--rpc <urls...>', 'or the address of a node; of two, nothing counts that they do not both say')
    .option(
      '--confirmations <n>',
      'how many blocks must lie on top of what is looked at',
      wholeNumberOption('--confirmations', 0, 10_000),
      6,
    );
}

import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addGovernanceDelegate } from './governance-delegate.ts';

/** `lode governance …`: what the holders of the token, the council and the guardians do. */
export function addGovernance(program: Command, context: CommandContext): void {
  const group = program
    .command('governance')
    .summary('decide about a deployment: delegate, propose, vote, queue, execute')
    .description('Commands for those who decide about a deployment.');
  for (const add of [addGovernanceDelegate]) add(group, context);
}

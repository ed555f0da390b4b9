import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addGuardianPause } from './guardian-pause.ts';
import { addGuardianVeto } from './guardian-veto.ts';

/** `lode guardian …`: what only a guardian may do; what it cancels is `lode governance cancel`. */
export function addGuardian(program: Command, context: CommandContext): void {
  const group = program
    .command('guardian')
    .summary('veto a settlement, pause proposals')
    .description('Commands for guardians.');
  for (const add of [addGuardianVeto, addGuardianPause]) add(group, context);
}

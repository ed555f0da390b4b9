import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addPresetCheck } from './preset-check.ts';
import { addPresetFit } from './preset-fit.ts';
import { addPresetShow } from './preset-show.ts';

/** `lode preset …`: what can be done with a preset before anything is deployed. */
export function addPreset(program: Command, context: CommandContext): void {
  const group = program
    .command('preset')
    .summary('work on a preset before it is deployed')
    .description('Commands for whoever writes a preset.');
  for (const add of [addPresetShow, addPresetCheck, addPresetFit]) add(group, context);
}

import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addIngestServe } from './ingest-serve.ts';

/** `lode ingest …`: rows that applications send. */
export function addIngest(program: Command, context: CommandContext): void {
  const group = program
    .command('ingest')
    .summary('take contributions that applications send')
    .description('Commands for contributions that applications send by themselves.');
  addIngestServe(group, context);
}

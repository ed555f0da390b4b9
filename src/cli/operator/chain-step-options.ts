import type { Command } from 'commander';

import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import type { OperatorFlags } from './open-operator.ts';
import { addOperatorOptions } from './open-operator.ts';

/** Options of a step that sends. */
export interface ChainStepFlags extends OperatorFlags {
  readonly epoch?: number;
  readonly again?: true;
}

/** Gives a command the options of {@link ChainStepFlags}. */
export function addChainStepOptions(command: Command): Command {
  const withEpoch = command.option(
    '--epoch <n>',
    'the epoch; without it the one whose turn it is on chain',
    wholeNumberOption('--epoch', 0, MAX_EPOCH),
  );
  return addOperatorOptions(withEpoch);
}

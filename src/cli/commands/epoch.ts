import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addEpochClose } from './epoch-close.ts';
import { addEpochFinalise } from './epoch-finalise.ts';
import { addEpochIngest } from './epoch-ingest.ts';
import { addEpochPropose } from './epoch-propose.ts';
import { addEpochPublish } from './epoch-publish.ts';
import { addEpochRun } from './epoch-run.ts';
import { addEpochScore } from './epoch-score.ts';
import { addEpochSettle } from './epoch-settle.ts';
import { addEpochStatus } from './epoch-status.ts';
import { addEpochWithdraw } from './epoch-withdraw.ts';

/** `lode epoch …`: the steps of an epoch, one by one. */
export function addEpoch(program: Command, context: CommandContext): void {
  const group = program
    .command('epoch')
    .summary("an operator's steps of an epoch, one by one")
    .description(
      'The steps of an epoch, in their order: close, ingest, score, settle, publish, propose, finalise, withdraw. Each does nothing where it was done before; `lode keeper` does all of them by itself.',
    );
  for (const add of [
    addEpochStatus,
    addEpochClose,
    addEpochIngest,
    addEpochScore,
    addEpochSettle,
    addEpochPublish,
    addEpochPropose,
    addEpochFinalise,
    addEpochWithdraw,
    addEpochRun,
  ])
    add(group, context);
}

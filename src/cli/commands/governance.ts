import type { Command } from 'commander';

import type { CommandContext } from '../io.ts';
import { addGovernanceCancel } from './governance-cancel.ts';
import { addGovernanceDelegate } from './governance-delegate.ts';
import { addGovernanceExecute } from './governance-execute.ts';
import { addGovernanceHandover } from './governance-handover.ts';
import { addGovernancePropose } from './governance-propose.ts';
import { addGovernanceQueue } from './governance-queue.ts';
import { addGovernanceStatus } from './governance-status.ts';
import { addGovernanceVote } from './governance-vote.ts';

/** `lode governance …`: what the holders of the token, the council and the guardians do. */
export function addGovernance(program: Command, context: CommandContext): void {
  const group = program
    .command('governance')
    .summary('decide about a deployment: delegate, propose, vote, queue, execute')
    .description('Commands for those who decide about a deployment.');
  for (const add of [
    addGovernanceStatus,
    addGovernanceDelegate,
    addGovernancePropose,
    addGovernanceVote,
    addGovernanceQueue,
    addGovernanceExecute,
    addGovernanceCancel,
    addGovernanceHandover,
  ])
    add(group, context);
}

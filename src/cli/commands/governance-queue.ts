import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

const DESCRIPTION = 'Puts a carried proposal into the timelock, where it waits for its delay. Anyone may send it.';

/** `lode governance queue`: a carried proposal begins to wait. */
export function addGovernanceQueue(group: Command, { io }: CommandContext): void {
  const command = group
    .command('queue')
    .summary('put a carried proposal into the timelock')
    .description(DESCRIPTION)
    .argument('<id>', "the proposal's number, or its first digits");
  addSendingOptions(command).action(async (id: string, flags: SendingFlags) => {
    await runSending(flags, io, async (session) => {
      const { queueing } = await import('../governance/advance.ts');
      return await queueing(session, id);
    });
  });
}

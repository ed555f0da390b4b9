import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

const DESCRIPTION =
  'Puts into effect what has waited in the timelock for its delay: a proposal of the holders, or an operation of the council. Before the hand-over the council sends it, afterwards anyone may.';

/** `lode governance execute`: what was decided takes effect. */
export function addGovernanceExecute(group: Command, { io }: CommandContext): void {
  const command = group
    .command('execute')
    .summary('put into effect what has waited long enough')
    .description(DESCRIPTION)
    .argument('<id>', 'the number of the proposal or operation, or its first digits');
  addSendingOptions(command).action(async (id: string, flags: SendingFlags) => {
    await runSending(flags, io, async (session) => {
      const { executing } = await import('../governance/advance.ts');
      return await executing(session, id);
    });
  });
}

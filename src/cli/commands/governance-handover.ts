import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

const DESCRIPTION =
  'Hands over from the council to the holders, once and for good, as soon as enough votes have been delegated for a week. Finds everybody who has votes by itself; says how many are missing.';

/** `lode governance handover`: the council's last step. */
export function addGovernanceHandover(group: Command, { io }: CommandContext): void {
  const command = group
    .command('handover')
    .summary('hand over from the council to the holders, for good')
    .description(DESCRIPTION);
  addSendingOptions(command).action(async (flags: SendingFlags) => {
    await runSending(flags, io, async (session) => {
      const { handingOver } = await import('../governance/handing-over.ts');
      return await handingOver(session);
    });
  });
}

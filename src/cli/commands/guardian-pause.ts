import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

const DESCRIPTION =
  'Stops new settlements for a week; one whose window is open can be challenged for as much longer. Claims go on, and so does whatever is ready. The pause ends by itself, and the next one has to wait for another week.';

/** `lode guardian pause`: no new settlements for a while. */
export function addGuardianPause(group: Command, { io }: CommandContext): void {
  const command = group.command('pause').summary('stop new settlements for a week').description(DESCRIPTION);
  addSendingOptions(command).action(async (flags: SendingFlags) => {
    await runSending(flags, io, async (session) => {
      const { pausing } = await import('../guardian/pause.ts');
      return await pausing(session);
    });
  });
}

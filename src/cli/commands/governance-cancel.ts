import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

interface CancelFlags extends SendingFlags {
  readonly reason?: string;
}

const DESCRIPTION =
  'Stops a decision. A proposer takes back a proposal until its vote begins, the council what it scheduled itself, a guardian whatever waits in the timelock but the replacement of guardians. The contract that the sender may use is found by itself.';

/** `lode governance cancel`: what was decided does not happen. */
export function addGovernanceCancel(group: Command, { io }: CommandContext): void {
  const command = group
    .command('cancel')
    .summary('stop a proposal, or what waits in the timelock')
    .description(DESCRIPTION)
    .argument('<id>', 'the number of the proposal or operation, or its first digits')
    .option('--reason <words>', "a guardian's words for the others, kept on chain");
  addSendingOptions(command).action(async (id: string, flags: CancelFlags) => {
    await runSending(flags, io, async (session) => {
      const { cancelling } = await import('../governance/advance.ts');
      return await cancelling(session, id, flags.reason ?? '');
    });
  });
}

import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';

interface DelegateFlags extends SendingFlags {
  readonly to?: Address;
}

const DESCRIPTION =
  'Lets an account vote with the tokens of the sender, from the next second on. Without --to the sender votes with them. Tokens that nobody was named for have no vote.';

/** `lode governance delegate`: tokens become votes. */
export function addGovernanceDelegate(group: Command, { io }: CommandContext): void {
  const command = group
    .command('delegate')
    .summary('let an account vote with your tokens')
    .description(DESCRIPTION)
    .option('--to <address>', 'who votes with them; without it whoever sends', accountOption('--to'));
  addSendingOptions(command).action(async (flags: DelegateFlags) => {
    await runSending(flags, io, async (session) => {
      const { delegation } = await import('../governance/delegation.ts');
      return await delegation(session, flags.to);
    });
  });
}

import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { jsonDocument } from '../output/json-document.ts';

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
    const document = await withSession(flags, io, { sends: true }, async (session) => {
      const { delegation } = await import('../governance/delegation.ts');
      const { submit } = await import('../governance/submit.ts');
      const { outgoing, ...facts } = await delegation(session, flags.to);
      return { ...facts, ...(await submit(session, flags, outgoing)) };
    });
    const { submissionText } = await import('../output/submission-text.ts');
    io.out(flags.json === true ? jsonDocument(document) : submissionText(document));
  });
}

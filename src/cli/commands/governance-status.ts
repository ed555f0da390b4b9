import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import type { ReadingFlags } from '../governance/session.ts';
import { addReadingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { jsonDocument } from '../output/json-document.ts';

interface StatusFlags extends ReadingFlags {
  readonly account?: Address;
  readonly all?: true;
}

const DESCRIPTION =
  'Tells who decides and how, what a hand-over still needs, what is before the holders and what waits in the timelock, each call in words, and what an account can do. Sends nothing.';

/** `lode governance status`: where everything stands. */
export function addGovernanceStatus(group: Command, { io }: CommandContext): void {
  const command = group
    .command('status')
    .summary('who decides, and what is being decided')
    .description(DESCRIPTION)
    .option('--account <address>', 'tell what this account can do, too', accountOption('--account'))
    .option('--all', 'list what is over and done with, too');
  addReadingOptions(command).action(async (flags: StatusFlags) => {
    const { account = null, all = false, json } = flags;
    const status = await withSession(flags, io, { sends: false }, async ({ connection }) => {
      const { readStatus } = await import('../../chain/governance/status.ts');
      return await readStatus(connection, { account, all });
    });
    const { statusText } = await import('../output/governance-status.ts');
    io.out(json === true ? jsonDocument(status) : statusText(status));
  });
}

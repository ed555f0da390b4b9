import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { jsonDocument } from '../output/json-document.ts';

interface WithdrawFlags extends SendingFlags {
  readonly account?: Address;
}

const DESCRIPTION =
  'Pays an account what bonds and deposits have brought it: the bond of a final proposal, the reward of a proof, a deposit. Deposits of demands whose proposals fell, and bonds of vetoes about which nobody ruled in time, are taken back first.';

/** `lode withdraw`: credits are paid out. */
export function addWithdraw(program: Command, { io }: CommandContext): void {
  const command = program
    .command('withdraw')
    .summary('pay out bonds, rewards and deposits')
    .description(DESCRIPTION)
    .option('--account <address>', 'who is paid; without it whoever sends', accountOption('--account'));
  addSendingOptions(command).action(async (flags: WithdrawFlags) => {
    const document = await withSession(flags, io, { sends: true }, async (session) => {
      const { withdrawing } = await import('../dispute/withdrawing.ts');
      const { submit } = await import('../governance/submit.ts');
      const { outgoing, ...facts } = await withdrawing(session, flags.account);
      return { ...facts, submission: await submit(session, flags, outgoing) };
    });
    const { submissionText } = await import('../output/submission-text.ts');
    io.out(flags.json === true ? jsonDocument(document) : submissionText(document.submission));
  });
}

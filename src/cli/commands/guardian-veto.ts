import type { Command } from 'commander';

import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { wholeNumberOption } from '../options/whole-number.ts';
import { wordsOption } from '../options/words.ts';

interface VetoFlags extends SendingFlags {
  readonly reason: string;
}

const DESCRIPTION =
  'Drops the pending settlement, for what no arithmetic can show: false scores, a report that nobody can get. The operator is suspended and the bond held until governance rules, at most 30 days. The settlement is named by its number, so that a veto that comes late never hits the next one.';

/** `lode guardian veto`: a settlement is dropped. */
export function addGuardianVeto(group: Command, { io }: CommandContext): void {
  const command = group
    .command('veto')
    .summary('drop the pending settlement')
    .description(DESCRIPTION)
    .argument('<proposal>', 'its number, as lode doctor shows it', wholeNumberOption('<proposal>', 1, 2 ** 48))
    .requiredOption('--reason <words>', 'why, kept on chain', wordsOption('--reason'));
  addSendingOptions(command).action(async (proposal: number, flags: VetoFlags) => {
    await runSending(flags, io, async (session) => {
      const { vetoing } = await import('../guardian/veto.ts');
      return await vetoing(session, proposal, flags.reason);
    });
  });
}

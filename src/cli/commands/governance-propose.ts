import type { Command } from 'commander';

import type { Wishes, WishName } from '../../chain/governance/wishes.ts';
import { FLAGS } from '../../chain/governance/wishes.ts';
import { optionFault } from '../errors.ts';
import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { wordsOption } from '../options/words.ts';

interface ProposeFlags extends SendingFlags, Wishes {
  readonly fromEpoch?: number;
  readonly reason: string;
}

const DESCRIPTION =
  'Proposes changes in words, all of them or none: the council schedules them in the timelock, and once the holders are in office they vote. Shows what each call changes from what to what, tries all of it out as the timelock would execute it, and says when it can act and what it does to the emission of that epoch.';

/** `lode governance propose`: what governance may change, in human terms. */
export function addGovernancePropose(group: Command, { io }: CommandContext): void {
  const command = group
    .command('propose')
    .summary('propose changes to those who decide')
    .description(DESCRIPTION)
    .requiredOption('--reason <text>', 'why, for those who decide; part of what is decided', wordsOption('--reason'))
    .option(
      '--from-epoch <epoch>',
      'the first epoch for which it acts; without it the first that cannot have begun when it is executed',
      wholeNumberOption('--from-epoch', 0, MAX_EPOCH),
    );
  addWishes(command);
  addSendingOptions(command).action(async (flags: ProposeFlags) => {
    await runSending(flags, io, async ({ connection, sender }) => {
      const { prepareProposal } = await import('../../chain/governance/propose.ts');
      const { shortNumber } = await import('../../chain/governance/decisions.ts');
      const { readPolicyFile } = await import('../governance/read-policy-file.ts');
      const { proposalText, proposalTitle } = await import('../output/proposal-text.ts');
      const { variant } = connection.addressBook.preset;
      const { outgoing: call, ...proposal } = await prepareProposal(connection, {
        wishes: flags,
        reason: flags.reason,
        from: flags.fromEpoch ?? null,
        proposer: sender.account,
        readPolicy: (path) => readPolicyFile(path, io.cwd, variant),
      });
      const outgoing = { title: proposalTitle(proposal), preview: proposalText(proposal), calls: [call] };
      return { ...proposal, short: shortNumber(proposal.id), outgoing };
    });
  });
}

/** An option for everything that governance can change, from the one list of them. */
function addWishes(command: Command): void {
  for (const name of Object.keys(FLAGS) as WishName[]) {
    const { option, argument, says, many } = FLAGS[name];
    const flags = `--${option} <${argument}>`;
    const again = `${says}; may be given again`;
    if (many) {
      command.option(flags, again, (text, earlier: readonly unknown[] | undefined) => [
        ...(earlier ?? []),
        readWish(name, text),
      ]);
    } else {
      command.option(flags, says, (text) => readWish(name, text));
    }
  }
}

function readWish(name: WishName, text: string): unknown {
  const { option, parse, expected } = FLAGS[name];
  const value: unknown = parse(text);
  if (value === undefined) throw optionFault(`--${option}`, text, expected);
  return value;
}

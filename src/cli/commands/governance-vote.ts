import type { Command } from 'commander';

import type { Support } from '../../chain/governance/proposals.ts';
import { InputError } from '../../protocol/errors.ts';
import { runSending } from '../governance/run-sending.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';

interface VoteFlags extends SendingFlags {
  readonly for?: true;
  readonly against?: true;
  readonly abstain?: true;
  readonly reason?: string;
}

const DESCRIPTION =
  'Casts a vote about a proposal, once and for all, with the votes that the sender had when the vote began. What the proposal would do is shown before.';

/** `lode governance vote`: for, against, or neither. */
export function addGovernanceVote(group: Command, { io }: CommandContext): void {
  const command = group
    .command('vote')
    .summary('vote about a proposal')
    .description(DESCRIPTION)
    .argument('<id>', "the proposal's number, or its first digits")
    .option('--for', 'vote for it')
    .option('--against', 'vote against it')
    .option('--abstain', 'count for the quorum only')
    .option('--reason <words>', 'words for the others, kept on chain');
  addSendingOptions(command).action(async (id: string, flags: VoteFlags) => {
    const support = supportOf(flags);
    await runSending(flags, io, async (session) => {
      const { ballot } = await import('../governance/vote.ts');
      return await ballot(session, id, support, flags.reason ?? '');
    });
  });
}

function supportOf(flags: VoteFlags): Support {
  const [given, ...others] = (['for', 'against', 'abstain'] as const).filter((support) => flags[support] === true);
  if (given !== undefined && others.length === 0) return given;
  throw new InputError({
    code: 'VOTE_UNCLEAR',
    shortMessage: 'a vote is exactly one of --for, --against and --abstain',
  });
}

import type { Command } from 'commander';

import type { DemandFlags } from '../dispute/demanding.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';

const DESCRIPTION =
  'Demands to see a leaf of the pending proposal, with a bounty for whoever shows it. A leaf that nobody shows within a quarter of the window drops the proposal.';

/** `lode demand`: what is not published has to be shown. */
export function addDemand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('demand')
    .summary('demand to see a leaf of a proposal')
    .description(DESCRIPTION)
    .requiredOption('--epoch <n>', 'of which epoch', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--index <n>', "the leaf's position, from 0", wholeNumberOption('--index', 0, MAX_EPOCH))
    .option('--report <dir>', 'or the report that does not show it')
    .option('--parent-report <dir>', 'the report of the epoch before; without it looked for beside the other');
  addSendingOptions(command).action(async (flags: DemandFlags & SendingFlags) => {
    const document = await withSession(flags, io, { sends: true }, async (session) => {
      const { demanding } = await import('../dispute/demanding.ts');
      const { submit } = await import('../governance/submit.ts');
      const { readDemands } = await import('../../chain/disputed-proposal.ts');
      const { outgoing, ...facts } = await demanding(session, flags);
      const submission = await submit(session, flags, outgoing);
      if (!submission.sent) return { ...facts, submission };
      // Of the block that it went into.
      const made = (await readDemands(session.connection, facts.proposalId)).find(({ index }) => index === facts.leaf);
      return { ...facts, deadline: made?.deadline ?? facts.deadline, submission };
    });
    const { submissionText } = await import('../output/submission-text.ts');
    if (flags.json === true) return io.out(jsonDocument(document));
    const { moment } = await import('../../chain/moment.ts');
    const { leaf, epoch, deadline, submission } = document;
    const by = `leaf ${leaf} has to be shown by ${moment(deadline)}; from then on: lode disprove --epoch ${epoch} …\n`;
    io.out(`${submissionText(submission)}${submission.sent ? by : ''}`);
  });
}

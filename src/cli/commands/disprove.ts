import type { Command } from 'commander';

import type { DisputeFlags } from '../dispute/examine-proposal.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';

type DisproveFlags = DisputeFlags & SendingFlags;

const DESCRIPTION =
  'Judges the pending proposal of an epoch by its published report, and disproves it on chain when it is wrong, by the cheapest proof there is. Half of its bond is credited to whoever disproves it. Where all is right nothing is sent.';

/** `lode disprove`: a false settlement falls. */
export function addDisprove(program: Command, { io }: CommandContext): void {
  const command = program
    .command('disprove')
    .summary('judge a proposal, and disprove it when it is wrong')
    .description(DESCRIPTION)
    .requiredOption('--epoch <n>', 'of which epoch', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option(
      '--report <dir>',
      "a replay folder, a folder of reports, or one epoch's report; without it only what was shown on demand counts",
    )
    .option('--parent-report <dir>', 'the report of the epoch before; without it looked for beside the other');
  addSendingOptions(command).action(async (flags: DisproveFlags) => {
    const document = await withSession(flags, io, { sends: true }, async (session) => {
      const { examineProposal } = await import('../dispute/examine-proposal.ts');
      const { disproving } = await import('../dispute/disproof.ts');
      const { submit } = await import('../governance/submit.ts');
      const examined = await examineProposal(session, flags);
      for (const note of examined.notes) io.err(`note: ${note}\n`);
      const { outgoing, ...facts } = await disproving(session, examined);
      const { epoch, proposalId, operator, until } = examined.proposal;
      const head = { epoch, proposalId, operator, until, notes: examined.notes, ...facts };
      return { ...head, submission: outgoing === null ? null : await submit(session, flags, outgoing) };
    });
    if (flags.json === true) return io.out(jsonDocument(document));
    const { submissionText } = await import('../output/submission-text.ts');
    const { submission, epoch, proposalId } = document;
    const sound = `proposal ${proposalId} of epoch ${epoch} is exactly what its scores and accelerations give: nothing to disprove\n`;
    io.out(submission === null ? sound : submissionText(submission));
  });
}

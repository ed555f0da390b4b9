import type { Command } from 'commander';

import type { AnswerFlags } from '../dispute/answering.ts';
import type { SendingFlags } from '../governance/session.ts';
import { addSendingOptions, withSession } from '../governance/session.ts';
import type { CommandContext } from '../io.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';

const DESCRIPTION =
  'Shows the leaves of the pending proposal that were demanded, from its report. Anyone who has the report may; a 32nd of the bond is credited for each leaf to whoever shows it.';

/** `lode answer`: demanded leaves are shown. */
export function addAnswer(program: Command, { io }: CommandContext): void {
  const command = program
    .command('answer')
    .summary('show the leaves that were demanded')
    .description(DESCRIPTION)
    .requiredOption('--epoch <n>', 'of which epoch', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .requiredOption('--report <dir>', "a replay folder, a folder of reports, or one epoch's report")
    .option(
      '--index <n>',
      'only this leaf; without it every one that is demanded',
      wholeNumberOption('--index', 0, MAX_EPOCH),
    );
  addSendingOptions(command).action(async (flags: AnswerFlags & SendingFlags) => {
    const document = await withSession(flags, io, { sends: true }, async (session) => {
      const { answering } = await import('../dispute/answering.ts');
      const { submit } = await import('../governance/submit.ts');
      const { outgoing, ...facts } = await answering(session, flags);
      return { ...facts, submission: await submit(session, flags, outgoing) };
    });
    const { submissionText } = await import('../output/submission-text.ts');
    io.out(flags.json === true ? jsonDocument(document) : submissionText(document.submission));
  });
}

import type { Io } from '../io.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { SendingFlags, Session } from './session.ts';
import { withSession } from './session.ts';
import type { Outgoing } from './submit.ts';

/**
 * Runs a command that sends: connects, prepares what is to be sent, shows and submits it, and prints what became of it. What was
 * prepared besides stands in the document of `--json`.
 */
export async function runSending(
  flags: SendingFlags,
  io: Io,
  prepare: (session: Session) => Promise<{ readonly outgoing: Outgoing }>,
): Promise<void> {
  const document = await withSession(flags, io, { sends: true }, async (session) => {
    const { outgoing, ...facts } = await prepare(session);
    const { submit } = await import('./submit.ts');
    return { ...facts, ...(await submit(session, flags, outgoing)) };
  });
  const { submissionText } = await import('../output/submission-text.ts');
  io.out(flags.json === true ? jsonDocument(document) : submissionText(document));
}

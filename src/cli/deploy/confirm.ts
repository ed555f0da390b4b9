import { createInterface } from 'node:readline/promises';

import { RefusedError } from '../../protocol/errors.ts';

/**
 * Asks on stderr whether to go on.
 *
 * @throws {RefusedError} `NOT_CONFIRMED` when the answer is not yes, or nobody is there to answer
 */
export async function confirm(question: string): Promise<void> {
  const answer = process.stdin.isTTY ? await ask(`${question} (yes/no) `) : '';
  if (answer.trim().toLowerCase() === 'yes') return;
  throw new RefusedError({
    code: 'NOT_CONFIRMED',
    shortMessage: 'nothing was sent, since nobody confirmed it',
    details: { next: 'answer yes, or give --yes after a look at --dry-run' },
  });
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

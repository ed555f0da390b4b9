import { tmpdir } from 'node:os';

import { run } from '../../src/cli/run.ts';

/** Runs a command line in this process: for whatever ends before much is done. */
export async function runHere(args: readonly string[], cwd = tmpdir()) {
  const written = { out: '', err: '' };
  const code = await run(args, {
    out: (text) => (written.out += text),
    err: (text) => (written.err += text),
    ...{ isTerminal: false, columns: 80, cwd },
  });
  return { code, ...written };
}

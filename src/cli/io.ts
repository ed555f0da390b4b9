import { setImmediate } from 'node:timers/promises';

import type { ExitCode } from './exit-codes.ts';

/** What a command may touch of the terminal. Results go to `out`, everything else to `err`. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal, where a line may be written over. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** The folder that relative paths of the command line start from. */
  readonly cwd: string;
}

/** What every command is given: the terminal, and a place for the exit code of a result that is not an error. */
export interface CommandContext {
  readonly io: Io;
  readonly setExitCode: (code: ExitCode) => void;
}

/** The terminal of a process, which can tell whether the result got out. */
export interface ProcessIo extends Io {
  /** Why the result could not be written, such as a full disk; null when it was. To be asked after `flushed`. */
  readonly outFailure: () => Error | null;
}

/**
 * The terminal of this process. A reader that went away (`lode explain … | head`) is no error: the rest is swallowed and
 * the exit code stays that of the work done.
 */
export function processIo(): ProcessIo {
  const out = writerOf(process.stdout);
  return {
    out: out.write,
    outFailure: out.failure,
    err: writerOf(process.stderr).write,
    isTerminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    columns: process.stderr.columns || 80,
    cwd: process.cwd(),
  };
}

/** Waits until everything written has left this process, so that ending it cuts nothing off. */
export async function flushed(): Promise<void> {
  const flush = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => {
      if (!stream.writable) resolve();
      else stream.write('', () => resolve());
    });
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  // A failed write is told one turn later.
  await setImmediate();
}

function writerOf(stream: NodeJS.WriteStream): { write: (text: string) => void; failure: () => Error | null } {
  let isOpen = true;
  let failure: Error | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= error;
    isOpen = false;
  });
  return {
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    failure: () => failure,
  };
}
